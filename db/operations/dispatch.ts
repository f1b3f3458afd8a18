import { sql } from 'kysely';
import { type DueStatus, isDue } from '../deliveries/due.ts';
import { isListed, line } from '../deliveries/line.ts';
import type { Query } from '../statement.ts';

/** Those of a home page. */
const counted = ['late', 'today', 'tomorrow', 'notice-missed'] as const satisfies DueStatus[];

/** How many lines of a place stand so against their day. */
export interface DueCount {
  status: (typeof counted)[number];
  place_no: number | null;
  count: number;
}

/** What has still to leave, by status on this day and by place: each status up to `most`, in the order of its index. */
export function countDue(query: Query, today: string, most: number): Promise<DueCount[]> {
  const found = counted.map((status) => {
    const day = sql.ref(status === 'notice-missed' ? 'delay_expected_on' : 'dispatch_due_on');
    return sql`(select ${sql.lit(status)} as status, place_no from delivery_lines
        where ${line.and([isListed, ...isDue({ due: { status, today } })])} order by state, ${day} limit ${most})`;
  });
  return query(sql<DueCount>`
    select status, place_no, count(*) as count from (${sql.join(found, sql` union all `)}) l group by status, place_no`);
}

/** The cut-off (HH:mm in Seoul) of each place whose dispatch policy, its own or the default one, has one. */
export const closeTimesOfPlaces = (query: Query) =>
  query(sql<{ place_no: number; close_time: string }>`
    select p.place_no, d.close_time from shipping_places p
      join dispatch_policies d on case when p.dispatch_policy_no is null then d.is_default else d.dispatch_policy_no = p.dispatch_policy_no end
     where d.close_time is not null`);

/** Lines of a place that were due on a day. */
export interface DuePerformance {
  date: string;
  place_no: number | null;
  due: number;
  /** Have left on that day or before. */
  on_time: number;
  /** Have left later, or are still here after it. */
  late: number;
  /** Are still here, and have time. */
  open: number;
}

/** How the lines left that were due between these days, both included, of one place or of all; a day without any has no row. */
export function performanceOf(
  query: Query,
  { from, to, placeNo }: { from: string; to: string; placeNo?: number | undefined },
  today: string,
): Promise<DuePerformance[]> {
  const ofPlace = placeNo === undefined ? sql`` : sql` and place_no = ${placeNo}`;
  const leftOn = sql`(shipped_at at time zone 'Asia/Seoul')::date`;
  return query(sql<DuePerformance>`
    select dispatch_due_on as date, place_no, count(*) as due,
           count(*) filter (where ${leftOn} <= dispatch_due_on) as on_time,
           count(*) filter (where ${leftOn} > dispatch_due_on or (shipped_at is null and dispatch_due_on < ${today}::date)) as late,
           count(*) filter (where shipped_at is null and dispatch_due_on >= ${today}::date) as open
      from delivery_lines
     where dispatch_due_on between ${from}::date and ${to}::date and state <> 'canceled'
       and (shipped_at is not null or valid_quantity > 0)${ofPlace}
     group by dispatch_due_on, place_no order by dispatch_due_on, place_no`);
}
