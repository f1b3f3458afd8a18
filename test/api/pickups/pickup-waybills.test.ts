import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { commandLine, type PlacedLine, placeIn, take, uniqueWaybill } from '../../support/scenes/orders.ts';
import {
  commandPickup,
  commandPickups,
  instructWithWaybill,
  openClaim,
  pickupHistory,
  pickupIn,
  pickupOf,
  placedLine,
  SHIPPED,
  storedPickup,
  takePickup,
} from '../../support/scenes/pickups.ts';
import { callback, exceptionsOf, outcomesOf, wireTime } from '../../support/scenes/tracking.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let line: PlacedLine;
beforeAll(async () => {
  stack = await startStack();
  line = await placedLine(stack, undefined, { quantity: 100 });
});
afterAll(() => stack.stop());

const inUse = { ok: false, error: { code: 'WAYBILL_IN_USE' } };
const instruct = (pickupNo: string, waybillNo: string, carrierCode = '04') =>
  commandPickup(stack, 'instruct', pickupNo, { carrierCode, waybillNo });
const requested = () => openClaim(stack, 'return', line);

describe('a pickup waybill is optional (none for an e-coupon)', () => {
  test('instructed and completed without one; null is as good as left out', async () => {
    const coupon = await placedLine(stack, undefined, { methodCode: '40', quantity: 1 });
    const pickupNo = await openClaim(stack, 'return', coupon);
    expect(await commandPickup(stack, 'instruct', pickupNo, { carrierCode: null, waybillNo: null })).toMatchObject({ ok: true });
    expect(await pickupOf(stack, pickupNo)).toMatchObject({ state: 'instructed', carrierCode: null, waybillNo: null });
    await takePickup(stack, pickupNo, ['confirm', 'complete']);
  });

  test('kept without hyphens and blanks; an international one too', async () => {
    const [domestic, abroad] = [await requested(), await requested()];
    const waybillNo = uniqueWaybill();
    expect(await instruct(domestic, `${waybillNo.slice(0, 4)}-${waybillNo.slice(4, 8)} ${waybillNo.slice(8)}`)).toMatchObject({
      ok: true,
    });
    expect(await pickupOf(stack, domestic)).toMatchObject({ carrierCode: '04', waybillNo });
    expect(await instruct(abroad, `EE ${waybillNo.slice(-9)}-KR`, '12')).toMatchObject({ ok: true });
    expect(await pickupOf(stack, abroad)).toMatchObject({ carrierCode: '12', waybillNo: `EE${waybillNo.slice(-9)}KR` });
  });

  test.each([
    ['a carrier alone', { carrierCode: '04' }, 'WAYBILL_REQUIRED'],
    ['a waybill alone', { waybillNo: '123456789012' }, 'WAYBILL_REQUIRED'],
    ['a blank waybill', { carrierCode: '04', waybillNo: '- -' }, 'WAYBILL_REQUIRED'],
    ['an unknown carrier', { carrierCode: '77', waybillNo: '123456789012' }, 'CARRIER_UNKNOWN'],
    ['a carrier of forty letters', { carrierCode: 'X'.repeat(40), waybillNo: '123456789012' }, 'CARRIER_UNKNOWN'],
    ['a Korean carrier', { carrierCode: '한진', waybillNo: '123456789012' }, 'CARRIER_UNKNOWN'],
    ['a carrier with a NUL', { carrierCode: '0\u0000', waybillNo: '123456789012' }, 'CARRIER_UNKNOWN'],
    ['eight digits', { carrierCode: '04', waybillNo: '12345678' }, 'WAYBILL_INVALID'],
    ['sixty digits', { carrierCode: '04', waybillNo: '1'.repeat(60) }, 'WAYBILL_INVALID'],
    ['a waybill with a NUL', { carrierCode: '04', waybillNo: '12345678901\u0000' }, 'WAYBILL_INVALID'],
    ['half a surrogate', { carrierCode: '04', waybillNo: '12345678901\ud800' }, 'WAYBILL_INVALID'],
    ['a name instead of a waybill', { carrierCode: '04', waybillNo: '홍길동' }, 'WAYBILL_INVALID'],
  ])('%s is its pickup’s fault and never a 400', async (_, fields, code) => {
    const [bad, good] = [await requested(), await requested()];
    const { status, body } = await commandPickups(stack, 'instruct', [{ pickupNo: bad, ...fields }, { pickupNo: good }]);
    expect([status, body.code]).toEqual([200, undefined]);
    expect(body.results).toMatchObject([{ pickupNo: bad, ok: false, error: { code } }, { ok: true }]);
    expect((await storedPickup(stack, bad)).row).toMatchObject({ state: 'requested', revision: 1, waybill_no: null });
  });
});

