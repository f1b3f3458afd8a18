import { expressionBuilder, type SqlBool, sql } from 'kysely';
import type { ExceptionKind } from '../../domain/tracking.ts';
import { type Condition, countOf, when } from '../lists.ts';
import { build, type Query, type Row, type Tables } from '../statement.ts';

export const exceptionDates = { lastAt: 'last_at', firstAt: 'first_at' } as const;
export type ExceptionSort = keyof typeof exceptionDates;

export type ExceptionRow = Row<'tracking_exceptions'>;

/** Absent = not filtered. Instants are Dates, `to` excluded. Numbers are keys (`numberKey` of domain/text.ts), as ours and waybills are stored. */
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

const exception = expressionBuilder<Tables, 'tracking_exceptions'>();

function isWithin(filter: ExceptionFilter): Condition {
  return exception.and([
    ...when(filter.state, (state) => exception('state', '=', state)),
    ...when(filter.kind, (kind) => exception('kind', '=', kind)),
    ...when(filter.deliveryNo, (deliveryNo) => exception('delivery_no', '=', deliveryNo)),
    ...when(filter.pickupNo, (pickupNo) => exception('pickup_no', '=', pickupNo)),
    ...when(filter.carrierCode, (code) => exception('carrier_code', '=', code)),
    ...when(filter.waybillNo, (waybillNo) => exception('waybill_no', '=', waybillNo)),
    ...when(filter.from, (from) => exception('last_at', '>=', from)),
    ...when(filter.to, (to) => exception('last_at', '<', to)),
    ...when(filter.updatedFrom, (from) => sql<SqlBool>`greatest(last_at, resolved_at) >= ${from}`),
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
export function countExceptions(query: Query, filter: ExceptionFilter, most: number): Promise<number> {
  return countOf(query, build.selectFrom('tracking_exceptions').select('id').where(isWithin(filter)).limit(most));
}
