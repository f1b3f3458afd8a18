import { sql } from 'kysely';
import { OVERDUE, unshippedStates } from '../../domain/dispatch/status.ts';
import { notedLines } from '../events/noted.ts';
import type { Query } from '../statement.ts';

/** The `by` in the history of what no person and no other system did. */
const SCHEDULE = 'schedule';

/** The day by which a line has to leave: what was promised to the buyer, else the day of its order. */
const day = sql`coalesce(delay_expected_on, dispatch_due_on)`;

/**
 * Marks at most `most` lines whose day was before `today` and that have still to leave, the earliest first, each once in its life and with
 * a row in its history; returns how many. A line that a command has in hand is left to the next run: neither waits for the other. The
 * revision stays, for a mark is nobody's command. A row that was restored is marked again, and its history keeps the first.
 */
export async function markOverdue(query: Query, today: string, most: number): Promise<number> {
  const [row] = await query(sql<{ marked: number }>`
    with due as (
      select delivery_no, line_no from delivery_lines
       where overdue_at is null and valid_quantity > 0 and state in (${sql.join(unshippedStates.map((state) => sql.lit(state)))})
         and ${day} < ${today}
       order by ${day}, delivery_no, line_no limit ${most} for update skip locked),
    marked as (
      update delivery_lines l set overdue_at = now() from due d
       where l.delivery_no = d.delivery_no and l.line_no = d.line_no returning l.*),
    ${notedLines(
      sql`m`,
      {
        ...{ command: OVERDUE, type: 'delivery.overdue', at: sql`now()`, by: sql`${SCHEDULE}`, from: sql`m.state` },
        requestId: sql`${`${OVERDUE}-`}::text || m.delivery_no || '-' || m.line_no`,
      },
      sql`from marked m`,
    )}
    select count(*) as marked from marked`);
  return row?.marked ?? 0;
}