describe('an open waybill of a carrier belongs to one delivery or pickup', () => {
  test('against a delivery’s open waybill, and nothing is written; the same number of another carrier is free', async () => {
    const shipped = await placeIn(stack, 'shipped');
    const pickupNo = await requested();
    expect(await instruct(pickupNo, shipped.waybillNo ?? '')).toMatchObject(inUse);
    expect((await storedPickup(stack, pickupNo)).row).toMatchObject({ state: 'requested', revision: 1, waybill_no: null });
    expect(await instruct(pickupNo, shipped.waybillNo ?? '', '05')).toMatchObject({ ok: true });
  });

  test('against another pickup’s open waybill, though of the same line', async () => {
    const [mine, other] = [await requested(), await requested()];
    const waybillNo = await instructWithWaybill(stack, mine);
    expect(await instruct(other, waybillNo)).toMatchObject(inUse);
    expect(await instruct(other, `${waybillNo.slice(0, 6)}-${waybillNo.slice(6)}`)).toMatchObject(inUse);
  });

  test('a delivery cannot leave under a pickup’s, not even combined', async () => {
    const waybillNo = await instructWithWaybill(stack, await requested());
    const released = await placeIn(stack, 'released');
    for (const more of [{}, { combine: true }])
      expect(await commandLine(stack, 'ship', released, { carrierCode: '04', waybillNo }, more)).toMatchObject(inUse);
  });

  test('two admins racing for one waybill: one gets it', async () => {
    const pickupNos = await Promise.all([1, 2, 3, 4].map(requested));
    const waybillNo = uniqueWaybill();
    const results = await Promise.all(pickupNos.map((pickupNo) => instruct(pickupNo, waybillNo)));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(results.filter(({ error }) => error?.code === 'WAYBILL_IN_USE')).toHaveLength(3);
  });

  test('refused by signal: the history says so', async () => {
    const [mine, other] = [await requested(), await requested()];
    const waybillNo = await instructWithWaybill(stack, mine);
    const asked = [{ pickupNo: other, carrierCode: '04', waybillNo }];
    expect((await commandPickups(stack, 'instruct', asked, {}, { prefer: 'respond-async' })).status).toBe(202);
    await takePickup(stack, other, ['instruct']);
    expect((await pickupOf(stack, other)).history).toMatchObject([
      { command: 'claim' },
      { command: 'instruct', refused: 'WAYBILL_IN_USE' },
      { command: 'instruct', to: 'instructed' },
    ]);
  });
});

describe('freed when the pickup is finished', () => {
  test.each([
    ['completed', ['confirm', 'complete']],
    ['refused', ['confirm', 'refuse']],
    ['withdrawn', ['withdraw']],
  ])('%s: another pickup may have it, then a delivery', async (_, path) => {
    const [mine, next] = [await requested(), await requested()];
    const waybillNo = await instructWithWaybill(stack, mine);
    expect(await instruct(next, waybillNo)).toMatchObject(inUse);
    await takePickup(stack, mine, path);
    expect(await instruct(next, waybillNo)).toMatchObject({ ok: true });
    await takePickup(stack, next, ['withdraw']);
    const released = await placeIn(stack, 'released');
    expect(await commandLine(stack, 'ship', released, { carrierCode: '04', waybillNo })).toMatchObject({ ok: true });
    // The finished pickup still shows under which number it came.
    expect(await pickupOf(stack, mine)).toMatchObject({ carrierCode: '04', waybillNo });
  });

  test('a delivery’s waybill is free for a pickup once all of the delivery was returned', async () => {
    const gone = await placedLine(stack, SHIPPED.slice(0, 2), { quantity: 1 });
    const { waybillNo } = await take(stack, gone, ['ship', 'deliver']);
    const returned = await pickupIn(stack, 'confirmed', gone);
    const pickupNo = await requested();
    expect(await instruct(pickupNo, waybillNo ?? '')).toMatchObject(inUse);
    await takePickup(stack, returned, ['complete']);
    expect(await instruct(pickupNo, waybillNo ?? '')).toMatchObject({ ok: true });
  });
});

describe('pickup waybills work the same way', () => {
  const instructed = async () => {
    const line = await placedLine(stack);
    const pickupNo = await openClaim(stack, 'return', line, 1);
    return { pickupNo, waybillNo: await instructWithWaybill(stack, pickupNo) };
  };

  test('the tracker only marks that it arrived', async () => {
    const { pickupNo, waybillNo } = await instructed();
    for (const level of [2, 4]) await callback(stack, pickupNo, waybillNo, level, { time_trans: wireTime(level) });
    await outcomesOf(stack, pickupNo);
    expect(await pickupOf(stack, pickupNo)).toMatchObject({ state: 'instructed', trackingLevel: 4, arrivedAt: null });
    await callback(stack, pickupNo, waybillNo, 6, { time_trans: wireTime(6) });
    await eventually(async () => (await pickupOf(stack, pickupNo)).arrivedAt !== null);
    const shown = await pickupOf(stack, pickupNo);
    expect(shown).toMatchObject({ state: 'instructed', trackingLevel: 6, tracking: [{ level: 2 }, { level: 4 }, { level: 6 }] });
    expect(await pickupHistory(stack, pickupNo)).toEqual(expect.arrayContaining(['instruct', 'track']));
    const { body } = await stack.get(`/api/bo/v1/pickups?pickupNo=${pickupNo}`);
    expect(body.items).toMatchObject([{ trackingLevel: 6 }]);
  });

  test('a withdrawn pickup that is collected all the same is an exception', async () => {
    const { pickupNo, waybillNo } = await instructed();
    await takePickup(stack, pickupNo, ['withdraw']);
    await callback(stack, pickupNo, waybillNo, 2);
    expect(await outcomesOf(stack, pickupNo)).toEqual(['line-canceled']);
    expect(await exceptionsOf(stack, `pickupNo=${pickupNo}`)).toMatchObject([{ kind: 'line-canceled', deliveryNo: null }]);
  });
});
