import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { type PlacedLine, placeIn, placeOrder, receiver, unique } from '../../support/scenes/orders.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let line: PlacedLine;
let reader: string;
beforeAll(async () => {
  stack = await startStack();
  line = await placeIn(stack, 'ordered');
  reader = await stack.token(['delivery.read', 'pii.read'], { sub: 'reader' });
});
afterAll(() => stack.stop());

const orderer = { name: '김주문', phone: '010-2345-6789', email: 'gildong@example.com' };
const masked = {
  orderer: { name: '김*문', phone: '010-****-6789', email: 'gi*****@example.com' },
  receiver: { ...receiver, name: '홍*동', phone: '010-****-5678', address2: '***', memo: '***' },
};
const detail = (query = '', token?: string) =>
  stack.get(`/api/bo/v1/deliveries/${line.deliveryNo}${query}`, token ? { token } : {});
const order = (query = '', token?: string) => stack.get(`/api/order/v1/orders/${line.orderNo}${query}`, token ? { token } : {});
const accesses = (subject: string) =>
  stack.db.query(
    sql`select sub, ip, route, subject, fields, reason from personal_data_accesses where subject = ${subject} order by id`,
  );

describe('without `pii.read`: masked', () => {
  test('the delivery’s detail', async () => {
    const { body } = await detail();
    expect(body).toMatchObject({ masked: true, ...masked, receiverName: '홍*동', lines: [{ receiverName: '홍*동' }] });
    expect(JSON.stringify(body)).not.toMatch(/홍길동|김주문|1234-5678|2345-6789|401호|문 앞|gildong/);
  });

  test('the order', async () => {
    const { body } = await order();
    expect(body.order).toMatchObject({ masked: true, ...masked });
    expect(body.deliveries[0]).toMatchObject({ masked: true, ...masked });
    expect(JSON.stringify(body)).not.toMatch(/홍길동|김주문|1234-5678|2345-6789|401호|문 앞|gildong/);
  });

  test('asking for `masked=false` gives no more than the token has', async () => {
    expect((await detail('?masked=false')).body).toMatchObject({ masked: true, ...masked });
  });

  test('no access row is written for it', async () => {
    const before = await accesses(line.deliveryNo);
    await detail();
    expect(await accesses(line.deliveryNo)).toEqual(before);
  });
});

describe('lists are always masked', () => {
  test.each(['delivery-lines', 'deliveries'])('%s, also with `pii.read`', async (list) => {
    const { body } = await stack.get(`/api/bo/v1/${list}?orderNo=${line.orderNo}`, { token: reader });
    expect(body.items).toMatchObject([{ receiverName: '홍*동' }]);
    expect(JSON.stringify(body)).not.toContain('홍길동');
  });

  test('the search and the items too', async () => {
    const { body: found } = await stack.post(
      '/api/bo/v1/deliveries/search',
      { receiverName: '홍길동', orderNo: line.orderNo },
      { token: reader },
    );
    const { body: items } = await stack.get(`/api/bo/v1/deliveries/${line.deliveryNo}/items`, { token: reader });
    for (const body of [found, items]) expect(body.items).toMatchObject([{ receiverName: '홍*동' }]);
  });
});

