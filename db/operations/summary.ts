import { type RawBuilder, sql } from 'kysely';
import type { DeliveryState } from '../../domain/deliveries/line.ts';
import type { PickupState } from '../../domain/pickups/pickup.ts';
import type { Query } from '../statement.ts';

/** How many wait in a state, counted up to a limit, and since when the first one waits. */
export interface Waiting<State> {
  state: State;
  count: number;
  oldest: Date | null;
}

/** The same text as in the partial indexes of delivery_lines. */
const isListed = sql`valid_quantity > 0 and state <> 'canceled'`;

/** Listed lines in each of these states, in the given order, with the oldest order time. */
export const countLinesByState = (query: Query, states: DeliveryState[], most: number) =>
  query(sql<Waiting<DeliveryState>>`
    select s.state,
      (select count(*) from (select 1 from delivery_lines l where l.state = s.state and valid_quantity > 0 and l.state <> 'canceled' limit ${most}) c) as count,
      (select min(ordered_at) from delivery_lines l where l.state = s.state and valid_quantity > 0 and l.state <> 'canceled') as oldest
    from unnest(${states}::text[]) with ordinality s (state, n) order by n`);

/** Pickups in each of these states, in the given order, with the oldest claim time. */
export const countPickupsByState = (query: Query, states: PickupState[], most: number) =>
  query(sql<Waiting<PickupState>>`
    select s.state,
      (select count(*) from (select 1 from pickups p where p.state = s.state limit ${most}) c) as count,
      (select min(requested_at) from pickups p where p.state = s.state) as oldest
    from unnest(${states}::text[]) with ordinality s (state, n) order by n`);

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
