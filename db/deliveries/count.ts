import { type RawBuilder, sql } from 'kysely';
import { countOf } from '../lists.ts';
import { build, type Query, type Row } from '../statement.ts';
import { hasDueDay } from './due.ts';
import { type FoundFilter, isWithin, type LineFilter } from './filter.ts';
import { areMoreNumbered, fewNumbered, isOfNumbered, linesOfAllNumbered, linesOfSome, REACH, sourceOf } from './numbered.ts';
import { withProducts } from './products.ts';

type Source = RawBuilder<Row<'delivery_lines'>>;

/** `isMinimum`: there are so many or more. */
export interface Counted {
  count: number;
  isMinimum: boolean;
}

const sure = (count: number): Counted => ({ count, isMinimum: false });

/**
 * Number of lines within the filter, or of deliveries with one, counted up to `most`. Of many deliveries that `q` finds, which may be all,
 * a quarter more than `most` are looked at first: nearly always enough of them have a line within the filter. Then as far as `reach` says.
 */
export async function countLines(
  query: Query,
  asked: LineFilter,
  most: number,
  onePerDelivery: boolean,
  reach = REACH,
): Promise<Counted> {
  const filter = await withProducts(query, asked, reach.named);
  if (!filter) return sure(0);
  const count = onePerDelivery ? deliveriesIn : linesIn;
  const { q } = filter;
  if (q === undefined) return sure(await countSold(query, filter, most, count));
  const few = await fewNumbered(query, q, reach.few);
  if (few) return sure(await count(query, linesOfSome(few), filter, most));
  const enough = Math.ceil(most * 1.25);
  const near = await count(query, linesOfAllNumbered(q, enough), filter, most);
  if (near === most) return sure(near);
  if (!(await areMoreNumbered(query, q, Math.max(reach.many, enough))))
    return sure(await count(query, linesOfAllNumbered(q), filter, most));
  const source = sourceOf(filter);
  const all = build.selectFrom(source.as('l')).selectAll().where(isWithin(filter)).limit(reach.far);
  const far = await count(query, sql`(select * from (${all}) l where ${isOfNumbered(q)})`, filter, most);
  const isSure = far === most || (await linesIn(query, source, filter, reach.far + 1)) <= reach.far;
  return { count: Math.max(near, far), isMinimum: !isSure };
}

type Count = (query: Query, from: Source, filter: FoundFilter, most: number) => Promise<number>;

/** The few lines of the products that were sold under other names matter only to a small count; with them an index alone counts. */
async function countSold(query: Query, filter: FoundFilter, most: number, count: Count): Promise<number> {
  const { sold } = filter;
  if (sold?.notUnder && sold.notUnder.length > 0) {
    const enough = most + sold.notUnder.length;
    const near = await count(query, sourceOf(filter), { ...filter, sold: { ...sold, others: [] } }, enough);
    if (near === enough) return most;
  }
  return count(query, sourceOf(filter), filter, most);
}

const within = (from: Source, filter: FoundFilter) =>
  build.selectFrom(from.as('l')).select('delivery_no').where(isWithin(filter));

function linesIn(query: Query, from: Source, filter: FoundFilter, most: number): Promise<number> {
  const lines = within(from, filter).limit(most);
  // Nearly every line was due before today, but few of those that have still to leave: their index is the one in this order.
  const isDueSoon = filter.due && hasDueDay({ due: filter.due });
  return countOf(query, isDueSoon ? lines.orderBy('state').orderBy('dispatch_due_on') : lines);
}

/**
 * `distinct` stops at `most` where an index has the lines in order of their deliveries. Of a stretch of days or of some products it would read all before it
 * knew one delivery from another, so twice as many lines are looked at first.
 */
async function deliveriesIn(query: Query, from: Source, filter: FoundFilter, most: number): Promise<number> {
  const lines = within(from, filter);
  const all = () => countOf(query, lines.distinct().limit(most));
  if (filter.from === undefined && filter.to === undefined && filter.sold === undefined) return all();
  const each = build
    .selectFrom(lines.limit(2 * most).as('n'))
    .select((eb) => eb.fn.countAll<number>().as('lines'))
    .groupBy('n.delivery_no');
  const [near] = await query(
    build
      .selectFrom(each.as('d'))
      .select((eb) => [eb.fn.countAll<number>().as('deliveries'), sql<number>`coalesce(sum(lines), 0)::int`.as('lines')]),
  );
  const { deliveries = 0, lines: looked = 0 } = near ?? {};
  const isSure = deliveries >= most || looked < 2 * most;
  return isSure ? Math.min(deliveries, most) : all();
}
