import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  asked,
  command,
  commandLine,
  commandWithKey,
  listedLine,
  type PlacedLine,
  type pathTo,
  placeIn,
  placeOrder,
  take,
  unique,
  uniqueWaybill,
} from '../../../support/scenes/orders.ts';
import { type Stack, startStack } from '../../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const unshipped = ['ordered', 'instructed', 'released', 'awaitingShipment'] as const;
const five = (state: keyof typeof pathTo) => placeIn(stack, state, { quantity: 5 });
const parcel = () => ({ carrierCode: '04', waybillNo: uniqueWaybill() });
/** The part as a line of its own, which can be commanded. */
const partOf = (line: PlacedLine, result: { newLine: { deliveryNo: string; lineNo: number } }): PlacedLine => ({
  orderNo: line.orderNo,
  deliveryNo: result.newLine.deliveryNo,
  lineNo: result.newLine.lineNo,
});
async function split(line: PlacedLine, quantity: number) {
  const result = await commandLine(stack, 'split', line, { quantity });
  expect(result).toMatchObject({ ok: true });
  return { result, part: partOf(line, result) };
}
const code = (result: { ok: boolean; error?: { code: string } }) => (result.ok ? 'ok' : result.error?.code);

describe('분할 (split)', () => {
  test.each(unshipped)('in %s: a new delivery of the same order and place, the next lineNo, the same state', async (state) => {
    const line = await five(state);
    const { result, part } = await split(line, 2);
    expect(result.newLine).toEqual({ deliveryNo: part.deliveryNo, lineNo: 2, state, validQuantity: 2 });
    expect(result).toMatchObject({ state, validQuantity: 3 });
    const [mine, theirs] = [await listedLine(stack, line), await listedLine(stack, part)];
    const { deliveryNo, lineNo } = line;
    expect(mine).toMatchObject({ quantity: 3, validQuantity: 3, state, splitFrom: null });
    expect(mine?.splitTo).toEqual([{ deliveryNo: part.deliveryNo, lineNo: 2 }]);
    expect(theirs).toMatchObject({ quantity: 2, state, revision: 1, splitFrom: { deliveryNo, lineNo }, splitTo: [] });
    for (const field of [
      'orderNo',
      'orderedAt',
      'kind',
      'productId',
      'productName',
      'unitPrice',
      'placeNo',
      'methodCode',
      'receiverName',
      'instructedAt',
      'releasedAt',
      'stockoutReason',
    ])
      expect(theirs?.[field]).toEqual(mine?.[field]);
    const { body } = await stack.get(`/api/bo/v1/deliveries/${part.deliveryNo}`);
    expect(body).toMatchObject({
      shippingFee: { fee: 0, payment: 'none' },
      history: [{ command: 'split', revision: 1, to: state }],
    });
  });

  test.each([0, -1, 5, 6])('%p of five is QUANTITY_EXCEEDED; what is no whole number is 400', async (quantity) => {
    const line = await five('released');
    expect(code(await commandLine(stack, 'split', line, { quantity }))).toBe('QUANTITY_EXCEEDED');
    for (const odd of [1.5, '2', null, undefined])
      expect((await command(stack, 'split', asked(line, { quantity: odd }))).status).toBe(400);
    expect((await command(stack, 'split', [{ deliveryNo: line.deliveryNo, quantity: 2 }])).status).toBe(400);
  });

  test('a shipped line is not split; a revision that is past is REVISION_CONFLICT', async () => {
    expect(code(await commandLine(stack, 'split', await five('shipped'), { quantity: 1 }))).toBe('TRANSITION_NOT_ALLOWED');
    expect(code(await commandLine(stack, 'split', await five('released'), { quantity: 1, revision: 1 }))).toBe(
      'REVISION_CONFLICT',
    );
  });

  test('the same request again: the same part, and no other', async () => {
    const [line, key] = [await five('released'), unique('key')];
    const first = await commandWithKey(stack, 'split', line, key, { quantity: 2 });
    const again = await commandWithKey(stack, 'split', line, key, { quantity: 2 });
    expect(again.body).toEqual(first.body);
    expect((await listedLine(stack, line))?.splitTo).toHaveLength(1);
  });

  test('a part goes its own way, and can be split again', async () => {
    const line = await five('ordered');
    const { part } = await split(line, 3);
    await take(stack, part, ['instruct', 'release']);
    const small = await split(part, 1);
    await take(stack, small.part, ['ship', 'deliver']);
    expect(await listedLine(stack, line)).toMatchObject({ state: 'ordered', validQuantity: 2 });
    expect(await listedLine(stack, part)).toMatchObject({ state: 'released', validQuantity: 2 });
    expect(await listedLine(stack, small.part)).toMatchObject({ state: 'delivered', validQuantity: 1, lineNo: 3 });
  });

  test('the order taken again is answered as it was taken, without its parts', async () => {
    const [line] = await placeOrder(stack, [{ quantity: 5 }]);
    await split(line as PlacedLine, 2);
    const { body } = await stack.get(`/api/order/v1/orders/${line?.orderNo}`);
    expect(body.deliveries).toHaveLength(2);
    const { deliveriesAsAccepted } = await import('../../../../db/orders/find.ts');
    const accepted = await deliveriesAsAccepted(stack.db.query, line?.orderNo ?? '');
    expect(accepted.map(({ delivery_no }) => delivery_no)).toEqual([line?.deliveryNo]);
  });
});

