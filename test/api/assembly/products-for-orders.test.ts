import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { httpOf } from '../../support/http.ts';
import {
  ledgerOf,
  makeOwn,
  planOf,
  productId,
  registerProduct,
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
beforeAll(async () => {
  stack = await startStack();
  member = httpOf(stack.url, await stack.token(['assembly.read', 'assembly.write'], { sub: 'member-70', member_id: 70 }));
});
afterAll(() => stack.stop());

const register = (id: number, more: object = {}, api: Pick<Stack, 'post'> = stack) => registerProduct(api, id, more);
const make = (id: number, quantity: number) => makeOwn(member, id, quantity);
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
