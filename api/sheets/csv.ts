import { detectDelimiter, streamCsvRows } from 'hucre/csv';
import type { SheetRow } from './xlsx.ts';

const AT_ONCE = 1_000;

/**
 * Text of a CSV: UTF-16 with a byte order mark, UTF-8 with or without one, else CP949 (Korean Excel's; WHATWG calls it euc-kr).
 * Throws for bytes that are none of these.
 */
function decoded(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le', { fatal: true }).decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('euc-kr', { fatal: true }).decode(bytes);
  }
}

/** The records of a CSV in pieces, numbered as in a spreadsheet; every cell is text. Throws when the bytes are no text. */
export async function* csvRows(bytes: Buffer): AsyncGenerator<SheetRow[]> {
  const text = decoded(bytes);
  if (text.includes('\0')) throw new Error('not a text');
  let rows: SheetRow[] = [];
  let row = 0;
  for (const cells of streamCsvRows(text, { delimiter: detectDelimiter(text.slice(0, 10_000)) })) {
    rows.push({ row: ++row, cells });
    if (rows.length < AT_ONCE) continue;
    yield rows;
    rows = [];
  }
  yield rows;
}
