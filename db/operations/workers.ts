import { sql } from 'kysely';
import { build, type Query } from '../statement.ts';

/** Whether PostgreSQL answers; throws when it does not. */
export const ping = (query: Query) => query(sql`select 1`);

/** Whether a worker polls this task queue; polling workers report it every second. */
export async function isPolled(query: Query, taskQueue: string): Promise<boolean> {
  const polling = build
    .selectFrom('workers')
    .select('id')
    .where('task_queue', '=', taskQueue)
    .where(sql<boolean>`seen_at > now() - interval '10 seconds'`)
    .limit(1);
  return (await query(polling)).length > 0;
}

/** Records that this worker polls, and deletes workers that have been silent for an hour. */
export const markPolling = (query: Query, id: string, taskQueue: string) =>
  query(sql`
    with gone as (delete from workers where seen_at < now() - interval '1 hour')
    insert into workers (id, task_queue) values (${id}, ${taskQueue}) on conflict (id) do update set seen_at = now()`);

/** Deletes a worker that ends. */
export const forgetWorker = (query: Query, id: string) => query(build.deleteFrom('workers').where('id', '=', id));
