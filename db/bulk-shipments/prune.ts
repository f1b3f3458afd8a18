import { sql } from 'kysely';
import type { Query } from '../statement.ts';

/** Deletes what is left of uploads that a crash cut off, and notes of the pace that are old. */
export async function pruneUploads(query: Query): Promise<void> {
  await query(sql`delete from bulk_uploads where created_at < now() - interval '1 day'`);
  await query(sql`delete from bulk_shipments where state = 'reading' and created_at < now() - interval '1 day'`);
  await query(sql`delete from command_pace where at < now() - interval '1 hour'`);
}

/** Deletes jobs that ended so long ago, with their rows: at most so many. */
export async function pruneJobs(query: Query, keptFor: string, most: number): Promise<void> {
  await query(sql`
    delete from bulk_shipments where id in (
      select id from bulk_shipments
       where state <> 'running' and coalesce(finished_at, created_at) < now() - ${keptFor}::interval limit ${most})`);
}
