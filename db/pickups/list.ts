import { expressionBuilder, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { PickupKind, PickupState } from '../../domain/pickups/pickup.ts';
import { hasColumn, pageOf, type Stretch, stretchesOf } from '../keyset.ts';
import { anyOf, type Condition, countOf, when } from '../lists.ts';
import { beginsWith, isNumbered, keyOf } from '../numbers.ts';
import { build, type Query, type Tables } from '../statement.ts';
import { waybillLevelOf } from '../tracking/waybill-level.ts';
import type { PickupItemRow, PickupRow } from './row.ts';

export const pickupDates = {
  requestedAt: 'requested_at',
  instructedAt: 'instructed_at',
  confirmedAt: 'confirmed_at',
  completedAt: 'completed_at',
} as const;
export type PickupDate = keyof typeof pickupDates;
export type PickupSort = PickupDate | 'pickupNo';
type DateColumn = (typeof pickupDates)[PickupDate];

/**
 * The filters of 회수 조회; absent = not filtered. Instants are Dates, `to` excluded. Numbers are keys (`numberKey` of domain/text.ts), any
 * of which will do; `q` is the beginning of one, of any kind.
 */
export interface PickupFilter {
  states?: PickupState[] | undefined;
  kind?: PickupKind | undefined;
  q?: string | undefined;
  orderNo?: string[] | undefined;
  claimNo?: string[] | undefined;
  pickupNo?: string[] | undefined;
  waybillNo?: string[] | undefined;
  dateField?: PickupDate | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
  updatedFrom?: Date | undefined;
}

export interface PickupPage {
  filter: PickupFilter;
  sort: PickupSort;
  descending: boolean;
  limit: number;
  after?: { value: string | null; pickupNo: string } | undefined;
}

/** A pickup with the tracker's level of its waybill. */
export type ListedPickup = Awaited<ReturnType<typeof findPickups>>[number];

/** 회수 조회: a page of pickups, at most `limit`. */
export function findPickups(query: Query, { filter, sort, descending, limit, after }: PickupPage) {
  const column = sort === 'pickupNo' ? null : pickupDates[sort];
  // requested_at is never null.
  return pageOf(stretchesOf(column, column !== 'requested_at', after), limit, (stretch, most) => {
    const keys = keysOf(stretch);
    const order = sql`${sql.join(keys.map((key) => sql`${key} ${descending ? sql`desc` : sql`asc`}`))}`;
    const found = build
      .selectFrom(pickupsOf(filter).as('p'))
      .selectAll()
      .where(pickup.and([isWithin(filter), ...hasColumn(column, stretch), ...comesAfter(sort, descending, after, stretch)]))
      .orderBy(order)
      .limit(most);
    return query(build.selectFrom(found.as('p')).selectAll().select(waybillLevelOf('p')).orderBy(order));
  });
}

/** Number of rows within the filter, counted up to `most`. */
export function countPickups(query: Query, filter: PickupFilter, most: number): Promise<number> {
  return countOf(query, build.selectFrom(pickupsOf(filter).as('p')).select('pickup_no').where(isWithin(filter)).limit(most));
}

/** All pickups of an order. */
export const pickupsOfOrder = (query: Query, orderNo: string): Promise<ListedPickup[]> =>
  query(
    build
      .selectFrom('pickups as p')
      .selectAll()
      .select(waybillLevelOf('p'))
      .where('p.order_no', '=', orderNo)
      .orderBy('p.pickup_no'),
  );

/** Items of these pickups, by pickup and line. */
export async function itemsOfPickups(query: Query, pickupNos: string[]): Promise<Map<string, PickupItemRow[]>> {
  const rows = await query(
    build
      .selectFrom('pickup_items')
      .selectAll()
      .where('pickup_no', '=', anyOf(pickupNos))
      .orderBy('pickup_no')
      .orderBy('line_no'),
  );
  return Map.groupBy(rows, (row) => row.pickup_no);
}

const pickup = expressionBuilder<Tables, 'pickups'>();

/** All pickups; with numbers in the filter those that they find, by their indexes before the list's order and filters (`offset 0`). */
function pickupsOf(filter: PickupFilter): RawBuilder<PickupRow> {
  const found = [...numbersOf(filter), ...when(filter.q, hasNumber)];
  if (found.length === 0) return sql`pickups`;
  return sql`(select f.* from pickups f where ${sql.join(found, sql` and `)} offset 0)`;
}

const numbersOf = ({ orderNo, claimNo, pickupNo, waybillNo }: PickupFilter): Condition[] => [
  ...when(orderNo, (keys) => isNumbered('order_no', keys)),
  ...when(claimNo, (keys) => isNumbered('claim_no', keys)),
  ...when(pickupNo, (keys) => isNumbered('pickup_no', keys)),
  ...when(waybillNo, (keys) => pickup('waybill_no', '=', anyOf(keys))),
];

/** One of a pickup's numbers begins so. */
function hasNumber(beginning: string): Condition {
  const keys = ['pickup_no', 'claim_no', 'order_no', 'original_delivery_no'].map(keyOf);
  const found = [...keys, sql.ref<string>('waybill_no')].map((key) => beginsWith(key, beginning));
  return sql<SqlBool>`(${sql.join(found, sql` or `)})`;
}

/** The pickups within this filter; its numbers have been looked up before (`pickupsOf`). */
function isWithin(filter: PickupFilter): Condition {
  const date = pickupDates[filter.dateField ?? 'requestedAt'];
  return pickup.and([
    ...when(filter.states, isInStates),
    ...when(filter.kind, (kind) => pickup('kind', '=', kind)),
    ...when(filter.from, (from) => pickup(date, '>=', from)),
    ...when(filter.to, (to) => pickup(date, '<', to)),
    ...when(filter.updatedFrom, (from) => pickup('updated_at', '>=', from)),
  ]);
}

/** A single state is compared as such, because an index has the rows of each state in order of `requested_at`. */
const isInStates = (states: PickupState[]): Condition =>
  states.length === 1 && states[0] ? pickup('state', '=', states[0]) : sql<SqlBool>`state = any(${states})`;

const keysOf = ({ by }: Stretch<DateColumn>) =>
  [...(by === null ? [] : [by]), 'pickup_no'].map((column) => sql.ref(`p.${column}`));

/** The rows after the previous page, in the stretch in which it ended. */
function comesAfter(
  sort: PickupSort,
  descending: boolean,
  after: PickupPage['after'],
  stretch: Stretch<DateColumn>,
): Condition[] {
  const { by } = stretch;
  if (!after || (sort !== 'pickupNo' && (after.value === null) !== (by === null))) return [];
  const last = by === null ? sql`(${after.pickupNo})` : sql`(${after.value}::timestamptz, ${after.pickupNo})`;
  return [sql<SqlBool>`(${sql.join(keysOf(stretch))}) ${descending ? sql`<` : sql`>`} ${last}`];
}
