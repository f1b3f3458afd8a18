import { describe, expect, test } from '@jest/globals';
import type { DeliveryCommand, DeliveryInput } from '../../domain/deliveries/commands.ts';
import { closeLine, closesAt, type DeliveryLine, validQuantity } from '../../domain/deliveries/line.ts';
import { allowedDeliveryCommands, decideDelivery } from '../../domain/deliveries/machine.ts';
import type { Actor } from '../../domain/machine.ts';
import { lineIn } from '../support/scenes/line.ts';

const AT = '2026-11-23T09:00:00.000Z';
const decide = (line: DeliveryLine, command: DeliveryCommand, actor: Actor, input: DeliveryInput = {}) =>
  decideDelivery(line, command, { actor, ...input }, AT);
/** The next line, of a command that must succeed. */
const next = (line: DeliveryLine, command: DeliveryCommand, actor: Actor, input: DeliveryInput = {}) => {
  const decision = decide(line, command, actor, input);
  if (!decision.ok) throw new Error(`${command}: ${decision.code}`);
  return decision.next;
};

describe('what a step writes', () => {
  test('each state’s instant, and no other', () => {
    const instructed = next(lineIn('ordered'), 'instruct', 'admin');
    expect(instructed).toEqual({ ...lineIn('ordered'), state: 'instructed', revision: 8, instructedAt: AT });
    const released = next(lineIn('instructed'), 'release', 'admin');
    expect(released).toEqual({ ...lineIn('instructed'), state: 'released', revision: 8, releasedAt: AT });
    expect(next(lineIn('shipped'), 'deliver', 'admin')).toEqual({
      ...lineIn('shipped'),
      state: 'delivered',
      revision: 8,
      deliveredAt: AT,
    });
  });

  test('출고완료 keeps the waybill without hyphens and blanks', () => {
    expect(next(lineIn('released'), 'ship', 'admin', { carrierCode: '04', waybillNo: '6812-3456 7890' })).toEqual({
      ...lineIn('released'),
      state: 'shipped',
      revision: 8,
      carrierCode: '04',
      waybillNo: '681234567890',
      shippedAt: AT,
    });
  });

  test('처리취소 of a shipped line takes its waybill and its tracking back; 배송완료취소 keeps them', () => {
    const shipped = lineIn('shipped', { trackingLevel: 1 });
    const undone = next(shipped, 'undo', 'admin', { hasReason: true });
    expect(undone).toEqual({ ...lineIn('released'), revision: 8 });
    const reopened = next(lineIn('delivered', { trackingLevel: 6 }), 'reopen', 'admin', { hasReason: true });
    expect(reopened).toEqual({ ...lineIn('shipped', { trackingLevel: 6 }), revision: 8 });
    expect(next(lineIn('released'), 'undo', 'admin', { hasReason: true }).releasedAt).toBeNull();
    expect(next(lineIn('instructed'), 'undo', 'admin', { hasReason: true }).instructedAt).toBeNull();
  });

  test('운송장정정 changes the waybill and forgets the old one’s tracking', () => {
    const corrected = next(lineIn('shipped', { trackingLevel: 3 }), 'correct-waybill', 'admin', {
      hasReason: true,
      carrierCode: '05',
      waybillNo: '2109-8765-4321',
    });
    expect(corrected).toEqual({
      ...lineIn('shipped'),
      revision: 8,
      carrierCode: '05',
      waybillNo: '210987654321',
      trackingLevel: null,
    });
  });

  test('결품등록 keeps expectedAt and autoClear (default true), 결품해제 forgets them', () => {
    const reported = next(lineIn('released'), 'report-stockout', 'admin', { hasReason: true, expectedAt: AT, autoClear: false });
    expect(reported).toMatchObject({ stockoutExpectedAt: AT, autoClear: false });
    expect(next(lineIn('released'), 'report-stockout', 'admin', { hasReason: true })).toMatchObject({
      stockoutExpectedAt: null,
      autoClear: true,
    });
    expect(next(reported, 'clear-stockout', 'machine')).toEqual({ ...lineIn('released'), revision: 9 });
  });
});

describe('출고완료: parcel (method 10) needs carrierCode, waybillNo', () => {
  const ship = (methodCode: DeliveryLine['methodCode'], input: DeliveryInput) =>
    decide(lineIn('released', { methodCode }), 'ship', 'admin', input);

  test('a parcel without them is refused, another method may leave without', () => {
    expect(ship('10', {})).toEqual({ ok: false, code: 'WAYBILL_REQUIRED' });
    expect(ship('10', { carrierCode: '04' })).toEqual({ ok: false, code: 'WAYBILL_REQUIRED' });
    expect(ship('10', { waybillNo: '123456789012' })).toEqual({ ok: false, code: 'WAYBILL_REQUIRED' });
    for (const method of ['20', '30', '40'] as const)
      expect(ship(method, {})).toMatchObject({ ok: true, next: { state: 'shipped', carrierCode: null, waybillNo: null } });
  });

  test('half a waybill or an odd one is refused by every method', () => {
    for (const method of ['10', '20', '30', '40'] as const) {
      expect(ship(method, { carrierCode: '77', waybillNo: '123456789012' })).toEqual({ ok: false, code: 'CARRIER_UNKNOWN' });
      expect(ship(method, { carrierCode: '04', waybillNo: 'ABC' })).toEqual({ ok: false, code: 'WAYBILL_INVALID' });
      expect(ship(method, { waybillNo: '123456789012' })).toEqual({ ok: false, code: 'WAYBILL_REQUIRED' });
    }
  });
});

