import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { MOST_TRIES } from '../../domain/events/webhook.ts';
import { unique } from '../support/scenes/orders.ts';
import { eventually } from '../support/stack.ts';
import {
  deliveriesOf,
  endpoint,
  happens,
  later,
  type Receiver,
  startReceiver,
  waitingOf,
  webhookOf,
  webhookWorld,
} from './world.ts';

let world: Awaited<ReturnType<typeof webhookWorld>>;
const receivers: Receiver[] = [];
beforeAll(async () => {
  world = await webhookWorld();
  world.send();
});
afterAll(async () => {
  await world.stop();
  for (const each of receivers) await each.stop();
});

/** An endpoint whose receiver answers like this, and one event of a line of its own. */
async function told(...answer: Parameters<typeof startReceiver>) {
  const hook = await startReceiver(...answer);
  receivers.push(hook);
  const { id } = await endpoint(world.db, hook.url);
  const subject = `${unique('D')}/1`;
  const next = (revision: number) => happens(world.db, [{ subject, revision }]);
  await next(1);
  const tries = (count: number) =>
    eventually(async () => {
      const [first] = await deliveriesOf(world.db, id);
      return (first?.tries ?? 0) >= count && first;
    });
  return { hook, id, next, tries, webhook: () => webhookOf(world.db, id) };
}

describe('an attempt that fails is made again', () => {
  test('ten times; then a person may, and the next event of the line is told', async () => {
    const { hook, id, next, tries } = await told(({ revision }, response) =>
      response.writeHead(revision === 1 ? 503 : 200).end(),
    );
    await next(2);
    for (let count = 1; count < MOST_TRIES; count++) {
      expect(await tries(count)).toMatchObject({ state: 'waiting' });
      await eventually(() => later(world.db, id));
    }
    expect(await tries(MOST_TRIES)).toMatchObject({ state: 'failed' });
    await eventually(async () => (await waitingOf(world.db, id)) === 0);
    expect(hook.got.map(({ revision }) => revision)).toEqual([...Array(MOST_TRIES).fill(1), 2]);
    expect(new Set(hook.got.filter(({ revision }) => revision === 1).map(({ id }) => id)).size).toBe(1);
    await eventually(async () => (await webhookOf(world.db, id)).failing_since === null);
  });

  test('not before the receiver wants it (Retry-After), and the endpoint is failing until then', async () => {
    let asked = 0;
    const { hook, id, webhook } = await told((_, response) => {
      asked++;
      response.writeHead(asked === 1 ? 429 : 204, asked === 1 ? { 'retry-after': '7' } : {}).end();
    });
    await eventually(async () => (await webhook()).failing_since !== null);
    await eventually(async () => (await waitingOf(world.db, id)) === 0);
    const [first, second] = hook.got;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(6_900);
    await eventually(async () => {
      const { failing_since, last_success_at } = await webhook();
      return failing_since === null && last_success_at !== null;
    });
  });

  test('a redirect is not followed', async () => {
    const elsewhere = await startReceiver();
    receivers.push(elsewhere);
    const { tries } = await told((_, response) => response.writeHead(302, { location: elsewhere.url }).end());
    expect(await tries(1)).toMatchObject({ state: 'waiting', attempts: [{ status: 302, error: 'REDIRECTED' }] });
    expect(elsewhere.got).toEqual([]);
  });

  test('of an answer the first 500 letters are kept, whatever it is and however long', async () => {
    const { tries } = await told((_, response) => {
      response.writeHead(500, { 'content-type': 'text/html' });
      response.write('\u0000안녕\ud800😀');
      const more = setInterval(() => response.destroyed || response.write('가'.repeat(10_000)), 1);
      response.on('close', () => clearInterval(more));
    });
    const { attempts } = await tries(1);
    const [{ answer } = { answer: '' }] = attempts as { answer: string }[];
    expect(answer).toMatch(/^안녕.*😀가+$/);
    expect(answer).toHaveLength(500);
  });
});

test('the last success that is shown is the last there was, though not each is written', async () => {
  const { hook, id, next, webhook } = await told();
  for (const revision of [2, 3, 4, 5]) {
    await next(revision);
    await eventually(async () => hook.got.length >= revision);
  }
  const [last] = hook.got.slice(-1);
  await eventually(async () => ((await webhook()).last_success_at?.getTime() ?? 0) >= (last?.at ?? Number.POSITIVE_INFINITY));
  await eventually(async () => (await waitingOf(world.db, id)) === 0);
});

describe('an endpoint is disabled by itself', () => {
  test('by 410, and nothing further is tried', async () => {
    const { hook, id, next, webhook } = await told((_, response) => response.writeHead(410).end('gone'));
    await eventually(async () => !(await webhook()).enabled);
    expect(await webhook()).toMatchObject({ disabled_reason: 'gone' });
    await next(2);
    await eventually(() => later(world.db, id));
    // Another endpoint is told of what comes after, so this one was passed over.
    const other = await told();
    await eventually(async () => other.hook.got.length > 0);
    expect(hook.got).toHaveLength(1);
    // Turned on again it goes on where it was: nothing is lost.
    hook.answer((_, response) => response.writeHead(204).end());
    await world.db.query(sql`update webhooks set enabled = true, disabled_reason = null where id = ${id}`);
    await eventually(async () => hook.got.length >= 3 && (await waitingOf(world.db, id)) === 0);
    expect(hook.got.slice(0, 3).map(({ revision }) => revision)).toEqual([1, 1, 2]);
  });

  test('by five days without success', async () => {
    const { id, tries, webhook } = await told((_, response) => response.writeHead(500).end());
    await tries(1);
    await eventually(async () => (await webhook()).failing_since !== null);
    await world.db.query(sql`update webhooks set failing_since = now() - interval '4 days 23 hours' where id = ${id}`);
    await eventually(() => later(world.db, id));
    await tries(2);
    expect(await webhook()).toMatchObject({ enabled: true });
    await world.db.query(sql`update webhooks set failing_since = now() - interval '5 days 1 hour' where id = ${id}`);
    await eventually(() => later(world.db, id));
    await eventually(async () => !(await webhook()).enabled);
    expect(await webhook()).toMatchObject({ disabled_reason: 'no-success' });
  });
});
