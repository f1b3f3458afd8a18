import { sql } from 'kysely';
import { calendarOf } from '../../domain/dispatch/calendar.ts';
import { dueOn } from '../../domain/dispatch/deadline.ts';
import type { DispatchTerms } from '../../domain/dispatch/policy.ts';
import { unshippedStates } from '../../domain/dispatch/status.ts';
import { koreanDay } from '../../domain/korea.ts';
import { findCalendar } from '../shipping/dispatch-settings.ts';
import { build, json, type Query, type Row } from '../statement.ts';

export type Recalculation = Row<'calendar_recalculations'>;

/** Opens a recalculation for this request unless another one is open. Returns that of the request, else the open one. */
export async function beginRecalculation(
  query: Query,
  { requestId, placeNo, by }: { requestId: string; placeNo: number | null; by: string },
): Promise<Recalculation | undefined> {
  await query(
    build
      .insertInto('calendar_recalculations')
      .values({ request_id: requestId, place_no: placeNo, by })
      .onConflict((known) => known.doNothing()),
  );
  const rows = await query(
    build
      .selectFrom('calendar_recalculations')
      .selectAll()
      .where((eb) => eb.or([eb('request_id', '=', requestId), eb('ended_at', 'is', null)])),
  );
  return rows.find((row) => row.request_id === requestId) ?? rows[0];
}

/** The last one that was begun. */
export async function lastRecalculation(query: Query): Promise<Recalculation | undefined> {
  const rows = await query(build.selectFrom('calendar_recalculations').selectAll().orderBy('id', 'desc').limit(1));
  return rows[0];
}

/** How far a recalculation has come. */
export interface Recalculated {
  more: boolean;
  examined: number;
  changed: number;
}

type OpenLine = Pick<Row<'delivery_lines'>, 'delivery_no' | 'line_no' | 'place_no' | 'dispatch_due_on' | 'dispatch_due_by'> & {
  ordered_at: string;
  terms: DispatchTerms | null;
};

/** The next lines that have still to leave, by a key that no command changes: none is missed or met twice while lines move on. */
const nextLines = (query: Query, id: number, most: number) =>
  query(sql<OpenLine>`
    select l.* from calendar_recalculations r, unnest(${[...unshippedStates]}::text[]) as s (state),
      lateral (select delivery_no, line_no, ordered_at::text as ordered_at, place_no, dispatch_due_on, dispatch_due_by,
                      dispatch_terms as terms
                 from delivery_lines d
                where d.state = s.state and d.valid_quantity > 0 and d.state <> 'canceled'
                  and (d.ordered_at, d.delivery_no, d.line_no)
                      > (coalesce(r.after_ordered_at, '-infinity'), coalesce(r.after_delivery_no, ''), coalesce(r.after_line_no, 0))
                order by d.ordered_at, d.delivery_no, d.line_no limit ${most}) l
     where r.id = ${id} order by l.ordered_at::timestamptz, l.delivery_no, l.line_no limit ${most}`);

/**
 * Reckons the days of one page of lines anew, by the terms that each was taken with and the calendar as it is now, and notes in the
 * same transaction how far it has come: killed anywhere, it goes on behind the last page that was written. Lines that left since stay.
 */
export async function recalculatePage(query: Query, requestId: string, most: number): Promise<Recalculated> {
  const [job] = await query(
    build.selectFrom('calendar_recalculations').selectAll().where('request_id', '=', requestId).forUpdate(),
  );
  if (!job || job.ended_at !== null) return { more: false, examined: job?.examined ?? 0, changed: job?.changed ?? 0 };
  const lines = await nextLines(query, job.id, most);
  const reckoned = lines.flatMap((line) =>
    line.dispatch_due_by === 'policy' && line.terms !== null && (job.place_no === null || line.place_no === job.place_no)
      ? [{ ...line, terms: line.terms }]
      : [],
  );
  const changed = await setDays(query, await newDays(query, reckoned));
  const last = lines.length < most ? undefined : lines.at(-1);
  const progress = { examined: job.examined + reckoned.length, changed: job.changed + changed };
  await query(
    build
      .updateTable('calendar_recalculations')
      .set({
        ...progress,
        ...(last
          ? {
              after_ordered_at: sql<Date>`${last.ordered_at}::timestamptz`,
              after_delivery_no: last.delivery_no,
              after_line_no: last.line_no,
            }
          : { ended_at: sql<Date>`clock_timestamp()` }),
      })
      .where('id', '=', job.id),
  );
  return { more: last !== undefined, ...progress };
}

interface NewDay {
  deliveryNo: string;
  lineNo: number;
  dueOn: string | null;
}

/** The days of those lines whose day is another one now. */
async function newDays(query: Query, lines: readonly (OpenLine & { terms: DispatchTerms })[]): Promise<NewDay[]> {
  if (lines.length === 0) return [];
  const [since = ''] = lines.map(({ terms }) => koreanDay(new Date(terms.paidAt))).sort();
  const placeNos = [...new Set(lines.flatMap(({ terms }) => terms.placeNo ?? []))];
  const facts = await findCalendar(query, placeNos, since);
  const calendars = new Map([null, ...placeNos].map((placeNo) => [placeNo, calendarOf(facts, placeNo)]));
  return lines.flatMap(({ terms, ...line }) => {
    const calendar = calendars.get(terms.placeNo);
    const day = calendar ? dueOn(terms, calendar) : line.dispatch_due_on;
    return day === line.dispatch_due_on ? [] : [{ deliveryNo: line.delivery_no, lineNo: line.line_no, dueOn: day }];
  });
}

async function setDays(query: Query, days: NewDay[]): Promise<number> {
  if (days.length === 0) return 0;
  const set = await query(sql<{ line_no: number }>`
    with day as (
      select * from jsonb_to_recordset(${json(days)}) as d ("deliveryNo" text, "lineNo" integer, "dueOn" date)
    ), locked as (
      select l.delivery_no, l.line_no, day."dueOn" from delivery_lines l
        join day on day."deliveryNo" = l.delivery_no and day."lineNo" = l.line_no
       where l.state = any(${[...unshippedStates]}) and l.dispatch_due_by = 'policy'
       order by l.delivery_no, l.line_no for update of l
    )
    update delivery_lines l set dispatch_due_on = locked."dueOn", updated_at = now()
      from locked where l.delivery_no = locked.delivery_no and l.line_no = locked.line_no
    returning l.line_no`);
  return set.length;
}
