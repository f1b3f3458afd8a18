import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { findEvents, lastEventId } from '../../db/events/list.ts';
import { webhookBody } from '../../domain/events/body.ts';
import { testSubject } from '../../domain/events/webhook.ts';
import { unique } from '../support/scenes/orders.ts';
import { eventually } from '../support/stack.ts';
import {
  deliveriesOf,
  endpoint,
  happens,
  NOBODY,
  newSecret,
  type Receiver,
  startReceiver,
  verify,
  waitingOf,
  webhookWorld,
} from './world.ts';

let world: Awaited<ReturnType<typeof webhookWorld>>;
const receivers: Receiver[] = [];
const receiver = async (...given: Parameters<typeof startReceiver>) => {
  const one = await startReceiver(...given);
  receivers.push(one);
  return one;
};
beforeAll(async () => {
  world = await webhookWorld();
  world.send();
});
afterEach(async () => {
  // An endpoint of a test before would go on being told.
  await world.db.query(sql`delete from webhooks`);
});
afterAll(async () => {
  await world.stop();
  for (const each of receivers) await each.stop();
});

const subjects = (count: number) => Array.from({ length: count }, () => `${unique('D')}/1`);
const all = (names: string[], revisions: number[]) =>
  revisions.flatMap((revision) => names.map((subject) => ({ subject, revision })));

describe('what happened is told to an endpoint', () => {
  test('signed by its secret, with the id and the words of the feed', async () => {
    const hook = await receiver();
    const { id, secret } = await endpoint(world.db, hook.url);
    const [subject = ''] = subjects(1);
    await happens(world.db, [{ subject, revision: 1 }]);
    const [got] = await eventually(async () => hook.got.length > 0 && hook.got);
    if (!got) throw new Error('nothing came');
    expect(verify(got, secret)).toMatchObject({ type: 'delivery.instructed', data: { subject } });
    expect(() => verify(got, newSecret())).toThrow();
    const upTo = await lastEventId(world.db.query);
    const [event] = await findEvents(world.db.query, { after: Number(got.id) - 1, upTo, types: null, limit: 1 });
    if (!event) throw new Error('no such event');
    expect(got.body).toBe(webhookBody(event));
    const [told] = await eventually(async () => (await waitingOf(world.db, id)) === 0 && deliveriesOf(world.db, id));
    expect(told).toMatchObject({ state: 'succeeded', tries: 1, attempts: [{ status: 204, answer: '', error: null }] });
  });

  test('while a secret is rotated both sign', async () => {
    const hook = await receiver();
    const oldSecret = newSecret();
    const { secret } = await endpoint(world.db, hook.url, { oldSecret });
    await happens(world.db, [{ subject: `${unique('D')}/1`, revision: 1 }]);
    const [got] = await eventually(async () => hook.got.length > 0 && hook.got);
    if (!got) throw new Error('nothing came');
    for (const each of [secret, oldSecret]) expect(verify(got, each)).toMatchObject({ type: 'delivery.instructed' });
  });

  test('each line in its order, several senders at once, each event once', async () => {
    const others = [world.send(), world.send()];
    const hook = await receiver((got, response) => setTimeout(() => response.writeHead(200).end('ok'), (Number(got.id) * 7) % 5));
    const { id } = await endpoint(world.db, hook.url);
    const names = subjects(12);
    for (const revision of [1, 2, 3, 4, 5]) await happens(world.db, all(names, [revision]));
    await eventually(async () => hook.got.length >= 60 && (await waitingOf(world.db, id)) === 0);
    for (const name of names) expect(hook.of(name)).toEqual([1, 2, 3, 4, 5]);
    await Promise.all(others.map((each) => each.stop()));
  });

  test('only the types it wants, and a test whatever it wants, and not that of another', async () => {
    const [hook, other] = [await receiver(), await receiver()];
    const { id } = await endpoint(world.db, hook.url, { types: ['delivery.shipped'] });
    const { id: otherId } = await endpoint(world.db, other.url);
    const [subject = ''] = subjects(1);
    await happens(world.db, [
      { subject, revision: 1 },
      { subject, revision: 2, type: 'delivery.shipped' },
      { subject: testSubject(id), revision: 3, type: 'webhook.test' },
      { subject: testSubject(otherId), revision: 4, type: 'webhook.test' },
    ]);
    await eventually(async () => hook.got.length >= 2 && other.got.length >= 3 && (await waitingOf(world.db, otherId)) === 0);
    expect(hook.got.map(({ revision }) => revision).toSorted()).toEqual([2, 3]);
    expect(other.got.map(({ revision }) => revision).toSorted()).toEqual([1, 2, 4]);
  });
});

describe('a receiver that does not do well holds up nobody else', () => {
  test('not the other endpoints: one that is dead and one that never answers', async () => {
    const slow = await receiver(() => {});
    const good = await receiver();
    const names = subjects(40);
    for (const url of [NOBODY, slow.url]) await endpoint(world.db, url);
    const { id } = await endpoint(world.db, good.url);
    await happens(world.db, all(names, [1, 2, 3]));
    await eventually(async () => good.got.length >= 120 && (await waitingOf(world.db, id)) === 0);
    for (const name of names) expect(good.of(name)).toEqual([1, 2, 3]);
  });

  test('not the other lines; what comes after the failed event of its line waits behind it', async () => {
    const [poisoned = '', ...others] = subjects(10);
    const hook = await receiver(({ subject }, response) => response.writeHead(subject === poisoned ? 500 : 200).end('no'));
    const { id } = await endpoint(world.db, hook.url);
    await happens(world.db, all([poisoned, ...others], [1, 2]));
    await eventually(async () => (await waitingOf(world.db, id)) === 2);
    for (const name of others) expect(hook.of(name)).toEqual([1, 2]);
    expect(new Set(hook.of(poisoned))).toEqual(new Set([1]));
    hook.answer((_, response) => response.writeHead(204).end());
    await eventually(async () => (await waitingOf(world.db, id)) === 0);
    expect(hook.of(poisoned).slice(-2)).toEqual([1, 2]);
  });
});
