import { sql } from 'kysely';
import pg from 'pg';
import type { ProcessStack } from '../../support/processes/process-stack.ts';
import { eventually } from '../../support/stack.ts';

export interface Stop {
  /** Resolves when somebody stands there. */
  reached: () => Promise<void>;
  /** For a killed process's connection, which the server may not have noticed: it ends, and what it began is rolled back. */
  end: () => Promise<void>;
}

let last = 4_800;

/** Lets whoever writes such a row wait in the middle of its transaction. `when` is a condition on `new`. */
export async function stopAt(
  { db, databaseUrl }: Pick<ProcessStack, 'db' | 'databaseUrl'>,
  event: 'insert' | 'update',
  table: string,
  when: string,
): Promise<Stop> {
  const lock = ++last;
  const name = `stop_at_${lock}`;
  await db.query(sql`create function ${sql.ref(name)}() returns trigger language plpgsql as $$
    begin perform pg_advisory_xact_lock(${sql.lit(lock)}); return new; end $$`);
  await db.query(sql`create trigger ${sql.ref(name)} before ${sql.raw(event)} on ${sql.ref(table)} for each row
    when (${sql.raw(when)}) execute function ${sql.ref(name)}()`);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('select pg_advisory_lock($1)', [lock]);
  const waiting = () =>
    db.query(sql<{ pid: number }>`select pid from pg_locks where locktype = 'advisory' and objid = ${lock} and not granted
      and database = (select oid from pg_database where datname = current_database())`);
  return {
    reached: async () => {
      await eventually(async () => (await waiting()).length > 0);
    },
    end: async () => {
      // Let go, a single statement would still commit: whether anybody hears of it is not asked before.
      for (const { pid } of await waiting()) await db.query(sql`select pg_terminate_backend(${pid})`);
      await eventually(async () => (await waiting()).length === 0);
      await client.end();
      await db.query(sql`drop trigger ${sql.ref(name)} on ${sql.ref(table)}`);
      await db.query(sql`drop function ${sql.ref(name)}`);
    },
  };
}
