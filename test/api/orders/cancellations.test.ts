import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  cancel,
  command,
  listedLine,
  type PlacedLine,
  placeIn,
  placeOrder,
  storedHistory,
  storedRow,
  take,
  unique,
} from '../../support/scenes/orders.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const three = async (): Promise<[PlacedLine, PlacedLine, PlacedLine]> =>
  (await placeOrder(stack, [{ quantity: 3 }, { quantity: 3 }, { quantity: 3 }])) as [PlacedLine, PlacedLine, PlacedLine];

describe('`{ lines: [{ lineNo, quantity }] }` → a result for each', () => {
  test.each(['ordered', 'instructed', 'released', 'awaitingShipment'] as const)(
    'a part of it, from %s: the line goes on with what is left',
    async (state) => {
      const line = await placeIn(stack, state, { quantity: 5 });
      const { status, body } = await cancel(stack, [{ ...line, quantity: 2 }]);
      expect(status).toBe(200);
      expect(body).toEqual({
        succeeded: 1,
        failed: 0,
        results: [expect.objectContaining({ lineNo: 1, deliveryNo: line.deliveryNo, ok: true, validQuantity: 3, state })],
        feeBefore: 0,
        feeAfter: 0,
      });
      expect(await listedLine(stack, line)).toMatchObject({ quantity: 5, validQuantity: 3, state });
    },
  );

  test('all of it: 주문취소, out of the lists, still in the detail', async () => {
    const line = await placeIn(stack, 'released', { quantity: 2 });
    expect((await cancel(stack, [{ ...line, quantity: 2 }])).body.results).toMatchObject([
      { ok: true, validQuantity: 0, state: 'canceled' },
    ]);
    expect(await listedLine(stack, line)).toBeUndefined();
    const { body } = await stack.get(`/api/bo/v1/deliveries/${line.deliveryNo}`);
    expect(body.lines).toMatchObject([{ state: 'canceled', stateName: '주문취소', validQuantity: 0, allowedCommands: [] }]);
  });

  test('a part, then the rest', async () => {
    const line = await placeIn(stack, 'ordered', { quantity: 3 });
    expect((await cancel(stack, [{ ...line, quantity: 1 }])).body.results).toMatchObject([
      { validQuantity: 2, state: 'ordered' },
    ]);
    expect((await cancel(stack, [{ ...line, quantity: 2 }])).body.results).toMatchObject([
      { validQuantity: 0, state: 'canceled' },
    ]);
    expect((await cancel(stack, [{ ...line, quantity: 1 }])).body.results).toMatchObject([
      { ok: false, error: { code: 'LINE_FINISHED' } },
    ]);
    expect((await storedHistory(stack, line)).map(({ command }) => command)).toEqual(['order', 'cancel', 'cancel']);
  });

  test('more than is left is refused, the other lines of the call are not', async () => {
    const [first, second, third] = await three();
    const { status, body } = await cancel(stack, [
      { ...first, quantity: 4 },
      { ...second, quantity: 3 },
      { ...third, lineNo: 44, quantity: 1 },
    ]);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      succeeded: 1,
      failed: 2,
      results: [
        { lineNo: 1, ok: false, error: { code: 'QUANTITY_EXCEEDED' } },
        { lineNo: 2, ok: true, state: 'canceled' },
        { lineNo: 44, ok: false, error: { code: 'LINE_NOT_FOUND' } },
      ],
    });
    expect(await storedRow(stack, first)).toMatchObject({ state: 'ordered', revision: 1, canceled: 0 });
  });

  test('two cancellations racing for the same quantity: one gets it', async () => {
    const line = await placeIn(stack, 'ordered', { quantity: 3 });
    const answers = await Promise.all([2, 2].map((quantity) => cancel(stack, [{ ...line, quantity }])));
    const results = answers.map(({ body }) => body.results[0]);
    expect(results.filter(({ ok }) => ok)).toMatchObject([{ validQuantity: 1 }]);
    expect(results.filter(({ ok }) => !ok)).toMatchObject([{ error: { code: 'QUANTITY_EXCEEDED' } }]);
    expect(await storedRow(stack, line)).toMatchObject({ canceled: 2 });
  });

  test('its reason stands in the history', async () => {
    const line = await placeIn(stack, 'ordered');
    await cancel(stack, [line], { reason: '단순 변심' });
    expect((await storedHistory(stack, line)).at(-1)).toMatchObject({ command: 'cancel', reason: '단순 변심', by: 'kim' });
  });
});

