import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import pg from 'pg';
import { type Db, openDb } from '../../../db/database.ts';
import { findEvents, lastEventId } from '../../../db/events/list.ts';
import { orderEvents } from '../../../db/events/order.ts';
import { createDatabase } from '../../support/database.ts';

let database: Awaited<ReturnType<typeof createDatabase>>;
let db: Db;
const open: pg.Client[] = [];
beforeAll(async () => {
  database = await createDatabase();
  db = openDb({ url: database.url });
});
afterAll(async () => {
  for (const client of open) await client.end();
  await db.close();
  await database.drop();
});

/** A transaction that is held open: it writes events about a subject when told to. */
async function transaction() {
  const client = new pg.Client({ connectionString: database.url });
  open.push(client);
  await client.connect();
  await client.query('begin');
  return {
    write: (subject: string, revision: number) =>
      client.query(
        `insert into events (type, at, subject, data) values ('delivery.instructed', now(), $1, jsonb_build_object('revision', $2::int))`,
        [subject, revision],
      ),
    commit: () => client.query('commit'),
    rollback: () => client.query('rollback'),
  };
}

/** Reads on from where it was, as a receiver does. */
function receiver() {
  const heard: { id: number; subject: string; revision: number }[] = [];
  return {
    heard,
    read: async (limit = 500) => {
      await orderEvents(db);
      const upTo = await lastEventId(db.query);
      const rows = await findEvents(db.query, { after: heard.at(-1)?.id ?? 0, upTo, types: null, limit });
      for (const { id, subject, data } of rows) heard.push({ id, subject, ...(data as { revision: number }) });
      return rows.map(({ subject }) => subject);
    },
  };
}

describe('the feed while transactions commit out of order', () => {
  test('the older commits last: nothing is missed, and nobody waits for it', async () => {
    const { heard, read } = receiver();
    const [older, younger] = [await transaction(), await transaction()];
    await older.write('D-old/1', 1);
    await younger.write('D-young/1', 1);
    await younger.commit();
    expect(await read()).toEqual(['D-young/1']);
    const youngest = await transaction();
    await youngest.write('D-youngest/1', 1);
    await youngest.commit();
    expect(await read()).toEqual(['D-youngest/1']);
    await older.commit();
    expect(await read()).toEqual(['D-old/1']);
    expect(await read()).toEqual([]);
    expect(heard.map(({ id }) => id)).toEqual([1, 2, 3]);
  });

  test('what is rolled back leaves no gap', async () => {
    const { heard, read } = receiver();
    await read();
    const [lost, kept] = [await transaction(), await transaction()];
    await lost.write('D-lost/1', 1);
    await kept.write('D-kept/1', 1);
    await lost.rollback();
    await kept.commit();
    expect(await read()).toEqual(['D-kept/1']);
    expect(heard.map(({ id }) => id)).toEqual(heard.map((_, at) => at + 1));
  });

  test('revisions of one line stay in order although the later one belongs to the older transaction', async () => {
    const { read, heard } = receiver();
    await read();
    const [older, younger] = [await transaction(), await transaction()];
    // It has its transaction's number, then waits for the line, as a merge does.
    await older.write('D-other/1', 1);
    await younger.write('D-line/1', 2);
    await younger.commit();
    await older.write('D-line/1', 3);
    await older.commit();
    await read();
    expect(heard.filter(({ subject }) => subject === 'D-line/1').map(({ revision }) => revision)).toEqual([2, 3]);
  });

  test('many writers and many readers: each reader hears everything once, in order of each line', async () => {
    const WRITERS = 8;
    const STEPS = 25;
    let writing = WRITERS;
    const before = await lastEventId(db.query);
    const write = async (writer: number) => {
      for (let revision = 1; revision <= STEPS; revision++)
        await db.transaction(async (query) => {
          const subject = `W${writer}/1`;
          await query(sql`insert into events (type, at, subject, data)
            values ('delivery.instructed', now(), ${subject}, jsonb_build_object('revision', ${revision}::int))`);
          await query(sql`select pg_sleep(${Math.random() / 200})`);
        });
      writing--;
    };
    const readers = [receiver(), receiver(), receiver()];
    const readAll = async ({ read }: ReturnType<typeof receiver>) => {
      while (writing > 0) await read(7);
      while ((await read()).length > 0);
    };
    await Promise.all([
      ...Array.from({ length: WRITERS }, (_, writer) => write(writer)),
      ...readers.map((each) => readAll(each)),
    ]);
    for (const { heard } of readers) {
      expect(heard.map(({ id }) => id)).toEqual(heard.map((_, at) => at + 1));
      expect(heard.length).toBe(before + WRITERS * STEPS);
      for (let writer = 0; writer < WRITERS; writer++) {
        const revisions = heard.filter(({ subject }) => subject === `W${writer}/1`).map(({ revision }) => revision);
        expect(revisions).toEqual(Array.from({ length: STEPS }, (_, at) => at + 1));
      }
    }
  });
});
