import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { Problem } from '../../domain/problems.ts';
import { type Condition, countOf } from '../lists.ts';
import { beginsWith, keyOf } from '../numbers.ts';
import type { Query, Row } from '../statement.ts';
import { isNoticed } from './due.ts';
import { type FoundFilter, numbersOf } from './filter.ts';
import { isOfFewSold } from './products.ts';

interface Numbered {
  delivery_no: string;
}

/**
 * How far a list goes for what `q` or a product's name finds, so that no answer takes seconds. A few deliveries are looked up one by one.
 * Of many, the list is first looked through in its order: of forty lines it must find one, to fill a page. Then up to `many` numbers, of
 * all kinds together, are looked up. Beyond that the list is looked through again, `far` this time, which is all of it where its other
 * filters leave less. Lines of products that have several names are told one by one where they are at most `named`, else each line of
 * the list is asked.
 */
export interface Reach {
  few: number;
  near: number;
  many: number;
  far: number;
  named: number;
}
export const REACH: Reach = { few: 2_000, near: 2_000, many: 50_000, far: 100_000, named: 2_000 };

/** Neither the numbers nor what is left of the list are few enough to be sure of a page. */
export function tooManyFound(): Problem {
  const message = '찾는 번호가 너무 많습니다. 더 길게 입력하거나 조건을 더해 주세요';
  return new Problem('BAD_REQUEST', `q: ${message}`, { errors: [{ path: 'q', message }] });
}

/**
 * Deliveries whose number, order number or waybill begins so, each by its index; some of them twice. With `most` no more than these of
 * each kind.
 */
function numbered(beginning: string, most?: number): RawBuilder<Numbered> {
  const limit = most === undefined ? sql`` : sql` limit ${most}`;
  return sql<Numbered>`
    (select d.delivery_no from deliveries d where ${beginsWith(keyOf('d.delivery_no'), beginning)}${limit})
    union all
    (select d.delivery_no from orders o join deliveries d on d.order_no = o.order_no
      where ${beginsWith(keyOf('o.order_no'), beginning)}${limit})
    union all
    (select w.delivery_no from delivery_lines w where ${beginsWith(sql.ref('w.waybill_no'), beginning)}${limit})`;
}

/** The deliveries that `q` finds, if they are at most `most`; else null. */
export async function fewNumbered(query: Query, beginning: string, most: number): Promise<string[] | null> {
  const found = await query(numbered(beginning, most + 1));
  return found.length > most ? null : [...new Set(found.map(({ delivery_no }) => delivery_no))];
}

/** Whether `q` finds more than `most` numbers. */
export const areMoreNumbered = async (query: Query, beginning: string, most: number): Promise<boolean> =>
  (await countOf(query, sql`(select 1 from (${numbered(beginning, most + 1)}) n limit ${most + 1})`)) > most;

type Lines = RawBuilder<Row<'delivery_lines'>>;

/** The lines that are so, found by their numbers before anything else: `offset 0` keeps the list's order and filters out of it. */
export const linesThat = (conditions: readonly Condition[]): Lines =>
  sql`(select l.* from delivery_lines l where ${sql.join(conditions, sql` and `)} offset 0)`;

export const everyLine: Lines = sql`delivery_lines`;

/** All lines; those with the numbers of the filter, with a notice or the few with a name that it asks for, where it has some. */
export function sourceOf(filter: FoundFilter): Lines {
  const few = [...numbersOf(filter), ...isNoticed(filter), ...(filter.sold ? isOfFewSold(filter.sold) : [])];
  return few.length === 0 ? everyLine : linesThat(few);
}

/** The lines of these deliveries. */
export const linesOfSome = (deliveryNos: readonly string[]): Lines =>
  linesThat([sql<SqlBool>`l.delivery_no = any(${deliveryNos})`]);

/** The lines of all deliveries that `q` finds, however many; with `most`, of no more than these of each kind of number. */
export const linesOfAllNumbered = (beginning: string, most?: number): Lines =>
  linesThat([sql<SqlBool>`l.delivery_no = any(array(${numbered(beginning, most)}))`]);

/** Whether `q` finds the delivery of a line at hand. */
export const isOfNumbered = (beginning: string): Condition => sql`(${beginsWith(keyOf('l.delivery_no'), beginning)}
  or ${beginsWith(keyOf('l.order_no'), beginning)}
  or exists (select from delivery_lines w where w.delivery_no = l.delivery_no and ${beginsWith(sql.ref('w.waybill_no'), beginning)}))`;
