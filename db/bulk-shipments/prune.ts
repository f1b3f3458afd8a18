import { sql } from 'kysely';
import type { Query } from '../statement.ts';

/** Deletes leftovers of uploads that a crash interrupted, and old pace rows. */
export async function pruneUploads(query: Query): Promise<void> {
  await query(sql`delete from bulk_uploads where created_at < now() - interval '1 day'`);
  await query(sql`delete from bulk_shipments where state = 'reading' and created_at < now() - interval '1 day'`);
  await query(sql`delete from command_pace where at < now() - interval '1 hour'`);
}

/** Deletes at most this many jobs that ended this long ago, with their rows. */
export async function pruneJobs(query: Query, keptFor: string, most: number): Promise<void> {
  await query(sql`
    delete from bulk_shipments where id in (
      select id from bulk_shipments
       where state <> 'running' and coalesce(finished_at, created_at) < now() - ${keptFor}::interval limit ${most})`);
}
