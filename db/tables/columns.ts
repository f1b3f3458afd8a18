import { p } from '@mikro-orm/core';

/** The part of MikroORM's column builders used here: they keep a column's settings in `~options`. */
interface Column {
  '~options': object;
}

const withOptions = <Builder extends Column>(column: Builder, options: object): Builder => {
  Object.assign(column['~options'], options);
  return column;
};

/** The names in a table of `domain/`, in its order. */
export const namesOf = <Name extends string>(table: Record<Name, unknown>): Name[] => Object.keys(table) as Name[];

/** `bigint generated always as identity`. */
export const identity = () => p.bigint('number').columnType('bigint').autoincrement().generated('identity');

/** When the row was written. */
export const now = () => p.datetime().defaultRaw('now()');

/**
 * A foreign key of one column, given as `table.column`. Statements see the column's plain value; MikroORM's own relations would
 * rename it and load entities. `target` needs a type where two tables refer to each other.
 */
export function references<Builder extends Column>(
  column: Builder,
  place: `${string}.${string}`,
  target: () => object,
  deleteRule: 'cascade' | 'no action' = 'no action',
): Builder {
  const [table, name] = place.split('.');
  return withOptions(column, {
    type: undefined,
    kind: 'm:1',
    entity: target,
    mapToPk: true,
    joinColumn: name,
    foreignKeyName: `${table}_${name}_fkey`,
    updateRule: 'no action',
    deleteRule,
  });
}

/** A foreign key of several columns that are properties already; it adds no column to the table's type. */
export function referencesTogether(columns: string[], foreignKeyName: string, target: () => object) {
  const options = { type: undefined, kind: 'm:1', entity: target, joinColumns: columns, foreignKeyName };
  const relation = withOptions(p.json<never>(), { ...options, updateRule: 'no action', deleteRule: 'no action' });
  return relation as typeof relation & { '~options': { persist: false } };
}

/** A text with a check for these values, whose name `isOneOf` gives; `p.enum` would name the check after the column. */
export const oneOf = <Value extends string>(values: readonly Value[]) => withOptions(p.text().$type<Value>(), { items: values });

/** The check of `oneOf`. */
export const isOneOf = <Property extends string>(
  name: string,
  property: Property,
  values: readonly string[],
  column: string = property,
) => ({
  name,
  property,
  expression: `${column} in (${values.map((value) => `'${value}'`).join(', ')})`,
});

/** A column that PostgreSQL computes, so inserts need not give it; MikroORM's types know that only of columns with a default. */
export const computed = <Builder extends Column>(column: Builder) => column as Builder & { '~options': { defaultRaw: string } };
