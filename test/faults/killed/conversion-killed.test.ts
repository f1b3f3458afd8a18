import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { openGate } from '../../support/processes/gate.ts';
import { type ApiProcess, type ProcessStack, startProcesses } from '../../support/processes/process-stack.ts';
import { answeredRequest, holdPickup, recordsWaiting, sweepNow } from '../../support/scenes/faults.ts';
import { type PlacedLine, unique } from '../../support/scenes/orders.ts';
import {
  claimsOn,
  commandPickups,
  orderLinesOf,
  pickupHistory,
  pickupIn,
  pickupOf,
  placedLine,
  SHIPPED,
  storedPickup,
  takePickup,
} from '../../support/scenes/pickups.ts';
import { eventually } from '../../support/stack.ts';

let stack: ProcessStack;
let api: ApiProcess;
beforeAll(async () => {
  stack = await startProcesses({ environment: { REQUEST_SWEEP_AFTER_MS: '5000' } });
  api = await stack.startApi({}, false);
});
afterAll(() => stack.stop());

const exchangeTo = { productId: 50_001, productName: '캠핑 의자', optionName: '베이지' };

/** A confirmed return of one piece. */
async function confirmedReturn(): Promise<{ line: PlacedLine; pickupNo: string }> {
  const line = await placedLine(api, SHIPPED);
  return { line, pickupNo: await pickupIn(api, 'confirmed', line, 'return') };
}

const convert = (by: ApiProcess, pickupNo: string, key: string) =>
  commandPickups(
    by,
    'convert-to-exchange',
    [{ pickupNo, items: [{ lineNo: 1, exchangeTo }] }],
    { reason: '고객 요청' },
    { 'idempotency-key': key },
  );

/** The request is answered as done, the pickup is an exchange since one conversion, and sends what was named. */
async function expectConvertedOnce(line: PlacedLine, pickupNo: string, key: string): Promise<void> {
  await sweepNow(stack, key);
  const { answer } = await answeredRequest(stack, key);
  expect(answer).toMatchObject({ succeeded: 1, results: [{ pickupNo, ok: true, kind: 'exchange', revision: 4 }] });
  expect(await pickupOf(api, pickupNo)).toMatchObject({ kind: 'exchange', convertedFromReturn: true, items: [{ exchangeTo }] });
  await takePickup(api, pickupNo, ['complete']);
  expect(await pickupHistory(stack, pickupNo)).toEqual(['claim', 'instruct', 'confirm', 'convert-to-exchange', 'complete']);
  expect(await claimsOn(stack, line)).toEqual({ [pickupNo]: { quantity: 1, status: 'exchanged' } });
  const sent = (await orderLinesOf(stack, line)).slice(1);
  expect(sent).toMatchObject([{ line_no: 2, kind: 'exchange', product_id: 50_001, quantity: 1 }]);
}

test('the API killed between what it noted and the workflow: another API converts, once', async () => {
  const doomed = await stack.startApi({}, false);
  const worker = await stack.startWorker();
  const { line, pickupNo } = await confirmedReturn();
  await worker.stop();
  const key = unique('key');
  const sent = convert(doomed, pickupNo, key).catch(() => undefined);
  // Nothing takes the command: the texts are noted, and the workflow knows nothing.
  await eventually(async () => {
    const noted = await stack.db.query(sql`select 1 from pickup_exchanges where pickup_no = ${pickupNo}`);
    return noted.length === 1;
  });
  await doomed.kill();
  await sent;
  expect((await storedPickup(stack, pickupNo)).row.kind).toBe('return');
  const next = await stack.startWorker();
  await expectConvertedOnce(line, pickupNo, key);
  await next.stop();
});

test('the worker killed before the row was written: the next one converts, once', async () => {
  const worker = await stack.startWorker();
  const { line, pickupNo } = await confirmedReturn();
  const letGo = await holdPickup(stack.databaseUrl, pickupNo);
  const key = unique('key');
  const sent = convert(api, pickupNo, key);
  await recordsWaiting(stack, 1);
  await worker.kill();
  await letGo();
  expect((await storedPickup(stack, pickupNo)).row.kind).toBe('return');
  const next = await stack.startWorker();
  await sent;
  await expectConvertedOnce(line, pickupNo, key);
  await next.stop();
});

test('the worker killed after the row was written, before Temporal knew: once all the same', async () => {
  const gate = await openGate(stack.temporalAddress);
  const worker = await stack.startWorker({ TEMPORAL_ADDRESS: gate.address });
  const { line, pickupNo } = await confirmedReturn();
  const letGo = await holdPickup(stack.databaseUrl, pickupNo);
  const key = unique('key');
  const sent = convert(api, pickupNo, key);
  await recordsWaiting(stack, 1);
  gate.shut();
  await letGo();
  await eventually(async () => (await storedPickup(stack, pickupNo)).row.kind === 'exchange');
  await worker.kill();
  await gate.close();
  const next = await stack.startWorker();
  await sent;
  await expectConvertedOnce(line, pickupNo, key);
  await next.stop();
});
