import { type AliasedExpression, type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { DeliveryState } from '../../domain/deliveries/line.ts';
import { unshippedStates } from '../../domain/dispatch/status.ts';
import { hasColumn, pageOf, type Stretch, stretchesOf } from '../keyset.ts';
import { type Condition, countOf } from '../lists.ts';
import { build, type Query, type Row } from '../statement.ts';
import { hasDueDay, isNeverDue } from './due.ts';
import { type FoundFilter, isWithin, type LineFilter, lineDates } from './filter.ts';
import { line } from './line.ts';
import {
  areMoreNumbered,
  everyLine,
  fewNumbered,
  isOfNumbered,
  linesOfAllNumbered,
  linesOfSome,
  REACH,
  type Reach,
  sourceOf,
  tooManyFound,
} from './numbered.ts';
import { withProducts } from './products.ts';
import { shown } from './shown.ts';

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
export const findLines = (query: Query, request: PageRequest, reach = REACH) =>
  findPage(query, request, reach, false, (lines, order) => query(shown(lines).orderBy(order)));

/**
 * 배송목록: one line for each delivery with a line within the filter, so that deliveries use the same keyset paging as lines. What is shown
 * of them is read by `linesOfDeliveries`.
 */
export const findDeliveries = (query: Query, request: PageRequest, reach = REACH) =>
  findPage(query, request, reach, true, (lines, order) => query(build.selectFrom(lines).selectAll().orderBy(order)));

/** The page of a list; with `q` as far as `reach` says, and refused where that is not far enough. */
async function findPage<Line>(
  query: Query,
  request: PageRequest,
  reach: Reach,
  onePerDelivery: boolean,
  read: Read<Line>,
): Promise<Line[]> {
  const filter = isNeverDue(request.filter) ? null : await withProducts(query, request.filter, reach.named);
  if (!filter) return [];
  const { limit } = request;
  const { q } = filter;
  const page = (source: Source) => pageFrom(query, { ...request, filter }, onePerDelivery, source, read);
  const lines = sourceOf(filter);
  if (q === undefined) return page({ lines });
  const few = await fewNumbered(query, q, reach.few);
  if (few) return page({ lines: linesOfSome(few) });
  const condition = isOfNumbered(q);
  const near = await page({ lines, looked: { condition, most: reach.near, isFar: false } });
  if (near.length === limit) return near;
  const areAllNumbered = !(await areMoreNumbered(query, q, reach.many));
  return page(areAllNumbered ? { lines: linesOfAllNumbered(q) } : { lines, looked: { condition, most: reach.far, isFar: true } });
}

/** Reads what is shown of the lines of a page, in this order. */
type Read<Line> = (lines: AliasedExpression<FoundLine, 'l'>, order: RawBuilder<unknown>) => Promise<Line[]>;

/** Where a page's lines come from. With `looked`, only `most` lines: of the first stretch; if `isFar`, of each, and enough or none. */
interface Source {
  lines: RawBuilder<Row<'delivery_lines'>>;
  looked?: { condition: Condition; most: number; isFar: boolean };
}
type FoundRequest = Omit<PageRequest, 'filter'> & { filter: FoundFilter };

/** One statement for each stretch of the list that the page touches. */
function pageFrom<Line>(
  query: Query,
  request: FoundRequest,
  onePerDelivery: boolean,
  { lines, looked }: Source,
  read: Read<Line>,
) {
  const { filter, sort, descending, after, limit } = request;
  const column = sort === 'deliveryNo' ? null : sortDates[sort];
  const all = stretchesOf(column, column !== 'ordered_at', after);
  // Lines without a day are not looked for where the filter has none of them.
  const stretches = column === 'dispatch_due_on' && hasDueDay(filter) ? all.filter(({ by }) => by !== null) : all;
  return pageOf(looked && !looked.isFar ? stretches.slice(0, 1) : stretches, limit, async (stretch, most) => {
    const order = orderOf(stretch, descending);
    const left = [...hasColumn(column, stretch), ...comesAfter(request, stretch)];
    const also = [...(onePerDelivery ? [standsForDelivery(column, filter)] : []), ...left];
    const least = looked?.most ?? most;
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
    const found = looked
      ? build.selectFrom(listed.as('l')).selectAll().where(looked.condition).orderBy(order).limit(most)
      : listed;
    const rows = await read(found.as('l'), order);
    if (looked?.isFar && rows.length < most) {
      const rest = build
        .selectFrom(lines.as('l'))
        .select('delivery_no')
        .where(line.and([isWithin(filter), ...left]));
      if ((await countOf(query, rest.limit(looked.most + 1))) > looked.most) throw tooManyFound();
    }
    return rows;
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
