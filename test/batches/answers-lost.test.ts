import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { sql } from 'kysely';
import { batchConfig } from '../../process/config/batches.ts';
import { ensureSchedules } from '../../worker/schedules.ts';
import { batchScheduleId, batchWorkflows } from '../../workflows/messages/batches.ts';
import { cronAtNoTime } from '../support/clock.ts';
import { PATIENCE_MS } from '../support/patience.ts';
import { runsOf, shipped, startBatch, startTrackedStack, type TrackedStack } from '../support/scenes/batches.ts';
import { unique } from '../support/scenes/orders.ts';
import { type SecondApi, startSecondApi } from '../support/second-api.ts';
import { eventually } from '../support/stack.ts';

const BATCH = 'waybill-registration';
const TIMEOUT_MS = 400;
let stack: TrackedStack;
let api: SecondApi;
/** Calls that Temporal executes, and whose answers never come back. */
const lost = { change: false, start: false };
const never = () => new Promise<never>(() => {});

/** The same client, losing answers. */
const forgetful = (client: Client): Client => {
  const workflowService = Object.create(client.workflowService, {
    updateSchedule: {
      value: async (request: Parameters<typeof client.workflowService.updateSchedule>[0]) => {
        const answer = await client.workflowService.updateSchedule(request);
        return lost.change ? never() : answer;
      },
    },
  });
  const workflow = {
    getHandle: client.workflow.getHandle.bind(client.workflow),
    start: async (...args: Parameters<typeof client.workflow.start>) => {
      const handle = await client.workflow.start(...args);
      return lost.start ? never() : handle;
    },
  };
  return Object.create(client, { workflowService: { value: workflowService }, workflow: { value: workflow } });
};

beforeAll(async () => {
  stack = await startTrackedStack({ DELIVERY_API_TIMEOUT_MS: String(PATIENCE_MS) });
  const crons = { WAYBILL_REGISTRATION_CRON: cronAtNoTime(5).cron, AUTO_COMPLETE_CRON: cronAtNoTime(10).cron };
  await ensureSchedules(stack.temporal, stack.taskQueue, batchConfig(crons));
  api = await startSecondApi({ ...stack.deps, temporal: forgetful(stack.temporal) }, { COMMAND_TIMEOUT_MS: TIMEOUT_MS });
});
afterAll(async () => {
  for (const batch of Object.keys(batchWorkflows))
    await stack.temporal.schedule.getHandle(batchScheduleId(batch as typeof BATCH, stack.taskQueue)).delete();
  await api.stop();
  await api.requests.answersStored();
  await stack.stop();
});

const act = (action: string, key: string) =>
  api.post(`/api/bo/v1/batches/${BATCH}/${action}`, undefined, { headers: { 'idempotency-key': key } });
const isPaused = async () => {
  const handle = stack.temporal.schedule.getHandle(batchScheduleId(BATCH, stack.taskQueue));
  return (await handle.describe()).state.paused;
};
const pending = { status: 503, body: { code: 'COMMAND_PENDING' } };

test.each([
  ['pause', true],
  ['resume', false],
])('%s is done and its answer lost: not "nothing was done", and a repeat says what became of it', async (action, paused) => {
  const key = unique('key');
  lost.change = true;
  const answer = await act(action, key);
  expect(answer).toMatchObject(pending);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await isPaused()).toBe(paused);
  lost.change = false;
  // Pending as long as a busy Temporal takes longer than the short limit of this test.
  const told = await eventually(async () => {
    const repeat = await act(action, key);
    return repeat.status !== pending.status && repeat;
  });
  expect(told).toMatchObject({ status: 200, body: { id: BATCH, paused } });
});

test('a run whose answer was lost is told to a repeat, also when another run has begun since', async () => {
  const key = unique('key');
  lost.start = true;
  expect(await act('run', key)).toMatchObject(pending);
  lost.start = false;
  const own = await eventually(async () => {
    const runs = await runsOf(stack, BATCH);
    return runs.length === 1 && runs[0]?.finishedAt != null && runs[0];
  });
  await shipped(stack);
  stack.trackerGate.shut();
  const other = await startBatch(stack, BATCH);
  await eventually(async () => (await runsOf(stack, BATCH)).some((run) => run.runId === other.runId));
  expect(await act('run', key)).toMatchObject({ status: 202, body: { workflowId: own.workflowId, runId: own.runId } });
  stack.trackerGate.open();
});

test('a stored request is never told that nothing was done: PostgreSQL goes away behind it', async () => {
  const key = unique('key');
  await stack.db.query(sql`alter table batch_runs rename to elsewhere`);
  await stack.db.query(
    sql`create function gone() returns setof elsewhere language plpgsql as ${sql.lit(
      `begin raise exception using errcode = '57P01'; end`,
    )}`,
  );
  await stack.db.query(sql`create view batch_runs as select * from gone()`);
  try {
    expect(await act('pause', key)).toMatchObject(pending);
    expect(await isPaused()).toBe(true);
  } finally {
    await stack.db.query(sql`drop view batch_runs`);
    await stack.db.query(sql`alter table elsewhere rename to batch_runs`);
  }
  expect(await act('pause', key)).toMatchObject({ status: 200, body: { paused: true } });
});
