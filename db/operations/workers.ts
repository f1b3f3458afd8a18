import { sql } from 'kysely';
import { build, type Query } from '../statement.ts';

/** Whether PostgreSQL answers; throws when it does not. */
export const ping = (query: Query) => query(sql`select 1`);

/** What the polling workers of this task queue lack, a list each; polling workers report it every second. */
export async function lacksOfPolling(query: Query, taskQueue: string): Promise<string[][]> {
  const polling = build
    .selectFrom('workers')
    .select('missing')
    .where('task_queue', '=', taskQueue)
    .where(sql<boolean>`seen_at > now() - interval '10 seconds'`);
  return (await query(polling)).map(({ missing }) => missing);
}

/** Records that this worker polls and what it lacks, and deletes workers that have been silent for an hour. */
export const markPolling = (query: Query, id: string, taskQueue: string, missing: string[]) =>
  query(sql`
    with gone as (delete from workers where seen_at < now() - interval '1 hour')
    insert into workers (id, task_queue, missing) values (${id}, ${taskQueue}, ${missing})
    on conflict (id) do update set seen_at = now(), missing = excluded.missing`);

/** Deletes a worker that ends. */
export const forgetWorker = (query: Query, id: string) => query(build.deleteFrom('workers').where('id', '=', id));
