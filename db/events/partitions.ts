import { sql } from 'kysely';
import { addDays, koreanDay } from '../../domain/korea.ts';
import type { Db } from '../database.ts';
import type { Query } from '../statement.ts';

const KEPT_DAYS = 30;
/** So many days have their partition ahead. */
const AHEAD_DAYS = 14;
/** Of what lies in no day's partition, so much is deleted at once. */
const MOST_DELETED = 10_000;

const nameOf = (day: string) => `events_${day.replaceAll('-', '')}`;
const beginOf = (day: string) => sql.lit(`${day}T00:00:00+09:00`);

/** A change of partitions waits briefly for locks: behind it every writer would wait too. It is tried again with the next sweep. */
const briefly = (query: Query) => query(sql`set local lock_timeout = '500ms'`);

/**
 * Makes the partitions of the coming days, and drops those whose last event is older than 30 days. Several processes may do so at once.
 * A day that has begun in the partition of the rest stays there.
 */
export async function keepPartitions(db: Pick<Db, 'query' | 'transaction'>, now = new Date()): Promise<void> {
  const today = koreanDay(now);
  const names = new Set((await partitionsOf(db.query)).map(({ name }) => name));
  for (let ahead = 0; ahead <= AHEAD_DAYS; ahead++) {
    const day = addDays(today, ahead);
    if (!names.has(nameOf(day))) await db.transaction((query) => makePartition(query, day));
  }
  const first = addDays(today, -KEPT_DAYS);
  for (const name of [...names].filter((each) => /^events_\d{8}$/.test(each) && each < nameOf(first)).sort())
    await db.transaction(async (query) => {
      await briefly(query);
      await query(sql`drop table if exists ${sql.table(name)}`);
    });
  await db.query(sql`delete from events_rest where key in (
    select key from events_rest where stored_at < ${beginOf(first)}::timestamptz limit ${MOST_DELETED})`);
}

const partitionsOf = (query: Query) =>
  query(sql<{ name: string }>`
    select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'events'::regclass`);

/** Attached, not made as a partition: that would lock the whole table against writers. */
async function makePartition(query: Query, day: string): Promise<void> {
  await briefly(query);
  await query(sql`select pg_advisory_xact_lock(hashtext('event partitions'))`);
  const [from, to] = [beginOf(day), beginOf(addDays(day, 1))];
  const [there] = await query(sql<{ made: boolean; begun: boolean }>`
    select to_regclass(${nameOf(day)}) is not null as made,
           exists (select from events_rest where stored_at >= ${from}::timestamptz and stored_at < ${to}::timestamptz) as begun`);
  if (there?.made || there?.begun) return;
  const table = sql.table(nameOf(day));
  await query(sql`create table ${table} (like events including defaults including constraints)`);
  await query(sql`alter table events attach partition ${table} for values from (${from}) to (${to})`);
}
