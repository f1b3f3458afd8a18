import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { command, placeIn } from '../../support/scenes/orders.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const open = (path: string) => stack.get(path, { token: null });
/** The worker's own sign that it polls, so many seconds old. */
const polled = (seconds: number, taskQueue = stack.taskQueue) =>
  stack.db.query(
    `insert into workers (id, task_queue, seen_at) values ('w', $1, now() - interval '1 second' * $2)
     on conflict (id) do update set task_queue = excluded.task_queue, seen_at = excluded.seen_at`,
    [taskQueue, seconds],
  );

test('GET /healthz: process up', async () => {
  expect(await open('/healthz')).toMatchObject({ status: 200, body: { status: 'up' } });
});

describe('GET /readyz: 200 when PostgreSQL, Temporal and a polling worker are reachable, else 503 naming what is not', () => {
  test('no worker has ever polled', async () => {
    await stack.db.query('delete from workers');
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
