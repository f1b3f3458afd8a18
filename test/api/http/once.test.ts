import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ShippingProductEntity } from '../../../db/tables/stock.ts';
import { Problem } from '../../../domain/problems.ts';
import { once, onceInUnit } from '../../../requests/in-transaction.ts';
import type { StoredRequest } from '../../../requests/store.ts';
import { productId, shippingProduct } from '../../support/scenes/assembly.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({}, { hasWorker: false });
});
afterAll(() => stack.stop());

/** A stored request that nobody has answered yet. */
async function unanswered(): Promise<StoredRequest> {
  const id = `once-${productId()}`;
  await stack.db.query(
    `insert into requests (id, sub, method, path, key, operation, params, body_hash, body, trace_id, sweep_at)
     values ($1, 'kim', 'PUT', '/v2/x', $1, 'stock', '{}', '', 'null', '', now() + interval '1 hour')`,
    [id],
  );
  const [operation, params, body] = ['stock', {}, null];
  return { id, sub: 'kim', operation, params, body, reason: null, respondAsync: false, traceId: '', attempts: 1 };
}

describe('a request that is one transaction is done once, whoever repeats it', () => {
  test('by five executions at once, and a late one', async () => {
    const product = await shippingProduct(stack, 1);
    const request = await unanswered();
    const addOne = () =>
      once(stack.deps, request, async (query) => {
        await query('update shipping_products set stock = stock + 1 where shipping_product_id = $1', [product]);
        return { status: 200, body: { made: product }, final: true };
      });
    const answers = [...(await Promise.all(Array.from({ length: 5 }, addOne))), await addOne()];
    for (const answer of answers) expect(answer).toEqual({ status: 200, body: { made: product }, final: true });
    expect((await stack.get(`/v2/shipping/product/${product}`)).body.response.stock_quantity).toBe('2');
  });

  test('a refusal takes everything back, and is no answer yet', async () => {
    const product = await shippingProduct(stack, 1);
    const request = await unanswered();
    const refused = once(stack.deps, request, async (query) => {
      await query('update shipping_products set stock = 99 where shipping_product_id = $1', [product]);
      throw new Problem('NOT_FOUND');
    });
    await expect(refused).rejects.toBeInstanceOf(Problem);
    expect((await stack.get(`/v2/shipping/product/${product}`)).body.response.stock_quantity).toBe('1');
    expect(await stack.db.query('select status from requests where id = $1', [request.id])).toEqual([{ status: null }]);
  });

  test('entities are written with it: by five executions at once, one of them', async () => {
    const product = await shippingProduct(stack, 1);
    const request = await unanswered();
    const addOne = () =>
      onceInUnit(stack.deps, request, async (em) => {
        const found = await em.findOneOrFail(ShippingProductEntity, { shippingProductId: product });
        found.stock = (found.stock ?? 0) + 1;
        return { status: 200, body: { made: product }, final: true };
      });
    const answers = [...(await Promise.all(Array.from({ length: 5 }, addOne))), await addOne()];
    for (const answer of answers) expect(answer).toEqual({ status: 200, body: { made: product }, final: true });
    expect((await stack.get(`/v2/shipping/product/${product}`)).body.response.stock_quantity).toBe('2');
    const refused = onceInUnit(stack.deps, await unanswered(), async (em) => {
      const found = await em.findOneOrFail(ShippingProductEntity, { shippingProductId: product });
      found.stock = 99;
      await em.flush();
      throw new Problem('NOT_FOUND');
    });
    await expect(refused).rejects.toBeInstanceOf(Problem);
    expect((await stack.get(`/v2/shipping/product/${product}`)).body.response.stock_quantity).toBe('2');
  });
});
