import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RawBuilder, sql } from 'kysely';
import type { Answer } from '../../support/http.ts';
import { assembly, shippingProduct, stockOf } from '../../support/scenes/assembly.ts';
import { cutWaiting, hold } from '../../support/scenes/locks.ts';
import { placeIn, receiver, unique } from '../../support/scenes/orders.ts';
import { createPlace, createPolicy, placeBody, policiesAt, policyBody } from '../../support/scenes/shipping.ts';
import { type Stack, startStack } from '../../support/stack.ts';

/** A change that names no line is dropped as SUPERSEDED when a newer one has been made since it was asked. */
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ REQUEST_SWEEP_AFTER_MS: '0' });
});
afterAll(() => stack.stop());

/** A fact, who locks it, and how it is changed and read: to an older wish (1) and a newer one (2). */
interface Fact {
  lock: RawBuilder<unknown>;
  change: (to: 1 | 2, key: string) => Promise<Answer>;
  read: () => Promise<unknown>;
  /** What `read` says after the newer change. */
  newer: unknown;
}

const keyed = (key: string) => ({ headers: { 'idempotency-key': key } });

const facts: [name: string, make: () => Promise<Fact>][] = [
  [
    'the receiver of an order: the parcel never goes to the old address',
    async () => {
      const { orderNo } = await placeIn(stack, 'ordered');
      return {
        lock: sql`select 1 from delivery_lines where order_no = ${orderNo} for update`,
        change: (to, key) =>
          stack.put(`/api/order/v1/orders/${orderNo}/receiver`, { ...receiver, address1: `주소 ${to}` }, keyed(key)),
        read: async () => (await stack.get(`/api/order/v1/orders/${orderNo}`)).body.order.receiver.address1,
        newer: '주소 2',
      };
    },
  ],
  [
    'a shipping place',
    async () => {
      const placeNo = await createPlace(stack);
      return {
        lock: sql`lock table shipping_places in share row exclusive mode`,
        change: (to, key) =>
          stack.put(`/item/v1/shipping/places/${placeNo}`, placeBody({ placeName: `출하지 ${to}` }), keyed(key)),
        read: async () => (await stack.get(`/item/v1/shipping/places/${placeNo}`)).body.placeName,
        newer: '출하지 2',
      };
    },
  ],
  [
    'a fee policy',
    async () => {
      const placeNo = await createPlace(stack);
      const policyNo = await createPolicy(stack, placeNo);
      return {
        lock: sql`select 1 from shipping_places where place_no = ${placeNo} for update`,
        change: (to, key) =>
          stack.put(`/item/v1/shipping/policies/${policyNo}`, policyBody(placeNo, { fee: to * 1_000 }), keyed(key)),
        read: async () => (await policiesAt(stack, placeNo)).policies.map(({ fee }: any) => fee),
        newer: [2_000],
      };
    },
  ],
  [
    'a counted stock',
    async () => {
      const id = await shippingProduct(stack, 5);
      return {
        lock: sql`select 1 from shipping_products where shipping_product_id = ${id} for update`,
        change: (to, key) =>
          stack.put(`/v2/shipping/product/${id}/stock`, { quantity: to * 10, reason: '재고 실사' }, keyed(key)),
        read: async () => (await stockOf(stack, id))[0],
        newer: 20,
      };
    },
  ],
  [
    'the materials of an assembly product',
    async () => {
      const material = await shippingProduct(stack, 5);
      const { uid } = await assembly(stack, [[material, 5]]);
      const item = (quantity: number) => ({ member_id: 70, item_list: [{ shipping_product_id: material, quantity }] });
      return {
        lock: sql`select 1 from assembly_products where assembly_product_uid = ${uid} for update`,
        change: (to, key) => stack.put(`/v2/assembly/product/${uid}`, item(to), keyed(key)),
        read: async () => (await stack.get(`/v2/assembly/product/${uid}`)).body.response.item_list[0].quantity,
        newer: '2',
      };
    },
  ],
];

