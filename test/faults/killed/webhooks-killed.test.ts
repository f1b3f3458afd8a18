import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { type ProcessStack, startProcesses } from '../../support/processes/process-stack.ts';
import { unique } from '../../support/scenes/orders.ts';
import { eventually } from '../../support/stack.ts';
import {
  deliveriesOf,
  endpoint,
  happens,
  KEY,
  leasesEnd,
  type Receiver,
  startReceiver,
  verify,
  waitingOf,
} from '../../webhooks/world.ts';

let stack: ProcessStack;
const hooks: Receiver[] = [];
/** A receiver that takes a moment. */
const receiver = async () => {
  const hook = await startReceiver((_, response) => setTimeout(() => response.writeHead(204).end(), 5));
  hooks.push(hook);
  return hook;
};
beforeAll(async () => {
  stack = await startProcesses({
    environment: { WEBHOOK_ALLOW_PRIVATE: 'on', WEBHOOK_SECRET_KEY: KEY, WEBHOOK_CONCURRENCY: '4' },
  });
});
afterAll(async () => {
  await stack.stop();
  for (const hook of hooks) await hook.stop();
});

test('a sender killed in the middle, twice: every event arrives, each line in order, at most its last one twice', async () => {
  const { db } = stack;
  const hook = await receiver();
  const { id, secret } = await endpoint(db, hook.url);
  const names = Array.from({ length: 20 }, () => `${unique('D')}/1`);
  for (const revision of Array.from({ length: 15 }, (_, at) => at + 1))
    await happens(
      db,
      names.map((subject) => ({ subject, revision })),
    );
  for (const share of [60, 160]) {
    const worker = await stack.startWorker({}, false);
    await eventually(async () => hook.got.length >= share);
    await worker.kill();
    expect(await waitingOf(db, id)).toBeGreaterThan(0);
    await leasesEnd(db);
  }
  const worker = await stack.startWorker({}, false);
  await eventually(async () => (await deliveriesOf(db, id)).length === 300 && (await waitingOf(db, id)) === 0);
  await worker.stop();

  for (const name of names) {
    const came = hook.of(name);
    expect(came).toEqual(came.toSorted((a, b) => a - b));
    expect(new Set(came).size).toBe(15);
    expect(came.length).toBeLessThanOrEqual(17);
  }
  for (const got of hook.got) verify(got, secret);
  expect((await deliveriesOf(db, id)).every(({ state }) => state === 'succeeded')).toBe(true);
});

test('one that is stopped gives back what it has taken, so that another goes on at once', async () => {
  const { db } = stack;
  const hook = await receiver();
  const { id } = await endpoint(db, hook.url);
  const names = Array.from({ length: 30 }, () => `${unique('D')}/1`);
  const worker = await stack.startWorker({}, false);
  await happens(
    db,
    names.flatMap((subject) => [1, 2, 3].map((revision) => ({ subject, revision }))),
  );
  await eventually(async () => hook.got.length >= 10);
  await worker.stop();
  expect(await db.query(sql`select from webhook_lines where webhook_id = ${id} and leased_until is not null`)).toEqual([]);
  const next = await stack.startWorker({}, false);
  await eventually(async () => (await deliveriesOf(db, id)).length === 90 && (await waitingOf(db, id)) === 0);
  for (const name of names) expect(hook.of(name)).toEqual([1, 2, 3]);
  await next.stop();
});
