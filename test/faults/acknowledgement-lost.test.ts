import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import pg from 'pg';
import { type Gate, openGate } from '../support/processes/gate.ts';
import { type ApiProcess, type ProcessStack, startProcesses } from '../support/processes/process-stack.ts';
import { expectSame, historyOf, sweepNow } from '../support/scenes/faults.ts';
import { command, type PlacedLine, placeOrder, unique } from '../support/scenes/orders.ts';
import { eventually } from '../support/stack.ts';

let stack: ProcessStack;
let gate: Gate;
let api: ApiProcess;
beforeAll(async () => {
  stack = await startProcesses();
  const { hostname, port } = new URL(stack.databaseUrl);
  gate = await openGate(`${hostname}:${port}`);
  await stack.startWorker();
  api = await startSilent();
});
afterAll(async () => {
  await gate.close();
  await stack.stop();
});

const throughGate = () => Object.assign(new URL(stack.databaseUrl), { host: gate.address }).href;
/** It sweeps once, at its start. */
const startSilent = () => stack.startApi({ DATABASE_URL: throughGate(), SWEEP_INTERVAL_MS: '3600000' });
const rowsOf = (key: string) => stack.db.query(sql<{ status: number | null }>`select status from requests where key = ${key}`);
const instruct = (to: ApiProcess, line: PlacedLine, key: string) =>
  command(to, 'instruct', [line], {}, { 'idempotency-key': key });

/** Posts a command whose insert reaches PostgreSQL or not, and loses the connection before the answer to it. */
async function cutOff(line: PlacedLine, key: string, arrives: boolean) {
  const blocker = await lockRequests();
  const sent = instruct(api, line, key);
  await blocker.waited();
  // The insert waits in PostgreSQL: shut, the acknowledgement cannot come back.
  gate.shut();
  await (arrives ? blocker.letGo() : blocker.endWaiting());
  await eventually(async () => (await rowsOf(key)).length === (arrives ? 1 : 0));
  gate.drop();
  gate.open();
  return sent;
}

/** Nobody can insert a request until it lets go. */
async function lockRequests() {
  const client = new pg.Client({ connectionString: stack.databaseUrl });
  await client.connect();
  await client.query('begin');
  await client.query('lock table requests in share mode');
  const waiting = sql<{ pid: number }>`select pid from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock' and query like 'insert into requests%'`;
  return {
    waited: () => eventually(async () => (await stack.db.query(waiting)).length === 1),
    letGo: () => client.end(),
    endWaiting: async () => {
      for (const { pid } of await stack.db.query(waiting)) await stack.db.query(sql`select pg_terminate_backend(${pid}::int)`);
      await eventually(async () => (await stack.db.query(waiting)).length === 0);
      await client.end();
    },
  };
}

describe('a request whose insert has lost its acknowledgement', () => {
  test('is pending, not "nothing was done": another API executes it, once, the first one having died', async () => {
    const doomed = api;
    const [line] = (await placeOrder(doomed)) as [PlacedLine];
    const key = unique('key');
    const answer = await cutOff(line, key, true);
    expect(answer).toMatchObject({ status: 503, body: { code: 'COMMAND_PENDING' } });
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    await doomed.kill();
    await sweepNow(stack, key);
    const other = await stack.startApi();
    await eventually(async () => (await rowsOf(key))[0]?.status === 200);
    expect(await instruct(other, line, key)).toMatchObject({ status: 200, body: { succeeded: 1 } });
    expect(await historyOf(stack, line)).toEqual(['order', 'instruct']);
    await expectSame(stack, line);
    await other.kill();
    api = await startSilent();
  });

  test('and that was not stored is stored by its process later, and done', async () => {
    const sweeper = await stack.startApi({ DATABASE_URL: throughGate() });
    const before = api;
    api = sweeper;
    const [line] = (await placeOrder(sweeper)) as [PlacedLine];
    const key = unique('key');
    expect(await cutOff(line, key, false)).toMatchObject({ status: 503, body: { code: 'COMMAND_PENDING' } });
    await eventually(async () => (await rowsOf(key)).length === 1);
    await eventually(async () => {
      await sweepNow(stack, key);
      return (await rowsOf(key))[0]?.status === 200;
    });
    expect(await historyOf(stack, line)).toEqual(['order', 'instruct']);
    api = before;
    await sweeper.kill();
  });
});

test('one that surely never came to PostgreSQL is UNAVAILABLE, and nothing is done', async () => {
  const [line] = (await placeOrder(api)) as [PlacedLine];
  const key = unique('key');
  await gate.close();
  const answer = await eventually(async () => {
    const refused = await instruct(api, line, unique('before'));
    // A connection of the pool may have been in use when the door closed.
    return refused.body.code === 'UNAVAILABLE' && (await instruct(api, line, key));
  });
  expect(answer).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } });
  expect(await rowsOf(key)).toEqual([]);
  expect(await historyOf(stack, line)).toEqual(['order']);
});
