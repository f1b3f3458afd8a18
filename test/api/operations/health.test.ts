import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { onOneDay, seoulDay } from '../../support/clock.ts';
import { command, placeIn, receiver } from '../../support/scenes/orders.ts';
import { openClaim, placedLine } from '../../support/scenes/pickups.ts';
import { callback, outcomesOf } from '../../support/scenes/tracking.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const open = (path: string) => stack.get(path, { token: null });
/** The worker's own sign that it polls, so many seconds old. */
const polled = (seconds: number, taskQueue = stack.taskQueue) =>
  stack.db.query(sql`insert into workers (id, task_queue, seen_at) values ('w', ${taskQueue}, now() - interval '1 second' * ${seconds})
     on conflict (id) do update set task_queue = excluded.task_queue, seen_at = excluded.seen_at`);

test('GET /healthz: process up', async () => {
  expect(await open('/healthz')).toMatchObject({ status: 200, body: { status: 'up' } });
});

describe('GET /readyz: 200 when PostgreSQL, Temporal and a polling worker are reachable, else 503 naming what is not', () => {
  test('no worker has ever polled', async () => {
    await stack.db.query(sql`delete from workers`);
    expect(await open('/readyz')).toMatchObject({
      status: 503,
      body: { missing: ['worker'], checks: { postgresql: 'up', temporal: 'up', worker: 'down' } },
    });
  });

  test('a worker polls', async () => {
    await polled(1);
    expect(await open('/readyz')).toMatchObject({ status: 200, body: { status: 'ready', missing: [] } });
  });

  test('it has been silent for a minute, or polls another queue', async () => {
    await polled(60);
    expect((await open('/readyz')).status).toBe(503);
    await polled(1, 'another-queue');
    expect((await open('/readyz')).status).toBe(503);
    await polled(1);
    expect((await open('/readyz')).status).toBe(200);
  });
});

describe('GET /metrics: Prometheus', () => {
  test('requests by route, never by what a client wrote', async () => {
    await stack.get('/api/bo/v1/deliveries/D-secret-number');
    await stack.get('/api/bo/v1/nowhere/secret-name');
    const { status, headers, body } = await open('/metrics');
    expect([status, headers.get('content-type')]).toEqual([200, expect.stringContaining('text/plain')]);
    expect(body).toMatch(
      /http_request_duration_seconds_count\{[^}]*route="\/api\/bo\/v1\/deliveries\/[:{]deliveryNo\}?"[^}]*status="404"[^}]*\} \d+/,
    );
    expect(body).not.toMatch(/secret/);
    expect(body).toContain('process_cpu_seconds_total');
  });

  test('commands by outcome', async () => {
    const line = await placeIn(stack, 'ordered');
    const counted = async (outcome: string) =>
      Number(
        new RegExp(`line_commands_total\\{command="instruct",outcome="${outcome}"\\} (\\d+)`).exec(
          (await open('/metrics')).body,
        )?.[1] ?? 0,
      );
    const before = [await counted('ok'), await counted('TRANSITION_NOT_ALLOWED')];
    for (let times = 0; times < 2; times++) await command(stack, 'instruct', [{ deliveryNo: line.deliveryNo, lineNo: 1 }]);
    expect([await counted('ok'), await counted('TRANSITION_NOT_ALLOWED')]).toEqual(before.map((n) => n + 1));
  });
});

describe('the rest that a page needs', () => {
  test('GET /carriers', async () => {
    const { body } = await stack.get('/api/bo/v1/carriers');
    expect(body.items).toHaveLength(19);
    expect(body.items[1]).toEqual({
      code: '04',
      name: 'CJ대한통운',
      trackable: true,
      esmNo: 10013,
      sabangnetNo: 4,
      waybillPattern: '^[0-9]{9,14}$',
    });
    for (const { waybillPattern } of body.items) expect(() => new RegExp(waybillPattern)).not.toThrow();
  });

  test('GET /summary counts what waits, per state', () =>
    onOneDay(async () => {
      const before = (await stack.get('/api/bo/v1/summary')).body;
      await placeIn(stack, 'instructed', {}, { receiver, orderedAt: '2020-01-01T00:00:00Z' });
      await placeIn(stack, 'delivered');
      const { body } = await stack.get('/api/bo/v1/summary');
      const of = (summary: any, state: string) => summary.deliveries.find((entry: any) => entry.state === state);
      expect(of(body, 'instructed').count).toBe(of(before, 'instructed').count + 1);
      expect(of(body, 'instructed')).toMatchObject({ stateName: '배송지시', oldestAt: '2020-01-01T00:00:00.000Z' });
      expect(body.today).toEqual({ shipped: before.today.shipped + 1, delivered: before.today.delivered + 1 });
      expect(of(body, 'canceled')).toBeUndefined();
      expect(body.days).toBeUndefined();
    }));

  test('GET /summary?days= adds what was shipped and delivered on each day of Seoul up to today', () =>
    onOneDay(async () => {
      const line = await placeIn(stack, 'delivered');
      await stack.db.query(
        sql`update delivery_lines set shipped_at = now() - interval '2 days' where delivery_no = ${line.deliveryNo}`,
      );
      const { body } = await stack.get('/api/bo/v1/summary?days=7');
      expect(body.days).toHaveLength(7);
      const dates = body.days.map(({ date }: { date: string }) => date);
      expect(dates).toEqual([...dates].sort());
      expect([dates[4], dates[6]]).toEqual([seoulDay(-2), seoulDay()]);
      expect(body.days[4].shipped).toBe(1);
      expect(body.days[6]).toMatchObject(body.today);
      for (const days of ['0', '32', 'x', '-1'])
        expect([days, (await stack.get(`/api/bo/v1/summary?days=${days}`)).status]).toEqual([days, 400]);
    }));
});

test('GET /summary counts pickups by state and open exceptions', async () => {
  const before = (await stack.get('/api/bo/v1/summary')).body;
  const line = await placeIn(stack, 'shipped');
  await callback(stack, line.deliveryNo, line.waybillNo, -99);
  await outcomesOf(stack, line.deliveryNo);
  await openClaim(stack, 'return', await placedLine(stack), 1);
  const { body } = await stack.get('/api/bo/v1/summary');
  expect(body.openExceptions).toBe(before.openExceptions + 1);
  const requested = (summary: any) => summary.pickups.find(({ state }: { state: string }) => state === 'requested');
  expect(requested(body)).toMatchObject({
    stateName: '회수접수',
    count: requested(before).count + 1,
    oldestAt: expect.any(String),
  });
});
