import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { command, commandLine, placeIn, unique, uniqueWaybill } from '../../support/scenes/orders.ts';
import { createPlace, newRange, numberAt, rangeNow } from '../../support/scenes/shipping.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { openParcel, releasedParcel, scanAll } from './scanning.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

async function placeWithRange(more: Parameters<typeof newRange>[2] = {}) {
  const placeNo = await createPlace(stack);
  return { placeNo, range: await newRange(stack, placeNo, more) };
}
const lineOf = (placeNo: number, more: object = {}) => ({ placeNo, productId: 7_100, quantity: 1, ...more });

describe('a parcel says whose numbers it may leave under', () => {
  const carriersOf = async (placeNo: number, more: object = {}) => {
    const { deliveryNo } = await releasedParcel(stack, [lineOf(placeNo, more)]);
    const { isParcel, carriers } = await openParcel(stack, deliveryNo);
    return [isParcel, carriers];
  };

  test('the only carrier of its place, all of several, the one the place uses by itself, none', async () => {
    expect(await carriersOf(await createPlace(stack))).toEqual([true, []]);
    const { placeNo } = await placeWithRange();
    expect(await carriersOf(placeNo)).toEqual([true, ['04']]);
    await newRange(stack, placeNo, { carrierCode: '05' });
    expect(await carriersOf(placeNo)).toEqual([true, ['04', '05']]);
    await newRange(stack, placeNo, { carrierCode: '05', autoWaybill: true });
    expect(await carriersOf(placeNo)).toEqual([true, ['05']]);
    expect(await carriersOf(placeNo, { methodCode: '20' })).toEqual([false, []]);
  });
});

test('two benches that complete the same parcel ship it once, under one number that both are told', async () => {
  const { placeNo, range } = await placeWithRange();
  const { deliveryNo, lines } = await releasedParcel(stack, [lineOf(placeNo), lineOf(placeNo, { productId: 7_101 })]);
  const { verificationId: id } = await openParcel(stack, deliveryNo);
  const { verification } = await scanAll(stack, id, ['7100', '7101']);
  expect(verification).toMatchObject({ completedAt: expect.any(String), carriers: ['04'] });
  const parts = lines.map(({ lineNo }) => ({ deliveryNo, lineNo, carrierCode: '04', autoWaybill: true }));
  const send = (key: string) => command(stack, 'ship', parts, {}, { 'idempotency-key': key });
  const key = unique('verification-ship');
  const both = await Promise.all([send(key), send(key)]);
  const again = await send(key);
  expect(again.body.results).toMatchObject(Array(2).fill({ waybillNo: numberAt(range, 0) }));
  for (const { body } of both) {
    const told = (body.results ?? []).filter(({ ok }: any) => ok).map(({ waybillNo }: any) => waybillNo);
    expect(told.every((no: string) => no === numberAt(range, 0))).toBe(true);
  }
  expect(await rangeNow(stack, range)).toMatchObject({ used: 1 });
});

test('a range whose numbers were all used by hand says what the refusal says: none is left', async () => {
  const { placeNo, range } = await placeWithRange({ size: 3, lowAt: 1 });
  for (let n = 0; n < 3; n++) {
    const line = await placeIn(stack, 'released', { placeNo });
    expect(await commandLine(stack, 'ship', line, { carrierCode: '04', waybillNo: numberAt(range, n) })).toMatchObject({
      ok: true,
    });
  }
  expect(await rangeNow(stack, range)).toMatchObject({ left: 3 });
  const line = await placeIn(stack, 'released', { placeNo });
  expect((await commandLine(stack, 'ship', line, { autoWaybill: true })).error.code).toBe('WAYBILL_RANGE_EMPTY');
  expect(await rangeNow(stack, range)).toMatchObject({ used: 3, left: 0, state: 'used-up', nextWaybillNo: null });
  const { body } = await stack.get('/api/bo/v1/tracking-exceptions?kind=waybill-range-low');
  const own = body.items.filter(({ fid }: any) => fid === `대역 ${range.rangeNo}`);
  expect(own).toMatchObject([{ state: 'open', reason: expect.stringContaining('남은 번호 0개') }]);
  expect(await commandLine(stack, 'ship', line, { carrierCode: '04', waybillNo: uniqueWaybill() })).toMatchObject({ ok: true });
});