describe('validQuantity = ordered − canceled − returned', () => {
  test('part of the quantity is canceled: the line stays where it is', () => {
    const left = next(lineIn('released'), 'cancel', 'order', { quantity: 2 });
    expect(left).toEqual({ ...lineIn('released'), revision: 8, canceled: 2 });
    expect(validQuantity(left)).toBe(1);
  });

  test('nothing is left: 주문취소, and the line is finished', () => {
    const part = next(lineIn('ordered'), 'cancel', 'order', { quantity: 1 });
    expect(next(part, 'cancel', 'order', { quantity: 2 })).toMatchObject({ state: 'canceled', canceled: 3, finishedAt: AT });
  });

  test.each([0, -1, 4, 1.5, Number.NaN, undefined])('%p of three cannot be canceled', (quantity) => {
    expect(decide(lineIn('ordered'), 'cancel', 'order', { quantity })).toEqual({ ok: false, code: 'QUANTITY_EXCEEDED' });
  });

  test('more than is left after a part was canceled is refused', () => {
    expect(decide(lineIn('ordered', { canceled: 2 }), 'cancel', 'order', { quantity: 2 })).toEqual({
      ok: false,
      code: 'QUANTITY_EXCEEDED',
    });
  });
});

describe('undo of shipped: no movement seen yet', () => {
  test.each([null, 1])('level %p: undone', (trackingLevel) => {
    expect(decide(lineIn('shipped', { trackingLevel }), 'undo', 'admin', { hasReason: true })).toMatchObject({ ok: true });
    expect(allowedDeliveryCommands(lineIn('shipped', { trackingLevel }))).toContain('undo');
  });

  test.each([2, 3, 4, 5, 6])('level %p: ALREADY_MOVING, and no button', (trackingLevel) => {
    const line = lineIn('shipped', { trackingLevel });
    expect(decide(line, 'undo', 'admin', { hasReason: true })).toEqual({ ok: false, code: 'ALREADY_MOVING' });
    expect(allowedDeliveryCommands(line)).toEqual(['deliver', 'correct-waybill']);
  });
});

describe('tracking', () => {
  test('only a higher level is news', () => {
    expect(next(lineIn('shipped'), 'track', 'tracker', { level: 2 })).toMatchObject({
      state: 'shipped',
      trackingLevel: 2,
      revision: 8,
    });
    for (const level of [undefined, -99, 0, 1, 2])
      expect(decide(lineIn('shipped', { trackingLevel: 2 }), 'track', 'tracker', { level })).toMatchObject({
        ok: true,
        changed: false,
      });
  });

  test('the tracker’s 배송완료 keeps its level, an admin’s leaves the level as it was', () => {
    expect(next(lineIn('shipped', { trackingLevel: 2 }), 'deliver', 'tracker', { level: 6 })).toMatchObject({
      state: 'delivered',
      trackingLevel: 6,
    });
    expect(next(lineIn('shipped', { trackingLevel: 2 }), 'deliver', 'admin').trackingLevel).toBe(2);
  });
});

describe('a line stays open after `delivered` for LINE_OPEN_DAYS (90)', () => {
  const delivered = lineIn('delivered', { deliveredAt: '2026-11-23T04:00:00.000Z' });

  test('closing time is 90 times 24 hours after 배송완료', () => {
    expect(closesAt(delivered, 90)).toBe('2027-02-21T04:00:00.000Z');
    expect(closesAt(delivered, 0.5)).toBe('2026-11-23T16:00:00.000Z');
  });

  test('no clock runs before, while a claim is open, or when it is finished', () => {
    for (const state of ['ordered', 'instructed', 'released', 'awaitingShipment', 'shipped', 'canceled'] as const)
      expect(closesAt(lineIn(state), 90)).toBeNull();
    expect(closesAt({ ...delivered, claims: { P1: { quantity: 1, status: 'reserved' } } }, 90)).toBeNull();
    expect(closesAt({ ...delivered, claims: { P1: { quantity: 1, status: 'released' } } }, 90)).not.toBeNull();
    expect(closesAt({ ...delivered, claims: { P1: { quantity: 1, status: 'settled' } }, returned: 1 }, 90)).not.toBeNull();
    expect(closesAt({ ...delivered, finishedAt: AT }, 90)).toBeNull();
  });

  test('closed by time: finished, in the state it is in', () => {
    expect(closeLine(delivered, AT)).toEqual({ ...delivered, revision: 8, finishedAt: AT });
  });
});
