import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { batchConfig } from '../../process/config/batches.ts';
import { ensureSchedules } from '../../worker/schedules.ts';
import { batchScheduleId, batchWorkflows } from '../../workflows/messages/batches.ts';
import { cronAtNoTime } from '../support/clock.ts';
import { PATIENCE_MS } from '../support/patience.ts';
import {
  finishedRun,
  runBatch,
  runsOf,
  shipped,
  startBatch,
  startTrackedStack,
  type TrackedStack,
} from '../support/scenes/batches.ts';
import { eventually } from '../support/stack.ts';

const BATCH = 'waybill-registration';
const [early, late] = [cronAtNoTime(5), cronAtNoTime(6)];
const crons = { WAYBILL_REGISTRATION_CRON: early.cron, AUTO_COMPLETE_CRON: cronAtNoTime(10).cron };
let stack: TrackedStack;
const handle = () => stack.temporal.schedule.getHandle(batchScheduleId(BATCH, stack.taskQueue));
const ensure = (more = {}) => ensureSchedules(stack.temporal, stack.taskQueue, batchConfig({ ...crons, ...more }));

beforeAll(async () => {
  stack = await startTrackedStack({ DELIVERY_API_TIMEOUT_MS: String(PATIENCE_MS) });
});
afterAll(async () => {
  for (const batch of Object.keys(batchWorkflows))
    await stack.temporal.schedule
      .getHandle(batchScheduleId(batch as typeof BATCH, stack.taskQueue))
      .delete()
      .catch(() => {});
  await stack.stop();
});

