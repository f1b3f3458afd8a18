import { describe, expect, test } from '@jest/globals';
import type { Actor } from '../../domain/machine.ts';
import type { PickupCommand, PickupInput } from '../../domain/pickups/commands.ts';
import { decidePickup } from '../../domain/pickups/machine.ts';
import { faultOf, type Pickup } from '../../domain/pickups/pickup.ts';
import { pickupRowIn } from '../support/scenes/pickup.ts';

const AT = '2026-11-23T09:00:00.000Z';
const decide = (pickup: Pickup, command: PickupCommand, input: PickupInput = {}, actor: Actor = 'admin') =>
  decidePickup(pickup, command, { actor, ...input }, AT);
/** The next pickup, of a command that must succeed. */
const next = (pickup: Pickup, command: PickupCommand, input: PickupInput = {}, actor: Actor = 'admin') => {
  const decision = decide(pickup, command, input, actor);
  if (!decision.ok) throw new Error(`${command}: ${decision.code}`);
  return decision.next;
};
const refusal = (code: string) => ({ ok: false, code });
const hasReason = true;

describe('what a step writes, and nothing else', () => {
  test('회수지시 its instant and the waybill without hyphens and blanks', () => {
    expect(next(pickupRowIn('requested'), 'instruct', { carrierCode: '04', waybillNo: '6812-3456 7890' })).toEqual({
      ...pickupRowIn('requested'),
      state: 'instructed',
      revision: 6,
      carrierCode: '04',
      waybillNo: '681234567890',
      instructedAt: AT,
    });
  });

  test('회수확인 its instant', () => {
    const instructed = pickupRowIn('instructed', { trackingLevel: 6, arrivedAt: AT });
    expect(next(instructed, 'confirm')).toEqual({ ...instructed, state: 'confirmed', revision: 6, confirmedAt: AT });
  });

  test('반품불가 and 접수철회 the end alone; a refused one is held no more', () => {
    const confirmed = pickupRowIn('confirmed', { held: true });
    expect(next(confirmed, 'refuse', { hasReason })).toEqual({
      ...confirmed,
      state: 'refused',
      revision: 6,
      held: false,
      finishedAt: AT,
    });
    for (const state of ['requested', 'instructed'] as const)
      for (const actor of ['order', 'admin'] as const)
        expect(next(pickupRowIn(state), 'withdraw', { hasReason }, actor)).toEqual({
          ...pickupRowIn(state),
          state: 'withdrawn',
          revision: 6,
          finishedAt: AT,
        });
  });
});

describe('carrierCode, waybillNo optional (none for an e-coupon)', () => {
  test('instructed without a waybill', () => {
    expect(next(pickupRowIn('requested'), 'instruct')).toMatchObject({ state: 'instructed', carrierCode: null, waybillNo: null });
  });

  test.each<[string, PickupInput, string]>([
    ['a carrier alone', { carrierCode: '04' }, 'WAYBILL_REQUIRED'],
    ['a waybill alone', { waybillNo: '123456789012' }, 'WAYBILL_REQUIRED'],
    ['an empty waybill', { carrierCode: '04', waybillNo: ' - ' }, 'WAYBILL_REQUIRED'],
    ['an unknown carrier', { carrierCode: '77', waybillNo: '123456789012' }, 'CARRIER_UNKNOWN'],
    ['eight digits', { carrierCode: '04', waybillNo: '12345678' }, 'WAYBILL_INVALID'],
    ['letters of a domestic carrier', { carrierCode: '04', waybillNo: 'EE123456789KR' }, 'WAYBILL_INVALID'],
  ])('%s is refused', (_, input, code) => {
    expect(decide(pickupRowIn('requested'), 'instruct', input)).toEqual(refusal(code));
  });
});

describe('hold / resume: a flag of confirmed', () => {
  const held = pickupRowIn('confirmed', { held: true });

  test('hold and resume change the flag and nothing else', () => {
    expect(next(pickupRowIn('confirmed'), 'hold', { hasReason })).toEqual({ ...held, revision: 6 });
    expect(next(held, 'resume')).toEqual({ ...pickupRowIn('confirmed'), revision: 6 });
  });

  test('completing a held one is PICKUP_HELD, and possible once resumed', () => {
    expect(decide(held, 'complete')).toEqual(refusal('PICKUP_HELD'));
    expect(decide(next(held, 'resume'), 'complete')).toMatchObject({ ok: true });
  });

  test('holding a held one and resuming one that is not are refused', () => {
    expect(decide(held, 'hold', { hasReason })).toEqual(refusal('TRANSITION_NOT_ALLOWED'));
    expect(decide(pickupRowIn('confirmed'), 'resume')).toEqual(refusal('TRANSITION_NOT_ALLOWED'));
  });
});

