import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { cancel, command, ORDERED_AT, placeIn, placeOrder, take, unique } from '../../support/scenes/orders.ts';
import { insertRows } from '../../support/scenes/rows.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
  const people = (receiverName: string, receiverPhone: string, ordererName: string, ordererPhone: string) => ({
    receiverName,
    receiverPhone,
    ordererName,
    ordererPhone,
  });
  await insertRows(stack.db, [
    { deliveryNo: 'S1', placeNo: 31, ...people('성춘향', '010-1111-2222', '이몽룡', '010-3333-4444') },
    { deliveryNo: 'S2', placeNo: 31, ...people('성춘향', '01055556666', '변학도', '02-777-8888') },
    { deliveryNo: 'S3', placeNo: 31, ...people('향단', '010-3333-4444', '성춘향', '010-1111-2222') },
    {
      deliveryNo: 'S4',
      placeNo: 31,
      state: 'canceled',
      canceled: 2,
      ...people('성춘향', '010-1111-2222', '이몽룡', '010-3333-4444'),
    },
  ]);
});
afterAll(() => stack.stop());

const list = (query: string) => stack.get(`/api/bo/v1/deliveries?${query}`);
const search = (body: unknown) => stack.post('/api/bo/v1/deliveries/search', body);

describe('배송목록조회: a row per deliveryNo', () => {
  test('what the row says of its lines', async () => {
    const placed = await placeOrder(stack, [{}, {}, {}]);
    const [first, second, third] = placed as [any, any, any];
    const { waybillNo } = await take(stack, first, ['instruct', 'release', 'ship']);
    await take(stack, second, ['instruct']);
    await cancel(stack, [third]);
    const { body } = await list(`deliveryNo=${first.deliveryNo}`);
    expect(body).toMatchObject({ nextCursor: null, items: { length: 1 } });
    expect(body.items[0]).toEqual({
      deliveryNo: first.deliveryNo,
      orderNo: first.orderNo,
      orderedAt: ORDERED_AT,
      placeNo: 176_042,
      methodCode: '10',
      carrierCode: '04',
      waybillNo,
      waybills: [{ carrierCode: '04', waybillNo, lineNos: [1], trackingLevel: null }],
      lineCount: 2,
      states: ['shipped', 'instructed'],
      receiverName: '홍*동',
      shippingFee: { policyNo: null, feeType: null, baseFee: 0, surcharge: 0, fee: 0, payment: 'none' },
      updatedAt: expect.any(String),
    });
  });

  test('found by any of its lines, shown with all that are listed', async () => {
    const [first, second] = (await placeOrder(stack, [{ productName: '보온병' }, { productName: '머그컵' }])) as [any, any];
    await take(stack, second, ['instruct']);
    for (const query of [`productName=${encodeURIComponent('보온병')}`, 'state=instructed', 'state=ordered&state=instructed']) {
      const { body } = await list(`orderNo=${first.orderNo}&${query}&count=true`);
      expect(body).toMatchObject({
        total: 1,
        items: [{ deliveryNo: first.deliveryNo, lineCount: 2, states: ['ordered', 'instructed'] }],
      });
    }
    expect((await list(`orderNo=${first.orderNo}&state=shipped`)).body.items).toEqual([]);
  });

  test('wholly canceled, it is not there', async () => {
    const line = await placeIn(stack, 'canceled');
    expect((await list(`deliveryNo=${line.deliveryNo}`)).body.items).toEqual([]);
  });

  test.each(['nobody=1', 'limit=0', 'limit=501', 'sort=state', 'cursor=x', 'receiverName=x', 'phone=010'])(
    '%s is 400',
    async (query) => {
      expect(await list(query)).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
    },
  );
});

