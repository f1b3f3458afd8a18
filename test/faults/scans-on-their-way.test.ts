import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openGate } from '../support/processes/gate.ts';
import { type ApiProcess, type ProcessStack, startProcesses, type WorkerProcess } from '../support/processes/process-stack.ts';
import { expectSame, handleOf, historyOf, holdRows, liveOf, recordsWaiting, rowOf } from '../support/scenes/faults.ts';
import { command, commandLine, type PlacedLine, placeOrder, uniqueWaybill } from '../support/scenes/orders.ts';
import {
  claimBody,
  commandPickup,
  DELIVERED,
  instructWithWaybill,
  placedLine,
  postClaim,
  storedPickup,
} from '../support/scenes/pickups.ts';
import { callback, exceptionsOf, journalOf } from '../support/scenes/tracking.ts';
import { eventually } from '../support/stack.ts';

let stack: ProcessStack;
let api: ApiProcess;
let worker: WorkerProcess;
beforeAll(async () => {
  stack = await startProcesses();
  // Undoing waits for the rows that the tests hold.
  [api, worker] = await Promise.all([stack.startApi({ COMMAND_TIMEOUT_MS: '60000' }, false), stack.startWorker()]);
});
afterAll(() => stack.stop());

interface Shipped extends PlacedLine {
  waybillNo: string;
}

/** Orders of one line each, shipped under waybills of their own. */
async function shippedLines(count: number): Promise<Shipped[]> {
  const placed = (await Promise.all(Array.from({ length: count }, () => placeOrder(api)))).flat();
  const lines = placed.map((line) => ({ ...line, waybillNo: uniqueWaybill() }));
  const asked = lines.map(({ deliveryNo, lineNo }) => ({ deliveryNo, lineNo }));
  for (const name of ['instruct', 'release']) await command(api, name, asked);
  const parcels = lines.map(({ deliveryNo, lineNo, waybillNo }) => ({ deliveryNo, lineNo, waybillNo, carrierCode: '04' }));
  expect((await command(api, 'ship', parcels)).body).toMatchObject({ succeeded: count, failed: 0 });
  return lines;
}

const undo = (line: PlacedLine) => commandLine(api, 'undo', line, {}, { reason: '오출고' });
const scan = ({ deliveryNo, waybillNo }: Shipped, level: number) => callback(api, deliveryNo, waybillNo, level);
const outcomes = async (fid: string) => (await journalOf(stack, fid)).map(({ outcome }) => outcome);
const told = (fid: string) => eventually(async () => (await outcomes(fid)).every((outcome) => outcome === 'applied'));

/** The movement is an open exception: it was not told to the line, nor forgotten. */
async function becameException(line: Shipped, level: string): Promise<void> {
  await eventually(async () => (await outcomes(line.deliveryNo)).every((outcome) => outcome === 'line-canceled'));
  expect(await exceptionsOf(api, `deliveryNo=${line.deliveryNo}&state=open`)).toMatchObject([
    { kind: 'line-canceled', waybillNo: line.waybillNo, count: 1, reason: expect.stringContaining(level) },
  ]);
}

/** The line has an undo in its queue that waits for its row, and a scan behind it, both for good. */
async function scanBehindUndo(line: Shipped) {
  const letGo = await holdRows(stack.databaseUrl, [line]);
  const undone = undo(line);
  await recordsWaiting(stack, 1);
  await scan(line, 2);
  // In Temporal's history once the first try of the undo has failed; the next try waits for the row again.
  await eventually(async () =>
    (await handleOf(stack, line).fetchHistory()).events?.some((event) => event.workflowExecutionSignaledEventAttributes),
  );
  await recordsWaiting(stack, 1);
  return { letGo, undone };
}

