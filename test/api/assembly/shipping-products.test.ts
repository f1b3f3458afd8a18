import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ledgerOf, productId, setStock, shippingProduct, stockOf } from '../../support/scenes/assembly.ts';
import { commandLine, placeIn, take } from '../../support/scenes/orders.ts';
import { commandPickup, openClaim, takePickup } from '../../support/scenes/pickups.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

describe('출고상품: registered, listed', () => {
  test('registered with a member, shown as it is, ids and quantities as strings', async () => {
    const id = productId();
    const { body } = await stack.post('/v2/shipping/product', {
      member_id: '70',
      shipping_product_id: String(id),
      product_name: ' 가공품재료1 ',
    });
    const shown = {
      shipping_product_id: String(id),
      member_id: '70',
      product_name: '가공품재료1',
      stock_quantity: '0',
      available_quantity: '0',
    };
    expect(body).toEqual({ code: '9999', message: 'ok', response: shown });
    expect((await stack.get(`/v2/shipping/product/${id}`)).body.response).toEqual(shown);
    const list = await stack.get(`/v2/shipping/products?member_id=70&shipping_product_ids=${id}`);
    expect(list.body.response).toEqual({ total_count: 1, total_page: 1, current_page: 1, data_list: [shown] });
  });

  test('shipping_product_id is unique over all members, a bulk is all or nothing', async () => {
    const id = await shippingProduct(stack);
    expect(
      await stack.post('/v2/shipping/product', { member_id: 71, shipping_product_id: id, product_name: '또' }),
    ).toMatchObject({
      status: 409,
      body: { code: '4090', message: expect.stringContaining('shipping_product_id') },
    });
    const fresh = productId();
    const request_data_list = [fresh, id].map((shipping_product_id) => ({ shipping_product_id, product_name: '상품' }));
    expect(await stack.post('/v2/shipping/products', { member_id: 70, request_data_list })).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining('request_data_list.1') },
    });
    expect((await stack.get(`/v2/shipping/product/${fresh}`)).status).toBe(404);
  });

  test('a member sees its own alone; without member_id it is the logistics company’s', async () => {
    const token = await stack.token(['assembly.read', 'assembly.write'], { member_id: 70 });
    const [mine, theirs, ours] = [
      await shippingProduct(stack),
      await shippingProduct(stack, undefined, { member_id: 71 }),
      await shippingProduct(stack, undefined, {}),
    ];
    expect((await stack.get(`/v2/shipping/product/${mine}`, { token })).status).toBe(200);
    for (const id of [theirs, ours]) {
      expect(await stack.get(`/v2/shipping/product/${id}`, { token })).toMatchObject({ status: 404, body: { code: '4040' } });
      expect((await stack.put(`/v2/shipping/product/${id}/stock`, { quantity: 1, reason: '실사' }, { token })).status).toBe(404);
      expect((await stack.get(`/v2/shipping/product/${id}/stock`, { token })).status).toBe(404);
    }
    expect((await stack.get(`/v2/shipping/product/${ours}`)).body.response.member_id).toBeNull();
  });
});

describe('stock set with reason; every stock change has a ledger row', () => {
  test('who, why, how much and what it was after', async () => {
    const id = await shippingProduct(stack, 20);
    await setStock(stack, id, 12);
    const { body } = await stack.get(`/v2/shipping/product/${id}/stock`);
    expect(body.response.total_count).toBe(2);
    expect(body.response.data_list[0]).toMatchObject({
      by: 'kim',
      kind: 'set',
      kind_name: '재고조정',
      quantity: '-8',
      stock_quantity: '12',
      reason: '재고 실사',
    });
  });

  test.each<[string, object]>([
    ['quantity −1', { quantity: -1, reason: '실사' }],
    ['quantity 1.5', { quantity: 1.5, reason: '실사' }],
    ['quantity "2a"', { quantity: '2a', reason: '실사' }],
    ['no quantity', { reason: '실사' }],
    ['no reason', { quantity: 3 }],
    ['a blank reason', { quantity: 3, reason: '  ' }],
  ])('%s is 4000 and changes nothing', async (_name, body) => {
    const id = await shippingProduct(stack, 5);
    expect(await stack.put(`/v2/shipping/product/${id}/stock`, body)).toMatchObject({ status: 400, body: { code: '4000' } });
    expect(await stockOf(stack, id)).toEqual([5, 5]);
  });

  test('the stock of an unknown product is 4040', async () => {
    const answer = await stack.put(`/v2/shipping/product/${productId()}/stock`, { quantity: '0', reason: '실사' });
    expect(answer).toMatchObject({ status: 404, body: { code: '4040' } });
  });
});

