import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { batchConfig } from '../../process/config/batches.ts';
import { ensureSchedules } from '../../worker/schedules.ts';
import { type BatchId, batchScheduleId, batchWorkflows } from '../../workflows/messages/batches.ts';
import { cronAtNoTime } from '../support/clock.ts';
import { cutWaiting, hold } from '../support/scenes/locks.ts';
import { unique } from '../support/scenes/orders.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ REQUEST_SWEEP_AFTER_MS: '0' }, { hasWorker: false });
});
afterAll(() => stack.stop());

describe('a batch', () => {
  const batch = 'auto-complete';
  const act = (name: string, key: string) =>
    stack.post(`/api/bo/v1/batches/${batch}/${name}`, undefined, { headers: { 'idempotency-key': key } });
  const schedule = () => stack.temporal.schedule.getHandle(batchScheduleId(batch, stack.taskQueue));
  const isPaused = async () => (await schedule().describe()).state.paused;
  beforeAll(() => ensureSchedules(stack.temporal, stack.taskQueue, batchConfig({ AUTO_COMPLETE_CRON: cronAtNoTime().cron })));
  afterAll(async () => {
    for (const id of Object.keys(batchWorkflows) as BatchId[])
      await stack.temporal.schedule.getHandle(batchScheduleId(id, stack.taskQueue)).delete();
  });

  test('an older pause that comes late does not undo a newer resume', async () => {
    expect((await act('pause', unique('first'))).body.paused).toBe(true);
    const [older, later] = [unique('older'), unique('later')];
    const letGo = await hold(stack, sql`select 1 from batch_pauses for update`);
    const pause = act('pause', older);
    await cutWaiting(stack);
    expect((await pause).status).toBe(503);
    await letGo();
    expect(await act('resume', later)).toMatchObject({ status: 200, body: { paused: false } });
    await stack.db.query(sql`update requests set sweep_at = now() where key = ${older}`);
    await stack.requests.sweep();
    expect(await act('pause', older)).toMatchObject({ status: 409, body: { code: 'SUPERSEDED' } });
    expect(await isPaused()).toBe(false);
    expect((await act('pause', unique('newest'))).body.paused).toBe(true);
    expect(await isPaused()).toBe(true);
  });
});
