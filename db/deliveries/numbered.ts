import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Condition } from '../lists.ts';
import { beginsWith, keyOf } from '../numbers.ts';
import type { Query, Row } from '../statement.ts';
import { isNoticed } from './due.ts';
import { type FoundFilter, numbersOf } from './filter.ts';
import { isOfFewSold } from './products.ts';

interface Numbered {
  delivery_no: string;
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