describe('a scan is on its way to a line whose shipment is being undone', () => {
  test.each([
    [2, '집화완료'],
    [6, '배송완료'],
  ] as const)(
    'level %i, the undo first: every one becomes the exception that a later scan would have raised',
    async (level, name) => {
      // Fewer than the worker has connections: the relay needs one too.
      const lines = await shippedLines(6);
      const letGo = await holdRows(stack.databaseUrl, lines);
      const undone = lines.map(undo);
      await recordsWaiting(stack, lines.length);
      // The rows still say shipped: the relay tells the lines, whose undo is before it in the queue.
      await Promise.all(lines.map((line) => scan(line, level)));
      await Promise.all(lines.map(({ deliveryNo }) => told(deliveryNo)));
      await letGo();
      for (const result of await Promise.all(undone)) expect(result).toMatchObject({ ok: true, state: 'released' });
      await Promise.all(lines.map((line) => becameException(line, name)));
      for (const line of lines) {
        expect(await historyOf(stack, line)).toEqual(['order', 'instruct', 'release', 'ship', 'undo']);
        await expectSame(stack, line);
      }
    },
  );

  test('both at once, many times: refused as moving, or an exception; no movement vanishes', async () => {
    const lines = await shippedLines(60);
    const results = await Promise.all(lines.map(async (line) => (await Promise.all([undo(line), scan(line, 2)]))[0]));
    for (const [at, line] of lines.entries()) {
      const { ok, error } = results[at];
      if (ok) await becameException(line, '집화완료');
      else {
        expect(error.code).toBe('ALREADY_MOVING');
        expect(await rowOf(stack, line)).toMatchObject({ state: 'shipped', trackingLevel: 2 });
        await told(line.deliveryNo);
      }
      await expectSame(stack, line);
    }
  });
});

describe('other scans that no longer fit', () => {
  test('of a waybill that was corrected: kept in the timeline, as a later one is, not told to the line', async () => {
    const [line] = (await shippedLines(1)) as [Shipped];
    const letGo = await holdRows(stack.databaseUrl, [line]);
    const fields = { carrierCode: '04', waybillNo: uniqueWaybill() };
    const corrected = commandLine(api, 'correct-waybill', line, fields, { reason: '오기입' });
    await recordsWaiting(stack, 1);
    await scan(line, 6);
    await told(line.deliveryNo);
    await letGo();
    expect(await corrected).toMatchObject({ ok: true });
    await eventually(async () => (await outcomes(line.deliveryNo))[0] === 'kept');
    expect(await rowOf(stack, line)).toMatchObject({ state: 'shipped', trackingLevel: null });
  });

  test('of a pickup that was withdrawn: an exception', async () => {
    const line = await placedLine(api, DELIVERED);
    const claim = await postClaim(api, claimBody('return', line.orderNo, [{ lineNo: line.lineNo, quantity: 1 }]));
    const { pickupNo } = claim.body.pickups[0];
    const waybillNo = await instructWithWaybill(api, pickupNo);
    const letGo = await holdRows(stack.databaseUrl, [line]);
    const withdrawn = commandPickup(api, 'withdraw', pickupNo, {}, { reason: '변심' });
    // The claim's release waits for the line's row.
    await recordsWaiting(stack, 1);
    await callback(api, pickupNo, waybillNo, 6);
    await told(pickupNo);
    await letGo();
    expect(await withdrawn).toMatchObject({ ok: true, state: 'withdrawn' });
    await eventually(async () => (await outcomes(pickupNo))[0] === 'line-canceled');
    expect(await exceptionsOf(api, `pickupNo=${pickupNo}&state=open`)).toMatchObject([{ kind: 'line-canceled', waybillNo }]);
    expect((await storedPickup(stack, pickupNo)).row).toMatchObject({ state: 'withdrawn', arrived_at: null });
  });
});

/** The last, because they end the worker that the others share. */
describe('the worker killed', () => {
  test('before the line comes to the scan: the next one gives it back', async () => {
    const [line] = (await shippedLines(1)) as [Shipped];
    const { letGo, undone } = await scanBehindUndo(line);
    await worker.kill();
    await letGo();
    worker = await stack.startWorker();
    await undone;
    await becameException(line, '집화완료');
    await expectSame(stack, line);
    await worker.stop();
  });

  test('after it was given back, before Temporal knew: given back twice, one exception', async () => {
    const gate = await openGate(stack.temporalAddress);
    worker = await stack.startWorker({ TEMPORAL_ADDRESS: gate.address });
    const [line] = (await shippedLines(1)) as [Shipped];
    const { letGo, undone } = await scanBehindUndo(line);
    gate.shut();
    await letGo();
    await becameException(line, '집화완료');
    await worker.kill();
    await gate.close();
    const next = await stack.startWorker();
    await undone;
    await eventually(async () => (await liveOf(stack, line)).state === 'released');
    await becameException(line, '집화완료');
    await expectSame(stack, line);
    await next.stop();
  });
});