describe('shipping a line takes its quantity from the product’s stock where stock is kept', () => {
  const released = (id: number, quantity = 2) => placeIn(stack, 'released', { productId: id, quantity });

  test('available = stock − quantity of released lines; 출고완료 takes, 처리취소 gives back', async () => {
    const id = await shippingProduct(stack, 10);
    const line = await released(id);
    expect(await stockOf(stack, id)).toEqual([10, 8]);
    await take(stack, line, ['ship']);
    expect(await stockOf(stack, id)).toEqual([8, 8]);
    await take(stack, line, ['undo']);
    expect(await stockOf(stack, id)).toEqual([10, 8]);
    await take(stack, line, ['ship', 'deliver', 'reopen']);
    expect(await stockOf(stack, id)).toEqual([8, 8]);
    expect(await ledgerOf(stack, id)).toEqual([
      ['set', 10, 0],
      ['ship', -2, 0],
      ['unship', 2, 0],
      ['ship', -2, 0],
    ]);
    const { body } = await stack.get(`/v2/shipping/product/${id}/stock`);
    expect(body.response.data_list[0]).toMatchObject({ by: 'kim', delivery_no: line.deliveryNo, line_no: line.lineNo });
  });

  test('is never refused for it: it takes what is there, the ledger has the shortfall', async () => {
    const id = await shippingProduct(stack, 3);
    const line = await released(id, 5);
    expect(await stockOf(stack, id)).toEqual([3, -2]);
    await take(stack, line, ['ship']);
    expect(await stockOf(stack, id)).toEqual([0, 0]);
    const { items } = (await stack.get('/api/bo/v1/stockouts?limit=500')).body;
    expect(items.find((item: any) => item.productId === id)).toMatchObject({ shortfall: 2, waitingLines: 0, stock: 0 });
    await take(stack, line, ['undo']);
    expect(await stockOf(stack, id)).toEqual([3, -2]);
    expect(await ledgerOf(stack, id)).toEqual([
      ['set', 3, 0],
      ['ship', -3, 2],
      ['unship', 3, -2],
    ]);
  });

  test('where stock is not kept, or the product not registered, nothing is counted', async () => {
    const id = await shippingProduct(stack);
    await take(stack, await released(id), ['ship']);
    await take(stack, await released(productId()), ['ship']);
    expect(await ledgerOf(stack, id)).toEqual([]);
    await setStock(stack, id, 4);
    expect(await stockOf(stack, id)).toEqual([4, 4]);
  });

  test('never negative under concurrency: twenty lines of two, thirty in stock', async () => {
    const id = await shippingProduct(stack, 30);
    const lines = await Promise.all(Array.from({ length: 20 }, () => released(id)));
    const shipping = Promise.all(lines.map((line) => take(stack, line, ['ship'])));
    const others = Promise.all(Array.from({ length: 5 }, () => placeIn(stack, 'shipped', { productId: id, quantity: 1 })));
    await Promise.all([shipping, others]);
    expect((await stockOf(stack, id))[0]).toBe(0);
    const moves = (await ledgerOf(stack, id)).slice(1);
    expect(moves).toHaveLength(25);
    expect(moves.reduce((sum, [, quantity]) => sum + quantity, 0)).toBe(-30);
    expect(moves.reduce((sum, [, , shortfall]) => sum + shortfall, 0)).toBe(15);
  });

  test('the same 출고완료 again, under its key, takes once', async () => {
    const id = await shippingProduct(stack, 9);
    const line = await released(id);
    await take(stack, line, ['ship']);
    expect(await commandLine(stack, 'ship', line, { carrierCode: '04', waybillNo: '681234567890' })).toMatchObject({ ok: false });
    expect(await stockOf(stack, id)).toEqual([7, 7]);
  });
});

describe('a completed return’s restock gives it back', () => {
  test('what is restocked, not what is disposed of', async () => {
    const id = await shippingProduct(stack, 10);
    const line = await placeIn(stack, 'delivered', { productId: id, quantity: 3 });
    expect(await stockOf(stack, id)).toEqual([7, 7]);
    const pickupNo = await openClaim(stack, 'return', line, 3);
    await takePickup(stack, pickupNo, ['instruct', 'confirm']);
    expect(await stockOf(stack, id)).toEqual([7, 7]);
    const items = [{ lineNo: line.lineNo, restock: 2, dispose: 1 }];
    expect(await commandPickup(stack, 'complete', pickupNo, { items })).toMatchObject({ ok: true });
    expect(await stockOf(stack, id)).toEqual([9, 9]);
    expect((await ledgerOf(stack, id)).at(-1)).toEqual(['restock', 2, 0]);
    const { body } = await stack.get(`/v2/shipping/product/${id}/stock`);
    expect(body.response.data_list[0]).toMatchObject({ pickup_no: pickupNo, kind_name: '반품재입고' });
  });

  test('an undone ship after a partial return gives back only what is still of it', async () => {
    const id = await shippingProduct(stack, 10);
    const line = await placeIn(stack, 'shipped', { productId: id, quantity: 3 });
    await takePickup(stack, await openClaim(stack, 'return', line, 1), ['instruct', 'confirm', 'complete']);
    expect(await stockOf(stack, id)).toEqual([8, 8]);
    await take(stack, line, ['undo']);
    expect(await stockOf(stack, id)).toEqual([10, 8]);
  });
});
