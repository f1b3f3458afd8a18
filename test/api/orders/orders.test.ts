import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { deliveryWorkflowId } from '../../../workflows/messages/delivery.ts';
import { ORDERED_AT, orderBody, unique } from '../../support/scenes/orders.ts';
import { noFee } from '../../support/scenes/shipping.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const post = (body: unknown) => stack.post('/api/order/v1/orders', body);
const countOf = async (table: string, orderNo: string) =>
  (await stack.db.query(sql<{ n: number }>`select count(*) as n from ${sql.raw(table)} where order_no = ${orderNo}`))[0]?.n;

describe('a paid order → deliveries grouped by (placeNo, methodCode), one workflow per line', () => {
  test('lines of one place and method leave together, in lineNo order', async () => {
    const body = orderBody([
      { placeNo: 1, methodCode: '10' },
      { placeNo: 1, methodCode: '20' },
      { placeNo: 2, methodCode: '10' },
      { placeNo: 1, methodCode: '10' },
      { placeNo: null, methodCode: '10' },
      { placeNo: 2, methodCode: '10' },
    ]);
    const { status, body: answer } = await post(body);
    expect(status).toBe(201);
    expect(answer.orderNo).toBe(body.orderNo);
    const nos = answer.deliveries.map(({ deliveryNo }: { deliveryNo: string }) => deliveryNo);
    expect(new Set(nos).size).toBe(4);
    expect(nos.every((no: string) => /^D\d+$/.test(no) && no.length <= 30)).toBe(true);
    expect(answer.deliveries.map(({ deliveryNo: _, ...delivery }: any) => delivery)).toEqual([
      { placeNo: 1, methodCode: '10', lineNos: [1, 4], shippingFee: noFee },
      { placeNo: 1, methodCode: '20', lineNos: [2], shippingFee: noFee },
      { placeNo: 2, methodCode: '10', lineNos: [3, 6], shippingFee: noFee },
      { placeNo: null, methodCode: '10', lineNos: [5], shippingFee: noFee },
    ]);
    for (const { deliveryNo, lineNos } of answer.deliveries)
      for (const lineNo of lineNos) {
        const { status: run } = await stack.temporal.workflow.getHandle(deliveryWorkflowId(deliveryNo, lineNo)).describe();
        expect(run.name).toBe('RUNNING');
      }
  });

  test('what was bought comes back as it was sent', async () => {
    const body = orderBody([
      {
        lineNo: 7,
        productId: 43_897,
        productName: '캠핑 의자 🪑 "대형"',
        quantity: 3,
        unitPrice: 1,
        placeNo: 9_007_199_254_740_991,
      },
    ]);
    const { body: answer } = await post(body);
    const { body: order } = await stack.get(`/api/order/v1/orders/${body.orderNo}`);
    expect(order.order).toMatchObject({
      orderNo: body.orderNo,
      channel: '자사몰',
      orderedAt: ORDERED_AT,
      masked: true,
    });
    expect(order.pickups).toEqual([]);
    expect(order.deliveries).toHaveLength(1);
    expect(order.deliveries[0]).toMatchObject({
      deliveryNo: answer.deliveries[0].deliveryNo,
      placeNo: 9_007_199_254_740_991,
      lineCount: 1,
    });
    expect(order.deliveries[0].history).toBeUndefined();
    expect(order.deliveries[0].lines[0]).toMatchObject({
      lineNo: 7,
      productId: 43_897,
      productName: '캠핑 의자 🪑 "대형"',
      optionName: '카키',
      quantity: 3,
      validQuantity: 3,
      unitPrice: 1,
      kind: 'order',
      state: 'ordered',
      revision: 1,
      workflowId: deliveryWorkflowId(answer.deliveries[0].deliveryNo, 7),
    });
  });

  test('digit strings are numbers, and the same order', async () => {
    const body = orderBody([{ lineNo: 12, productId: 43_897, placeNo: 176_042 }]);
    const digits = {
      ...body,
      lines: body.lines.map((line) => ({ ...line, lineNo: '12', productId: '43897', placeNo: '176042' })),
    };
    const first = await post(digits);
    expect(first).toMatchObject({ status: 201, body: { deliveries: [{ placeNo: 176_042, lineNos: [12] }] } });
    expect(await post(body)).toMatchObject({ status: 200, body: first.body });
  });

  test('channel, orderer.email, optionName, address2, memo, placeNo and policyNo may be left out', async () => {
    const { channel: _, ...body } = orderBody();
    const { optionName: __, placeNo: ___, ...line } = { ...body.lines[0] };
    const { address2: ____, memo: _____, ...receiver } = body.receiver;
    const { email: ______, ...orderer } = body.orderer;
    const { status } = await post({ ...body, orderer, receiver, lines: [line] });
    expect(status).toBe(201);
    const { body: order } = await stack.get(`/api/order/v1/orders/${body.orderNo}`);
    expect(order.order).toMatchObject({ channel: null, orderer: { email: null }, receiver: { address2: null, memo: null } });
    expect(order.deliveries[0]).toMatchObject({ placeNo: null, lines: [{ optionName: null, placeNo: null }] });
  });

  test.each([
    ['2026-11-23T09:00:00', '2026-11-23T00:00:00.000Z'],
    ['2026-11-23T09:00:00Z', '2026-11-23T09:00:00.000Z'],
    ['2026-11-23T09:00:00.123-05:00', '2026-11-23T14:00:00.123Z'],
  ])('times of the outside world without an offset are Asia/Seoul: %s', async (orderedAt, instant) => {
    const body = orderBody([{}], { orderedAt });
    await post(body);
    expect((await stack.get(`/api/order/v1/orders/${body.orderNo}`)).body.order.orderedAt).toBe(instant);
  });

  test('200 lines are an order, all with their workflows', async () => {
    const body = orderBody(Array.from({ length: 200 }, () => ({})));
    const { status, body: answer } = await post(body);
    expect([status, answer.deliveries[0].lineNos.length]).toEqual([201, 200]);
    const started = await stack.db.query(
      sql`select 1 from delivery_lines where order_no = ${body.orderNo} and started_at is not null`,
    );
    expect(started).toHaveLength(200);
  });
});