describe('a token with `pii.read` gets details unmasked, and an access row is written before every unmasked answer', () => {
  test('the delivery: exactly one row, who, from where, what and why', async () => {
    const own = (await placeOrder(stack))[0] as PlacedLine;
    const reason = '배송지 확인 전화';
    const { body } = await stack.get(`/api/bo/v1/deliveries/${own.deliveryNo}?reason=${encodeURIComponent(reason)}`, {
      token: reader,
    });
    expect(body).toMatchObject({ masked: false, orderer, receiver, receiverName: '홍길동', lines: [{ receiverName: '홍길동' }] });
    expect(await accesses(own.deliveryNo)).toEqual([
      {
        sub: 'reader',
        ip: expect.stringMatching(/127\.0\.0\.1|::1/),
        route: `GET /api/bo/v1/deliveries/${own.deliveryNo}`,
        subject: own.deliveryNo,
        fields: expect.arrayContaining([
          'orderer.name',
          'orderer.phone',
          'orderer.email',
          'receiver.name',
          'receiver.phone',
          'receiver.address',
          'receiver.memo',
        ]),
        reason,
      },
    ]);
  });

  test('the order: one row naming it, without a reason when none was given', async () => {
    const own = (await placeOrder(stack, [{}, { placeNo: 8 }]))[0] as PlacedLine;
    const { body } = await stack.get(`/api/order/v1/orders/${own.orderNo}`, { token: reader });
    expect(body.order).toMatchObject({ masked: false, orderer, receiver });
    expect(body.deliveries).toMatchObject([
      { masked: false, receiver },
      { masked: false, receiver },
    ]);
    expect(await accesses(own.orderNo)).toMatchObject([
      { subject: own.orderNo, route: `GET /api/order/v1/orders/${own.orderNo}`, reason: null },
    ]);
  });

  test('or masked with `?masked=true`, without a row', async () => {
    const own = (await placeOrder(stack))[0] as PlacedLine;
    const answers = [
      await stack.get(`/api/bo/v1/deliveries/${own.deliveryNo}?masked=true`, { token: reader }),
      await stack.get(`/api/order/v1/orders/${own.orderNo}?masked=true`, { token: reader }),
    ];
    expect(answers[0]?.body).toMatchObject({ masked: true, ...masked });
    expect(answers[1]?.body.order).toMatchObject({ masked: true, ...masked });
    expect([...(await accesses(own.deliveryNo)), ...(await accesses(own.orderNo))]).toEqual([]);
  });

  test('what nobody has seen leaves no row: a delivery that is not there', async () => {
    const nobody = unique('nobody');
    expect((await stack.get(`/api/bo/v1/deliveries/${nobody}`, { token: reader })).status).toBe(404);
    expect(await accesses(nobody)).toEqual([]);
  });
});

describe('GET /personal-data-accesses', () => {
  test('newest first, by person, subject and day; pages by cursor', async () => {
    const own = (await placeOrder(stack))[0] as PlacedLine;
    const token = await stack.token(['delivery.read', 'pii.read'], { sub: unique('sub') });
    for (const reason of ['one', 'two', 'three'])
      await stack.get(`/api/bo/v1/deliveries/${own.deliveryNo}?reason=${reason}`, { token });
    const read = async (query: string) =>
      (await stack.get(`/api/bo/v1/personal-data-accesses?subject=${own.deliveryNo}&${query}`)).body;
    const first = await read('limit=2');
    expect(first.items.map(({ reason }: any) => reason)).toEqual(['three', 'two']);
    expect(first.items[0]).toMatchObject({
      subject: own.deliveryNo,
      fields: expect.any(Array),
      at: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    const next = await read(`limit=2&cursor=${first.nextCursor}`);
    expect([next.items.map(({ reason }: any) => reason), next.nextCursor]).toEqual([['one'], null]);
    expect((await read('sub=nobody')).items).toEqual([]);
    expect((await read('from=2100-01-01')).items).toEqual([]);
    expect((await read('to=2100-01-01')).items).toHaveLength(3);
  });

  test.each(['nobody=1', 'limit=0', 'limit=501', 'cursor=x', 'from=soon', 'subject=a%00b'])('%s is 400', async (query) => {
    expect((await stack.get(`/api/bo/v1/personal-data-accesses?${query}`)).status).toBe(400);
  });
});

describe('no row, no data', () => {
  test('when the access row cannot be written: 503, and not one name', async () => {
    await stack.db.query(sql`alter table personal_data_accesses rename to elsewhere`);
    try {
      for (const { status, body } of [await detail('', reader), await order('', reader)]) {
        expect([status, body.code]).toEqual([503, 'UNAVAILABLE']);
        expect(JSON.stringify(body)).not.toMatch(/홍길동|홍\*동|5678|elsewhere|relation|insert/);
      }
      expect((await detail()).body).toMatchObject({ masked: true });
      expect((await detail('?masked=true', reader)).body).toMatchObject({ masked: true });
    } finally {
      await stack.db.query(sql`alter table elsewhere rename to personal_data_accesses`);
    }
    expect((await detail('', reader)).body).toMatchObject({ masked: false, receiver });
  });
});
