import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { commandLine, type PlacedLine, placeIn, receiver, storedRow, take, uniqueWaybill } from '../../support/scenes/orders.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const ship = (line: PlacedLine, waybillNo: string | null, combine: boolean) =>
  commandLine(stack, 'ship', line, { carrierCode: '04', waybillNo }, { combine });
const inUse = { ok: false, error: { code: 'WAYBILL_IN_USE' } };

describe('합포장: `combine: true` and receiver and place are the same', () => {
  test('another delivery leaves under the same waybill', async () => {
    const [first, second] = [await placeIn(stack, 'shipped'), await placeIn(stack, 'released')];
    expect(await ship(second, first.waybillNo, true)).toMatchObject({ ok: true, state: 'shipped' });
    expect(await storedRow(stack, second)).toMatchObject({ waybill_no: first.waybillNo });
  });

  test('without `combine` it is refused', async () => {
    const [first, second] = [await placeIn(stack, 'shipped'), await placeIn(stack, 'released')];
    expect(await ship(second, first.waybillNo, false)).toMatchObject(inUse);
  });

  test.each([
    ['name', { name: '홍길순' }],
    ['phone', { phone: '010-9999-5678' }],
    ['postal code', { zipCode: '06237' }],
    ['address', { address1: '서울특별시 강남구 테헤란로 124' }],
    ['detailed address', { address2: '5층' }],
    ['missing detailed address', { address2: null }],
  ])('another %s of the receiver: WAYBILL_IN_USE', async (_, differs) => {
    const first = await placeIn(stack, 'shipped');
    const second = await placeIn(stack, 'released', {}, { receiver: { ...receiver, ...differs } });
    expect(await ship(second, first.waybillNo, true)).toMatchObject(inUse);
    expect(await storedRow(stack, second)).toMatchObject({ state: 'released', revision: 3 });
  });

  test('the same phone written without hyphens is the same receiver, and the memo does not matter', async () => {
    const first = await placeIn(stack, 'shipped');
    const second = await placeIn(stack, 'released', {}, { receiver: { ...receiver, phone: '01012345678', memo: '경비실' } });
    expect(await ship(second, first.waybillNo, true)).toMatchObject({ ok: true });
  });

  test('another place: WAYBILL_IN_USE; no place at all on both: the same place', async () => {
    const first = await placeIn(stack, 'shipped');
    expect(await ship(await placeIn(stack, 'released', { placeNo: 9 }), first.waybillNo, true)).toMatchObject(inUse);
    const nowhere = await placeIn(stack, 'shipped', { placeNo: null });
    expect(await ship(await placeIn(stack, 'released', { placeNo: null }), nowhere.waybillNo, true)).toMatchObject({ ok: true });
  });

  test('one that shares may bring its other lines in without saying `combine` again', async () => {
    const first = await placeIn(stack, 'shipped');
    const second = await placeIn(stack, 'released');
    await ship(second, first.waybillNo, true);
    await take(stack, second, ['undo']);
    expect(await ship(second, first.waybillNo, true)).toMatchObject({ ok: true });
  });

  test('the waybill is free only when none of those that share it carries it', async () => {
    const [first, second, third] = [
      await placeIn(stack, 'shipped'),
      await placeIn(stack, 'released'),
      await placeIn(stack, 'released'),
    ];
    await ship(second, first.waybillNo, true);
    await take(stack, first, ['undo']);
    expect(await ship(third, first.waybillNo, false)).toMatchObject(inUse);
    expect(await ship(third, first.waybillNo, true)).toMatchObject({ ok: true });
    await take(stack, second, ['undo']);
    await take(stack, third, ['undo']);
    const stranger = await placeIn(stack, 'released', {}, { receiver: { ...receiver, name: '다른 사람' } });
    expect(await ship(stranger, first.waybillNo, false)).toMatchObject({ ok: true });
  });

  test('운송장정정 may combine too', async () => {
    const [first, second] = [await placeIn(stack, 'shipped'), await placeIn(stack, 'shipped')];
    const fields = { carrierCode: '04', waybillNo: first.waybillNo };
    expect(await commandLine(stack, 'correct-waybill', second, fields, { reason: '합포장' })).toMatchObject(inUse);
    expect(await commandLine(stack, 'correct-waybill', second, fields, { reason: '합포장', combine: true })).toMatchObject({
      ok: true,
    });
  });

  test('two lines racing to combine both get in; strangers racing do not', async () => {
    const first = await placeIn(stack, 'shipped');
    const [a, b] = [await placeIn(stack, 'released'), await placeIn(stack, 'released')];
    const results = await Promise.all([ship(a, first.waybillNo, true), ship(b, first.waybillNo, true)]);
    expect(results.map(({ ok }) => ok)).toEqual([true, true]);
    const waybillNo = uniqueWaybill();
    const [c, d] = [await placeIn(stack, 'released'), await placeIn(stack, 'released', { placeNo: 9 })];
    const race = await Promise.all([ship(c, waybillNo, true), ship(d, waybillNo, true)]);
    expect(race.filter(({ ok }) => ok)).toHaveLength(1);
  });
});
