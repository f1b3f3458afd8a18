import { sql } from 'kysely';
import { build, named, type Query } from '../statement.ts';

/** Lines not marked as started this many ms after they were written, oldest first. */
export const linesNotStarted = (query: Query, afterMs: number, most: number) =>
  query(
    build
      .selectFrom('delivery_lines')
      .selectAll()
      .where('started_at', 'is', null)
      .where('created_at', '<', sql<Date>`now() - interval '1 ms' * ${afterMs}`)
      .orderBy('created_at')
      .limit(most),
  );

/** Marks lines as started. */
export async function markLinesStarted(query: Query, lines: { delivery_no: string; line_no: number }[]): Promise<void> {
  await query(
    named(
      'lines-started',
      // Does not wait for the disk: if a crash of the server loses the mark, the sweep sets it.
      sql`
        update delivery_lines l set started_at = now()
          from unnest(${lines.map((line) => line.delivery_no)}::text[], ${lines.map((line) => line.line_no)}::int[])
                 as s (delivery_no, line_no),
               set_config('synchronous_commit', 'off', true)
         where l.delivery_no = s.delivery_no and l.line_no = s.line_no and l.started_at is null`,
    ),
  );
}
