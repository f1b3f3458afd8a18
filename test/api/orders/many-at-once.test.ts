import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { orderBody } from '../../support/scenes/orders.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const post = (body: object) => stack.post('/api/order/v1/orders', body);

interface Written {
  order_no: string;
  request_id: string;
  product_id: number;
  receiver: string;
  events: number;
}
const writtenOf = (orderNo: string) =>
  stack.db.query(sql<Written>`
    select o.order_no, o.receiver_name as receiver, l.product_id, h.request_id,
           (select count(*) from events e where e.history_id = h.id) as events
      from orders o join delivery_lines l using (order_no)
      join delivery_history h on h.delivery_no = l.delivery_no and h.line_no = l.line_no and h.command = 'order'
     where o.order_no = ${orderNo} and l.started_at is not null order by l.line_no`);

test('orders that arrive together are each taken in whole, as their own', async () => {
  const bodies = Array.from({ length: 60 }, (_, at) =>
    orderBody(
      Array.from({ length: (at % 3) + 1 }, (_, line) => ({ productId: 9_000 + at * 10 + line })),
      { receiver: { ...orderBody([{}]).receiver, name: `받는이${at}` } },
    ),
  );
  const answers = await Promise.all(bodies.map(post));
  expect(answers.map(({ status }) => status)).toEqual(bodies.map(() => 201));
  for (const [at, { orderNo, lines }] of bodies.entries()) {
    const written = await writtenOf(orderNo);
    expect(written.map(({ product_id, receiver, events }) => [product_id, receiver, events])).toEqual(
      lines.map((_, line) => [9_000 + at * 10 + line, `받는이${at}`, 1]),
    );
    expect(answers[at]?.body).toMatchObject({ orderNo, deliveries: [{ lineNos: lines.map((_, line) => line + 1) }] });
  }
  const requests = (await Promise.all(bodies.map(({ orderNo }) => writtenOf(orderNo)))).map(([row]) => row?.request_id);
  expect(new Set(requests).size).toBe(bodies.length);
});

test('of one number sent many times at once, one body is taken and the others hear so; those beside it do not notice', async () => {
  const pairs = Array.from({ length: 12 }, () => orderBody([{ productId: 9_900 }]));
  const others = pairs.map((body) => ({ ...body, lines: body.lines.map((line) => ({ ...line, productId: 9_901 })) }));
  const alone = Array.from({ length: 12 }, () => orderBody([{}]));
  const unknown = Array.from({ length: 6 }, () => {
    const body = orderBody([{}]);
    return { ...body, lines: body.lines.map((line) => ({ ...line, dispatchPolicyNo: 987_654 })) };
  });
  const [first, second, again, whole, refused] = await Promise.all(
    [pairs, others, pairs, alone, unknown].map((bodies) => Promise.all(bodies.map(post))),
  );
  for (const [at, { orderNo }] of pairs.entries()) {
    const written = await writtenOf(orderNo);
    expect(written).toHaveLength(1);
    const isFirst = written[0]?.product_id === 9_900;
    const [mine, theirs] = [
      [first, again].map((answers) => answers?.[at]?.status),
      [second].map((answers) => answers?.[at]?.status),
    ];
    expect(mine.toSorted()).toEqual(isFirst ? [200, 201] : [409, 409]);
    expect(theirs).toEqual(isFirst ? [409] : [201]);
  }
  expect(whole?.map(({ status }) => status)).toEqual(alone.map(() => 201));
  expect(refused?.map(({ status, body }) => [status, body.errors[0].path])).toEqual(
    unknown.map(() => [400, 'lines.0.dispatchPolicyNo']),
  );
});

test('sixteen workflows are being started at most, and single orders pass a large one', async () => {
  const service = stack.temporal.workflowService as unknown as Record<string, (request: object) => Promise<unknown>>;
  const start = service.startWorkflowExecution as (request: object) => Promise<unknown>;
  let [now, most] = [0, 0];
  const begun: string[] = [];
  service.startWorkflowExecution = async (request) => {
    most = Math.max(most, ++now);
    begun.push((request as { workflowId: string }).workflowId);
    return start.call(service, request).finally(() => now--);
  };
  try {
    const large = post(orderBody(Array(200).fill({})));
    await eventually(async () => begun.length > 0);
    const small = Promise.all(Array.from({ length: 40 }, () => post(orderBody())));
    expect((await small).map(({ status }) => status)).toEqual(Array(40).fill(201));
    const { status, body } = await large;
    expect(status).toBe(201);
    const isLarge = (workflowId: string) => workflowId.startsWith(`delivery-${body.deliveries[0].deliveryNo}-`);
    expect(begun).toHaveLength(240);
    expect(begun.findIndex((workflowId) => !isLarge(workflowId))).toBeLessThan(begun.findLastIndex(isLarge));
    expect(most).toBeLessThanOrEqual(16);
  } finally {
    service.startWorkflowExecution = start;
  }
});
