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

/** Every table with its columns, as the entities say. */
export type Tables = InferKyselyDB<(typeof entities)[number]>;

/** A row of a table as a statement answers it. */
export type Row<Table extends keyof Tables> = Selectable<Tables[Table]>;

/**
 * Writes statements whose tables, columns and states are those of the entities. It sends none: `Query` does, because Kysely's own
 * connection can give a statement no name (docs/decisions/kysely-over-entities.md).
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

/** Builders of Kysely say what they changed in objects that it makes itself; rows come of `returning` alone. */
type Written = InsertResult | UpdateResult | DeleteResult;

/** Sends one statement with bound parameters and answers its rows. */
export interface Query {
  <Answer>(statement: Statement<Answer>): Promise<(Answer extends Written ? never : Answer)[]>;
  <Row extends object>(text: string, values?: unknown[], name?: string): Promise<Row[]>;
}

/** The text of a statement, its values, and its name where it has one. */
export const compile = <Answer>(statement: Statement<Answer>) => statement.compile(build);

/**
 * The same statement, prepared under this name on each connection that sends it, so that PostgreSQL plans it once. For the few that
 * every command sends. The text must be the same each time: values bound, none of it left out.
 */
export const named = <Answer>(name: string, statement: Statement<Answer>): Statement<Answer> => ({
  compile: (by) => ({ ...statement.compile(by), name }),
});

/** A value of a json or jsonb column: pg itself would send an array as one of PostgreSQL's. */
export const json = <Value>(value: Value): RawBuilder<Value> => sql<Value>`${JSON.stringify(value)}`;

/** Where a value of a `prepared` statement goes. */
class Place {
  readonly of: PropertyKey;
  constructor(of: PropertyKey) {
    this.of = of;
  }
}

/**
 * A named statement of the hottest: its text is written out once, with a place for each value, and then only values are bound. It costs
 * the CPU of a text by hand. A value of a json column comes as text.
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
