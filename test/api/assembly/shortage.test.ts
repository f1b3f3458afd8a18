import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setStock, shippingProduct, shownStockout } from '../../support/scenes/assembly.ts';
import { placeIn } from '../../support/scenes/orders.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const stockoutOf = (id: number) => shownStockout(stack, id);
const waiting = (productId: number, quantity: number) => placeIn(stack, 'awaitingShipment', { productId, quantity });

test('부족 is what waits beyond what is available; what has left beyond the stock is told apart', async () => {
  const [waited, gone] = [await shippingProduct(stack, 5), await shippingProduct(stack, 1)];
  await placeIn(stack, 'released', { productId: waited, quantity: 2 });
  await waiting(waited, 4);
  await placeIn(stack, 'shipped', { productId: gone, quantity: 3 });
  expect(await stockoutOf(waited)).toMatchObject({
    ...{ stock: 5, available: 3, waitingQuantity: 4 },
    ...{ shortage: 1, shortfall: 0, shippedBeyondStock: 0 },
  });
  expect(await stockoutOf(gone)).toMatchObject({
    ...{ stock: 0, available: 0, waitingLines: 0, waitingQuantity: 0 },
    ...{ shortage: 0, shortfall: 2, shippedBeyondStock: 2 },
  });
  await setStock(stack, waited, 9);
  expect((await stockoutOf(waited)).shortage).toBe(0);
  // 출고지시 has promised two of what is not there: they must come in as well.
  await setStock(stack, waited, 0);
  expect((await stockoutOf(waited)).shortage).toBe(6);

  const all = (await stack.get('/api/bo/v1/stockouts?limit=500&count=true')).body;
  const only = (await stack.get('/api/bo/v1/stockouts?limit=500&count=true&waiting=true')).body;
  expect(only.items).toEqual(all.items.filter(({ waitingLines }: any) => waitingLines > 0));
  expect([all.total, only.total]).toEqual([all.items.length, only.items.length]);
  expect(only.items.map(({ productId }: any) => productId)).toContain(waited);
  expect(only.items.map(({ productId }: any) => productId)).not.toContain(gone);

  const paged: unknown[] = [];
  for (let cursor = ''; ; ) {
    const { body } = await stack.get(`/api/bo/v1/stockouts?waiting=true&sort=-productId&limit=1${cursor}`);
    paged.push(...body.items);
    if (body.nextCursor === null) break;
    cursor = `&cursor=${body.nextCursor}`;
  }
  expect(paged).toEqual(only.items.toReversed());
});
