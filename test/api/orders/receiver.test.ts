import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cancel, commandLine, placeIn, placeOrder, receiver, take, unique, uniqueWaybill } from '../../support/scenes/orders.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let reader: string;
beforeAll(async () => {
  stack = await startStack();
  reader = await stack.token(['delivery.read', 'pii.read']);
});
afterAll(() => stack.stop());

const moved = {
  name: '성춘향',
  phone: '010-7777-8888',
  zipCode: '55555',
  address1: '전북특별자치도 남원시 광한루길 1',
  address2: '별당',
  memo: null,
};
const put = (orderNo: string, body: unknown = moved) => stack.put(`/api/order/v1/orders/${orderNo}/receiver`, body);
const receiverOf = async (orderNo: string) =>
  (await stack.get(`/api/order/v1/orders/${orderNo}`, { token: reader })).body.order.receiver;

describe('new receiver while no line of the order is shipped', () => {
  test.each(['ordered', 'instructed', 'released', 'awaitingShipment'] as const)(
    '%s: the new one is everywhere',
    async (state) => {
      const line = await placeIn(stack, state);
      const { status, body } = await put(line.orderNo);
      expect([status, body.orderNo]).toEqual([200, line.orderNo]);
      expect(await receiverOf(line.orderNo)).toEqual(moved);
      expect((await stack.get(`/api/bo/v1/delivery-lines?orderNo=${line.orderNo}`)).body.items).toMatchObject([
        { receiverName: '성*향' },
      ]);
      const found = await stack.post('/api/bo/v1/deliveries/search', { receiverName: '성춘향', orderNo: line.orderNo });
      expect(found.body.items).toHaveLength(1);
    },
  );

  test('who reads by `updatedFrom` sees it', async () => {
    const line = await placeIn(stack, 'ordered');
    const [{ updatedAt }] = (await stack.get(`/api/bo/v1/delivery-lines?orderNo=${line.orderNo}`)).body.items;
    const after = encodeURIComponent(new Date(Date.parse(updatedAt) + 1).toISOString());
    const changed = async () =>
      (await stack.get(`/api/bo/v1/delivery-lines?orderNo=${line.orderNo}&updatedFrom=${after}`)).body.items;
    expect(await changed()).toEqual([]);
    await put(line.orderNo);
    expect(await changed()).toMatchObject([{ receiverName: '성*향' }]);
  });

  test('a parcel sent after it is combined by the new one', async () => {
    const first = await placeIn(stack, 'shipped');
    const second = await placeIn(stack, 'released');
    await put(second.orderNo);
    const fields = { carrierCode: '04', waybillNo: first.waybillNo };
    expect(await commandLine(stack, 'ship', second, fields, { combine: true })).toMatchObject({
      ok: false,
      error: { code: 'WAYBILL_IN_USE' },
    });
    await put(second.orderNo, receiver);
    expect(await commandLine(stack, 'ship', second, fields, { combine: true })).toMatchObject({ ok: true });
  });

  test('a canceled order may have one too: nothing of it has left', async () => {
    const [line] = await placeOrder(stack);
    if (line) await cancel(stack, [line]);
    expect((await put(line?.orderNo ?? '')).status).toBe(200);
  });
});

describe('else 409 ALREADY_SHIPPED', () => {
  test.each(['shipped', 'delivered'] as const)(
    'one line of two is %s: it is named with its waybill, and the receiver stays',
    async (state) => {
      const [, second] = await placeOrder(stack, [{}, {}]);
      if (!second) throw new Error('no line');
      const { waybillNo } = await take(stack, second, ['instruct', 'release', 'ship']);
      if (state === 'delivered') await take(stack, second, ['deliver']);
      const { status, body } = await put(second.orderNo);
      expect(status).toBe(409);
      expect(body).toMatchObject({
        code: 'ALREADY_SHIPPED',
        deliveryNo: second.deliveryNo,
        lineNo: 2,
        carrierCode: '04',
        waybillNo,
      });
      expect(await receiverOf(second.orderNo)).toEqual(receiver);
    },
  );

  test('taken back by 처리취소, it is possible again', async () => {
    const line = await placeIn(stack, 'shipped');
    await take(stack, line, ['undo']);
    expect((await put(line.orderNo)).status).toBe(200);
  });

  test('racing with 출고완료: shipped to the old receiver or to the new one, never in between', async () => {
    const line = await placeIn(stack, 'released');
    const [changed, shipped] = await Promise.all([
      put(line.orderNo),
      commandLine(stack, 'ship', line, { carrierCode: '04', waybillNo: uniqueWaybill() }),
    ]);
    expect(shipped).toMatchObject({ ok: true });
    expect([200, 409]).toContain(changed.status);
    expect(await receiverOf(line.orderNo)).toEqual(changed.status === 200 ? moved : receiver);
  });
});

describe('a bad request changes nothing', () => {
  test('an order nobody knows: 404 ORDER_NOT_FOUND', async () => {
    expect(await put(unique('nobody'))).toMatchObject({ status: 404, body: { code: 'ORDER_NOT_FOUND' } });
  });

  test.each(['name', 'phone', 'zipCode', 'address1'])('without %s', async (field) => {
    const line = await placeIn(stack, 'ordered');
    const { [field as 'name']: _, ...rest } = moved;
    const { status, body } = await put(line.orderNo, rest);
    expect([status, body.errors[0].path]).toEqual([400, field]);
    expect(await receiverOf(line.orderNo)).toEqual(receiver);
  });
});
