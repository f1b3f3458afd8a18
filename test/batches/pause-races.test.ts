import { AsyncLocalStorage } from 'node:async_hooks';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { batchConfig } from '../../process/config/batches.ts';
import { ensureSchedules } from '../../worker/schedules.ts';
import { type BatchId, batchScheduleId, batchWorkflows } from '../../workflows/messages/batches.ts';
import { cronAtNoTime } from '../support/clock.ts';
import { unique } from '../support/scenes/orders.ts';
import { eventually, type Stack, startStack } from '../support/stack.ts';

const BATCH = 'auto-complete';
const [early, late] = [cronAtNoTime(5), cronAtNoTime(6)];
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ REQUEST_SWEEP_AFTER_MS: '0', COMMAND_TIMEOUT_MS: '1500' }, { hasWorker: false });
});
afterAll(async () => {
  for (const id of Object.keys(batchWorkflows) as BatchId[])
    await stack.temporal.schedule.getHandle(batchScheduleId(id, stack.taskQueue)).delete();
  await stack.stop();
});

const ensure = (cron: string) => ensureSchedules(stack.temporal, stack.taskQueue, batchConfig({ AUTO_COMPLETE_CRON: cron }));
const act = (name: 'pause' | 'resume', key = unique('key')) =>
  stack.post(`/api/bo/v1/batches/${BATCH}/${name}`, undefined, { headers: { 'idempotency-key': key } });
/** What became of it, as its caller learns it: the deadline is short, and a slow machine may need the same request again. */
async function done(name: 'pause' | 'resume', key = unique('key'), first = act(name, key)) {
  const told = await first;
  return told.status === 503 ? eventually(() => act(name, key).then((again) => again.status !== 503 && again)) : told;
}
const described = () => stack.temporal.schedule.getHandle(batchScheduleId(BATCH, stack.taskQueue)).describe();
const now = async () => {
  const { state, action } = await described();
  return { paused: state.paused, cron: (action.args as { cron: string }[])[0]?.cron };
};
/** Sends what is sent without the deadline of whoever asked for it, as a network does that delivers late. */
const beyondDeadlines = AsyncLocalStorage.snapshot();

/** The next call that changes a Schedule stands still on its way to Temporal until it is let go, whatever became of its caller. */
function holdNextChange() {
  const service = stack.temporal.workflowService as unknown as Record<string, (request: unknown) => Promise<unknown>>;
  const [onItsWay, letGo, landed] = [1, 2, 3].map(() => Promise.withResolvers<void>()) as [
    PromiseWithResolvers<void>,
    PromiseWithResolvers<void>,
    PromiseWithResolvers<void>,
  ];
  const names = ['updateSchedule', 'patchSchedule'];
  const originals = names.map((name) => service[name] as (request: unknown) => Promise<unknown>);
  names.forEach((name, at) => {
    service[name] = async (request) => {
      names.forEach((each, index) => {
        service[each] = originals[index] as (request: unknown) => Promise<unknown>;
      });
      onItsWay.resolve();
      await letGo.promise;
      const answer = beyondDeadlines(() => originals[at]?.(request));
      void answer?.finally(() => landed.resolve());
      return answer;
    };
  });
  return {
    onItsWay: onItsWay.promise,
    arrives: async () => {
      letGo.resolve();
      await landed.promise;
    },
  };
}

describe('changes of a Schedule that race', () => {
  beforeEach(async () => {
    await ensure(early.cron);
    expect((await done('resume')).status).toBe(200);
    expect(await now()).toEqual({ paused: false, cron: early.cron });
  });

  test('a pause that arrives after its deadline does not undo a newer resume', async () => {
    const [held, key] = [holdNextChange(), unique('older')];
    const older = act('pause', key);
    await held.onItsWay;
    expect(await older).toMatchObject({ status: 503, body: { code: 'COMMAND_PENDING' } });
    expect(await done('resume')).toMatchObject({ status: 200, body: { paused: false } });
    await held.arrives();
    expect(await now()).toEqual({ paused: false, cron: early.cron });
    expect(await act('pause', key)).toMatchObject({ status: 409, body: { code: 'SUPERSEDED' } });
  });

  test('a pause that arrives late with nothing newer is the pause that was wanted, and the sweep says so', async () => {
    const [held, key] = [holdNextChange(), unique('late')];
    const pause = act('pause', key);
    await held.onItsWay;
    expect((await pause).status).toBe(503);
    await held.arrives();
    await stack.db.query(sql`update requests set sweep_at = now() where answered_at is null`);
    await eventually(async () => {
      await stack.requests.sweep();
      return (await now()).paused;
    });
    expect(await act('pause', key)).toMatchObject({ status: 200, body: { paused: true } });
  });

  test('a worker that brings the Schedule up to date does not undo a pause that comes in between', async () => {
    const held = holdNextChange();
    const ensured = ensure(late.cron);
    await held.onItsWay;
    expect(await done('pause')).toMatchObject({ status: 200, body: { paused: true, cron: early.cron } });
    await held.arrives();
    await ensured;
    expect(await now()).toEqual({ paused: true, cron: late.cron });
  });

  test('a pause on its way while a worker brings the Schedule up to date keeps what the worker did', async () => {
    const [held, key] = [holdNextChange(), unique('key')];
    const pause = act('pause', key);
    await held.onItsWay;
    await ensure(late.cron);
    await held.arrives();
    expect(await done('pause', key, pause)).toMatchObject({ status: 200, body: { paused: true, cron: late.cron } });
    expect(await now()).toEqual({ paused: true, cron: late.cron });
  });

  test('many at once: the last that was asked for is what remains, and each is told the truth', async () => {
    const acts = Array.from({ length: 6 }, (_, at) => (at % 2 === 0 ? 'pause' : 'resume') as 'pause' | 'resume');
    const [answers] = await Promise.all([Promise.all(acts.map((name) => act(name))), ensure(late.cron), ensure(late.cron)]);
    for (const { status } of answers) expect([200, 409, 503]).toContain(status);
    // What is pending is done by the sweep, or is older than what was.
    await eventually(async () => {
      await stack.db.query(sql`update requests set sweep_at = now() where answered_at is null`);
      await stack.requests.sweep();
      const [open] = await stack.db.query(sql<{ n: number }>`select count(*) as n from requests where answered_at is null`);
      return open?.n === 0;
    });
    // Wishes that one statement has stored have one time: either of them may be the last.
    const last = await stack.db.query(sql<{ paused: boolean }>`
      select distinct path like '%/pause' as paused from requests where operation in ('batch:pause', 'batch:resume')
         and created_at = (select max(created_at) from requests where operation in ('batch:pause', 'batch:resume'))`);
    const { paused, cron } = await now();
    expect(cron).toBe(late.cron);
    expect(last).toContainEqual({ paused });
  });

  test('no transaction of ours is open while Temporal does not answer', async () => {
    const held = holdNextChange();
    const pause = act('pause');
    await held.onItsWay;
    const [open] = await stack.db.query(sql<{ n: number }>`
      select count(*) as n from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null`);
    expect(open?.n).toBe(0);
    await held.arrives();
    await pause;
  });

  test('a pause changes the state alone, and the mark of who changed it', async () => {
    const whole = async () => {
      const { raw } = await described();
      const { spec, policies, action } = raw.schedule ?? {};
      return JSON.parse(JSON.stringify({ spec, policies, action: { ...action?.startWorkflow, header: null } }));
    };
    const before = await whole();
    expect((await done('pause')).status).toBe(200);
    expect((await described()).state).toMatchObject({ paused: true, note: 'kim: 일시정지' });
    expect(await whole()).toEqual(before);
  });
});
