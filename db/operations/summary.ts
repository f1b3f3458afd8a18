import { type RawBuilder, sql } from 'kysely';
import type { DeliveryState } from '../../domain/deliveries/line.ts';
import type { PickupState } from '../../domain/pickups/pickup.ts';
import { type LineDate, lineDates } from '../deliveries/filter.ts';
import { type PickupDate, pickupDates } from '../pickups/list.ts';
import type { Query } from '../statement.ts';

/** How many wait in a state, counted up to a limit, and since when. */
export interface Waiting<State, DateField> {
  state: State;
  /** The date since which something is in this state: the list opened with it and with its bounds shows what is counted here. */
  date_field: DateField;
  count: number;
  /** Of these, since before today in Seoul. */
  before_today: number;
  /** The oldest order (of a pickup: claim) among them. */
  oldest: Date | null;
  /** The oldest date of `date_field`. */
  waiting_since: Date | null;
}

/** The same text as in the partial indexes of delivery_lines. */
const isListed = sql`valid_quantity > 0 and state <> 'canceled'`;

/** Midnight, with which the day begins in Seoul. */
const today = sql`date_trunc('day', now(), 'Asia/Seoul')`;

/**
 * One state, in literals, because some indexes hold the rows of a single state. What is in it since before today is all but that of
 * today: few, where of 배송완료 it would be nearly the whole table.
 */
function waitingIn(
  table: 'delivery_lines' | 'pickups',
  n: number,
  state: string,
  dateField: string,
  first: string,
  date: string,
  most: number,
) {
  const rows = sql`from ${sql.table(table)} where state = ${sql.lit(state)}${table === 'delivery_lines' ? sql` and ${isListed}` : sql``}`;
  const since = sql.ref(date);
  return sql`
    select ${sql.lit(n)} as n, ${sql.lit(state)} as state, ${sql.lit(dateField)} as date_field, c.count,
           greatest(0, c.count - (select count(*) from (select 1 ${rows} and ${since} >= ${today} order by ${since} limit ${most}) t)) as before_today,
           (select min(${sql.ref(first)}) ${rows}) as oldest, (select min(${since}) ${rows}) as waiting_since
      from (select count(*) as count from (select 1 ${rows} limit ${most}) counted) c`;
}

/** The date since which a line is in a state; 결품 has none of its own and keeps that of its 출고지시. */
export const dateOfState = {
  ordered: 'orderedAt',
  instructed: 'instructedAt',
  released: 'releasedAt',
  awaitingShipment: 'releasedAt',
  shipped: 'shippedAt',
  delivered: 'deliveredAt',
} as const satisfies Record<Exclude<DeliveryState, 'canceled'>, LineDate>;
export type ListedState = keyof typeof dateOfState;

/** The same of pickups; how a pickup was refused or withdrawn has no date in the lists. */
export const dateOfPickupState = {
  requested: 'requestedAt',
  instructed: 'instructedAt',
  confirmed: 'confirmedAt',
  completed: 'completedAt',
  refused: 'requestedAt',
  withdrawn: 'requestedAt',
} as const satisfies Record<PickupState, PickupDate>;

/** Listed lines in each state. */
export const countLinesByState = (query: Query, most: number) => {
  const states = Object.entries(dateOfState).map(([state, date], n) =>
    waitingIn('delivery_lines', n, state, date, 'ordered_at', lineDates[date], most),
  );
  return query(sql<Waiting<ListedState, LineDate>>`${sql.join(states, sql` union all `)} order by n`);
};

/** Pickups in each state. */
export const countPickupsByState = (query: Query, most: number) => {
  const states = Object.entries(dateOfPickupState).map(([state, date], n) =>
    waitingIn('pickups', n, state, date, 'requested_at', pickupDates[date], most),
  );
  return query(sql<Waiting<PickupState, PickupDate>>`${sql.join(states, sql` union all `)} order by n`);
};

interface Moved {
  shipped: number;
  delivered: number;
}

/** Lines shipped and delivered today (Seoul). */
export async function movedToday(query: Query): Promise<Moved> {
  const since = (column: RawBuilder<unknown>) =>
    sql`(select count(*) from delivery_lines where ${column} >= d.start and ${isListed})`;
  const [moved] = await query(sql<Moved>`
    select ${since(sql`shipped_at`)} as shipped, ${since(sql`delivered_at`)} as delivered
      from (select date_trunc('day', now(), 'Asia/Seoul') as start) d`);
  return moved ?? { shipped: 0, delivered: 0 };
}

/** Lines shipped and delivered on each of the last days in Seoul, oldest first; each count up to `most`. */
export function movedByDay(query: Query, days: number, most: number): Promise<(Moved & { date: string })[]> {
  const within = (column: RawBuilder<unknown>) => sql`(select count(*) from (select 1 from delivery_lines
      where ${column} >= d.day::timestamp at time zone 'Asia/Seoul' and ${column} < (d.day + 1)::timestamp at time zone 'Asia/Seoul'
        and ${isListed} limit ${most}) c)`;
  return query(sql<Moved & { date: string }>`
    select to_char(d.day, 'YYYY-MM-DD') as date, ${within(sql`shipped_at`)} as shipped, ${within(sql`delivered_at`)} as delivered
      from generate_series(${days}::int - 1, 0, -1) n, lateral (select (now() at time zone 'Asia/Seoul')::date - n as day) d order by d.day`);
}

/** Lines that were ordered, instructed, shipped and delivered within an hour of Seoul. */
export interface HourOfDay {
  date: string;
  hour: number;
  ordered: number;
  instructed: number;
  shipped: number;
  delivered: number;
}

/**
 * Every hour of yesterday and today in Seoul, each count up to `most`. One stretch of an index an hour and date, between exact bounds:
 * as the lists count it, with the lines that they show.
 */
export function movedByHour(query: Query, most: number): Promise<HourOfDay[]> {
  const within = (column: string) => sql`(select count(*) from (select 1 from delivery_lines
      where ${sql.ref(column)} >= h.start and ${sql.ref(column)} < h.start + interval '1 hour' and ${isListed} order by ${sql.ref(column)} limit ${most}) c)`;
  return query(sql<HourOfDay>`
    select to_char(h.day, 'YYYY-MM-DD') as date, h.hour, ${within('ordered_at')} as ordered, ${within('instructed_at')} as instructed,
           ${within('shipped_at')} as shipped, ${within('delivered_at')} as delivered
      from (select d.day, n.hour, d.day::timestamp at time zone 'Asia/Seoul' + interval '1 hour' * n.hour as start
              from (select (now() at time zone 'Asia/Seoul')::date - back as day from generate_series(0, 1) back) d,
                   generate_series(0, 23) n (hour)) h
     order by h.day desc, h.hour`);
}
