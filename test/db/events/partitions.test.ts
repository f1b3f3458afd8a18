import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { type Db, openDb } from '../../../db/database.ts';
import { keepPartitions } from '../../../db/events/partitions.ts';
import { addDays, koreanDay } from '../../../domain/korea.ts';
import { createDatabase } from '../../support/database.ts';

let database: Awaited<ReturnType<typeof createDatabase>>;
let db: Db;
beforeAll(async () => {
  database = await createDatabase();
  db = openDb({ url: database.url });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const nameOf = (day: string) => `events_${day.replaceAll('-', '')}`;
const partitions = async () =>
  (
    await db.query(
      sql<{
        name: string;
      }>`select inhrelid::regclass::text as name from pg_inherits where inhparent = 'events'::regclass order by 1`,
    )
  ).map(({ name }) => name);
const insert = (storedAt: string) =>
  db.query(sql`insert into events (type, at, stored_at, subject, data)
    values ('delivery.ordered', now(), ${storedAt}::timestamptz, ${storedAt}, '{}')`);
const placesOf = async () =>
  (await db.query(sql<{ place: string }>`select distinct tableoid::regclass::text as place from events order by 1`)).map(
    ({ place }) => place,
  );

/** Days later, at noon in Seoul. */
const later = (days: number) => new Date(`${addDays(koreanDay(new Date()), days)}T12:00:00+09:00`);

test('each day has its partition two weeks ahead, also when two make them at once; after 30 days it is dropped', async () => {
  const today = koreanDay(new Date());
  await insert(`${today}T12:00:00+09:00`);
  expect(await placesOf()).toEqual([nameOf(today)]);
  await Promise.all([keepPartitions(db, later(30)), keepPartitions(db, later(30))]);
  expect(await partitions()).toEqual(
    expect.arrayContaining([nameOf(today), nameOf(addDays(today, 30)), nameOf(addDays(today, 44)), 'events_rest']),
  );
  expect(await placesOf()).toEqual([nameOf(today)]);
  await keepPartitions(db, later(31));
  expect(await partitions()).not.toContain(nameOf(today));
  expect(await placesOf()).toEqual([]);
  // The same indexes as the table's, so that the feed reads them.
  const indexes = await db.query(sql`select 1 from pg_indexes where tablename = ${nameOf(addDays(today, 44))}`);
  expect(indexes).toHaveLength(4);
});

test('a day without a partition stops nobody: it stays in the rest, and goes with its time', async () => {
  const day = koreanDay(later(60));
  await insert(`${day}T23:30:00+09:00`);
  expect(await placesOf()).toEqual(['events_rest']);
  await keepPartitions(db, later(60));
  expect(await partitions()).not.toContain(nameOf(day));
  expect(await partitions()).toContain(nameOf(addDays(day, 1)));
  await keepPartitions(db, later(90));
  expect(await placesOf()).toEqual(['events_rest']);
  await keepPartitions(db, later(91));
  expect(await placesOf()).toEqual([]);
});

test('a long reader does not make writers wait behind a drop: it is left to the next time', async () => {
  const [reading, letGo] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const reader = db.transaction(async (query) => {
    await query(sql`select count(*) from events`);
    reading.resolve();
    await letGo.promise;
  });
  await reading.promise;
  await expect(keepPartitions(db, later(130))).rejects.toThrow(/lock timeout/);
  await insert(`${koreanDay(later(91))}T12:00:00+09:00`);
  letGo.resolve();
  await reader;
  await keepPartitions(db, later(130));
  expect(await placesOf()).toEqual([]);
});
