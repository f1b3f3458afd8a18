import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { httpOf } from '../../support/http.ts';
import {
  makeOwn,
  productId,
  registerProduct,
  setStock,
  shippingProduct,
  shownStockout,
  stockOf,
} from '../../support/scenes/assembly.ts';
import { type PlacedLine, placeIn, storedRow, take } from '../../support/scenes/orders.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
/** As 고객사 70 speaks, by its own token. */
let member: ReturnType<typeof httpOf>;
let other: ReturnType<typeof httpOf>;
beforeAll(async () => {
  stack = await startStack();
  const permissions = ['assembly.read', 'assembly.write'];
  [member, other] = [
    httpOf(stack.url, await stack.token(permissions, { sub: 'member-70', member_id: 70 })),
    httpOf(stack.url, await stack.token(permissions, { sub: 'member-71', member_id: '71' })),
  ];
});
afterAll(() => stack.stop());

const register = (id: number, more: object = {}, api: Pick<Stack, 'post'> = stack) => registerProduct(api, id, more);
const make = (id: number, quantity: number) => makeOwn(member, id, quantity);
const many = (ids: number[], more: object = {}, api: Pick<Stack, 'post'> = stack) => {
  const request_data_list = ids.map((id) => ({ shipping_product_id: id, product_name: `상품 ${id}` }));
  return api.post('/v2/shipping/products', { request_data_list, ...more });
};
const stateOf = async (line: PlacedLine) => (await storedRow(stack, line)).state;
const waitFor = (id: number) => placeIn(stack, 'awaitingShipment', { productId: id, quantity: 2 });

describe('a 물류사 confirms it by registering it once more, with the member’s number', () => {
  test('then lines of its number count, and its next plan clears them; what had left before is not taken', async () => {
    const id = productId();
    await register(id, {}, member);
    await setStock(member, id, 4);
    const gone = await placeIn(stack, 'shipped', { productId: id, quantity: 1 });
    const [line, promised] = [await waitFor(id), await placeIn(stack, 'released', { productId: id, quantity: 3 })];
    const confirmed = await stack.post('/v2/shipping/product', {
      member_id: 70,
      shipping_product_id: id,
      product_name: '물류사가 아는 이름',
    });
    expect(confirmed.body.response).toEqual({
      shipping_product_id: String(id),
      member_id: '70',
      product_name: '물류사가 아는 이름',
      stock_quantity: '4',
      available_quantity: '1',
    });
    await take(stack, gone, ['undo']);
    expect(await stockOf(member, id)).toEqual([4, 0]);
    await take(stack, promised, ['ship']);
    expect(await stockOf(member, id)).toEqual([1, 0]);
    await make(id, 2);
    expect(await stateOf(line)).toBe('released');
    expect(await shownStockout(stack, id)).toBeUndefined();
    // It is registered now: once more is 4090, for everybody.
    for (const api of [stack, member])
      expect(await register(id, { member_id: 70 }, api)).toMatchObject({ status: 409, body: { code: '4090' } });
  });

  test('many at once, among new ones; all or none', async () => {
    const [theirs, fresh, taken, late] = [productId(), productId(), await shippingProduct(stack), productId()];
    await register(theirs, {}, member);
    expect(await many([theirs, late, taken], { member_id: 70 })).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining('request_data_list.2') },
    });
    expect((await stack.get(`/v2/shipping/product/${theirs}`)).body.response.for_orders).toBe(false);
    expect((await stack.get(`/v2/shipping/product/${late}`)).status).toBe(404);
    expect(await many([theirs, fresh], { member_id: 70 })).toMatchObject({
      status: 200,
      body: { response: { processed_count: 2 } },
    });
    for (const id of [theirs, fresh])
      expect((await stack.get(`/v2/shipping/product/${id}`)).body.response).not.toHaveProperty('for_orders');
  });

  test('for itself or for another member it cannot have the number, and hears whose it is; a member hears nothing', async () => {
    const id = productId();
    await register(id, {}, member);
    for (const more of [{}, { member_id: 71 }])
      expect(await register(id, more)).toMatchObject({
        status: 409,
        body: { code: '4090', message: expect.stringContaining('고객사 70') },
      });
    const refused = await register(id, {}, other);
    expect([refused.status, refused.body.code, JSON.stringify(refused.body).includes('70이')]).toEqual([409, '4090', false]);
    expect((await stack.get(`/v2/shipping/product/${id}`)).body.response).toMatchObject({ member_id: '70', for_orders: false });
  });

  test('a member confirms nothing: neither its own again, nor the shop’s', async () => {
    const [own, ours] = [productId(), await shippingProduct(stack, undefined, {})];
    await register(own, {}, member);
    for (const id of [own, ours]) {
      expect((await register(id, {}, member)).status).toBe(409);
      expect((await register(id, { member_id: 70 }, member)).status).toBe(409);
    }
    expect((await register(productId(), { member_id: 71 }, member)).status).toBe(403);
    expect((await stack.get(`/v2/shipping/product/${own}`)).body.response.for_orders).toBe(false);
    expect((await stack.get(`/v2/shipping/product/${ours}`)).body.response.member_id).toBeNull();
  });

  test('both at once: the number is the member’s or the shop’s, and nobody’s lines are lost', async () => {
    for (let round = 0; round < 8; round++) {
      const id = productId();
      const answers = await Promise.all([register(id, {}, member), register(id, { member_id: 70 })]);
      const statuses = answers.map(({ status }) => status);
      // The member first: confirmed. The shop first: the member is too late.
      expect([statuses[0] === 200 || statuses[0] === 409, statuses[1]]).toEqual([true, 200]);
      expect((await stack.get(`/v2/shipping/product/${id}`)).body.response).not.toHaveProperty('for_orders');
    }
  });

  test('`?for_orders=false` lists what waits for that', async () => {
    const [theirs, ours] = [productId(), await shippingProduct(stack)];
    await register(theirs, {}, member);
    const list = async (query: string) =>
      (
        await stack.get(`/v2/shipping/products?shipping_product_ids=${theirs}&shipping_product_ids=${ours}${query}`)
      ).body.response.data_list.map((row: any) => Number(row.shipping_product_id));
    expect(await list('&for_orders=false')).toEqual([theirs]);
    expect(await list('&for_orders=true')).toEqual([ours]);
    expect((await list('')).sort()).toEqual([theirs, ours].sort());
    expect((await stack.get('/v2/shipping/products?for_orders=yes')).status).toBe(400);
  });
});
