import { describe, expect, test } from '@jest/globals';
import { claimableQuantity, type DeliveryLine, validQuantity } from '../../../domain/deliveries/line.ts';
import { allowedDeliveryCommands, decideDelivery } from '../../../domain/deliveries/machine.ts';
import { lineIn } from '../../support/scenes/line.ts';

const AT = '2026-11-23T09:00:00.000Z';
type ClaimCommand = 'reserve-claim' | 'release-claim' | 'settle-return' | 'settle-exchange';
const claim = (line: DeliveryLine, command: ClaimCommand, pickupNo?: string, quantity?: number) =>
  decideDelivery(line, command, { actor: 'machine', pickupNo, quantity }, AT);
const next = (line: DeliveryLine, command: ClaimCommand, pickupNo: string, quantity?: number) => {
  const decision = claim(line, command, pickupNo, quantity);
  if (!decision.ok) throw new Error(`${command}: ${decision.code}`);
  return decision.next;
};
const refusal = { ok: false, code: 'NOT_CLAIMABLE' };

describe.each(['shipped', 'delivered'] as const)('a claim on a line that is %s', (state) => {
  const line = lineIn(state);

  test('reserves with `reserve-claim`: the state stays, the quantity is held', () => {
    const reserved = next(line, 'reserve-claim', 'P1', 2);
    expect(reserved).toEqual({ ...line, revision: 8, claims: { P1: { quantity: 2, status: 'reserved' } } });
    expect([validQuantity(reserved), claimableQuantity(reserved)]).toEqual([3, 1]);
  });

  test('a second claim gets what the first left, and no more', () => {
    const first = next(line, 'reserve-claim', 'P1', 2);
    expect(claim(first, 'reserve-claim', 'P2', 2)).toEqual(refusal);
    const both = next(first, 'reserve-claim', 'P2', 1);
    expect(claimableQuantity(both)).toBe(0);
    expect(claim(both, 'reserve-claim', 'P3', 1)).toEqual(refusal);
  });

  test.each([0, -1, 4, 0.5, Number.NaN, undefined])('%p of three cannot be claimed', (quantity) => {
    expect(claim(line, 'reserve-claim', 'P1', quantity)).toEqual(refusal);
  });

  test('each is idempotent by pickupNo', () => {
    const reserved = next(line, 'reserve-claim', 'P1', 2);
    expect(claim(reserved, 'reserve-claim', 'P1', 2)).toEqual({ ok: true, next: reserved, changed: false });
    const released = next(reserved, 'release-claim', 'P1');
    expect(released.claims).toEqual({ P1: { quantity: 2, status: 'released' } });
    expect(claim(released, 'release-claim', 'P1')).toEqual({ ok: true, next: released, changed: false });
    const settled = next(reserved, 'settle-return', 'P1');
    expect(settled).toMatchObject({ returned: 2, finishedAt: null, claims: { P1: { quantity: 2, status: 'settled' } } });
    expect(claim(settled, 'settle-return', 'P1')).toEqual({ ok: true, next: settled, changed: false });
  });

  test('one pickupNo reserves once: not another quantity, not again after it was given back or settled', () => {
    const reserved = next(line, 'reserve-claim', 'P1', 2);
    expect(claim(reserved, 'reserve-claim', 'P1', 1)).toEqual(refusal);
    expect(claim(next(reserved, 'release-claim', 'P1'), 'reserve-claim', 'P1', 2)).toEqual(refusal);
    expect(claim(next(reserved, 'settle-return', 'P1'), 'reserve-claim', 'P1', 2)).toEqual(refusal);
  });

  test('반품취소 gives the reservation back', () => {
    const released = next(next(line, 'reserve-claim', 'P1', 3), 'release-claim', 'P1');
    expect([validQuantity(released), claimableQuantity(released)]).toEqual([3, 3]);
    expect(claim(released, 'reserve-claim', 'P2', 3)).toMatchObject({ ok: true });
    expect(claim(released, 'settle-return', 'P1')).toEqual(refusal);
  });

  test('releasing what was never reserved is nothing to do; settling it is refused', () => {
    expect(claim(line, 'release-claim', 'P9')).toEqual({ ok: true, next: line, changed: false });
    expect(claim(line, 'settle-return', 'P9')).toEqual(refusal);
    const settled = next(next(line, 'reserve-claim', 'P1', 1), 'settle-return', 'P1');
    expect(claim(settled, 'settle-return', 'P1')).toMatchObject({ ok: true, changed: false });
  });

  test.each(['settle-return', 'settle-exchange'] as const)('after %s nothing is released: an error, not silence', (command) => {
    const done = next(next(line, 'reserve-claim', 'P1', 1), command, 'P1');
    expect(claim(done, 'release-claim', 'P1')).toEqual({ ok: false, code: 'CLAIM_SETTLED' });
  });

  test('a completed exchange leaves the valid quantity, but what it took cannot be claimed again', () => {
    const reserved = next(line, 'reserve-claim', 'P1', 2);
    const exchanged = next(reserved, 'settle-exchange', 'P1');
    expect(exchanged).toMatchObject({ returned: 0, finishedAt: null, claims: { P1: { quantity: 2, status: 'exchanged' } } });
    expect([validQuantity(exchanged), claimableQuantity(exchanged)]).toEqual([3, 1]);
    expect(claim(exchanged, 'settle-exchange', 'P1')).toEqual({ ok: true, next: exchanged, changed: false });
    expect(claim(exchanged, 'settle-return', 'P1')).toEqual(refusal);
    expect(claim(exchanged, 'reserve-claim', 'P2', 2)).toEqual(refusal);
    expect(claim(line, 'settle-exchange', 'P1')).toEqual(refusal);
  });

  test('반품완료 lowers the validQuantity; settling the last quantity finishes the line', () => {
    const two = next(next(line, 'reserve-claim', 'P1', 2), 'reserve-claim', 'P2', 1);
    const first = next(two, 'settle-return', 'P1');
    expect([validQuantity(first), first.finishedAt]).toEqual([1, null]);
    const last = next(first, 'settle-return', 'P2');
    expect(last).toMatchObject({ state, returned: 3, finishedAt: AT });
    expect(validQuantity(last)).toBe(0);
    expect(allowedDeliveryCommands(last)).toEqual([]);
  });
});

