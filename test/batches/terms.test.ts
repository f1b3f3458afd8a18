import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { pruneRequests } from '../../db/requests/write.ts';
import { batchConfig } from '../../process/config/batches.ts';
import { ensureSchedules } from '../../worker/schedules.ts';
import { batchScheduleId } from '../../workflows/messages/batches.ts';
import { cronAtNoTime } from '../support/clock.ts';
import { runBatch, runsOf, startBatch } from '../support/scenes/batches.ts';
import { commandLine, orderBody, placeIn, unique } from '../support/scenes/orders.ts';
import { tablesWith } from '../support/scenes/personal-data.ts';
import { callback, outcomesOf, people } from '../support/scenes/tracking.ts';
import { eventually, type Stack, startStack } from '../support/stack.ts';

const ID = 'personal-data';
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ ACCESS_RECORD_DAYS: '731' });
});
afterAll(() => stack.stop());

const run = () => runBatch(stack, ID);
const courier = { details: '담당 황보기사 010-9876-1234 배송출발' };

describe('the bodies of the tracker’s callbacks', () => {
  const journal = async (fid: string) =>
    stack.db.query(
      sql<{
        body: object | null;
        details: string | null;
      }>`select body, details from tracking_journal where fid = ${fid} order by id`,
    );
  const age = (fid: string, days: number) =>
    stack.db.query(sql`update tracking_journal set received_at = now() - interval '1 day' * ${days} where fid = ${fid}`);

  test('go after 90 days, with details that hold a telephone number; the timeline stays', async () => {
    const [old, young] = [await placeIn(stack, 'shipped'), await placeIn(stack, 'shipped')];
    for (const { deliveryNo, waybillNo } of [old, young]) {
      await callback(stack, deliveryNo, waybillNo, 2, { details: '집화처리 17시 30분 2026-11-23' });
      await callback(stack, deliveryNo, waybillNo, 5, courier);
      await outcomesOf(stack, deliveryNo);
    }
    await age(old.deliveryNo, 91);
    await age(young.deliveryNo, 89);
    await run();
    expect(await journal(old.deliveryNo)).toEqual([
      { body: null, details: '집화처리 17시 30분 2026-11-23' },
      { body: null, details: null },
    ]);
    expect(await journal(young.deliveryNo)).toMatchObject([
      { body: { man: people.man } },
      { body: { telno_man: people.telno_man }, details: courier.details },
    ]);
    const { body } = await stack.get(`/api/bo/v1/deliveries/${old.deliveryNo}`);
    expect(body.tracking).toMatchObject([
      { waybillNo: old.waybillNo, level: 2, where: '서울강남', details: '집화처리 17시 30분 2026-11-23' },
      { waybillNo: old.waybillNo, level: 5, where: '서울강남', details: null },
    ]);
  });

  test.each(['010-1234-5678', '01012345678', '02)123-4567', '+82 10 1234 5678', '(031) 123 4567', '0505-1234-5678'])(
    'a telephone number is known as one: %s',
    async (phone) => {
      const line = await placeIn(stack, 'shipped');
      await callback(stack, line.deliveryNo, line.waybillNo, 5, { details: `배송출발 (홍기사:${phone})` });
      await outcomesOf(stack, line.deliveryNo);
      await age(line.deliveryNo, 91);
      await run();
      expect(await journal(line.deliveryNo)).toEqual([{ body: null, details: null }]);
    },
  );

  test('an exception can still be replayed, and the relay acts on a callback that waited all the time', async () => {
    const line = await placeIn(stack, 'shipped');
    const waybillNo = '577777777777';
    await callback(stack, line.deliveryNo, waybillNo, 6, courier);
    await outcomesOf(stack, line.deliveryNo);
    await age(line.deliveryNo, 91);
    await run();
    expect(await journal(line.deliveryNo)).toEqual([{ body: null, details: null }]);
    await commandLine(stack, 'correct-waybill', line, { carrierCode: '04', waybillNo }, { reason: '오타' });
    const { body } = await stack.get(`/api/bo/v1/tracking-exceptions?deliveryNo=${line.deliveryNo}`);
    await stack.post(`/api/bo/v1/tracking-exceptions/${body.items[0].id}/replay`, {});
    await eventually(async () => {
      const { body: delivery } = await stack.get(`/api/bo/v1/deliveries/${line.deliveryNo}`);
      return delivery.lines[0].state === 'delivered';
    });
  });
});

describe('access records', () => {
  test('go after the days that were set, which are two years or more', async () => {
    const ages = { kept: 730, gone: 732 };
    for (const [subject, days] of Object.entries(ages))
      await stack.db.query(sql`insert into personal_data_accesses (at, sub, ip, route, subject, fields)
        values (now() - interval '1 day' * ${days}, 'kim', '127.0.0.1', 'GET /', ${subject}, '{}')`);
    expect(await run()).toMatchObject({ succeeded: 1 });
    const left = await stack.db.query(sql<{ subject: string }>`select subject from personal_data_accesses`);
    expect(left).toEqual([{ subject: 'kept' }]);
    expect(() => batchConfig({ ACCESS_RECORD_DAYS: '730' })).toThrow('ACCESS_RECORD_DAYS');
  });
});

