import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { type Answer, createRequests, type Operation } from '../../../requests/store.ts';
import { unique } from '../../support/scenes/orders.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

/** A store of requests with operations of its own, on a stack that has none of them. */
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({}, { hasWorker: false });
});
afterAll(() => stack.stop());

const storeOf = (...operations: Operation<undefined>[]) => {
  const requests = createRequests({ ...stack.deps, config: { ...stack.deps.config, REQUEST_SWEEP_AFTER_MS: 0 } });
  return { requests, operations: operations.map((operation) => requests.register(operation)) };
};
const ask = (key: string) => ({ id: key, sub: 'kim', member_id: '', method: 'POST', path: '/x', key, traceId: '', body: null });
const ok = (n: number): Answer => ({ status: 200, body: { n }, final: true });
const rowOf = async (key: string) =>
  (
    await stack.db.query(
      sql<any>`select status, answer, attempts, unended, locked_until, sweep_at from requests where key = ${key}`,
    )
  )[0];
/** As if the lock of these requests had run out, and their time had come. */
const letTimePass = (...keys: string[]) =>
  stack.db.query(sql`update requests set locked_until = null, sweep_at = now() - interval '1 hour'
    where key = any(${keys}) and answered_at is null`);
const lost = async (operation: string, key = unique('lost')) => {
  await stack.db.query(sql`insert into requests (id, sub, method, path, key, operation, params, body_hash, body, trace_id, unended, sweep_at)
    values (${key}, 'kim', 'POST', '/x', ${key}, ${operation}, '{}', '', 'null', '', 1, now() - interval '1 minute')`);
  return key;
};

describe('an execution that never comes back', () => {
  test('is left behind, and after three the request is answered as failed before a fourth; the others go on', async () => {
    let begun = 0;
    const hangs: Operation<undefined> = {
      name: unique('hangs'),
      execute: () => {
        begun++;
        return new Promise<Answer>(() => {});
      },
    };
    const works: Operation<undefined> = { name: unique('works'), execute: async () => ok(1) };
    const { requests } = storeOf(hangs, works);
    const key = unique('key');
    void requests.run(hangs, ask(key));
    for (const time of [1, 2, 3]) {
      await eventually(async () => begun === time);
      await letTimePass(key);
      if (time < 3) void requests.sweep();
    }
    const other = await lost(works.name);
    await eventually(async () => {
      await requests.sweep();
      return (await rowOf(key)).status !== null;
    });
    expect(begun).toBe(3);
    expect(await rowOf(key)).toMatchObject({ status: 500, answer: { code: 'INTERNAL', requestId: key } });
    expect(await rowOf(other)).toMatchObject({ status: 200 });
    const metrics = await stack.deps.metrics.registry.metrics();
    expect(metrics).toContain(`requests_given_up_total{operation="${hangs.name}",request="${key}"} 1`);
  });

  test('a suspect is executed alone: nothing that is due beside it can die with it', async () => {
    const under = new Set<string>();
    const seen: string[][] = [];
    const watched: Operation<undefined> = {
      name: unique('watched'),
      execute: async ({ id }) => {
        under.add(id);
        await new Promise((resolve) => setImmediate(resolve));
        seen.push([...under]);
        under.delete(id);
        return ok(1);
      },
    };
    const { requests } = storeOf(watched);
    const suspect = await lost(watched.name);
    await stack.db.query(sql`update requests set unended = 2, sweep_at = now() - interval '1 day' where key = ${suspect}`);
    for (let n = 0; n < 5; n++) await lost(watched.name);
    while ((await requests.sweep()) > 0);
    expect(seen.filter((ids) => ids.includes(suspect))).toEqual([[suspect]]);
    expect(seen).toHaveLength(6);
  });
});

test('an execution that comes back after another has begun settles nothing, and tells nothing of its own', async () => {
  const waiting: ((answer: Answer) => void)[] = [];
  const slow: Operation<undefined> = {
    name: unique('slow'),
    execute: () => new Promise<Answer>((resolve) => void waiting.push(resolve)),
  };
  const { requests } = storeOf(slow);
  const key = unique('key');
  const first = requests.run(slow, ask(key));
  await eventually(async () => waiting.length === 1);
  await letTimePass(key);
  const second = requests.run(slow, ask(key));
  await eventually(async () => waiting.length === 2);
  waiting[0]?.({ status: 409, body: { code: 'TRANSITION_NOT_ALLOWED' }, final: true });
  expect(await first).toMatchObject({ status: 503, body: { code: 'COMMAND_PENDING' } });
  waiting[1]?.(ok(2));
  expect(await second).toMatchObject({ status: 200 });
  expect(await rowOf(key)).toMatchObject({ status: 200, answer: { n: 2 }, unended: 0 });
  expect(await requests.run(slow, ask(key))).toMatchObject({ status: 200, body: { n: 2 } });
});

