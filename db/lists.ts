import { type AliasedExpression, type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import { build, type Query } from './statement.ts';

export type Condition = Expression<SqlBool>;

/** The condition of a filter, if the filter is set. */
export const when = <Value>(asked: Value | null | undefined, condition: (value: Value) => Condition): Condition[] =>
  asked === undefined || asked === null ? [] : [condition(asked)];

/** One of these, bound as one value, so that the statement's text does not depend on their number. */
export const anyOf = <Value>(values: readonly Value[]): RawBuilder<Value> => sql<Value>`any(${values})`;

/** How many rows this is; a limit in it is how far it counts. */
export async function countOf(
  query: Query,
  rows: { as: (name: 'counted') => AliasedExpression<object, 'counted'> },
): Promise<number> {
  const [counted] = await query(build.selectFrom(rows.as('counted')).select((eb) => eb.fn.countAll<number>().as('count')));
  return counted?.count ?? 0;
}