describe('the batches as Schedules', () => {
  test('before any worker has made them, the list says so', async () => {
    const { status, body } = await stack.get('/api/bo/v1/batches');
    expect(status).toBe(200);
    expect(body.items).toMatchObject([
      { id: 'auto-complete', cron: null, nextRunAt: null },
      { id: 'waybill-registration', cron: null, nextRunAt: null },
    ]);
    expect(await stack.post(`/api/bo/v1/batches/${BATCH}/pause`, undefined)).toMatchObject({
      status: 404,
      body: { code: 'BATCH_NOT_FOUND' },
    });
  });

  test('made by two workers that start at once: there once, with cron, time zone, overlap skip and catch-up window', async () => {
    await Promise.all([ensure(), ensure(), ensure()]);
    const { spec, policies, action } = await handle().describe();
    expect(spec.timezone).toBe('Asia/Seoul');
    expect(policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 3_600_000 });
    expect(action).toMatchObject({ workflowType: 'waybillRegistration', taskQueue: stack.taskQueue });
    const { body } = await stack.get('/api/bo/v1/batches');
    const [, item] = body.items;
    expect(item).toMatchObject({ id: BATCH, cron: early.cron, timeZone: 'Asia/Seoul', paused: false, lastRun: null });
    // The cron is Seoul's, the instant is not.
    expect(item.nextRunAt).toMatch(early.next);
  });

  test('paused by an operator, a starting worker keeps the pause, also with another cron', async () => {
    const { status, body } = await stack.post(`/api/bo/v1/batches/${BATCH}/pause`, undefined);
    expect([status, body.paused, body.nextRunAt]).toEqual([200, true, null]);
    await ensure({ WAYBILL_REGISTRATION_CRON: late.cron });
    const { state } = await handle().describe();
    expect(state).toMatchObject({ paused: true, note: 'kim: 일시정지' });
    const resumed = await stack.post(`/api/bo/v1/batches/${BATCH}/resume`, undefined);
    expect(resumed.body).toMatchObject({ paused: false, cron: late.cron, nextRunAt: expect.stringMatching(late.next) });
  });

  test('a scheduled run is shown as one, by the provider', async () => {
    const line = await shipped(stack);
    await handle().trigger();
    const run = await eventually(async () =>
      (await runsOf(stack, BATCH)).find((each) => each.trigger === 'schedule' && each.finishedAt),
    );
    expect(run).toMatchObject({ by: 'sweettracker', examined: 1, succeeded: 1, errors: [] });
    expect(stack.simulator.control.registrations({ num: line.waybillNo })).toHaveLength(1);
    const { body } = await stack.get('/api/bo/v1/batches');
    expect(body.items[1].lastRun).toMatchObject({ runId: run.runId, trigger: 'schedule' });
  });

  test('two runs of a batch at once: the second is 409 with a clear message, or closes itself; nothing is registered twice', async () => {
    const line = await shipped(stack);
    stack.trackerGate.shut();
    const first = await startBatch(stack, BATCH);
    await eventually(async () => (await runsOf(stack, BATCH)).some((run) => run.runId === first.runId));
    const second = await stack.post(`/api/bo/v1/batches/${BATCH}/run`, undefined);
    expect(second).toMatchObject({
      status: 409,
      body: { code: 'BATCH_RUNNING', detail: expect.stringContaining(first.workflowId) },
    });
    // The Schedule does not know of a run by hand: its own closes itself.
    await handle().trigger();
    const skipped = await eventually(async () =>
      (await runsOf(stack, BATCH)).find(({ errors }) => errors.some(({ code }) => code === 'BATCH_RUNNING')),
    );
    stack.trackerGate.open();
    expect(skipped).toMatchObject({ examined: 0, trigger: 'schedule', finishedAt: expect.any(String) });
    expect(await finishedRun(stack, BATCH, first)).toMatchObject({ examined: 1, succeeded: 1 });
    expect(stack.simulator.control.registrations({ num: line.waybillNo })).toHaveLength(1);
  });

  test('the same run asked for twice under one key starts once', async () => {
    const headers = { 'idempotency-key': `run-${stack.taskQueue}` };
    const answers = [];
    for (let n = 0; n < 2; n++) answers.push(await stack.post(`/api/bo/v1/batches/${BATCH}/run`, undefined, { headers }));
    expect(answers.map(({ status, body }) => [status, body])).toEqual([
      [202, answers[0]?.body],
      [202, answers[0]?.body],
    ]);
    await finishedRun(stack, BATCH, answers[0]?.body);
  });

  test('a run that was terminated is closed by the next one, which goes on', async () => {
    await shipped(stack);
    stack.trackerGate.shut();
    const broken = await startBatch(stack, BATCH);
    await eventually(async () => (await runsOf(stack, BATCH)).some((run) => run.runId === broken.runId));
    await stack.temporal.workflow.getHandle(broken.workflowId).terminate('by hand');
    stack.trackerGate.drop();
    stack.trackerGate.open();
    await runBatch(stack, BATCH);
    expect(await finishedRun(stack, BATCH, broken)).toMatchObject({ errors: [{ code: 'BATCH_BROKEN_OFF' }] });
  });

  test('runs are a list: pages by cursor; reading needs batch.read, acting batch.run', async () => {
    const first = await stack.get(`/api/bo/v1/batches/${BATCH}/runs?limit=2`);
    const rest = await stack.get(`/api/bo/v1/batches/${BATCH}/runs?cursor=${first.body.nextCursor}`);
    const all = await runsOf(stack, BATCH);
    expect([...first.body.items, ...rest.body.items].map(({ runId }) => runId)).toEqual(all.map(({ runId }) => runId));
    expect(await stack.get('/api/bo/v1/batches/nightly/runs')).toMatchObject({ status: 404, body: { code: 'BATCH_NOT_FOUND' } });
    const token = await stack.token(['batch.read']);
    expect((await stack.get('/api/bo/v1/batches', { token })).status).toBe(200);
    expect((await stack.post(`/api/bo/v1/batches/${BATCH}/run`, undefined, { token })).status).toBe(403);
    expect((await stack.get('/api/bo/v1/batches', { token: await stack.token(['batch.run']) })).status).toBe(403);
  });
});
