import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { openGate } from '../../support/processes/gate.ts';
import { type ApiProcess, type ProcessStack, startProcesses, type WorkerProcess } from '../../support/processes/process-stack.ts';
import {
  answeredRequest,
  expectSame,
  historyOf,
  holdOrder,
  holdPickup,
  holdRows,
  recordsWaiting,
  sweepNow,
} from '../../support/scenes/faults.ts';
import { type PlacedLine, unique } from '../../support/scenes/orders.ts';
import {
  claimBody,
  claimedOn,
  claimOnEach,
  claimsOn,
  commandPickups,
  pickupHistory,
  pickupIn,
  pickupOf,
  placeAndTake,
  placedLine,
  postClaim,
  SHIPPED,
  storedPickup,
} from '../../support/scenes/pickups.ts';
import { eventually } from '../../support/stack.ts';

let stack: ProcessStack;
let api: ApiProcess;
beforeAll(async () => {
  stack = await startProcesses({ environment: { REQUEST_SWEEP_AFTER_MS: '5000' } });
  api = await stack.startApi({}, false);
});
afterAll(() => stack.stop());

const exchangesOf = (pickupNo: string) =>
  stack.db.query(sql<{ delivery_no: string }>`select delivery_no from deliveries where pickup_no = ${pickupNo}`);

/** A confirmed exchange of one piece of a line of two. */
async function confirmedExchange(): Promise<{ line: PlacedLine; pickupNo: string }> {
  const line = await placedLine(api, SHIPPED);
  return { line, pickupNo: await pickupIn(api, 'confirmed', line, 'exchange') };
}

/** Its completion has done all it does outside, and waits for the pickup's row. */
async function completedUpToRow(line: PlacedLine, pickupNo: string) {
  // Asking history locks the pickup's row, so that is held only when this is over: while the order's row holds up the rest.
  const letOrderGo = await holdOrder(stack.databaseUrl, line.orderNo);
  const sent = commandPickups(api, 'complete', [{ pickupNo }]);
  await eventually(async () => (await claimsOn(stack, line))[pickupNo]?.status === 'exchanged');
  const letGo = await holdPickup(stack.databaseUrl, pickupNo);
  await letOrderGo();
  await eventually(async () => (await exchangesOf(pickupNo)).length === 1);
  await recordsWaiting(stack, 1);
  return { letGo, sent };
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
  await expectSame(stack, { orderNo: line.orderNo, deliveryNo, lineNo: 2 });
  await expectSame(stack, line);
}

/** Killed before the pickup's row was written: the next worker completes it. */
async function killedBeforeItsRow(worker: WorkerProcess, letGo: () => Promise<void>, line: PlacedLine, pickupNo: string) {
  await worker.kill();
  await letGo();
  expect((await storedPickup(stack, pickupNo)).row.state).toBe('confirmed');
  const next = await stack.startWorker();
  await expectExchangedOnce(line, pickupNo);
  await next.stop();
}

describe('the worker killed while an exchange is completed', () => {
  test('before its new delivery is inserted: one delivery, one settlement after the restart', async () => {
    const worker = await stack.startWorker();
    const { line, pickupNo } = await confirmedExchange();
    const letGo = await holdOrder(stack.databaseUrl, line.orderNo);
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
    expect((await answeredRequest(stack, key)).answer).toMatchObject({
      succeeded: 1,
      results: [{ pickupNo, ok: true, state: 'completed' }],
    });
    await next.stop();
  });

  test('before the claimed piece is settled: no delivery is made until it is, then one', async () => {
    const worker = await stack.startWorker();
    const { line, pickupNo } = await confirmedExchange();
    const letGo = await holdRows(stack.databaseUrl, [line]);
    const sent = commandPickups(api, 'complete', [{ pickupNo }]);
    // Settling the claimed piece waits for the original line's row, and the new delivery for that.
    await recordsWaiting(stack, 1);
    expect(await exchangesOf(pickupNo)).toHaveLength(0);
    await killedBeforeItsRow(worker, letGo, line, pickupNo);
    await sent;
  });

  test('between the new line’s start and the pickup’s row: the same delivery, the piece settled once', async () => {
    const worker = await stack.startWorker();
    const { line, pickupNo } = await confirmedExchange();
    const { letGo, sent } = await completedUpToRow(line, pickupNo);
    expect(await exchangesOf(pickupNo)).toHaveLength(1);
    await killedBeforeItsRow(worker, letGo, line, pickupNo);
    await sent;
  });

  test('after the pickup’s row was written, before Temporal knew: once all the same', async () => {
    const gate = await openGate(stack.temporalAddress);
    const worker = await stack.startWorker({ TEMPORAL_ADDRESS: gate.address });
    const { line, pickupNo } = await confirmedExchange();
    const { letGo, sent } = await completedUpToRow(line, pickupNo);
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
    const body = claimOnEach([first, second]);
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
    const body = claimOnEach([first, second]);
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
