import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { insertRows } from '../../support/scenes/rows.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { listedLines } from './listed-lines.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({}, { hasWorker: false });
  await insertRows(stack.db, listedLines);
});
afterAll(() => stack.stop());

const all = ['A1', 'B1', 'C1', 'D1', 'E1', 'F1', 'G1', 'G2'];
const read = (query: string) => stack.get(`/api/bo/v1/delivery-lines?${query}`);
/** deliveryNo and lineNo of what the list shows, sorted. */
async function found(query: string): Promise<string[]> {
  const { status, body } = await read(query);
  expect([status, body.errors]).toEqual([200, undefined]);
  return body.items.map(({ deliveryNo, lineNo }: { deliveryNo: string; lineNo: number }) => `${deliveryNo}${lineNo}`).sort();
}
const encoded = encodeURIComponent;

describe('주문수량이 유효한 주문만 조회하고, 주문취소, 반품취소, 반품완료인 건은 조회하지 않습니다', () => {
  test('without filter: all that have a valid quantity and are not canceled', async () => {
    expect(await found('')).toEqual(all);
  });

  test.each(['deliveryNo=X-canceled', 'state=canceled', 'orderNo=O-X-returned', 'state=delivered&deliveryNo=X-both'])(
    'also not by %s',
    async (query) => {
      expect(await found(query)).toEqual([]);
    },
  );

  test('a partly returned line shows what is left', async () => {
    const { body } = await read('deliveryNo=G');
    expect(body.items.map((item: any) => [item.lineNo, item.quantity, item.validQuantity]).sort()).toEqual([
      [1, 2, 2],
      [2, 2, 1],
    ]);
  });
});

describe('filters', () => {
  test.each<[string, string[]]>([
    ['state=released', ['C1']],
    ['state=released&state=shipped&state=delivered', ['C1', 'E1', 'F1']],
    ['state=released&state=released', ['C1']],
    ['orderNo=O-two', ['G1', 'G2']],
    ['deliveryNo=E', ['E1']],
    ['deliveryNo=nobody', []],
    [`productName=${encoded('의자')}`, ['A1', 'B1', 'E1', 'F1', 'G1']],
    [`productName=${encoded('접이식 의')}`, ['B1']],
    [`productId=1&productName=${encoded('접이식 의')}`, ['B1']],
    ['productId=2', []],
    [`productName=${encoded('블')}`, ['C1']],
    ['productName=led', ['D1']],
    [`productName=${encoded('100%')}`, ['C1']],
    [`productName=${encoded('%')}`, ['C1']],
    [`productName=${encoded('_')}`, ['D1']],
    [`productName=${encoded('\\')}`, ['G2']],
    [`productName=${encoded("' or 1=1 --")}`, []],
    ['carrierCode=04', ['E1']],
    ['waybillNo=111122223333', ['E1', 'F1']],
    ['waybillNo=111122223333&carrierCode=05', ['F1']],
    ['methodCode=30', ['D1']],
    ['placeNo=2', ['B1', 'C1']],
    ['kind=exchange', ['C1']],
    ['kind=order&placeNo=2', ['B1']],
    ['state=released&placeNo=1', []],
  ])('%s', async (query, lines) => {
    expect(await found(query)).toEqual(lines);
  });

  test.each<[string, string[]]>([
    ['dueFrom=2026-11-24&dueTo=2026-11-25', ['A1', 'C1']],
    ['dueFrom=2026-11-25', ['C1', 'E1']],
    ['dueTo=2026-11-24', ['A1']],
    ['dueFrom=2026-11-26&state=shipped', ['E1']],
    ['dueFrom=2026-11-26&state=ordered', []],
    ['dueFrom=2026-11-25&dueTo=2026-11-24', []],
  ])('발송기한, shipped or not: %s', async (query, lines) => {
    expect(await found(query)).toEqual(lines);
    expect(await found(`${query}&sort=-dispatchDueOn`)).toEqual(lines);
  });

  test('updatedFrom: what has changed since', async () => {
    expect(await found('updatedFrom=2026-11-25T00:00:00Z&deliveryNo=A')).toEqual(['A1']);
    expect(await found('updatedFrom=2026-11-25T00:00:00.001Z&deliveryNo=A')).toEqual([]);
    const { body } = await read('deliveryNo=A');
    expect(body.items[0].updatedAt).toBe('2026-11-25T00:00:00.000Z');
  });
});