describe('no open claim', () => {
  const open = { claims: { P1: { quantity: 1, status: 'reserved' as const } } };
  const closed = {
    claims: { P1: { quantity: 1, status: 'released' as const }, P2: { quantity: 1, status: 'settled' as const } },
    returned: 1,
  };

  test('undo of shipped and reopen of delivered are CLAIM_OPEN while one is, and have no button', () => {
    const input = { actor: 'admin', hasReason: true } as const;
    expect(decideDelivery(lineIn('shipped', open), 'undo', input, AT)).toEqual({ ok: false, code: 'CLAIM_OPEN' });
    expect(decideDelivery(lineIn('delivered', open), 'reopen', input, AT)).toEqual({ ok: false, code: 'CLAIM_OPEN' });
    expect(allowedDeliveryCommands(lineIn('shipped', open))).toEqual(['deliver', 'correct-waybill']);
    expect(allowedDeliveryCommands(lineIn('delivered', open))).toEqual([]);
  });

  test('both are possible again once it is over', () => {
    const input = { actor: 'admin', hasReason: true } as const;
    expect(decideDelivery(lineIn('shipped', closed), 'undo', input, AT)).toMatchObject({ ok: true, next: { state: 'released' } });
    expect(decideDelivery(lineIn('delivered', closed), 'reopen', input, AT)).toMatchObject({
      ok: true,
      next: { state: 'shipped' },
    });
  });

  test('a claim before the parcel has left is NOT_CLAIMABLE', () => {
    for (const state of ['ordered', 'instructed', 'released', 'awaitingShipment'] as const)
      expect(claim(lineIn(state), 'reserve-claim', 'P1', 1)).toEqual(refusal);
  });
});