test('work that takes longer than a command keeps its lock, so that nobody begins it again', async () => {
  const done = Promise.withResolvers<Answer>();
  const long: Operation<undefined> = { name: unique('long'), longestMs: 3_600_000, execute: () => done.promise };
  const requests = createRequests({ ...stack.deps, config: { ...stack.deps.config, COMMAND_TIMEOUT_MS: -4_000 } });
  requests.register(long);
  const key = unique('key');
  const answer = requests.run(long, ask(key));
  const locked = async () => ((await rowOf(key))?.locked_until as Date | undefined)?.getTime() ?? 0;
  const at = await eventually(locked);
  await eventually(async () => (await locked()) > at);
  done.resolve(ok(1));
  expect(await answer).toMatchObject({ status: 200 });
});

describe('a request of which parts were told, and which then is given up', () => {
  const told = { a: { state: 'released' }, b: null };
  const lostWith = async (operation: string, more: { attempts: number; unended: number }) => {
    const key = await lost(operation);
    await stack.db.query(sql`update requests set outcomes = ${JSON.stringify(told)}::json, attempts = ${more.attempts},
      unended = ${more.unended} where key = ${key}`);
    return key;
  };
  const closed = { a: told.a, b: { code: 'INTERNAL' } };

  test('because three executions never ended: the told part stays as told, and nothing is done any more', async () => {
    const shows: Operation<undefined> = {
      name: unique('shows'),
      execute: async ({ outcomes }) => ({ status: 200, body: Object.fromEntries(outcomes), final: true }),
    };
    const { requests } = storeOf(shows);
    const key = await lostWith(shows.name, { attempts: 3, unended: 3 });
    while ((await requests.sweep()) > 0);
    expect(await rowOf(key)).toMatchObject({ status: 200, answer: closed });
  });

  test('because it always throws: the same', async () => {
    const throws: Operation<undefined> = {
      name: unique('throws'),
      execute: async ({ outcomes }) => {
        if (outcomes.get('b') === null) throw new Error('never');
        return { status: 200, body: Object.fromEntries(outcomes), final: true };
      },
    };
    const { requests } = storeOf(throws);
    const key = await lostWith(throws.name, { attempts: 49, unended: 0 });
    await eventually(async () => {
      await letTimePass(key);
      await requests.sweep();
      return (await rowOf(key)).status !== null;
    });
    expect(await rowOf(key)).toMatchObject({ status: 200, answer: closed });
  });
});

describe('an operation that nobody knows', () => {
  test('is put back with growing pauses and never counts as executed; others go on', async () => {
    const works: Operation<undefined> = { name: unique('works'), execute: async () => ok(1) };
    const { requests } = storeOf(works);
    const nobody = unique('of-a-newer-version');
    const unknown = await Promise.all(Array.from({ length: 40 }, () => lost(nobody)));
    await stack.db.query(
      sql`update requests set sweep_at = now() - interval '1 hour', created_at = now() - interval '1 hour',
      attempts = 49, unended = 2 where operation = ${nobody}`,
    );
    const key = await lost(works.name);
    while ((await requests.sweep()) > 0);
    expect(await rowOf(key)).toMatchObject({ status: 200 });
    for (const each of unknown) {
      const row = await rowOf(each);
      expect(row).toMatchObject({ status: null, attempts: 49, unended: 2, locked_until: null });
      expect(row.sweep_at.getTime()).toBeGreaterThan(Date.now() + 60_000);
    }
    // A process that knows it comes, by a deployment.
    const { requests: newer } = storeOf({ name: nobody, execute: async () => ok(2) });
    await letTimePass(...unknown);
    while ((await newer.sweep()) > 0);
    for (const each of unknown) expect(await rowOf(each)).toMatchObject({ status: 200, answer: { n: 2 } });
  });
});
