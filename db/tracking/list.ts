import { expressionBuilder, type SqlBool, sql } from 'kysely';
import type { ExceptionKind } from '../../domain/tracking.ts';
import { build, type Query, type Row, type Tables } from '../statement.ts';

export const exceptionDates = { lastAt: 'last_at', firstAt: 'first_at' } as const;
export type ExceptionSort = keyof typeof exceptionDates;

export type ExceptionRow = Row<'tracking_exceptions'>;

/** Absent = not filtered. Instants are Dates, `to` excluded. */
export interface ExceptionFilter {
  state?: 'open' | 'resolved' | undefined;
  kind?: ExceptionKind | undefined;
  deliveryNo?: string | undefined;
  pickupNo?: string | undefined;
  carrierCode?: string | undefined;
  waybillNo?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
  updatedFrom?: Date | undefined;
}

export interface ExceptionPage {
  filter: ExceptionFilter;
  sort: ExceptionSort;
  descending: boolean;
  limit: number;
  after?: { value: string; id: number } | undefined;
}

function isWithin(filter: ExceptionFilter) {
  const eb = expressionBuilder<Tables, 'tracking_exceptions'>();
  const { state, kind, deliveryNo, pickupNo, carrierCode, waybillNo, from, to, updatedFrom } = filter;
  return eb.and([
    ...(state === undefined ? [] : [eb('state', '=', state)]),
    ...(kind === undefined ? [] : [eb('kind', '=', kind)]),
    ...(deliveryNo === undefined ? [] : [eb('delivery_no', '=', deliveryNo)]),
    ...(pickupNo === undefined ? [] : [eb('pickup_no', '=', pickupNo)]),
    ...(carrierCode === undefined ? [] : [eb('carrier_code', '=', carrierCode)]),
    ...(waybillNo === undefined ? [] : [eb('waybill_no', '=', waybillNo)]),
    ...(from === undefined ? [] : [eb('last_at', '>=', from)]),
    ...(to === undefined ? [] : [eb('last_at', '<', to)]),
    ...(updatedFrom === undefined ? [] : [sql<SqlBool>`greatest(last_at, resolved_at) >= ${updatedFrom}`]),
  ]);
}

/** A page of exceptions, at most `limit`. */
export function findExceptions(query: Query, { filter, sort, descending, limit, after }: ExceptionPage): Promise<ExceptionRow[]> {
  const column = exceptionDates[sort];
  const way = descending ? 'desc' : 'asc';
  const beyond = descending ? sql`<` : sql`>`;
  const page = build
    .selectFrom('tracking_exceptions')
    .selectAll()
    .where(isWithin(filter))
    .orderBy(column, way)
    .orderBy('id', way)
    .limit(limit);
  const rest = (last: { value: string; id: number }) =>
    page.where(sql<SqlBool>`(${sql.ref(column)}, id) ${beyond} (${last.value}::timestamptz, ${last.id})`);
  return query(after ? rest(after) : page);
}

/** Number of exceptions within the filter, counted up to `most`. */
export async function countExceptions(query: Query, filter: ExceptionFilter, most: number): Promise<number> {
  const counted = build.selectFrom('tracking_exceptions').select('id').where(isWithin(filter)).limit(most);
  const [row] = await query(build.selectFrom(counted.as('counted')).select((eb) => eb.fn.countAll<number>().as('count')));
  return row?.count ?? 0;
}
