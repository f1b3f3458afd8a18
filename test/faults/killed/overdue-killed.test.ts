import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { type Gate, openGate } from '../../support/processes/gate.ts';
import { type ApiProcess, type ProcessStack, startProcesses } from '../../support/processes/process-stack.ts';
import { finishedRun, runsOf, startBatch } from '../../support/scenes/batches.ts';
import { hold } from '../../support/scenes/locks.ts';
import { isHeldUp } from '../../support/scenes/personal-data.ts';
import { lateRows, overdueCounts } from '../../support/scenes/rows.ts';
import { eventually } from '../../support/stack.ts';

/** Two pages. */
const LINES = 1_300;
const ID = 'dispatch-overdue';
let stack: ProcessStack;
let api: ApiProcess;
let gate: Gate;

beforeAll(async () => {
  stack = await startProcesses({});
  api = await stack.startApi({}, false);
  gate = await openGate(stack.temporalAddress);
});
afterAll(async () => {
  await gate.close();
  await stack.stop();
});

const heldUp = () => isHeldUp(stack, 'set overdue_at = now()');
test('a worker killed in the middle of a page, and one after a page that it could not report: each line once, each counted once', async () => {
  const numbers = await lateRows(stack.db, LINES);
  const counted = () => overdueCounts(stack.db, numbers);
  const first = await stack.startWorker();
  // Its history cannot be written: the page stands still in the middle of its statement.
  const letGo = await hold(stack, sql`lock table delivery_history in share mode`);
  const run = await startBatch(api, ID);
  await eventually(heldUp);
  await first.kill();
  expect(await counted()).toEqual({ marked: 0, entries: 0, lines: 0 });

  const second = await stack.startWorker({ TEMPORAL_ADDRESS: gate.address });
  await eventually(async () => !(await heldUp()));
  await eventually(heldUp);
  gate.shut();
  await letGo();
  await eventually(async () => (await counted()).marked > 0);
  await second.kill();
  gate.drop();

  const last = await stack.startWorker();
  expect(await finishedRun(api, ID, run)).toMatchObject({ examined: LINES, succeeded: LINES, failed: 0, skipped: 0, errors: [] });
  expect(await runsOf(api, ID)).toHaveLength(1);
  expect(await counted()).toEqual({ marked: LINES, entries: LINES, lines: LINES });
  await last.stop();
});
