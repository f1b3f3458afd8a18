/** A stretch of a walk through a list: rows in order of a column and then of their key, or in order of the key alone. */
export interface Stretch<Column> {
  by: Column | null;
  /** Where not every row has a value in the sort's column: whether these are the rows without one. */
  isNull?: boolean;
}

/**
 * The stretches of a walk by a column, or by the key alone. Rows without a value follow those that have one. `after` is where the
 * page before ended: with this value, or null where its last row had none.
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