describe('when no line could be canceled and one had shipped: 409 ALREADY_SHIPPED naming line and waybill', () => {
  test.each(['shipped', 'delivered'] as const)('the only line is %s', async (state) => {
    const line = await placeIn(stack, state);
    const before = await storedRow(stack, line);
    const { status, body } = await cancel(stack, [line]);
    expect(status).toBe(409);
    expect(body).toMatchObject({
      code: 'ALREADY_SHIPPED',
      deliveryNo: line.deliveryNo,
      lineNo: 1,
      carrierCode: '04',
      waybillNo: line.waybillNo,
    });
    expect(body.detail).toContain(line.waybillNo);
    expect(body.detail).toContain('1번 줄');
    expect(await storedRow(stack, line)).toEqual(before);
  });

  test('shipped without a waybill (직접배송): the line alone is named', async () => {
    const line = await placeIn(stack, 'released', { methodCode: '20' });
    await command(stack, 'ship', [{ deliveryNo: line.deliveryNo }]);
    expect(await cancel(stack, [line])).toMatchObject({
      status: 409,
      body: { code: 'ALREADY_SHIPPED', lineNo: 1, waybillNo: null },
    });
  });

  test('one shipped, the other asked for too much', async () => {
    const [first, second] = await three();
    await take(stack, first, ['instruct', 'release', 'ship']);
    const { status, body } = await cancel(stack, [
      { ...second, quantity: 9 },
      { ...first, quantity: 1 },
    ]);
    expect([status, body.code, body.lineNo]).toEqual([409, 'ALREADY_SHIPPED', 1]);
  });

  test('one shipped, another canceled: 200 with both results', async () => {
    const [first, second] = await three();
    await take(stack, first, ['instruct', 'release', 'ship']);
    const { status, body } = await cancel(stack, [
      { ...first, quantity: 3 },
      { ...second, quantity: 3 },
    ]);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      succeeded: 1,
      failed: 1,
      results: [{ error: { code: 'ALREADY_SHIPPED' } }, { ok: true, state: 'canceled' }],
    });
  });
});

describe('a bad request changes nothing', () => {
  test('an order nobody knows: 404 ORDER_NOT_FOUND', async () => {
    expect(await cancel(stack, [{ orderNo: unique('nobody'), lineNo: 1 }])).toMatchObject({
      status: 404,
      body: { code: 'ORDER_NOT_FOUND' },
    });
  });

  test.each([
    [[{ lineNo: 1, quantity: 0 }], 'lines.0.quantity'],
    [[{ lineNo: 1, quantity: -1 }], 'lines.0.quantity'],
    [[{ lineNo: 1, quantity: 1.5 }], 'lines.0.quantity'],
    [[{ lineNo: 1 }], 'lines.0.quantity'],
    [[{ quantity: 1 }], 'lines.0.lineNo'],
    [
      [
        { lineNo: 1, quantity: 1 },
        { lineNo: '1', quantity: 1 },
      ],
      'lines.1.lineNo',
    ],
    [[], 'lines'],
  ])('%j', async (lines, path) => {
    const line = await placeIn(stack, 'ordered');
    const { status, body } = await stack.post(`/api/order/v1/orders/${line.orderNo}/cancellations`, { lines });
    expect([status, body.errors[0].path]).toEqual([400, path]);
    expect(await storedRow(stack, line)).toMatchObject({ revision: 1, canceled: 0 });
  });
});
