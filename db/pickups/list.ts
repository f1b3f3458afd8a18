import type { PickupKind, PickupState } from '../../domain/pickups/pickup.ts';
import { Statement } from '../sql.ts';
import type { Query } from '../statement.ts';
import { waybillLevelOf } from '../tracking/timeline.ts';
import type { PickupItemRow, PickupRow } from './row.ts';

export const pickupDates = {
  requestedAt: 'requested_at',
  instructedAt: 'instructed_at',
  confirmedAt: 'confirmed_at',
  completedAt: 'completed_at',
} as const;
export type PickupDate = keyof typeof pickupDates;
export type PickupSort = PickupDate | 'pickupNo';

/** The filters of 회수 조회; absent = not filtered. Instants are Dates, `to` excluded. */
export interface PickupFilter {
  states?: PickupState[] | undefined;
  kind?: PickupKind | undefined;
  orderNo?: string | undefined;
  claimNo?: string | undefined;
  pickupNo?: string | undefined;
  dateField?: PickupDate | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
  updatedFrom?: Date | undefined;
}

/** A pickup with what the tracker has told of its waybill. */
export interface ListedPickup extends PickupRow {
  waybill_level: number | null;
}

export interface PickupPage {
  filter: PickupFilter;
  sort: PickupSort;
  descending: boolean;
  limit: number;
  after?: { value: string | null; pickupNo: string } | undefined;
}

function conditions(filter: PickupFilter, statement: Statement): string[] {
  const found = ['true'];
  const bind = (value: unknown) => statement.bind(value);
  const equal = (column: string, value: unknown) => value !== undefined && found.push(`p.${column} = ${bind(value)}`);
  if (filter.states?.length === 1) equal('state', filter.states[0]);
  else if (filter.states) found.push(`p.state = any(${bind(filter.states)})`);
  equal('kind', filter.kind);
  equal('order_no', filter.orderNo);
  equal('claim_no', filter.claimNo);
  equal('pickup_no', filter.pickupNo);
  const date = pickupDates[filter.dateField ?? 'requestedAt'];
  if (filter.from) found.push(`p.${date} >= ${bind(filter.from)}`);
  if (filter.to) found.push(`p.${date} < ${bind(filter.to)}`);
  if (filter.updatedFrom) found.push(`p.updated_at >= ${bind(filter.updatedFrom)}`);
  return found;
}

/** One phase of the keyset walk: rows that have the sort's date, or those without one, which follow in key order. */
async function phase(query: Query, page: PickupPage, hasValue: boolean, limit: number): Promise<ListedPickup[]> {
  const { filter, sort, descending, after } = page;
  const statement = new Statement();
  const where = conditions(filter, statement);
  const column = sort === 'pickupNo' ? null : pickupDates[sort];
  if (column !== null && column !== 'requested_at') where.push(`p.${column} is ${hasValue ? 'not ' : ''}null`);
  const dated = column !== null && hasValue;
  const keys = dated ? [`p.${column}`, 'p.pickup_no'] : ['p.pickup_no'];
  if (after && (column === null || (after.value !== null) === hasValue)) {
    const marks = [...(dated ? [`${statement.bind(after.value)}::timestamptz`] : []), statement.bind(after.pickupNo)];
    where.push(`(${keys.join(', ')}) ${descending ? '<' : '>'} (${marks.join(', ')})`);
  }
  const order = keys.map((key) => `${key} ${descending ? 'desc' : 'asc'}`).join(', ');
  const text = `select p.*, t.waybill_level
    from (select * from pickups p where ${where.join(' and ')} order by ${order} limit ${statement.bind(limit)}) p
    left join lateral ${waybillLevelOf('p')} t on true order by ${order}`;
  return query<ListedPickup>(text, statement.values);
}

/** 회수 조회: a page of pickups, at most `limit`. */
export async function findPickups(query: Query, page: PickupPage): Promise<ListedPickup[]> {
  const nullable = page.sort !== 'pickupNo' && page.sort !== 'requestedAt';
  const phases = !nullable ? [true] : page.after?.value === null ? [false] : [true, false];
  const rows: ListedPickup[] = [];
  for (const hasValue of phases) {
    if (rows.length >= page.limit) break;
    rows.push(...(await phase(query, page, hasValue, page.limit - rows.length)));
  }
  return rows;
}

const WITH_LEVEL = `select p.*, t.waybill_level from pickups p left join lateral ${waybillLevelOf('p')} t on true`;

/** One pickup by its number. */
export async function findPickup(query: Query, pickupNo: string): Promise<ListedPickup | undefined> {
  return (await query<ListedPickup>(`${WITH_LEVEL} where p.pickup_no = $1`, [pickupNo]))[0];
}

/** All pickups of an order. */
export function pickupsOfOrder(query: Query, orderNo: string): Promise<ListedPickup[]> {
  return query<ListedPickup>(`${WITH_LEVEL} where p.order_no = $1 order by p.pickup_no`, [orderNo]);
}

/** How many rows the filter has, counted up to `most`. */
export async function countPickups(query: Query, filter: PickupFilter, most: number): Promise<number> {
  const statement = new Statement();
  const where = conditions(filter, statement).join(' and ');
  const rows = await query<{ count: number }>(
    `select count(*) from (select 1 from pickups p where ${where} limit ${statement.bind(most)}) counted`,
    statement.values,
  );
  return rows[0]?.count ?? 0;
}

/** Items of these pickups, by pickup and line. */
export async function itemsOfPickups(query: Query, pickupNos: string[]): Promise<Map<string, PickupItemRow[]>> {
  const rows = await query<PickupItemRow>('select * from pickup_items where pickup_no = any($1) order by pickup_no, line_no', [
    pickupNos,
  ]);
  return Map.groupBy(rows, (row) => row.pickup_no);
}
