import { type AliasedExpression, type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { DeliveryState, LineKey } from '../../domain/deliveries/line.ts';
import { unshippedStates } from '../../domain/dispatch/status.ts';
import { hasColumn, pageOf, type Stretch, stretchesOf } from '../keyset.ts';
import { anyOf, type Condition } from '../lists.ts';
import { workBatchOf } from '../packing/batch-lines.ts';
import { labelPrintsOf } from '../printing/find.ts';
import { build, type Query, type Row } from '../statement.ts';
import { waybillLevelOf } from '../tracking/waybill-level.ts';
import { hasDueDay, isNeverDue } from './due.ts';
import { type FoundFilter, isWithin, type LineFilter, lineDates } from './filter.ts';
import { isListed, line } from './line.ts';
import { everyLine, fewNumbered, isOfNumbered, linesOfAllNumbered, linesOfSome, sourceOf } from './numbered.ts';
import { withProducts } from './products.ts';

/** Dates by which the lists can be in order: instants, and a day. */
export const sortDates = { ...lineDates, dispatchDueOn: 'dispatch_due_on' } as const;
export type LineSort = keyof typeof sortDates | 'deliveryNo';
type DateColumn = (typeof sortDates)[keyof typeof sortDates];

/** Where a page continues: the sort value of the previous page's last row (null = it has none) and its key. */
export interface LineCursor {
  value: string | null;
  deliveryNo: string;
  lineNo: number;
}

export interface PageRequest {
  filter: LineFilter;
  sort: LineSort;
  descending: boolean;
  limit: number;
  after?: LineCursor | undefined;
}

/** A line with data of its order, as in the lists. */
export type ListedLine = Awaited<ReturnType<typeof findLines>>[number];

/** A line as it is in its table. */
export type FoundLine = Row<'delivery_lines'>;

/** 배송처리목록: a page of lines, at most `limit`. */
export const findLines = (query: Query, request: PageRequest) =>
  findPage(query, request, false, (lines, order) => query(shown(lines).orderBy(order)));

/**
 * 배송목록: one line for each delivery with a line within the filter, so that deliveries use the same keyset paging as lines. What is shown
 * of them is read by `linesOfDeliveries`.
 */
export const findDeliveries = (query: Query, request: PageRequest) =>
  findPage(query, request, true, (lines, order) => query(build.selectFrom(lines).selectAll().orderBy(order)));

/** All lines of these deliveries by number; `onlyListed` leaves out canceled and wholly returned ones. */
export function linesOfDeliveries(query: Query, deliveryNos: string[], onlyListed: boolean) {
  const lines = build.selectFrom('delivery_lines').selectAll().where('delivery_no', '=', anyOf(deliveryNos));
  const wanted = onlyListed ? lines.where(isListed) : lines;
  return query(shown(wanted.as('l')).orderBy('l.delivery_no').orderBy('l.line_no'));
}

/** Deliveries that `q` may find to be looked up one by one. */
const FEW = 2_000;
/** How many lines of a list are looked at for those that `q` finds: of forty lines it must find one, to fill a page. */
const LOOKED_AT = 2_000;

/**
 * The page of a list. With `q`, the deliveries that it finds are looked up first; only if they are many, the list is walked in its
 * order, which soon fills a page where they are everywhere in it. If it does not, all are looked up.
 */
async function findPage<Line>(query: Query, request: PageRequest, onePerDelivery: boolean, read: Read<Line>): Promise<Line[]> {
  const filter = isNeverDue(request.filter) ? null : await withProducts(query, request.filter);
  if (!filter) return [];
  const { limit } = request;
  const page = (source: Source) => pageFrom({ ...request, filter }, onePerDelivery, source, read);
  if (filter.q === undefined) return page({ lines: sourceOf(filter) });
  const few = await fewNumbered(query, filter.q, FEW);
  if (few) return page({ lines: linesOfSome(few) });
  const near = await page({ lines: everyLine, looked: isOfNumbered(filter.q) });
  return near.length === limit ? near : page({ lines: linesOfAllNumbered(filter.q) });
}

/** Reads what is shown of the lines of a page, in this order. */
type Read<Line> = (lines: AliasedExpression<FoundLine, 'l'>, order: RawBuilder<unknown>) => Promise<Line[]>;

/** Where a page's lines come from; with `looked`, those of the next `LOOKED_AT` lines of the list's first stretch that are so. */
interface Source {
  lines: RawBuilder<Row<'delivery_lines'>>;
  looked?: Condition;
}
type FoundRequest = Omit<PageRequest, 'filter'> & { filter: FoundFilter };

/** One statement for each stretch of the list that the page touches. */
function pageFrom<Line>(request: FoundRequest, onePerDelivery: boolean, { lines, looked }: Source, read: Read<Line>) {
  const { filter, sort, descending, after, limit } = request;
  const column = sort === 'deliveryNo' ? null : sortDates[sort];
  const all = stretchesOf(column, column !== 'ordered_at', after);
  // Lines without a day are not looked for where the filter has none of them.
  const stretches = column === 'dispatch_due_on' && hasDueDay(filter) ? all.filter(({ by }) => by !== null) : all;
  return pageOf(looked ? stretches.slice(0, 1) : stretches, limit, (stretch, most) => {
    const order = orderOf(stretch, descending);
    const also = [
      ...(onePerDelivery ? [standsForDelivery(column, filter)] : []),
      ...hasColumn(column, stretch),
      ...comesAfter(request, stretch),
    ];
    const least = looked ? LOOKED_AT : most;
    const first = (among: FoundFilter) =>
      build
        .selectFrom(lines.as('l'))
        .selectAll()
        .where(line.and([isWithin(among), ...also]))
        .orderBy(order)
        .limit(least);

    const states = lines === everyLine ? statesApart(column, filter) : [];
    const each = states.map((state) => first({ ...filter, states: [state] }));
    const listed = each.length > 1 ? build.selectFrom(unionOf(each)).selectAll().orderBy(order).limit(least) : first(filter);
    const found = looked ? build.selectFrom(listed.as('l')).selectAll().where(looked).orderBy(order).limit(most) : listed;
    return read(found.as('l'), order);
  });
}

/**
 * States that are read one by one: an index has the rows of each single state in order of ordered_at, of an unshipped one in order of
 * dispatch_due_on, but not those of several states together.
 */
function statesApart(column: DateColumn | null, { states, due }: FoundFilter): DeliveryState[] {
  const asked = [...new Set(states)];
  if (column === 'ordered_at') return asked;
  if (column !== 'dispatch_due_on') return [];
  if (due) return unshippedStates.filter((state) => states === undefined || states.includes(state));
  return asked.every((state) => unshippedStates.some((unshipped) => unshipped === state)) ? asked : [];
}

const unionOf = (parts: Expression<Row<'delivery_lines'>>[]) =>
  sql<Row<'delivery_lines'>>`(${sql.join(parts, sql` union all `)})`.as('l');

const keysOf = ({ by }: Stretch<DateColumn>) => (by === null ? ['l.delivery_no'] : [`l.${by}`, 'l.delivery_no']);

/** The lines of a delivery are always ordered by their numbers. */
function orderOf(stretch: Stretch<DateColumn>, descending: boolean): RawBuilder<unknown> {
  const way = descending ? sql`desc` : sql`asc`;
  return sql`${sql.join(keysOf(stretch).map((key) => sql`${sql.ref(key)} ${way}`))}, l.line_no`;
}

/** The rows after the previous page, in the stretch in which it ended. */
function comesAfter({ sort, descending, after }: FoundRequest, stretch: Stretch<DateColumn>): Condition[] {
  const { by } = stretch;
  if (!after || (sort !== 'deliveryNo' && (after.value === null) !== (by === null))) return [];
  const here = sql`(${sql.join(keysOf(stretch).map((key) => sql.ref(key)))})`;
  const value = sort === 'dispatchDueOn' ? sql`${after.value}::date` : sql`${after.value}::timestamptz`;
  const last = by === null ? sql`(${after.deliveryNo})` : sql`(${value}, ${after.deliveryNo})`;
  const beyond = descending ? sql`<=` : sql`>=`;
  return [sql<SqlBool>`${here} ${beyond} ${last}`, sql<SqlBool>`(${here} <> ${last} or l.line_no > ${after.lineNo})`];
}

/** All lines of a delivery are of one order, so what is asked of the order need not be asked of its other lines again. */
const withoutOrder = ({ orderNo, deliveryNo, receiverName, ordererName, phone, ...others }: FoundFilter): FoundFilter => others;

/**
 * Of each delivery's lines within the filter, the one with the latest date, but the one that is due first; if several have it, the one
 * with the lowest number.
 */
function standsForDelivery(column: DateColumn | null, filter: FoundFilter): Condition {
  const none = column === 'dispatch_due_on' ? sql`'infinity'` : sql`'-infinity'`;
  const date = (row: 'l' | 'o') => (column === null ? sql`` : sql`coalesce(${sql.ref(`${row}.${column}`)}, ${none}), `);
  const stands =
    column === 'dispatch_due_on'
      ? sql<SqlBool>`(${date('o')}o.line_no) < (${date('l')}l.line_no)`
      : sql<SqlBool>`(${date('o')}-o.line_no) > (${date('l')}-l.line_no)`;
  // In order of due days by their number alone (`offset 0`), not by the index of that order, in which each day would be looked at.
  const beside =
    column === 'dispatch_due_on'
      ? sql<Row<'delivery_lines'>>`(select * from delivery_lines b where b.delivery_no = l.delivery_no offset 0)`
      : everyLine;
  const other = build
    .selectFrom(beside.as('o'))
    .select([])
    .where(sql<SqlBool>`o.delivery_no = l.delivery_no`)
    .where(stands)
    .where(isWithin(withoutOrder(filter)));
  return line.not(line.exists(other));
}

/** What was split off a line itself and is still on its own. */
const partsOf = (line: string) =>
  sql<LineKey[] | null>`(select jsonb_agg(jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no) order by s.line_no)
     from delivery_lines s where s.split_from_delivery_no = ${sql.ref(`${line}.delivery_no`)}
      and s.split_from_line_no = ${sql.ref(`${line}.line_no`)} and s.valid_quantity > 0)`.as('split_to');

/** These lines with product and receiver, and the tracker's level of their waybills. */
const shown = (lines: AliasedExpression<Row<'delivery_lines'>, 'l'>) =>
  build
    .selectFrom(lines)
    .innerJoin('order_lines as p', (on) => on.onRef('p.order_no', '=', 'l.order_no').onRef('p.line_no', '=', 'l.line_no'))
    .innerJoin('orders as r', 'r.order_no', 'l.order_no')
    .selectAll('l')
    .select(['p.product_name', 'p.option_name', 'p.unit_price', 'r.receiver_name'])
    .select([waybillLevelOf('l'), partsOf('l'), workBatchOf('l'), labelPrintsOf('l').as('label_prints')]);