describe('a date range is one of days in Seoul', () => {
  test.each<[string, string[]]>([
    ['from=2026-11-23&to=2026-11-23&placeNo=2', ['B1', 'C1']],
    ['from=2026-11-22&to=2026-11-22', ['A1']],
    ['from=2026-11-24&to=2026-11-24', ['D1']],
    ['to=2026-11-22', ['A1']],
    ['from=2026-11-24', ['D1']],
    ['from=2026-11-22T14:59:59.999Z&to=2026-11-22T15:00:00Z', ['A1', 'B1']],
    [`from=${encoded('2026-11-23T00:00:00+09:00')}&to=${encoded('2026-11-23T00:00:00+09:00')}`, ['B1']],
    ['from=2026-11-23T00:00:00&to=2026-11-23T00:00:00', ['B1']],
    ['dateField=instructedAt&from=2026-11-25&to=2026-11-25', ['B1']],
    ['dateField=instructedAt&from=2026-11-24&to=2026-11-24', []],
    ['dateField=shippedAt&from=2026-11-24', ['E1']],
    ['dateField=deliveredAt&to=2026-11-25', ['F1']],
    ['dateField=releasedAt&from=2000-01-01', []],
    ['from=2026-11-24&to=2026-11-23', []],
  ])('%s', async (query, lines) => {
    expect(await found(query)).toEqual(lines);
  });
});

describe('a bad query is 400 and says which part', () => {
  const cursor = (content: unknown) => Buffer.from(JSON.stringify(content)).toString('base64url');
  test.each<[string, string]>([
    ['nobody=1', 'nobody'],
    ['receiverName=x', 'receiverName'],
    ['limit=0', 'limit'],
    ['limit=501', 'limit'],
    ['limit=-1', 'limit'],
    ['limit=1.5', 'limit'],
    ['limit=ten', 'limit'],
    ['limit=', 'limit'],
    ['sort=state', 'sort'],
    ['sort=orderedAt;drop', 'sort'],
    ['sort=--orderedAt', 'sort'],
    ['state=gone', 'state'],
    ['state=ordered&state=gone', 'state'],
    ['methodCode=11', 'methodCode'],
    ['placeNo=one', 'placeNo'],
    ['placeNo=0', 'placeNo'],
    ['kind=return', 'kind'],
    ['dateField=updatedAt', 'dateField'],
    ['from=yesterday', 'from'],
    ['to=2026-02-30', 'to'],
    ['due=later', 'due'],
    ['due=soon', 'due'],
    ['due=', 'due'],
    ['dueFrom=2026-02-30', 'dueFrom'],
    ['dueFrom=2026-11-23T00:00:00Z', 'dueFrom'],
    ['dueTo=0000-01-01', 'dueTo'],
    ['count=yes', 'count'],
    ['orderNo=', 'orderNo'],
    ['orderNo=a%00b', 'orderNo'],
    ['productName=%00', 'productName'],
    ['cursor=garbage', 'cursor'],
    ['cursor=', 'cursor'],
    [`cursor=${cursor(['orderedAt', null, ['A', 1]])}`, 'cursor'],
    [`cursor=${cursor(['-orderedAt', '2026-11-23T00:00:00.000Z', ['A']])}`, 'cursor'],
    [`cursor=${cursor(['-orderedAt', 'soon', ['A', 1]])}`, 'cursor'],
    [`cursor=${cursor(['-orderedAt', '2026-11-23T00:00:00.000Z', ['a\u0000b', 1]])}`, 'cursor'],
    [`cursor=${cursor(['-orderedAt', '2026-11-23T00:00:00.000Z', ['A', 2 ** 40]])}`, 'cursor'],
    [`cursor=${cursor(['-orderedAt', '2026-11-23T00:00:00.000Z', ['A', 'one']])}`, 'cursor'],
    [`cursor=${cursor(['-orderedAt', '0000-01-01T00:00:00.000Z', ['A', 1]])}`, 'cursor'],
    [`cursor=${cursor(['dispatchDueOn', '0000-01-01', ['A', 1]])}`, 'cursor'],
    [`cursor=${cursor({ a: 1 })}`, 'cursor'],
  ])('%s', async (query, path) => {
    const { status, headers, body } = await read(query);
    expect([status, body.code, headers.get('content-type')]).toEqual([400, 'BAD_REQUEST', 'application/problem+json']);
    expect(body.errors[0].path.split('.')[0] || body.errors[0].message).toContain(path);
  });

  test('limit 1 and 500 are the ends', async () => {
    expect((await read('limit=1')).body.items).toHaveLength(1);
    expect((await read('limit=500')).body.items).toHaveLength(all.length);
  });
});

describe('`count=true` → total', () => {
  test('of what the filter has, not of the page', async () => {
    expect((await read('limit=3&count=true')).body).toMatchObject({ total: all.length, items: { length: 3 } });
    expect((await read('limit=3&count=true&kind=exchange')).body.total).toBe(1);
    expect((await read('count=true&deliveryNo=nobody')).body).toEqual({ items: [], nextCursor: null, total: 0 });
    expect((await read('count=false')).body).not.toHaveProperty('total');
  });
});
