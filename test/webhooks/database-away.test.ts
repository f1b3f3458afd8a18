import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Query } from '../../db/statement.ts';
import { compile } from '../../db/statement.ts';
import { unique } from '../support/scenes/orders.ts';
import { eventually } from '../support/stack.ts';
import { deliveriesOf, endpoint, happens, leasesEnd, type Receiver, startReceiver, waitingOf, webhookWorld } from './world.ts';

let world: Awaited<ReturnType<typeof webhookWorld>>;
let hook: Receiver;
beforeAll(async () => {
  world = await webhookWorld();
  hook = await startReceiver();
});
afterAll(async () => {
  await world.stop();
  await hook.stop();
});

test('PostgreSQL fails while it is told what became of events: they come again, and none of the places on their way stays taken', async () => {
  const { db } = world;
  let failures = 6;
  const failing = (query: Query): Query =>
    (async (statement) => {
      if (compile(statement).name === 'webhook-told' && failures > 0) {
        failures--;
        throw new Error('the connection was lost');
      }
      return query(statement);
    }) as Query;
  world.send({
    concurrency: 2,
    db: { ...db, query: failing(db.query), transaction: (work) => db.transaction((query) => work(failing(query))) },
  });
  const { id } = await endpoint(db, hook.url);
  const names = Array.from({ length: 6 }, () => `${unique('D')}/1`);
  await happens(
    db,
    names.flatMap((subject) => [1, 2, 3].map((revision) => ({ subject, revision }))),
  );
  await eventually(async () => {
    await leasesEnd(db);
    return failures === 0 && (await deliveriesOf(db, id)).length === 18 && (await waitingOf(db, id)) === 0;
  });
  // Not their order: leases end here while what they are for is still on its way.
  for (const name of names) expect(new Set(hook.of(name)).size).toBe(3);
});