describe('complete: may carry per item restock / dispose quantities and fault side', () => {
  const confirmed = pickupRowIn('confirmed');
  const counts = ({ items }: Pickup) => items.map(({ lineNo, restock, dispose, fault }) => [lineNo, restock, dispose, fault]);

  test('absent items = all restocked, fault from the claim’s reasonCode', () => {
    const completed = next(confirmed, 'complete');
    expect(completed).toMatchObject({ state: 'completed', completedAt: AT, finishedAt: AT, exchangeDeliveryNo: null });
    expect(counts(completed)).toEqual([
      [1, 2, 0, 'seller'],
      [4, 3, 0, 'buyer'],
    ]);
  });

  test('CHANGE_OF_MIND buyer, OTHER null, else seller', () => {
    const sides = (['CHANGE_OF_MIND', 'OTHER', 'DEFECT', 'DAMAGED', 'WRONG_ITEM', 'LATE'] as const).map(faultOf);
    expect(sides).toEqual(['buyer', null, 'seller', 'seller', 'seller', 'seller']);
  });

  test('as inspected; an item that is not named is restocked whole; the inspection’s fault counts', () => {
    const items = [{ lineNo: 4, restock: 1, dispose: 2, fault: 'seller' as const }];
    expect(counts(next(confirmed, 'complete', { items }))).toEqual([
      [1, 2, 0, 'seller'],
      [4, 1, 2, 'seller'],
    ]);
    const silent = [{ lineNo: 4, restock: 0, dispose: 3 }];
    expect(counts(next(confirmed, 'complete', { items: silent }))[1]).toEqual([4, 0, 3, 'buyer']);
  });

  test.each([
    ['restock + dispose below the quantity', [{ lineNo: 1, restock: 1, dispose: 0 }]],
    ['restock + dispose above the quantity', [{ lineNo: 1, restock: 2, dispose: 1 }]],
    ['a negative restock', [{ lineNo: 1, restock: -1, dispose: 3 }]],
    ['a negative dispose', [{ lineNo: 1, restock: 3, dispose: -1 }]],
    ['halves', [{ lineNo: 4, restock: 1.5, dispose: 1.5 }]],
    ['no number', [{ lineNo: 1, restock: Number.NaN, dispose: 2 }]],
    ['a line that is not in the pickup', [{ lineNo: 2, restock: 2, dispose: 0 }]],
    // biome-ignore format: one case a line
    ['a line twice', [{ lineNo: 1, restock: 2, dispose: 0 }, { lineNo: 1, restock: 2, dispose: 0 }]],
    // biome-ignore format: one case a line
    ['a wrong one beside a right one', [{ lineNo: 1, restock: 2, dispose: 0 }, { lineNo: 4, restock: 0, dispose: 0 }]],
  ])('%s is QUANTITY_MISMATCH', (_, items) => {
    expect(decide(confirmed, 'complete', { items })).toEqual(refusal('QUANTITY_MISMATCH'));
  });

  test('an exchange keeps which delivery was sent for it', () => {
    expect(next(confirmed, 'complete', { exchangeDeliveryNo: 'D9' }).exchangeDeliveryNo).toBe('D9');
  });
});

describe('track: the tracker marks where the parcel is', () => {
  const instructed = pickupRowIn('instructed');
  const track = (pickup: Pickup, level?: number) => decide(pickup, 'track', { level }, 'tracker');

  test('its level, and from 6 on that it arrived; the state stays 회수지시', () => {
    expect(track(instructed, 3)).toEqual({ ok: true, changed: true, next: { ...instructed, revision: 6, trackingLevel: 3 } });
    expect(track(instructed, 6)).toMatchObject({ ok: true, next: { state: 'instructed', trackingLevel: 6, arrivedAt: AT } });
  });

  test('the same level again, a lower one, an error’s or none changes nothing', () => {
    const row = pickupRowIn('instructed', { trackingLevel: 4 });
    for (const level of [4, 3, 0, -99, undefined]) expect(track(row, level)).toEqual({ ok: true, changed: false, next: row });
  });
});
