import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { httpOf } from '../../support/http.ts';
import {
  ledgerOf,
  planOf,
  productId,
  setStock,
  shippingProduct,
  shownStockout,
  stockOf,
  takePlan,
} from '../../support/scenes/assembly.ts';
import { type PlacedLine, placeIn, storedHistory, storedRow, take } from '../../support/scenes/orders.ts';
import { openClaim, takePickup } from '../../support/scenes/pickups.ts';
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

const register = (id: number, more: object = {}, api: Pick<Stack, 'post'> = stack) =>
  api.post('/v2/shipping/product', { shipping_product_id: id, product_name: `상품 ${id}`, ...more });
const many = (ids: number[], more: object = {}, api: Pick<Stack, 'post'> = stack) => {
  const request_data_list = ids.map((id) => ({ shipping_product_id: id, product_name: `상품 ${id}` }));
  return api.post('/v2/shipping/products', { request_data_list, ...more });
};
/** The member makes this product of a material of its own, and completes a plan for so many. */
async function make(id: number, quantity: number): Promise<number> {
  const material = await shippingProduct(member, quantity, {});
  const item_list = [{ shipping_product_id: material, quantity: 1 }];
  const { body } = await member.post('/v2/assembly/product', { product_id: id, item_list });
  const plan = await planOf(member, Number(body.response.assembly_product_uid), quantity);
  await takePlan(member, plan, 'start', 'complete');
  return plan;
}
const stateOf = async (line: PlacedLine) => (await storedRow(stack, line)).state;
const waitFor = (id: number) => placeIn(stack, 'awaitingShipment', { productId: id, quantity: 2 });

describe('stockouts clear from the shop’s own products', () => {
  test('a member registers a free number of the shop’s: its plan clears nothing of it, and it learns nothing', async () => {
    const id = productId();
    const [waiting, released] = [await waitFor(id), await placeIn(stack, 'released', { productId: id, quantity: 3 })];
    const answer = await register(id, {}, member);
    expect(answer).toMatchObject({
      status: 200,
      body: { response: { member_id: '70', available_quantity: '0', for_orders: false } },
    });
    await make(id, 10);
    expect(await stockOf(member, id)).toEqual([10, 10]);
    expect(await Promise.all([waiting, released].map(stateOf))).toEqual(['awaitingShipment', 'released']);
    expect((await storedHistory(stack, waiting)).map(({ command }) => command)).not.toContain('clear-stockout');
    expect(await shownStockout(stack, id)).toMatchObject({
      waitingLines: 1,
      waitingQuantity: 2,
      isRegistered: false,
      heldByMember: 70,
      stock: null,
      available: null,
      isAssemblyProduct: false,
      assemblyProductUid: null,
      makeable: 0,
      openPlans: [],
    });
  });

  test('one registered by the shop, its own or for a member, as ever: also when the member itself makes it', async () => {
    const id = await shippingProduct(stack);
    const line = await waitFor(id);
    const plan = await make(id, 2);
    expect(await stateOf(line)).toBe('released');
    expect((await storedHistory(stack, line)).at(-1)).toMatchObject({ command: 'clear-stockout', by: `assembly plan ${plan}` });
    expect(await stockOf(stack, id)).toEqual([2, 0]);
    expect((await stack.get(`/v2/shipping/product/${id}`)).body.response).not.toHaveProperty('for_orders');
  });
});

describe('a member’s own product and the shop’s lines of the same number do not touch each other', () => {
  test('출고완료, 처리취소, 배송완료 and a return: neither stock nor ledger, neither shortfall nor a row of stockouts', async () => {
    const id = productId();
    await register(id, {}, member);
    await setStock(member, id, 5);
    const line = await placeIn(stack, 'released', { productId: id, quantity: 9 });
    expect(await stockOf(member, id)).toEqual([5, 5]);
    await take(stack, line, ['ship', 'undo', 'ship', 'deliver']);
    await takePickup(stack, await openClaim(stack, 'return', line, 2), ['instruct', 'confirm', 'complete']);
    expect(await stockOf(member, id)).toEqual([5, 5]);
    expect(await ledgerOf(member, id)).toEqual([['set', 5, 0]]);
    expect(await shownStockout(stack, id)).toBeUndefined();
  });

  test('a line in a crowd too, which is written by one statement', async () => {
    const id = productId();
    await register(id, {}, member);
    await setStock(member, id, 5);
    const lines = await Promise.all(Array.from({ length: 12 }, () => placeIn(stack, 'released', { productId: id, quantity: 1 })));
    await Promise.all(lines.map((line) => take(stack, line, ['ship'])));
    expect(await ledgerOf(member, id)).toEqual([['set', 5, 0]]);
  });

  test('its shortfall by its own plans is no stockout of the shop', async () => {
    const [id, material] = [productId(), await shippingProduct(member, 3, {})];
    await register(id, {}, member);
    const item_list = [{ shipping_product_id: material, quantity: 1 }];
    const { body } = await member.post('/v2/assembly/product', { product_id: id, item_list });
    const plan = await planOf(member, Number(body.response.assembly_product_uid), 3);
    await takePlan(member, plan, 'start');
    await setStock(member, material, 1);
    await takePlan(member, plan, 'complete');
    expect((await ledgerOf(member, material)).at(-1)).toEqual(['consume', -1, 2]);
    expect(await shownStockout(stack, material)).toBeUndefined();
    const { total, items } = (await stack.get('/api/bo/v1/stockouts?limit=500&count=true')).body;
    expect(total).toBe(items.length);
  });
});

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
