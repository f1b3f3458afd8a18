import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import pg from 'pg';
import { openGate } from '../support/processes/gate.ts';
import { type ApiProcess, type ProcessStack, startProcesses } from '../support/processes/process-stack.ts';
import { expectSame, historyOf, holdRows, recordsWaiting, requestOf, sweepNow } from '../support/scenes/faults.ts';
import { type PlacedLine, unique } from '../support/scenes/orders.ts';
import {
  claimBody,
  claimedOn,
  claimsOn,
  commandPickups,
  openClaim,
  pickupHistory,
  pickupOf,
  placeAndTake,
  placedLine,
  postClaim,
  SHIPPED,
  storedPickup,
  takePickup,
} from '../support/scenes/pickups.ts';
import { eventually } from '../support/stack.ts';

let stack: ProcessStack;
let api: ApiProcess;

beforeAll(async () => {
  stack = await startProcesses({ environment: { REQUEST_SWEEP_AFTER_MS: '5000' } });
  api = await stack.startApi({}, false);
});
afterAll(() => stack.stop());

const exchangesOf = (pickupNo: string) =>
  stack.db.query(sql<{ delivery_no: string }>`select delivery_no from deliveries where pickup_no = ${pickupNo}`);

/** Holds what this statement locks, as another transaction would. The answer lets go of it. */
async function hold(statement: string, key: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: stack.databaseUrl });
  client.on('error', () => {});
  await client.connect();
  await client.query('begin');
  await client.query(statement, [key]);
  return () => client.end();
}

/** Under an order's row the next line numbers are given: the exchange's delivery waits to be inserted. */
const holdOrder = (orderNo: string) => hold('select 1 from orders where order_no = $1 for update', orderNo);

/** The pickup's row cannot be written, yet a new delivery may refer to it. */
const holdPickup = (pickupNo: string) => hold('select 1 from pickups where pickup_no = $1 for no key update', pickupNo);

/** A confirmed exchange of one piece of a line of two. */
async function confirmedExchange(): Promise<{ line: PlacedLine; pickupNo: string }> {
  const line = await placedLine(api, SHIPPED);
  const pickupNo = await openClaim(api, 'exchange', line);
  await takePickup(api, pickupNo, ['instruct', 'confirm']);
  return { line, pickupNo };
}

/** It is completed, with one new delivery whose line is alive, and its piece is settled once. */
async function expectExchangedOnce(line: PlacedLine, pickupNo: string): Promise<void> {
  await eventually(async () => (await storedPickup(stack, pickupNo)).row.state === 'completed');
  const exchanges = await exchangesOf(pickupNo);
  expect(exchanges).toHaveLength(1);
  const deliveryNo = exchanges[0]?.delivery_no ?? '';
  expect(await pickupOf(api, pickupNo)).toMatchObject({ state: 'completed', exchangeDeliveryNo: deliveryNo });
  expect(await pickupHistory(stack, pickupNo)).toEqual(['claim', 'instruct', 'confirm', 'complete']);
  expect(await claimsOn(stack, line)).toEqual({ [pickupNo]: { quantity: 1, status: 'exchanged' } });
  expect((await historyOf(stack, line)).filter((command) => command === 'settle-exchange')).toHaveLength(1);
  const added = { orderNo: line.orderNo, deliveryNo, lineNo: 2 };
  await expectSame(stack, added);
  await expectSame(stack, line);
}