describe('requests that nobody has answered', () => {
  const NAME = '제갈아무도';
  const ORDERS = '/api/order/v1/orders';
  /** Stored by a newer version, so many days ago, whose operation nobody here knows. */
  const leftBehind = async (days: number, more = sql``) => {
    const key = unique('key');
    const body = orderBody([{}], { orderer: { name: NAME, phone: '010-3131-6464' } });
    const headers = { 'idempotency-key': key };
    expect((await stack.post(ORDERS, body, { headers })).status).toBe(201);
    await stack.requests.answersStored();
    await stack.db.query(sql`update requests set operation = 'of-a-newer-version', params = ${JSON.stringify({ name: NAME })},
      reason = ${NAME}, status = null, answer = null, answered_at = null, attempts = 3, sweep_at = now() + interval '10 minutes',
      created_at = now() - interval '1 day' * ${days} ${more} where key = ${key}`);
    const again = () => stack.post(ORDERS, body, { headers });
    const row = async () =>
      (
        await stack.db.query(sql<{ status: number | null; body: unknown; reason: string | null; attempts: number }>`
          select status, body, reason, attempts from requests where key = ${key}`)
      )[0];
    return { key, again, row };
  };

  test('end after 90 days with a failure that names nobody, and not before; a repeat hears of it', async () => {
    const [old, young] = [await leftBehind(91), await leftBehind(89)];
    const busy = await leftBehind(91, sql`, locked_until = now() + interval '1 hour'`);
    expect((await run()).succeeded).toBeGreaterThanOrEqual(1);
    expect(await old.row()).toEqual({ status: 500, body: null, reason: null, attempts: 4 });
    for (const each of [young, busy]) expect(await each.row()).toMatchObject({ status: null, reason: NAME });
    expect(await old.again()).toMatchObject({ status: 500, body: { code: 'INTERNAL' } });
    // An execution that comes back now, or a process that knows the operation, has nothing left to do.
    await stack.db.query(sql`update requests set sweep_at = now() - interval '1 hour' where key = ${old.key}`);
    await stack.requests.sweep();
    expect(await old.row()).toMatchObject({ status: 500, attempts: 4 });

    // All of the others end too, and 48 hours later nothing of them is there.
    await stack.db.query(
      sql`update requests set locked_until = null, created_at = now() - interval '91 days' where status is null`,
    );
    await run();
    await stack.db.query(sql`update requests set created_at = now() where status is not null`);
    expect(await tablesWith(stack, NAME)).toEqual(['orders']);
    await stack.db.query(sql`update requests set answered_at = now() - interval '49 hours'`);
    await pruneRequests(stack.db.query, '48 hours', 1_000);
    expect(await old.row()).toBeUndefined();
  });

  test('in pages: more than one of them goes in a night, each counted once', async () => {
    const { key } = await leftBehind(91);
    await stack.db.query(sql`insert into requests (id, sub, method, path, key, operation, params, body_hash, body, trace_id, sweep_at, created_at)
      select key || n, sub, method, path, key || n, operation, params, body_hash, body, trace_id, sweep_at, created_at
        from requests, generate_series(1, 1200) n where key = ${key}`);
    expect(await run()).toMatchObject({ examined: 1_201, succeeded: 1_201, failed: 0, skipped: 0 });
    expect(await run()).toMatchObject({ examined: 0 });
  });
});

describe('the Schedule', () => {
  test('is made beside the two of the list, which stays as it was; its state, runs and controls are under its id', async () => {
    const { cron, next } = cronAtNoTime(7);
    const crons = { WAYBILL_REGISTRATION_CRON: cron, AUTO_COMPLETE_CRON: cron, PERSONAL_DATA_CRON: cron };
    expect((await stack.get(`/api/bo/v1/batches/${ID}`)).body).toMatchObject({ id: ID, cron: null, nextRunAt: null });
    await ensureSchedules(stack.temporal, stack.taskQueue, batchConfig(crons));
    const handle = stack.temporal.schedule.getHandle(batchScheduleId(ID, stack.taskQueue));
    try {
      const { body: list } = await stack.get('/api/bo/v1/batches');
      expect(list.items.map(({ id }: { id: string }) => id)).toEqual(['auto-complete', 'waybill-registration']);
      const { body: batch } = await stack.get(`/api/bo/v1/batches/${ID}`);
      expect(batch).toMatchObject({
        id: ID,
        cron,
        timeZone: 'Asia/Seoul',
        paused: false,
        nextRunAt: expect.stringMatching(next),
      });
      await handle.trigger();
      const scheduled = await eventually(async () =>
        (await runsOf(stack, ID)).find((each) => each.trigger === 'schedule' && each.finishedAt),
      );
      expect(scheduled).toMatchObject({ by: 'tracker', failed: 0, errors: [] });
      expect((await stack.post(`/api/bo/v1/batches/${ID}/pause`, undefined)).body).toMatchObject({ id: ID, paused: true });
      expect((await stack.post(`/api/bo/v1/batches/${ID}/resume`, undefined)).body).toMatchObject({ id: ID, paused: false });
      expect((await stack.get('/api/bo/v1/batches/nightly')).status).toBe(404);
      const token = await stack.token(['delivery.read']);
      expect((await stack.get(`/api/bo/v1/batches/${ID}`, { token })).status).toBe(403);
      expect((await stack.post(`/api/bo/v1/batches/${ID}/run`, undefined, { token })).status).toBe(403);
      expect(await startBatch(stack, ID)).toMatchObject({ workflowId: expect.stringContaining(ID) });
    } finally {
      for (const id of ['auto-complete', 'waybill-registration', ID] as const)
        await stack.temporal.schedule.getHandle(batchScheduleId(id, stack.taskQueue)).delete();
    }
  });
});