describe('출고완료 and 결품등록 with a quantity', () => {
  test('출고완료: what is named leaves, the rest stays 출고지시 without a waybill', async () => {
    const line = await five('released');
    const result = await commandLine(stack, 'ship', line, { ...parcel(), quantity: 3 });
    expect(result).toMatchObject({
      ok: true,
      state: 'shipped',
      validQuantity: 3,
      newLine: { state: 'released', validQuantity: 2 },
    });
    const rest = partOf(line, result);
    expect(await listedLine(stack, rest)).toMatchObject({ state: 'released', waybillNo: null, validQuantity: 2 });
    await take(stack, rest, ['ship']);
  });

  test('결품등록: the missing part waits with its reason, the rest can leave at once', async () => {
    const line = await five('released');
    const more = { reason: '재고 부족', expectedAt: '2026-12-24T09:00:00+09:00', autoClear: false };
    const result = await commandLine(stack, 'report-stockout', line, { quantity: 2 }, more);
    expect(result).toMatchObject({
      state: 'released',
      validQuantity: 3,
      newLine: { state: 'awaitingShipment', validQuantity: 2 },
    });
    const waits = await listedLine(stack, partOf(line, result));
    expect(waits).toMatchObject({ stockoutReason: '재고 부족', stockoutExpectedAt: '2026-12-24T00:00:00.000Z' });
    expect(await listedLine(stack, line)).toMatchObject({ stockoutReason: null, stockoutExpectedAt: null });
    await take(stack, line, ['ship']);
    await take(stack, partOf(line, result), ['clear-stockout', 'ship']);
  });

  test('the whole quantity is as without one; more or less than there is, QUANTITY_EXCEEDED', async () => {
    const line = await five('released');
    for (const quantity of [0, 6])
      expect(code(await commandLine(stack, 'ship', line, { ...parcel(), quantity }))).toBe('QUANTITY_EXCEEDED');
    expect((await command(stack, 'ship', [{ deliveryNo: line.deliveryNo, ...parcel(), quantity: 1 }])).status).toBe(400);
    const result = await commandLine(stack, 'ship', line, { ...parcel(), quantity: 5 });
    expect(result).toMatchObject({ ok: true, state: 'shipped', validQuantity: 5 });
    expect(result.newLine).toBeUndefined();
  });
});
