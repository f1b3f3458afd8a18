import type { InferKyselyDB } from '@mikro-orm/postgresql';
import {
  type CompiledQuery,
  type DeleteResult,
  DummyDriver,
  type InsertResult,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
  type Selectable,
  sql,
  type UpdateResult,
} from 'kysely';
import type { entities } from './entities.ts';

/** All tables with their columns, from the entities. */
export type Tables = InferKyselyDB<(typeof entities)[number]>;

/** A row of a table, as returned by a statement. */
export type Row<Table extends keyof Tables> = Selectable<Tables[Table]>;

/**
 * Builds statements with the entities' tables, columns and states. It sends none; `Query` does, because Kysely's own connection
 * cannot name a statement (docs/decisions/kysely-over-entities.md).
 */
export const build = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

/** What can be sent: a builder of `build`, a template of Kysely's `sql`, or one of them `named`. `Answer` is the type of its rows. */
export interface Statement<Answer> {
  compile: (by: typeof build) => CompiledQuery<Answer> & { name?: string };
}

/** Results of Kysely's builders that only report changes; rows are returned only with `returning`. */
type Written = InsertResult | UpdateResult | DeleteResult;

/** Sends one statement with bound parameters and returns its rows. */
export type Query = <Answer>(statement: Statement<Answer>) => Promise<(Answer extends Written ? never : Answer)[]>;

/** The text of a statement, its values, and its name if it has one. */
export const compile = <Answer>(statement: Statement<Answer>) => statement.compile(build);

/**
 * The same statement, prepared under this name on each connection, so that PostgreSQL plans it once. For the few statements that
 * every command sends. The text must always be the same: all values bound, no part left out.
 */
export const named = <Answer>(name: string, statement: Statement<Answer>): Statement<Answer> => ({
  compile: (by) => ({ ...statement.compile(by), name }),
});

/** A value of a json or jsonb column; pg itself would send an array as a PostgreSQL array. */
export const json = <Value>(value: Value): RawBuilder<Value> => sql<Value>`${JSON.stringify(value)}`;

/** An instant that is at hand as text, with the microseconds that a Date loses. */
export const instant = (text: string): RawBuilder<Date> => sql<Date>`${text}::timestamptz`;

/** Marks the position of a value in a `prepared` statement. */
class Place {
  readonly of: PropertyKey;
  constructor(of: PropertyKey) {
    this.of = of;
  }
}

/**
 * A named statement for the most frequent calls: its text is built once, with a place for each value; after that only values are
 * bound. It costs as much CPU as handwritten text. A value of a json column is given as text.
 */
export function prepared<Values extends object, Answer = unknown>(
  name: string,
  write: (of: (value: keyof Values) => Place) => Statement<Answer>,
): (values: Values) => Statement<Answer> {
  const written = compile(write((of) => new Place(of)));
  const places = written.parameters as (Place & { of: keyof Values })[];
  return (values) => ({
    compile: () => ({ ...written, name, parameters: places.map(({ of }) => values[of]) }),
  });
}
