import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { ShippingProductEntity } from '../../../db/tables/stock.ts';
import { Problem } from '../../../domain/problems.ts';
import { once, onceInUnit } from '../../../requests/in-transaction.ts';
import type { StoredRequest } from '../../../requests/store.ts';
import { productId, shippingProduct } from '../../support/scenes/assembly.ts';
import {
  asked,
  command,
  commandWithKey,
  type PlacedLine,
  placeIn,
  storedHistory,
  storedRow,
  unique,
  uniqueWaybill,
} from '../../support/scenes/orders.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const send = (name: string, line: PlacedLine, key: string, fields: object = {}, more: object = {}) =>
  commandWithKey(stack, name, line, key, fields, more);

/** A stored request that nobody has answered yet. */
async function unanswered(): Promise<StoredRequest> {
  const id = `once-${productId()}`;
  await stack.db.query(sql`insert into requests (id, sub, method, path, key, operation, params, body_hash, body, trace_id, sweep_at)
     values (${id}, 'kim', 'PUT', '/v2/x', ${id}, 'stock', '{}', '', 'null', '', now() + interval '1 hour')`);
  const [operation, params, body] = ['stock', {}, null];
  const told = { unended: 1, outcomes: new Map() };
  return { id, sub: 'kim', operation, params, body, reason: null, respondAsync: false, traceId: '', attempts: 1, ...told };
}

describe('a request that is one transaction is done once, whoever repeats it', () => {
  test('by five executions at once, and a late one', async () => {
    const product = await shippingProduct(stack, 1);
    const request = await unanswered();
    const addOne = () =>
      once(stack.deps, request, async (query) => {
        await query(sql`update shipping_products set stock = stock + 1 where shipping_product_id = ${product}`);
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
      await query(sql`update shipping_products set stock = 99 where shipping_product_id = ${product}`);
      throw new Problem('NOT_FOUND');
    });
    await expect(refused).rejects.toBeInstanceOf(Problem);
    expect((await stack.get(`/v2/shipping/product/${product}`)).body.response.stock_quantity).toBe('1');
    expect(await stack.db.query(sql`select status from requests where id = ${request.id}`)).toEqual([{ status: null }]);
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

describe('with another body 409 IDEMPOTENCY_KEY_REUSED', () => {
  test('another line, another field: nothing is done', async () => {
    const [line, other] = [await placeIn(stack, 'released'), await placeIn(stack, 'released')];
    const key = unique('key');
    const waybillNo = uniqueWaybill();
    await send('ship', line, key, { carrierCode: '04', waybillNo });
    for (const [target, fields] of [
      [other, { carrierCode: '04', waybillNo }],
      [line, { carrierCode: '04', waybillNo: uniqueWaybill() }],
    ] as const)
      expect(await send('ship', target, key, fields)).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    expect(await storedRow(stack, other)).toMatchObject({ state: 'released', revision: 3 });
    expect(await storedRow(stack, line)).toMatchObject({ waybill_no: waybillNo });
  });

  test('a bad body uses no key up', async () => {
    const line = await placeIn(stack, 'ordered');
    const key = unique('key');
    expect((await command(stack, 'instruct', [], {}, { 'idempotency-key': key })).status).toBe(400);
    expect((await send('instruct', line, key)).status).toBe(200);
  });
});

describe('per `sub`, `member_id`, method and path', () => {
  test('the same key of the same `sub` under another member, or none, is another request: nobody sees another’s answer', async () => {
    const key = unique('key');
    const post = async (claims: object) => {
      const token = await stack.token(['assembly.write'], { sub: 'shared', ...claims });
      const body = { shipping_product_id: productId(), product_name: '열쇠' };
      const { body: answer } = await stack.post('/v2/shipping/product', body, { token, headers: { 'idempotency-key': key } });
      return [answer.response?.shipping_product_id === String(body.shipping_product_id), answer.response?.member_id];
    };
    expect(await post({ member_id: 70 })).toEqual([true, '70']);
    expect(await post({ member_id: '71' })).toEqual([true, '71']);
    expect(await post({})).toEqual([true, null]);
  });

  test('another person’s same key is another request', async () => {
    const [line, other] = [await placeIn(stack, 'ordered'), await placeIn(stack, 'ordered')];
    const key = unique('key');
    await send('instruct', line, key);
    const token = await stack.token(['delivery.write'], { sub: 'lee' });
    const body = { lines: asked(other) };
    const answer = await stack.post('/api/bo/v1/delivery-lines/instruct', body, { token, headers: { 'idempotency-key': key } });
    expect(answer).toMatchObject({ status: 200, body: { succeeded: 1 } });
    expect((await storedHistory(stack, other)).at(-1)).toMatchObject({ command: 'instruct', by: 'lee' });
  });

  test('the same key on another path is another request', async () => {
    const line = await placeIn(stack, 'ordered');
    const key = unique('key');
    expect((await send('instruct', line, key)).body).toMatchObject({ succeeded: 1 });
    expect((await send('release', line, key)).body).toMatchObject({ succeeded: 1, results: [{ state: 'released' }] });
  });

  test('made and returned in the header when absent', async () => {
    const line = await placeIn(stack, 'ordered');
    const first = await command(stack, 'instruct', asked(line));
    const key = first.headers.get('idempotency-key') ?? '';
    expect(key).toMatch(/^[\x21-\x7e]{8,200}$/);
    expect((await send('instruct', line, key)).body).toEqual(first.body);
    const second = await command(stack, 'instruct', asked(line));
    expect(second.headers.get('idempotency-key')).not.toBe(key);
    expect(second.body.results).toMatchObject([{ error: { code: 'TRANSITION_NOT_ALLOWED' } }]);
  });

  test.each(['', 'two words', 'x'.repeat(201)])('a key like %p is 400 or none at all', async (key) => {
    const line = await placeIn(stack, 'ordered');
    const { status, headers } = await send('instruct', line, key);
    expect([200, 400]).toContain(status);
    if (status === 200) expect(headers.get('idempotency-key')).not.toBe(key);
    else expect(await storedRow(stack, line)).toMatchObject({ revision: 1 });
  });
});