describe('an older wish never overwrites a newer one', () => {
  test.each(facts)('%s', async (_name, make) => {
    const { lock, change, read, newer } = await make();
    const [older, later] = [unique('older'), unique('later')];
    const letGo = await hold(stack, lock);
    const first = change(1, older);
    await cutWaiting(stack);
    expect((await first).status).toBe(503);
    await letGo();
    expect((await change(2, later)).status).toBe(200);

    await stack.db.query(sql`update requests set sweep_at = now() where key = ${older}`);
    await stack.requests.sweep();
    const [row] = await stack.db.query(
      sql<{ status: number; answer: any }>`select status, answer from requests where key = ${older}`,
    );
    expect(row).toMatchObject({ status: 409, answer: { code: 'SUPERSEDED' } });
    expect((await change(1, older)).status).toBe(409);
    expect(await read()).toEqual(newer);
  });

  test.each(facts)('without a newer one the older is done: %s', async (_name, make) => {
    const { lock, change, read } = await make();
    const before = await read();
    const key = unique('older');
    const letGo = await hold(stack, lock);
    const first = change(1, key);
    await cutWaiting(stack);
    expect((await first).status).toBe(503);
    await letGo();
    expect((await change(1, key)).status).toBe(200);
    expect(await read()).not.toEqual(before);
  });
});

/** Stores a request as asked a while ago by a process that died before it acted. */
async function askedBefore(path: string, operation: string, params: object, body: unknown = null): Promise<string> {
  const key = unique('lost');
  await stack.db.query(sql`insert into requests (id, sub, method, path, key, operation, params, body_hash, body, trace_id, created_at, sweep_at)
    values (${key}, 'kim', 'POST', ${path}, ${key}, ${operation}, ${JSON.stringify(params)}, '', ${JSON.stringify(body)}, '',
      now() - interval '1 minute', now())`);
  return key;
}
const answerOf = async (key: string) => {
  await stack.requests.sweep();
  const [row] = await stack.db.query(
    sql<{ status: number; answer: any }>`select status, answer from requests where key = ${key}`,
  );
  return [row?.status, row?.answer?.code];
};

test('an exception that has happened again since is not closed unseen', async () => {
  const [made] = await stack.db.query(sql<{
    id: number;
  }>`insert into tracking_exceptions (kind, fid, waybill_no, reason, first_at, last_at)
    values ('scan-error', ${unique('D')}, '680000000001', '오류', now() - interval '1 hour', now()) returning id`);
  const params = { id: String(made?.id) };
  const key = await askedBefore(`/api/bo/v1/tracking-exceptions/${made?.id}/resolve`, 'tracking-exception:resolve', params, {});
  expect(await answerOf(key)).toEqual([409, 'SUPERSEDED']);
  const now = await stack.post(`/api/bo/v1/tracking-exceptions/${made?.id}/resolve`, {});
  expect(now).toMatchObject({ status: 200, body: { state: 'resolved' } });
});

test('a bulk shipment started after its cancellation was asked for runs on', async () => {
  const start = await askedBefore('/x', 'none', {});
  await stack.db.query(sql`update requests set created_at = now(), answered_at = now() where key = ${start}`);
  const id = '7b0e3c5e-6a4f-4e1e-9c65-0d2f2d0d7a01';
  await stack.db.query(sql`insert into bulk_shipments (id, request_id, start_request_id, file_name, by, state, total, valid, started_at)
     values (${id}, ${id}, ${start}, 'a.csv', 'kim', 'running', 1, 1, now())`);
  const key = await askedBefore(`/api/bo/v1/bulk-shipments/${id}/cancel`, 'bulk-cancel', { id });
  expect(await answerOf(key)).toEqual([409, 'SUPERSEDED']);
  expect((await stack.post(`/api/bo/v1/bulk-shipments/${id}/cancel`, undefined)).status).toBe(202);
});