describe('`POST /deliveries/search`: receiverName, ordererName and phone (exact, or its last four digits) in the body', () => {
  test.each<[object, string[]]>([
    [{ receiverName: '성춘향' }, ['S1', 'S2']],
    [{ receiverName: '성춘' }, []],
    [{ ordererName: '성춘향' }, ['S3']],
    [{ receiverName: '성춘향', ordererName: '변학도' }, ['S2']],
    [{ phone: '010-3333-4444' }, ['S1', 'S3']],
    [{ phone: '01033334444' }, ['S1', 'S3']],
    [{ phone: '010-5555-6666' }, ['S2']],
    [{ phone: '4444' }, ['S1', 'S3']],
    [{ receiverName: '성춘향', phone: '010-1111-2222' }, ['S1']],
    [{ receiverName: '성춘향', state: ['ordered'] }, ['S1', 'S2']],
    [{ receiverName: '성춘향', state: ['shipped'] }, []],
    [{ placeNo: 31 }, ['S1', 'S2', 'S3']],
    [{ placeNo: '31', sort: '-deliveryNo', limit: 2 }, ['S3', 'S2']],
  ])('%j', async (body, found) => {
    const answer = await search({ sort: 'deliveryNo', ...body });
    expect(answer.status).toBe(200);
    expect(answer.body.items.map(({ deliveryNo }: { deliveryNo: string }) => deliveryNo)).toEqual(found);
  });

  test('pages and counts like the list', async () => {
    const first = (await search({ placeNo: 31, sort: 'deliveryNo', limit: 2, count: true })).body;
    expect(first).toMatchObject({ total: 3, items: [{ deliveryNo: 'S1' }, { deliveryNo: 'S2' }] });
    const next = (await search({ placeNo: 31, sort: 'deliveryNo', limit: 2, cursor: first.nextCursor })).body;
    expect(next).toMatchObject({ nextCursor: null, items: [{ deliveryNo: 'S3' }] });
  });

  test.each([
    { nobody: 1 },
    { limit: 0 },
    { limit: '5' },
    { receiverName: '' },
    { receiverName: 7 },
    { count: 'true' },
    { state: 'gone' },
    { phone: 'a\u0000' },
  ])('%j is 400', async (body) => {
    expect(await search(body)).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
  });

  test('a search stores nothing', async () => {
    const name = unique('아무개');
    await search({ receiverName: name });
    expect(await stack.db.query(sql`select 1 from requests where body::text like ${`%${name}%`}`)).toEqual([]);
  });
});

describe('배송상세정보조회', () => {
  test('the delivery row with people, lines and history; nothing of it is left out for canceled lines', async () => {
    const placed = await placeOrder(stack, [{}, { productName: '머그컵' }]);
    const [first, second] = placed as [any, any];
    await take(stack, first, ['instruct', 'release']);
    await cancel(stack, [second], { reason: '단순 변심' });
    const { status, body } = await stack.get(`/api/bo/v1/deliveries/${first.deliveryNo}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      deliveryNo: first.deliveryNo,
      orderNo: first.orderNo,
      channel: '자사몰',
      masked: true,
      tracking: [],
    });
    expect(body.lines).toMatchObject([
      { lineNo: 1, state: 'released', allowedCommands: ['ship', 'report-stockout', 'split', 'notify-delay', 'undo'] },
      { lineNo: 2, state: 'canceled', allowedCommands: [], productName: '머그컵' },
    ]);
    expect(body.lines[0]).not.toHaveProperty('live');
    expect(body.history.map(({ lineNo, command: name, from, to, by }: any) => [lineNo, name, from, to, by])).toEqual([
      [1, 'order', null, 'ordered', 'kim'],
      [2, 'order', null, 'ordered', 'kim'],
      [1, 'instruct', 'ordered', 'instructed', 'kim'],
      [1, 'release', 'instructed', 'released', 'kim'],
      [2, 'cancel', 'ordered', 'canceled', 'kim'],
    ]);
    expect(body.history[4].reason).toBe('단순 변심');
    expect(body.history.every(({ at }: { at: string }) => !Number.isNaN(Date.parse(at)))).toBe(true);
  });

  test('`?live=true` asks each line’s workflow; null when it has ended', async () => {
    const [first, second] = (await placeOrder(stack, [{}, {}])) as [any, any];
    await command(stack, 'instruct', [{ deliveryNo: first.deliveryNo, lineNo: 1 }]);
    await cancel(stack, [second]);
    const { body } = await stack.get(`/api/bo/v1/deliveries/${first.deliveryNo}?live=true`);
    expect(body.lines.map(({ live }: any) => live)).toEqual([{ state: 'instructed', revision: 2 }, null]);
  });

  test('주문상품내역조회: the lines alone', async () => {
    const [first] = (await placeOrder(stack, [{}, {}])) as [any];
    const { status, body } = await stack.get(`/api/bo/v1/deliveries/${first.deliveryNo}/items`);
    expect([status, Object.keys(body)]).toEqual([200, ['items']]);
    expect(body.items).toMatchObject([
      { lineNo: 1, receiverName: '홍*동' },
      { lineNo: 2, productName: '캠핑 의자' },
    ]);
  });

  test.each(['', '/items'])('a delivery nobody knows: 404 DELIVERY_NOT_FOUND (%s)', async (tail) => {
    expect(await stack.get(`/api/bo/v1/deliveries/D-nobody${tail}`)).toMatchObject({
      status: 404,
      body: { code: 'DELIVERY_NOT_FOUND' },
    });
  });

  test.each(['/D-x?nobody=1', '/D-x?live=yes', '/D-x?masked=1', '/D-x/items?limit=1', `/${'x'.repeat(60)}`, '/a%00b'])(
    '%s is 400',
    async (path) => {
      expect(await stack.get(`/api/bo/v1/deliveries${path}`)).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
    },
  );

  test.each(['%', '%ff', '%E0%A4', '..%2f', "'--"])('a delivery like %s is 400 or 404, never a 500', async (no) => {
    expect([400, 404]).toContain((await stack.get(`/api/bo/v1/deliveries/${no}`)).status);
  });
});
