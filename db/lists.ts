import { type Expression, type RawBuilder, type SelectQueryBuilder, type SqlBool, sql } from 'kysely';
import { build, type Query, type Tables } from './statement.ts';

export type Condition = Expression<SqlBool>;

/** The condition of a filter, if the filter is set. */
export const when = <Value>(asked: Value | null | undefined, condition: (value: Value) => Condition): Condition[] =>
  asked === undefined || asked === null ? [] : [condition(asked)];

/** One of these, bound as one value, so that the statement's text does not depend on their number. */
export const anyOf = <Value>(values: readonly Value[]): RawBuilder<Value> => sql<Value>`any(${values})`;

/** How many rows this is; a limit in it is how far it counts. */
export async function countOf<Table extends keyof Tables, Answer>(
  query: Query,
  rows: SelectQueryBuilder<Tables, Table, Answer>,
): Promise<number> {
  const [counted] = await query(build.selectFrom(rows.as('counted')).select((eb) => eb.fn.countAll<number>().as('count')));
  return counted?.count ?? 0;
}
