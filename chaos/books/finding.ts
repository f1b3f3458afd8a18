/** Something that does not balance. */
export interface Finding {
  book: string;
  /** What it is about: a line (`D…/1`), a pickup, a request's key, a waybill, a product. */
  subject: string;
  text: string;
  /** The first revision that is wrong, where there is one. */
  revision?: number;
}

/** Rows by a key of theirs. */
export function byKey<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const list = found.get(key);
    if (list) list.push(row);
    else found.set(key, [row]);
  }
  return found;
}
