import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { orderBody } from '../../support/scenes/orders.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

type Json = Record<string, unknown>;
/** The body with `path` set to a value; undefined leaves it out. */
function changed(path: string, value: unknown): Json {
  const body = structuredClone(orderBody([{}, {}])) as unknown as Json;
  const keys = path.split('.');
  let at = body;
  for (const key of keys.slice(0, -1)) at = at[key] as Json;
  if (value === undefined) delete at[keys.at(-1) ?? ''];
  else at[keys.at(-1) ?? ''] = value;
  return body;
}

/** Refused as 400 naming the field, nothing stored: neither the order nor the request. */
async function expectRefused(body: unknown, path: string | null) {
  const [before] = await stack.db.query(sql<{ n: number }>`select count(*) as n from requests`);
  const orders = await stack.db.query(sql`select 1 from orders`);
  const answer = await stack.post('/api/order/v1/orders', body);
  expect(answer).toMatchObject({
    status: 400,
    body: { code: 'BAD_REQUEST', status: 400, title: '요청 형식이 올바르지 않습니다' },
  });
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.body.errors.every(({ message }: { message: string }) => message.length > 0)).toBe(true);
  if (path !== null) expect(answer.body.errors.map((error: { path: string }) => error.path)).toContain(path);
  const [after] = await stack.db.query(sql<{ n: number }>`select count(*) as n from requests`);
  expect(after?.n).toBe(before?.n);
  expect(await stack.db.query(sql`select 1 from orders`)).toEqual(orders);
}

describe('a missing field is named', () => {
  test.each([
    ...['orderNo', 'orderedAt', 'orderer', 'orderer.name', 'orderer.phone', 'receiver', 'receiver.name', 'receiver.phone'],
    ...['receiver.zipCode', 'receiver.address1', 'lines', 'lines.1.lineNo', 'lines.1.productId', 'lines.1.productName'],
    ...['lines.1.quantity', 'lines.1.unitPrice', 'lines.1.methodCode'],
  ])('%s', async (path) => {
    await expectRefused(changed(path, undefined), path);
    await expectRefused(changed(path, null), path);
  });
});

describe('an odd value is named', () => {
  test.each<[string, unknown]>([
    ...[0, -1, 1.5, 10_000, '2', Number.MAX_SAFE_INTEGER].map((value): [string, unknown] => ['lines.1.quantity', value]),
    ...[0, -1, 1.5, '0', '-1', '1.5', 'one', '', 2 ** 31, true].map((value): [string, unknown] => ['lines.1.lineNo', value]),
    ...[0, 'x', 2 ** 53, '99999999999999999999'].map((value): [string, unknown] => ['lines.1.productId', value]),
    ...[0, -5, 'x'].map((value): [string, unknown] => ['lines.1.placeNo', value]),
    ...['50', '', 10, '1'].map((value): [string, unknown] => ['lines.1.methodCode', value]),
    ...[-1, 0.5, '39000', 10 ** 12].map((value): [string, unknown] => ['lines.1.unitPrice', value]),
    ...['1234', '012345', '823456', '1234567', '13-5080', 'ABCDE', 6236, '', '\u200b'].map((value): [string, unknown] => [
      'receiver.zipCode',
      value,
    ]),
    ...['어제', '2026-02-30T00:00:00Z', '2026-13-01', 1_763_856_000, '', '2026-11-23 09:00'].map((value): [string, unknown] => [
      'orderedAt',
      value,
    ]),
    ['orderer.email', 'not a mail'],
    ['orderNo', ''],
    ['orderNo', '   '],
    ['orderNo', '\u200b\u3164'],
    ['receiver.name', '\u2060'],
    ['receiver.phone', '\ufeff'],
    ['lines.1.productName', '\u202a\u202c'],
    ['orderNo', 'x'.repeat(51)],
    ['orderNo', 12_345],
    ['receiver.name', 'x'.repeat(101)],
    ['receiver.name', { first: '길동' }],
    ['lines', []],
    ['lines', {}],
    ['lines', Array.from({ length: 201 }, (_, at) => ({ ...orderBody().lines[0], lineNo: at + 1 }))],
  ])('%s %p', async (path, value) => {
    await expectRefused(changed(path, value), path);
  });

  test('the same lineNo twice, also as a digit string, at its second place', async () => {
    await expectRefused(changed('lines.1.lineNo', 1), 'lines.1.lineNo');
    await expectRefused(changed('lines.1.lineNo', '1'), 'lines.1.lineNo');
  });

  test.each([null, [], 'an order', 7, true, {}])('a body that is %p', async (body) => {
    await expectRefused(JSON.stringify(body), null);
  });

  test.each(['0000-01-01T00:00:00Z', '0001-01-01T00:00:00+09:00', '9999-12-31T23:59:59-10:00'])(
    'orderedAt %s is no time of an order',
    async (orderedAt) => {
      await expectRefused(changed('orderedAt', orderedAt), 'orderedAt');
    },
  );
});

describe('letters that PostgreSQL cannot hold, or that only look dangerous', () => {
  const texts = [
    'orderNo',
    'channel',
    'orderer.name',
    'orderer.phone',
    'receiver.name',
    'receiver.address1',
    'receiver.address2',
    'receiver.memo',
  ];
  test.each([...texts, 'lines.0.productName', 'lines.0.optionName'])('a NUL or half a surrogate in %s is 400', async (path) => {
    await expectRefused(changed(path, 'a\u0000b'), path);
    await expectRefused(changed(path, 'a\ud800b'), path);
    await expectRefused(changed(path, '\udfffb'), path);
  });

  test('everything else comes through as it was', async () => {
    const seen = `'; drop table orders; -- "$1" \\ %_ 한글 漢字 🎁👨‍👩‍👧 ❤️<script>`;
    // What nobody sees is left out: a letter that turns the direction, and Korean letters in parts.
    const wild = seen.normalize('NFD').replace('<', '\u202e<');
    const body = orderBody([{ productName: wild }], {
      receiver: { ...orderBody().receiver, name: wild, memo: wild },
      channel: seen.slice(0, 40),
    });
    expect((await stack.post('/api/order/v1/orders', body)).status).toBe(201);
    const token = await stack.token(['delivery.read', 'pii.read']);
    const { body: order } = await stack.get(`/api/order/v1/orders/${body.orderNo}`, { token });
    expect(order.order).toMatchObject({ channel: seen.slice(0, 40), receiver: { name: seen, memo: seen } });
    expect(order.deliveries[0].lines[0]).toMatchObject({ productName: seen, receiverName: seen });
    const { body: found } = await stack.get(`/api/bo/v1/delivery-lines?productName=${encodeURIComponent(wild)}`);
    expect(found.items).toHaveLength(1);
  });

  test('blanks around a text are not part of it', async () => {
    const body = orderBody([{}], { receiver: { ...orderBody().receiver, name: '  홍길동 ', memo: '   ' } });
    await stack.post('/api/order/v1/orders', body);
    const token = await stack.token(['delivery.read', 'pii.read']);
    const { body: order } = await stack.get(`/api/order/v1/orders/${body.orderNo}`, { token });
    expect(order.order.receiver).toMatchObject({ name: '홍길동', memo: null });
  });
});
