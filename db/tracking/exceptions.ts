import type { ExceptionKind } from '../../domain/tracking.ts';
import { Statement } from '../sql.ts';
import type { Query } from '../statement.ts';

export const exceptionDates = { lastAt: 'last_at', firstAt: 'first_at' } as const;
export type ExceptionSort = keyof typeof exceptionDates;

/** A row of tracking_exceptions as `select *` gives it. */
export interface ExceptionRow {
  id: number;
  kind: ExceptionKind;
  fid: string;
  delivery_no: string | null;
  pickup_no: string | null;
  carrier_code: string | null;
  waybill_no: string;
  reason: string;
  first_at: Date;
  last_at: Date;
  count: number;
  state: 'open' | 'resolved';
  resolved_by: string | null;
  resolved_at: Date | null;
  resolution: string | null;
  journal_id: number | null;
  waybill_id: number | null;
}

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

function conditions(filter: ExceptionFilter, statement: Statement): string[] {
  const found = ['true'];
  const bind = (value: unknown) => statement.bind(value);
  const equal = (column: string, value: unknown) => value !== undefined && found.push(`${column} = ${bind(value)}`);
  equal('state', filter.state);
  equal('kind', filter.kind);
  equal('delivery_no', filter.deliveryNo);
  equal('pickup_no', filter.pickupNo);
  equal('carrier_code', filter.carrierCode);
  equal('waybill_no', filter.waybillNo);
  if (filter.from) found.push(`last_at >= ${bind(filter.from)}`);
  if (filter.to) found.push(`last_at < ${bind(filter.to)}`);
  if (filter.updatedFrom) found.push(`greatest(last_at, resolved_at) >= ${bind(filter.updatedFrom)}`);
  return found;
}

/** A page of exceptions, at most `limit`. */
export function findExceptions(query: Query, { filter, sort, descending, limit, after }: ExceptionPage): Promise<ExceptionRow[]> {
  const statement = new Statement();
  const where = conditions(filter, statement);
  const column = exceptionDates[sort];
  if (after)
    where.push(
      `(${column}, id) ${descending ? '<' : '>'} (${statement.bind(after.value)}::timestamptz, ${statement.bind(after.id)})`,
    );
  const way = descending ? 'desc' : 'asc';
  const text = `select * from tracking_exceptions where ${where.join(' and ')}
    order by ${column} ${way}, id ${way} limit ${statement.bind(limit)}`;
  return query<ExceptionRow>(text, statement.values);
}

/** How many the filter has, counted up to `most`. */
export async function countExceptions(query: Query, filter: ExceptionFilter, most: number): Promise<number> {
  const statement = new Statement();
  const where = conditions(filter, statement).join(' and ');
  const rows = await query<{ count: number }>(
    `select count(*) from (select 1 from tracking_exceptions where ${where} limit ${statement.bind(most)}) counted`,
    statement.values,
  );
  return rows[0]?.count ?? 0;
}
