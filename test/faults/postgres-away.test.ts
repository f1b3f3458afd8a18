import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { WorkflowUpdateStage } from '@temporalio/client';
import { median } from '../../bench/measure/stats.ts';
import { type ApiProcess, type ProcessStack, startProcesses } from '../support/processes/process-stack.ts';
import { expectSame, handleOf, historyOf, liveOf, requestOf, sleepInRecord } from '../support/scenes/faults.ts';
import { command, commandLine, type PlacedLine, placeOrder, unique } from '../support/scenes/orders.ts';
import { eventually } from '../support/stack.ts';

const OUTAGE_MS = 70_000;
/** Half of the outage, once PostgreSQL does a new command: a retry comes at most 30 s after the one before. */
const DONE_WITHIN_MS = OUTAGE_MS / 2;

describe('PostgreSQL away for 70 s: other lines still answer or refuse, every pending command is done within 35 s of its return', () => {
  test.concurrent('stopped, and started again', () => run(({ postgres }) => postgres.stop()));
  test.concurrent('killed, and started again on the same data', () => run(({ postgres }) => postgres.kill()));
});

async function run(leave: (stack: ProcessStack) => Promise<void>): Promise<void> {
  const stack = await startProcesses({ own: ['postgres'], environment: { REQUEST_SWEEP_AFTER_MS: '5000' } });
  try {
    await outage(stack, leave);
  } finally {
    await stack.stop();
  }
}

async function outage(stack: ProcessStack, leave: (stack: ProcessStack) => Promise<void>): Promise<void> {
  const [api] = await Promise.all([stack.startApi(), stack.startWorker()]);
  const placed = await placeOrder(api, Array(5).fill({}));
  const [throughApi, byUpdate, bySignal, other, untouched] = placed as [
    PlacedLine,
    PlacedLine,
    PlacedLine,
    PlacedLine,
    PlacedLine,
  ];

  const before: number[] = [];
  while (before.length < 5) before.push(await otherLinesAnswer(stack, other));
  // Its record is in the middle of its transaction when PostgreSQL goes.
  const isAsleep = await sleepInRecord(stack, throughApi);
  const key = unique('key');
  const sent = command(api, 'instruct', [throughApi], {}, { 'idempotency-key': key });
  await isAsleep();
  await leave(stack);
  const left = performance.now();

  const message = { requestId: unique('request'), actor: 'admin' };
  const update = await handleOf(stack, byUpdate).startUpdate('instruct', {
    args: [message],
    waitForStage: WorkflowUpdateStage.ACCEPTED,
  });
  await handleOf(stack, bySignal).signal('submit', { command: 'instruct', ...message });
  expect(await sent).toMatchObject({ status: 503, body: { code: 'COMMAND_PENDING' } });

  const [lines, refusals]: [number[], number[]] = [[], []];
  while (performance.now() - left < OUTAGE_MS) {
    lines.push(await otherLinesAnswer(stack, other));
    refusals.push(await apiRefuses(api, other));
    await sleep(Math.max(0, Math.min(5_000, OUTAGE_MS - (performance.now() - left))));
  }
  // A workflow that does not wait for PostgreSQL answers as it did before; one that does waits for its return, the API's pool 3.5 s a try.
  expect(lines.length).toBeGreaterThan(1);
  expect(median(lines)).toBeLessThan(20 * median(before));
  expect(Math.max(...lines)).toBeLessThan(OUTAGE_MS / 10);
  expect(Math.max(...refusals)).toBeLessThan(OUTAGE_MS / 20);

  await stack.postgres.start();
  const back = performance.now();
  expect(await eventually(() => commandLine(api, 'instruct', untouched))).toMatchObject({ ok: true, state: 'instructed' });
  const firstMs = Math.round(performance.now() - back);
  await update.result();
  for (const line of [throughApi, byUpdate, bySignal]) await eventually(async () => (await historyOf(stack, line)).length === 2);
  const doneMs = Math.round(performance.now() - back);
  console.log(
    `PostgreSQL away: others answered within ${Math.round(Math.max(...lines, ...refusals))} ms; after its return a new command took ${firstMs} ms, all pending ones were done after ${doneMs} ms`,
  );
  expect(doneMs - firstMs).toBeLessThan(DONE_WITHIN_MS);

  const request = await eventually(async () => {
    const row = await requestOf(stack, key);
    return row?.answered_at && row;
  });
  expect(request).toMatchObject({ status: 200, answer: { succeeded: 1, results: [{ ok: true, state: 'instructed' }] } });
  for (const line of [throughApi, byUpdate, bySignal, untouched]) {
    expect(await historyOf(stack, line)).toEqual(['order', 'instruct']);
    await expectSame(stack, line);
  }
  // Refused as UNAVAILABLE: nothing of it was done later.
  expect(await historyOf(stack, other)).toEqual(['order']);
}

/** The slower of a query and of a command that its workflow refuses. */
async function otherLinesAnswer(stack: ProcessStack, line: PlacedLine): Promise<number> {
  const asked = performance.now();
  expect(await liveOf(stack, line)).toMatchObject({ state: 'ordered', revision: 1 });
  const commanded = performance.now();
  const message = { requestId: unique('request'), actor: 'admin' };
  await expect(handleOf(stack, line).executeUpdate('release', { args: [message] })).rejects.toMatchObject({
    cause: { type: 'TRANSITION_NOT_ALLOWED' },
  });
  return Math.max(commanded - asked, performance.now() - commanded);
}

/** What cannot be stored is refused at once, as nothing that was or will be done. */
async function apiRefuses(api: ApiProcess, line: PlacedLine): Promise<number> {
  const asked = performance.now();
  expect(await command(api, 'instruct', [line])).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } });
  expect(await api.get('/api/bo/v1/delivery-lines')).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } });
  expect(await api.get('/readyz')).toMatchObject({ status: 503, body: { missing: expect.arrayContaining(['postgresql']) } });
  return (performance.now() - asked) / 3;
}
