import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { permissions } from '../../../api/http/auth.ts';
import { type PlacedLine, receiver } from '../../support/scenes/orders.ts';
import { typedPickupTable } from '../../support/scenes/pickup.ts';
import { claimBody, commandPickups, openClaim, placedLine, postClaim, storedPickup } from '../../support/scenes/pickups.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let line: PlacedLine;
let pickupNo: string;
const pickupFrom = {
  name: '남궁민수',
  phone: '02-987-6543',
  zipCode: '48058',
  address1: '부산광역시 해운대구 센텀로 1',
  address2: '101동 1203호',
  memo: '경비실에 맡김',
};
const hidden = ['남궁민수', '987-6543', '101동 1203호', '경비실', '김주문', '2345-6789', '23456789', 'gildong', '홍길동'];

beforeAll(async () => {
  stack = await startStack();
  line = await placedLine(stack, undefined, { quantity: 20 });
  const body = claimBody('return', line.orderNo, [{ lineNo: 1, quantity: 1 }], { pickupFrom });
  pickupNo = (await postClaim(stack, body)).body.pickups[0].pickupNo;
});
afterAll(() => stack.stop());

const as = async (...granted: string[]) => ({ token: await stack.token(granted) });
const detail = async (query: string, ...granted: string[]) =>
  stack.get(`/api/bo/v1/pickups/${pickupNo}${query}`, await as('pickup.read', ...granted));
const accesses = async () => (await stack.get('/api/bo/v1/personal-data-accesses', await as('audit.read'))).body.items;

describe('permissions', () => {
  const denied = { status: 403, body: { code: 'PERMISSION_DENIED' } };
  const except = (name: string) => permissions.filter((each) => each !== name);

  test('pickup.read to look, and no other', async () => {
    for (const path of ['/api/bo/v1/pickups', `/api/bo/v1/pickups/${pickupNo}`]) {
      expect(await stack.get(path, await as('pickup.read'))).toMatchObject({ status: 200 });
      expect(await stack.get(path, await as(...except('pickup.read')))).toMatchObject(denied);
      expect(await stack.get(path, { token: null })).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    }
  });

  test.each(Object.keys(typedPickupTable))('pickup.write to %s, and no other', async (command) => {
    const before = await storedPickup(stack, pickupNo);
    const body = { pickups: [{ pickupNo: 'P-nobody' }], reason: '시험' };
    const path = `/api/bo/v1/pickups/${command}`;
    expect(await stack.post(path, body, await as('pickup.write'))).toMatchObject({ status: 200 });
    expect(await stack.post(path, { ...body, pickups: [{ pickupNo }] }, await as(...except('pickup.write')))).toMatchObject(
      denied,
    );
    expect(await stack.post(path, body, { token: null })).toMatchObject({ status: 401 });
    expect(await storedPickup(stack, pickupNo)).toEqual(before);
  });

  test('order.write for claims and their withdrawal, and no other', async () => {
    const body = claimBody('return', line.orderNo, [{ lineNo: 1, quantity: 1 }]);
    const withdrawal = `/api/order/v1/claims/${body.claimNo}/withdraw`;
    expect(await stack.post('/api/order/v1/claims', body, await as(...except('order.write')))).toMatchObject(denied);
    expect(await stack.post('/api/order/v1/claims', body, await as('order.write'))).toMatchObject({ status: 201 });
    expect(await stack.post(withdrawal, {}, await as(...except('order.write')))).toMatchObject(denied);
    expect(await stack.post(withdrawal, {}, await as('order.write'))).toMatchObject({ status: 200 });
  });
});

describe('회수상세팝업: orderer, pickup address, items, reasons, order, original delivery, history', () => {
  test('masked without `pii.read`', async () => {
    const before = await accesses();
    const { status, body } = await detail('');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      masked: true,
      orderer: { name: '김*문', phone: '010-****-6789', email: 'gi*****@example.com' },
      pickupFrom: {
        name: '남**수',
        phone: '02-****-6543',
        zipCode: '48058',
        address1: pickupFrom.address1,
        address2: '***',
        memo: '***',
      },
      originalDelivery: { deliveryNo: line.deliveryNo, receiverName: '홍*동' },
    });
    for (const text of hidden) expect(JSON.stringify(body)).not.toContain(text);
    expect(await accesses()).toEqual(before);
  });

  test('a token with `pii.read` gets it unmasked, and the access row says who, what and why', async () => {
    const { status, body } = await detail(`?reason=${encodeURIComponent('회수 주소 확인')}`, 'pii.read');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      masked: false,
      orderer: { name: '김주문', phone: '010-2345-6789', email: 'gildong@example.com' },
      pickupFrom,
      originalDelivery: { receiverName: receiver.name },
    });
    const [row] = await accesses();
    expect(row).toMatchObject({
      sub: 'kim',
      subject: pickupNo,
      route: `GET /api/bo/v1/pickups/${pickupNo}`,
      reason: '회수 주소 확인',
      fields: expect.arrayContaining(['orderer.name', 'orderer.phone', 'orderer.email', 'pickupFrom.name', 'pickupFrom.phone']),
    });
    // Every person shown is named: the original delivery's receiver too.
    expect(row.fields).toEqual(expect.arrayContaining(['pickupFrom.address', 'pickupFrom.memo', 'receiver.name']));
  });

  test('or masked with `?masked=true`, without an access row', async () => {
    const before = await accesses();
    const { body } = await detail('?masked=true', 'pii.read');
    expect(body).toMatchObject({ masked: true, pickupFrom: { name: '남**수' } });
    expect(await accesses()).toEqual(before);
  });

  test('no row, no data', async () => {
    await stack.db.query(sql`alter table personal_data_accesses rename to personal_data_accesses_away`);
    try {
      const { status, body } = await detail('', 'pii.read');
      expect([status, body.code]).toEqual([503, 'UNAVAILABLE']);
      for (const text of hidden) expect(JSON.stringify(body)).not.toContain(text);
    } finally {
      await stack.db.query(sql`alter table personal_data_accesses_away rename to personal_data_accesses`);
    }
  });

  test('an unknown pickup is 404, and leaves no access row', async () => {
    const before = await accesses();
    const answer = await stack.get('/api/bo/v1/pickups/P-nobody', await as('pickup.read', 'pii.read'));
    expect(answer).toMatchObject({ status: 404, body: { code: 'PICKUP_NOT_FOUND', title: '회수를 찾을 수 없습니다' } });
    expect(await accesses()).toEqual(before);
  });

  test('lists and command answers name nobody, whoever asks', async () => {
    const other = await openClaim(stack, 'return', line);
    const granted = await as(...permissions);
    const { body: list } = await stack.get(`/api/bo/v1/pickups?orderNo=${line.orderNo}`, granted);
    expect(list.items.length).toBeGreaterThan(1);
    const { body: done } = await commandPickups(stack, 'instruct', [{ pickupNo: other }]);
    for (const text of hidden) expect(JSON.stringify([list, done])).not.toContain(text);
  });
});