describe('the worker killed while an exchange is completed', () => {
  test('before its new delivery is inserted: one delivery, one settlement after the restart', async () => {
    const worker = await stack.startWorker();
    const { line, pickupNo } = await confirmedExchange();
    const letGo = await holdOrder(line.orderNo);
    const key = unique('key');
    const sent = commandPickups(api, 'complete', [{ pickupNo }], {}, { 'idempotency-key': key });
    await recordsWaiting(stack, 1);
    await worker.kill();
    await letGo();
    expect(await exchangesOf(pickupNo)).toHaveLength(0);
    expect((await storedPickup(stack, pickupNo)).row.state).toBe('confirmed');
    const next = await stack.startWorker();
    await expectExchangedOnce(line, pickupNo);
    await sent;
    await sweepNow(stack, key);
    const request = await eventually(async () => {
      const row = await requestOf(stack, key);
      return row?.answered_at && row;
    });
    expect(request.answer).toMatchObject({ succeeded: 1, results: [{ pickupNo, ok: true, state: 'completed' }] });
    await next.stop();
  });

  test('between the new line’s start and the pickup’s row: the same delivery, the piece settled once', async () => {
    const worker = await stack.startWorker();
    const { line, pickupNo } = await confirmedExchange();
    const letGo = await holdRows(stack.databaseUrl, [line]);
    const sent = commandPickups(api, 'complete', [{ pickupNo }]);
    // The new delivery is there and its workflow runs; settling the claimed piece waits for the original line's row.
    await recordsWaiting(stack, 1);
    expect(await exchangesOf(pickupNo)).toHaveLength(1);
    await worker.kill();
    await letGo();
    expect((await storedPickup(stack, pickupNo)).row.state).toBe('confirmed');
    const next = await stack.startWorker();
    await expectExchangedOnce(line, pickupNo);
    await sent;
    await next.stop();
  });

  test('after the pickup’s row was written, before Temporal knew: once all the same', async () => {
    const gate = await openGate(stack.temporalAddress);
    const worker = await stack.startWorker({ TEMPORAL_ADDRESS: gate.address });
    const { line, pickupNo } = await confirmedExchange();
    const letGo = await holdPickup(pickupNo);
    const sent = commandPickups(api, 'complete', [{ pickupNo }]);
    await eventually(async () => (await claimsOn(stack, line))[pickupNo]?.status === 'exchanged');
    await recordsWaiting(stack, 1);
    gate.shut();
    await letGo();
    await eventually(async () => (await storedPickup(stack, pickupNo)).row.state === 'completed');
    await worker.kill();
    await gate.close();
    const next = await stack.startWorker();
    await sent;
    await expectExchangedOnce(line, pickupNo);
    await next.stop();
  });
});

describe('a claim broken halfway is finished or given back by the sweep', () => {
  test('the API killed after one line was reserved, before the other: the claim is opened once, by another API', async () => {
    const worker = await stack.startWorker();
    const doomed = await stack.startApi({}, false);
    const [first, second] = (await placeAndTake(api, SHIPPED, [{}, { methodCode: '20' }])) as [PlacedLine, PlacedLine];
    const letGo = await holdRows(stack.databaseUrl, [second]);
    const items = [first, second].map(({ lineNo }) => ({ lineNo, quantity: 1 }));
    const body = claimBody('return', first.orderNo, items);
    const sent = postClaim(doomed, body).catch(() => undefined);
    await eventually(async () => (await claimedOn(stack, first)) === 1);
    await recordsWaiting(stack, 1);
    await doomed.kill();
    await letGo();
    await sent;
    const opened = await eventually(async () => {
      await stack.db.query(sql`update requests set sweep_at = now(), locked_until = null where answered_at is null`);
      const pickups = await stack.db.query(
        sql<{ pickup_no: string }>`select pickup_no from pickups where claim_no = ${body.claimNo}`,
      );
      return pickups.length === 2 && pickups;
    });
    for (const { pickup_no } of opened) expect(await pickupHistory(stack, pickup_no)).toEqual(['claim']);
    for (const line of [first, second]) expect(await claimedOn(stack, line)).toBe(1);
    expect(await postClaim(api, body)).toMatchObject({ status: 200 });
    await worker.stop();
  });

  test('and one that turns out impossible gives back what it held', async () => {
    const worker = await stack.startWorker();
    const doomed = await stack.startApi({}, false);
    const [first, second] = (await placeAndTake(api, SHIPPED, [{}, { methodCode: '20' }])) as [PlacedLine, PlacedLine];
    const letGo = await holdRows(stack.databaseUrl, [second]);
    // Sent before the broken claim reserves there, so it is the first in that line's queue.
    const rival = postClaim(api, claimBody('return', second.orderNo, [{ lineNo: second.lineNo, quantity: 2 }]));
    await recordsWaiting(stack, 1);
    const body = claimBody('return', first.orderNo, [
      { lineNo: first.lineNo, quantity: 1 },
      { lineNo: second.lineNo, quantity: 1 },
    ]);
    const sent = postClaim(doomed, body).catch(() => undefined);
    await eventually(async () => (await claimedOn(stack, first)) === 1);
    await doomed.kill();
    await letGo();
    await sent;
    expect(await rival).toMatchObject({ status: 201 });
    await eventually(async () => {
      await stack.db.query(sql`update requests set sweep_at = now(), locked_until = null where answered_at is null`);
      return (await claimedOn(stack, first)) === 0;
    });
    expect(await stack.db.query(sql`select 1 from pickups where claim_no = ${body.claimNo}`)).toEqual([]);
    expect(await claimedOn(stack, second)).toBe(2);
    await worker.stop();
  });
});
