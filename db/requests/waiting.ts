import { sql } from 'kysely';
import type { Query } from '../statement.ts';

/** How many wait, counted up to `MOST`, and the age of the oldest in seconds. */
export interface Waiting {
  count: number;
  age: number;
}

const MOST = 10_000;
const NONE = { count: 0, age: 0 };

/** Stored requests without an answer, those that are being executed among them. */
export async function unansweredRequests(query: Query): Promise<Waiting> {
  const [row] = await query(sql<Waiting>`
    select count(*) as count, coalesce(extract(epoch from now() - min(created_at)), 0)::float8 as age
      from (select created_at from requests where answered_at is null limit ${MOST}) waiting`);
  return row ?? NONE;
}

/** Lines, pickups and plans whose workflow has not been started. */
export async function rowsNotStarted(query: Query): Promise<Waiting> {
  const of = (table: string) =>
    sql`(select created_at from ${sql.table(table)} where started_at is null order by created_at limit ${MOST})`;
  const all = sql.join(['delivery_lines', 'pickups', 'assembly_plans'].map(of), sql` union all `);
  const [row] = await query(sql<Waiting>`
    select count(*) as count, coalesce(extract(epoch from now() - min(created_at)), 0)::float8 as age from (${all}) waiting`);
  return row ?? NONE;
}
