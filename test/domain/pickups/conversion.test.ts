import { describe, expect, test } from '@jest/globals';
import type { PickupCommand, PickupInput } from '../../../domain/pickups/commands.ts';
import { allowedPickupCommands, decidePickup } from '../../../domain/pickups/machine.ts';
import { type Pickup, wholePickup } from '../../../domain/pickups/pickup.ts';
import { pickupRowIn } from '../../support/scenes/pickup.ts';

const AT = '2026-11-23T09:00:00.000Z';
const hasReason = true;
const decide = (pickup: Pickup, command: PickupCommand, input: PickupInput = {}) =>
  decidePickup(pickup, command, { actor: 'admin', ...input }, AT);
/** The next pickup, of a command that must succeed. */
const next = (pickup: Pickup, command: PickupCommand, input: PickupInput = {}) => {
  const decision = decide(pickup, command, input);
  if (!decision.ok) throw new Error(`${command}: ${decision.code}`);
  return decision.next;
};
const refusal = (code: string) => ({ ok: false, code });
const held = pickupRowIn('confirmed', { held: true });

describe('교환중반품 and 반품중교환', () => {
  test('교환중반품: kind return, stays confirmed, and that it was an exchange is kept', () => {
    const exchange = pickupRowIn('confirmed');
    const converted = next(exchange, 'convert-to-return', { hasReason });
    expect(converted).toEqual({ ...exchange, revision: 6, kind: 'return', convertedFromExchange: true });
    expect(decide(converted, 'convert-to-return', { hasReason })).toEqual(refusal('KIND_NOT_EXCHANGE'));
  });

  test('반품중교환: kind exchange, stays confirmed, for the same products or for those named', () => {
    const asReturn = pickupRowIn('confirmed', { kind: 'return' });
    const same = next(asReturn, 'convert-to-exchange', { hasReason });
    expect(same).toEqual({ ...asReturn, revision: 6, kind: 'exchange', convertedFromReturn: true });
    expect(decide(same, 'convert-to-exchange', { hasReason })).toEqual(refusal('KIND_NOT_RETURN'));
    const exchanges = [{ lineNo: 4, exchangeProductId: 9 }, { lineNo: 1 }];
    const [first, second] = asReturn.items;
    expect(next(asReturn, 'convert-to-exchange', { hasReason, exchanges }).items).toEqual([
      first,
      { ...second, exchangeProductId: 9 },
    ]);
  });

  test('what an exchange was for before counts no more: it is asked for anew', () => {
    const { items } = pickupRowIn('confirmed');
    const exchange = pickupRowIn('confirmed', { items: items.map((item) => ({ ...item, exchangeProductId: 7 })) });
    const back = next(next(exchange, 'convert-to-return', { hasReason }), 'convert-to-exchange', { hasReason });
    expect(back).toEqual({ ...exchange, items, revision: 7, convertedFromExchange: true, convertedFromReturn: true });
  });

  test.each([
    ['a line that is not in the pickup', [{ lineNo: 2 }]],
    ['a line twice', [{ lineNo: 1 }, { lineNo: 1, exchangeProductId: 9 }]],
    ['a wrong one beside a right one', [{ lineNo: 1 }, { lineNo: 3 }]],
  ])('반품중교환 of %s is LINE_NOT_FOUND', (_, exchanges) => {
    const asReturn = pickupRowIn('confirmed', { kind: 'return' });
    expect(decide(asReturn, 'convert-to-exchange', { hasReason, exchanges })).toEqual(refusal('LINE_NOT_FOUND'));
  });

  test('each way once, whichever comes first: then only the rest of its life is left', () => {
    for (const [kind, first, second] of [
      ['exchange', 'convert-to-return', 'convert-to-exchange'],
      ['return', 'convert-to-exchange', 'convert-to-return'],
    ] as const) {
      const there = next(pickupRowIn('confirmed', { kind }), first, { hasReason });
      const back = next(there, second, { hasReason });
      expect(back).toMatchObject({ kind, convertedFromExchange: true, convertedFromReturn: true });
      expect(decide(back, first, { hasReason })).toEqual(refusal('TRANSITION_NOT_ALLOWED'));
      expect(allowedPickupCommands(back)).toEqual(['complete', 'refuse', 'hold']);
    }
  });

  test('converting an exchange to one is refused, wherever it is', () => {
    const convert = (pickup: Pickup) => decide(pickup, 'convert-to-exchange', { hasReason });
    expect(convert(pickupRowIn('confirmed'))).toEqual(refusal('KIND_NOT_RETURN'));
    for (const state of ['requested', 'instructed'] as const)
      expect(convert(pickupRowIn(state))).toEqual(refusal('TRANSITION_NOT_ALLOWED'));
  });

  test('one of before a return could become an exchange has not been one', () => {
    const { convertedFromReturn: _new, ...old } = pickupRowIn('confirmed');
    expect(wholePickup(old as Pickup)).toEqual(pickupRowIn('confirmed'));
    expect(wholePickup(pickupRowIn('confirmed', { convertedFromReturn: true })).convertedFromReturn).toBe(true);
  });

  test('converting a return is refused, wherever it is', () => {
    const convert = (pickup: Pickup) => decide(pickup, 'convert-to-return', { hasReason });
    expect(convert(pickupRowIn('confirmed', { kind: 'return' }))).toEqual(refusal('KIND_NOT_EXCHANGE'));
    for (const state of ['requested', 'instructed'] as const)
      expect(convert(pickupRowIn(state, { kind: 'return' }))).toEqual(refusal('TRANSITION_NOT_ALLOWED'));
  });

  test('a held exchange may still become a return, a held return an exchange, and each stays held', () => {
    expect(next(held, 'convert-to-return', { hasReason })).toMatchObject({ kind: 'return', held: true });
    const asReturn = { ...held, kind: 'return' } as const;
    expect(next(asReturn, 'convert-to-exchange', { hasReason })).toMatchObject({ kind: 'exchange', held: true });
  });
});
