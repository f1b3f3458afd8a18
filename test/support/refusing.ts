import { sql } from 'kysely';
import type { Db } from '../../db/database.ts';

/** A name that must never stand in a log or in an answer. */
export const NAME = '홍비밀';

/** SQLSTATEs of values that no row can hold, and of other rows in the way. */
export const data = ['22P02', '22003', '22008', '22021', '22P05', '54000', '23502', '23514'];
export const conflicts = ['23505', '23503', '23P01'];

interface World {
  db: Db;
}

/** While `work` runs, PostgreSQL answers every insert or update of the table with this SQLSTATE, and a message that quotes the name. */
export async function whileRefusing<T>({ db }: World, table: string, state: string, work: () => Promise<T>): Promise<T> {
  await db.query(
    sql`create or replace function refuse() returns trigger language plpgsql as ${sql.lit(
      `begin raise exception using errcode = '${state}', constraint = 'a_constraint', message = 'value ${NAME}', detail = '${NAME}'; end`,
    )}`,
  );
  await db.query(
    sql`create trigger refuse before insert or update on ${sql.table(table)} for each statement execute function refuse()`,
  );
  try {
    return await work();
  } finally {
    await db.query(sql`drop trigger refuse on ${sql.table(table)}`);
  }
}
/** While `work` runs, PostgreSQL answers every look at lines with this SQLSTATE. */
export async function whileFailing<T>({ db }: World, state: string, work: () => Promise<T>): Promise<T> {
  await db.query(
    sql`create or replace function fail() returns boolean language plpgsql as ${sql.lit(
      `begin raise exception using errcode = '${state}', message = 'value ${NAME}'; end`,
    )}`,
  );
  await db.query(sql`alter table delivery_lines rename to delivery_lines_held`);
  await db.query(sql`create view delivery_lines as select * from delivery_lines_held where fail()`);
  try {
    return await work();
  } finally {
    await db.query(sql`drop view delivery_lines`);
    await db.query(sql`alter table delivery_lines_held rename to delivery_lines`);
  }
}
