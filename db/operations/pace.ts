import { sql } from 'kysely';
import { named, type Query } from '../statement.ts';

/** Writes how long single commands wait at one API process. */
export async function writePace(query: Query, process: string, waitMs: number): Promise<void> {
  await query(sql`
    insert into command_pace (process, wait_ms) values (${process}, ${waitMs})
    on conflict (process) do update set wait_ms = excluded.wait_ms, at = now()`);
}

/** Whether single commands of any API process have waited longer than this in the last seconds. */
export async function isPaceSlow(query: Query, overMs: number): Promise<boolean> {
  const slow = await query(
    named('bulk-pace', sql`select 1 from command_pace where at > now() - interval '5 seconds' and wait_ms > ${overMs} limit 1`),
  );
  return slow.length > 0;
}
