import { type SqlBool, sql } from 'kysely';
import type { Condition } from './lists.ts';

/** A stretch of a list: rows ordered by a column and then by key, or by key only. */
export interface Stretch<Column> {
  by: Column | null;
  /** If not every row has a value in the sort column: whether this stretch has the rows without one. */
  isNull?: boolean;
}

/**
 * The stretches of a list ordered by a column, or by key only. Rows without a value follow those with one. `after` is the sort
 * value of the previous page's last row, or null if that row had none.
 */
export function stretchesOf<Column>(
  column: Column | null,
  nullable: boolean,
  after?: { value: string | null },
): Stretch<Column>[] {
  if (column === null || !nullable) return [{ by: column }];
  const without = { by: null, isNull: true };
  return after?.value === null ? [without] : [{ by: column, isNull: false }, without];
}

/** Reads stretch after stretch until the page has `limit` rows. */
export async function pageOf<Column, Row>(
  stretches: Stretch<Column>[],
  limit: number,
  read: (stretch: Stretch<Column>, limit: number) => Promise<Row[]>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const stretch of stretches) {
    if (rows.length >= limit) break;
    rows.push(...(await read(stretch, limit - rows.length)));
  }
  return rows;
}

/** The rows of a stretch, where not every row has the sort column: an index of such a column contains only rows that have it. */
export const hasColumn = <Column extends string>(column: Column | null, { isNull }: Stretch<Column>): Condition[] =>
  column === null || isNull === undefined ? [] : [sql<SqlBool>`${sql.ref(column)} is ${isNull ? sql`null` : sql`not null`}`];
