import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { lockLinesOfOrder, updateReceiver } from '../../db/orders/write.ts';
import { insertClaim } from '../../db/pickups/claims.ts';
import { finishedRun, runBatch, startBatch } from '../support/scenes/batches.ts';
import { receiver, unique } from '../support/scenes/orders.ts';
import { endedOrder, holdUp, isErased, isHeldUp, peopleOf, TERM_DAYS } from '../support/scenes/personal-data.ts';
import { eventually, type Stack, startStack } from '../support/stack.ts';

const ORDERS = 40;
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ PERSONAL_DATA_DAYS: String(TERM_DAYS) });
});
afterAll(() => stack.stop());

const run = () => runBatch(stack, 'personal-data');
const endedOrders = () => Promise.all(Array.from({ length: ORDERS }, () => endedOrder(stack)));

/** A claim as it is noted before any quantity is reserved, in a transaction that ends when `until` does. Returns the receiver it saw. */
const noteClaim = (orderNo: string, until: () => Promise<unknown> = async () => {}) =>
  stack.db.transaction(async (query) => {
    const claim_no = unique('C');
    const claim = {
      claim_no,
      order_no: orderNo,
      kind: 'return',
      body_hash: '',
      request_id: claim_no,
      pickup_nos: {},
      shares: null,
    } as const;
    await insertClaim(query, claim);
    const [seen] = await query(sql<{ name: string }>`select receiver_name as name from orders where order_no = ${orderNo}`);
    await until();
    return seen?.name;
  });

describe('an erasure and others at the same moment', () => {
  test('a claim that is being opened keeps its order, though nobody else sees it yet', async () => {
    const { orderNo } = await endedOrder(stack);
    await noteClaim(orderNo, async () => {
      // In use: left alone, and the run ends without waiting.
      await run();
      expect(await isErased(stack, orderNo)).toBe(false);
    });
    await run();
    expect(await peopleOf(stack, orderNo)).toMatchObject({ people_erased_at: null, open_until: expect.any(Date) });
  });

  test('a receiver is being changed: the order is left alone, and neither waits for the other', async () => {
    const { orderNo } = await endedOrder(stack);
    await stack.db.transaction(async (query) => {
      await lockLinesOfOrder(query, orderNo);
      await run();
      expect(await isErased(stack, orderNo)).toBe(false);
      await updateReceiver(query, orderNo, { ...receiver, name: '늦은이' }, new Date().toISOString());
    });
    await run();
    expect(await peopleOf(stack, orderNo)).toMatchObject({ receiver_name: '(삭제됨)' });
  });

  test('no claim is opened between the look at an order and its erasure', async () => {
    const line = await endedOrder(stack);
    const held = await holdUp(stack, line);
    const started = await startBatch(stack, 'personal-data');
    await eventually(() => isHeldUp(stack));
    let opened = false;
    const claim = noteClaim(line.orderNo).finally(() => {
      opened = true;
    });
    await eventually(async () => opened || (await isHeldUp(stack, 'insert into "claims"')));
    await held.release();
    expect(await claim).toBe('(삭제됨)');
    await finishedRun(stack, 'personal-data', started);
    expect(await isErased(stack, line.orderNo)).toBe(true);
  });

  test('receivers who are changed at that moment are answered, and go too', async () => {
    const orders = await endedOrders();
    const started = await startBatch(stack, 'personal-data');
    const answers = await Promise.all(
      orders.map(({ orderNo }) => stack.put(`/api/order/v1/orders/${orderNo}/receiver`, { ...receiver, name: '늦은이' })),
    );
    expect(answers.map(({ status }) => status)).toEqual(orders.map(() => 200));
    await finishedRun(stack, 'personal-data', started);
    await run();
    for (const { orderNo } of orders)
      expect(await peopleOf(stack, orderNo)).toMatchObject({ people_erased_at: expect.any(Date), receiver_name: '(삭제됨)' });
  });

  test('a receiver given to an erased order is shown, and goes with the next run', async () => {
    const { orderNo } = await endedOrder(stack);
    await run();
    await stack.put(`/api/order/v1/orders/${orderNo}/receiver`, { ...receiver, name: '나중이' });
    expect(await peopleOf(stack, orderNo)).toMatchObject({ receiver_name: '나중이', people_erased_at: null });
    await run();
    expect(await peopleOf(stack, orderNo)).toMatchObject({ receiver_name: '(삭제됨)' });
  });
});
