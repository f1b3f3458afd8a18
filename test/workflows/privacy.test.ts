import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createLog } from '../../process/log.ts';
import { deliveryWorkflowId } from '../../workflows/messages/delivery.ts';
import {
  cancel,
  command,
  commandLine,
  delayNotice,
  orderBody,
  type PlacedLine,
  take,
  uniqueWaybill,
} from '../support/scenes/orders.ts';
import { eventually, type Stack, startStack } from '../support/stack.ts';

/** People and texts that occur nowhere else, so that one letter group of them found anywhere is a leak. */
const orderer = { name: '제갈주문', phone: '010-9876-1234', email: 'jegal.secret@example.com' };
const receiver = {
  name: '독고수령',
  phone: '010-4321-8765',
  zipCode: '06236',
  address1: '비밀특별시 은밀구 조용로 77',
  address2: '별채 909호',
  memo: '열쇠는 화분 밑에',
};
const texts = {
  productName: '은밀한 상품명',
  optionName: '조용한 옵션',
  reason: '고객이 울면서 전화함',
  stockout: '창고에서 잃어버림',
  delay: '손님이 여행 중이라 늦게 보냄',
  cancel: '남편 몰래 주문함',
};
const personal = [
  ...Object.values(orderer),
  receiver.name,
  receiver.phone,
  receiver.address1,
  receiver.address2,
  receiver.memo,
  texts.reason,
  texts.stockout,
  texts.delay,
  texts.cancel,
  ...['9876-1234', '98761234', '4321-8765', '43218765'],
  ...['제갈', '독고', 'jegal', '은밀', '조용로', '909호', '화분', '울면서', '잃어버림', '여행 중', '몰래'],
];
const leaks = (text: string) => personal.filter((secret) => text.includes(secret));

let stack: Stack;
let logged = '';
beforeAll(async () => {
  const log = createLog(
    'test',
    { LOG_LEVEL: 'trace' },
    {
      write: (line) => {
        logged += line;
      },
    },
  );
  stack = await startStack({}, { log });
});
afterAll(() => stack.stop());

async function place(more: object = {}): Promise<[PlacedLine, PlacedLine]> {
  const body = orderBody([{ productName: texts.productName }, { productName: texts.productName }], {
    orderer,
    receiver,
    ...more,
  });
  const { body: answer } = await stack.post('/api/order/v1/orders', body);
  const [{ deliveryNo }] = answer.deliveries;
  return [1, 2].map((lineNo) => ({ orderNo: body.orderNo, deliveryNo, lineNo })) as [PlacedLine, PlacedLine];
}