describe('the same order again', () => {
  test('the same orderNo and body again 200, with the same answer and nothing new', async () => {
    const body = orderBody([{}, { placeNo: 5 }]);
    const first = await post(body);
    const again = await post(Object.fromEntries(Object.entries(body).reverse()));
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual(first.body);
    expect([await countOf('deliveries', body.orderNo), await countOf('delivery_lines', body.orderNo)]).toEqual([2, 2]);
  });

  test.each([
    ['another receiver', { receiver: { ...orderBody().receiver, name: '홍길순' } }],
    ['another channel', { channel: '오픈마켓' }],
    ['another quantity', { lines: orderBody([{ quantity: 3 }]).lines }],
    ['one line more', { lines: orderBody([{}, {}]).lines }],
  ])('%s: 409 ORDER_EXISTS, and the first stays as it was', async (_, differs) => {
    const body = orderBody();
    const first = await post(body);
    expect(await post({ ...body, ...differs })).toMatchObject({ status: 409, body: { code: 'ORDER_EXISTS' } });
    expect(await post(body)).toMatchObject({ status: 200, body: first.body });
    expect(await countOf('delivery_lines', body.orderNo)).toBe(1);
  });

  test('sent five times at once: one 201, the others 200, one order', async () => {
    const body = orderBody([{}, {}]);
    const answers = await Promise.all(Array.from({ length: 5 }, () => post(body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 201]);
    for (const { body: answer } of answers) expect(answer).toEqual(answers[0]?.body);
    expect(await countOf('delivery_lines', body.orderNo)).toBe(2);
    const history = await stack.db.query(
      sql`select 1 from delivery_history h join delivery_lines l using (delivery_no, line_no) where order_no = ${body.orderNo}`,
    );
    expect(history).toHaveLength(2);
  });

  test('two bodies under one number at once: one 201, one 409', async () => {
    const body = orderBody();
    const other = { ...body, channel: '다른 몰' };
    const answers = await Promise.all([post(body), post(other)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(await countOf('delivery_lines', body.orderNo)).toBe(1);
  });
});

test('an unknown order is 404 ORDER_NOT_FOUND', async () => {
  expect(await stack.get(`/api/order/v1/orders/${unique('nobody')}`)).toMatchObject({
    status: 404,
    body: { code: 'ORDER_NOT_FOUND' },
  });
});
