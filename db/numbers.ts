import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { anyOf, type Condition } from './lists.ts';

/** A column's number as it is compared: by `numberKey` of domain/text.ts. */
export const keyOf = (column: string): RawBuilder<string> => sql<string>`number_key(${sql.ref(column)})`;

/** Whether a number is one of these. */
export const isNumbered = (column: string, keys: readonly string[]): Condition => sql<SqlBool>`${keyOf(column)} = ${anyOf(keys)}`;

/** Comes after every text that begins alike. */
const LAST = '\u{10ffff}';

/**
 * Whether a key begins so, as a range of its index. `like` would say the same, but PostgreSQL makes a range of it only where it plans
 * with the value at hand.
 */
export const beginsWith = (key: RawBuilder<string>, beginning: string): Condition =>
  sql<SqlBool>`(${key} ~>=~ ${beginning} and ${key} ~<~ ${beginning + LAST})`;

/** One of the orders with these numbers, whose own numbers are looked up first. */
export const anyOrderNumbered = (keys: readonly string[]): RawBuilder<string> =>
  sql`any(array(select o.order_no from orders o where ${isNumbered('o.order_no', keys)}))`;

/** The same for deliveries. */
export const anyDeliveryNumbered = (keys: readonly string[]): RawBuilder<string> =>
  sql`any(array(select d.delivery_no from deliveries d where ${isNumbered('d.delivery_no', keys)}))`;