/** Every text and every payload in a value that Temporal gave us, bytes as the text they hold. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value instanceof Uint8Array) return [Buffer.from(value).toString('utf8')];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(textsIn);
}

test('no personal data in Temporal: payloads carry numbers and codes', async () => {
  const [first, second] = await place();
  await take(stack, first, ['instruct', 'release']);
  await commandLine(stack, 'notify-delay', first, {}, { ...delayNotice(), reason: texts.delay });
  await commandLine(stack, 'report-stockout', first, {}, { reason: texts.stockout });
  await commandLine(stack, 'clear-stockout', first);
  await take(stack, first, ['ship']);
  await commandLine(stack, 'correct-waybill', first, { carrierCode: '05', waybillNo: uniqueWaybill() }, { reason: texts.reason });
  await commandLine(stack, 'undo', first, {}, { reason: texts.reason });
  await command(stack, 'ship', [{ ...first, carrierCode: '04', waybillNo: receiver.name }], {}, { prefer: 'respond-async' });
  await command(
    stack,
    'undo',
    [{ deliveryNo: first.deliveryNo, lineNo: 1 }],
    { reason: texts.reason },
    { prefer: 'respond-async' },
  );
  await eventually(
    async () => (await stack.get(`/api/bo/v1/deliveries/${first.deliveryNo}`)).body.lines[0].state === 'instructed',
  );
  await cancel(stack, [second], { reason: texts.cancel });
  await stack.put(`/api/order/v1/orders/${first.orderNo}/receiver`, { ...receiver, memo: `${receiver.memo} 아님` });
  await stack.post('/api/bo/v1/deliveries/search', { receiverName: receiver.name, phone: receiver.phone });

  for (const line of [first, second]) {
    const handle = stack.temporal.workflow.getHandle(deliveryWorkflowId(line.deliveryNo, line.lineNo));
    const described = await handle.describe();
    const held = [
      ...textsIn(await handle.fetchHistory()),
      ...textsIn(described.raw),
      JSON.stringify(described.searchAttributes),
      await described.staticDetails(),
    ];
    const all = held.join('\n');
    // The search does find what is there.
    for (const known of [line.deliveryNo, line.orderNo, '"quantity":2', 'instruct'])
      if (line === first || known !== 'instruct') expect(all).toContain(known);
    expect(leaks(all)).toEqual([]);
    expect(all).not.toContain(texts.optionName);
    expect(all).not.toContain(texts.productName);
  }
  const found = [];
  for await (const run of stack.temporal.workflow.list({ query: `OrderNo = '${first.orderNo}'` })) found.push(run);
  expect(leaks(found.map((run) => textsIn(run.raw).join('\n')).join('\n'))).toEqual([]);
});

describe('nor in the logs', () => {
  test('of an ordinary day; every line of one request carries its X-Request-Id, down to the activity', async () => {
    logged = '';
    const [first] = await place();
    const traceId = `trace-${first.deliveryNo}`;
    const body = { lines: [{ deliveryNo: first.deliveryNo, lineNo: 1 }], reason: texts.reason };
    await stack.post('/api/bo/v1/delivery-lines/instruct', body, { headers: { 'x-request-id': traceId } });
    const token = await stack.token(['delivery.read', 'pii.read']);
    await stack.get(`/api/bo/v1/deliveries/${first.deliveryNo}?reason=${encodeURIComponent(texts.reason)}`, { token });
    await stack.get(`/api/bo/v1/delivery-lines?productName=${encodeURIComponent(receiver.name)}`);
    await stack.get(`/api/bo/v1/deliveries?receiverName=${encodeURIComponent(receiver.name)}`);
    await stack.get(`/api/bo/v1/deliveries/${encodeURIComponent(receiver.name)}`);
    await stack.post('/api/bo/v1/deliveries/search', { receiverName: receiver.name, phone: receiver.phone });
    await stack.post('/api/order/v1/orders', { ...orderBody([{}], { orderer, receiver }), lines: [] });
    const entries = logged
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(entries.length).toBeGreaterThan(7);
    expect(leaks(logged)).toEqual([]);
    const messages = entries.filter(({ reqId }) => reqId === traceId).map(({ msg }) => msg);
    expect(messages).toEqual(expect.arrayContaining(['recorded', 'request']));
  });

  test('when PostgreSQL refuses a row: its message quotes it, the log does not', async () => {
    logged = '';
    await stack.db.query(
      sql`alter table orders add constraint nobody check (receiver_name <> ${sql.lit(receiver.name)}) not valid`,
    );
    try {
      const { status, body } = await stack.post('/api/order/v1/orders', orderBody([{}], { orderer, receiver }));
      expect(status).toBe(400);
      expect(leaks(JSON.stringify(body))).toEqual([]);
    } finally {
      await stack.db.query(sql`alter table orders drop constraint nobody`);
    }
    expect(logged).toContain('23514');
    expect(leaks(logged)).toEqual([]);
  });

  test('when an access row cannot be written', async () => {
    logged = '';
    const [first] = await place();
    await stack.db.query(sql`alter table personal_data_accesses add constraint nobody check (reason is null) not valid`);
    try {
      const token = await stack.token(['delivery.read', 'pii.read']);
      const { status, body } = await stack.get(
        `/api/bo/v1/deliveries/${first.deliveryNo}?reason=${encodeURIComponent(texts.reason)}`,
        {
          token,
        },
      );
      expect(status).toBe(500);
      expect(leaks(JSON.stringify(body))).toEqual([]);
    } finally {
      await stack.db.query(sql`alter table personal_data_accesses drop constraint nobody`);
    }
    expect(logged).toContain('access row');
    expect(leaks(logged)).toEqual([]);
  });
});
