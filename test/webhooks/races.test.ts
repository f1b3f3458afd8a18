import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { lastEventId } from '../../db/events/list.ts';
import { orderEvents } from '../../db/events/order.ts';
import { distribute, openReplays, replay } from '../../db/webhooks/distribute.ts';
import { markFailure, markSuccess, pruneDeliveries } from '../../db/webhooks/finish.ts';
import { unique } from '../support/scenes/orders.ts';
import { eventually } from '../support/stack.ts';
import { deliveriesOf, endpoint, happens, NOBODY, webhookWorld } from './world.ts';

let world: Awaited<ReturnType<typeof webhookWorld>>;
beforeAll(async () => {
  world = await webhookWorld();
});
afterAll(() => world.stop());

/** Many at once of each of these, again and again, until the last has done what it does. */
async function together(times: number, ...works: ((time: number) => Promise<unknown>)[]): Promise<void> {
  const lane = async (work: (time: number) => Promise<unknown>) => {
    for (let time = 0; time < times; time++) await work(time);
  };
  await Promise.all(works.map(lane));
}

test('many put events in order and hand them out at once: no id twice, none left out, each handed out once', async () => {
  const { db } = world;
  const hooks = await Promise.all([1, 2, 3].map(() => endpoint(db, NOBODY)));
  const from = await lastEventId(db.query);
  const subject = `${unique('D')}/1`;
  const write = (time: number) =>
    happens(
      db,
      [1, 2, 3].map((each) => ({ subject: `${subject}/${each}`, revision: time })),
    );
  const order = () => orderEvents(db);
  const hand = async () => {
    for (const { id } of hooks) await distribute(db, id, await lastEventId(db.query));
  };
  const health = async (time: number) => {
    for (const { id } of hooks) await (time % 2 ? markFailure(db.query, id, false) : markSuccess(db.query, id, new Date()));
  };
  await together(60, write, write, order, order, order, hand, hand, hand, health);
  await orderEvents(db);
  await hand();
  const last = await lastEventId(db.query);
  expect(last - from).toBe(360);
  const [{ ids } = { ids: 0 }] = await db.query(
    sql<{ ids: number }>`select count(distinct id) as ids from events where id > ${from}`,
  );
  expect(ids).toBe(360);
  for (const { id } of hooks) {
    const told = await deliveriesOf(db, id);
    expect(told.map(({ event_id }) => event_id)).toEqual(Array.from({ length: 360 }, (_, at) => from + at + 1));
  }
});

test('a range that is asked for once more is handed out by several at once', async () => {
  const { db } = world;
  const { id } = await endpoint(db, NOBODY);
  const subject = `${unique('D')}/1`;
  await happens(
    db,
    Array.from({ length: 2_500 }, (_, at) => ({ subject: `${subject}/${at % 50}`, revision: at })),
  );
  await orderEvents(db);
  const last = await lastEventId(db.query);
  await db.query(sql`insert into webhook_replays (webhook_id, from_at, to_at, types, replayed_until, up_to)
    values (${id}, now() - interval '1 day', now(), ${['delivery.instructed']}, ${last - 2_500}, ${last})`);
  const again = async () => {
    for (const { id: one } of await openReplays(db.query)) await replay(db, one);
  };
  // Whoever finds it in another's hands leaves it, so how many turns it takes is chance.
  await eventually(async () => {
    await together(2, again, again, again, again);
    return (await openReplays(db.query)).length === 0;
  });
  expect(await deliveriesOf(db, id)).toHaveLength(2_500);
});

test('what was told of events that are no longer kept goes, also what never arrived', async () => {
  const { db } = world;
  const { id } = await endpoint(db, NOBODY);
  const subject = `${unique('D')}/1`;
  await happens(
    db,
    Array.from({ length: 10 }, (_, revision) => ({ subject, revision })),
  );
  await orderEvents(db);
  const last = await lastEventId(db.query);
  await distribute(db, id, last);
  await pruneDeliveries(db.query, last - 2);
  expect((await deliveriesOf(db, id)).map(({ event_id }) => event_id)).toEqual([last - 2, last - 1, last]);
});
