import { CsvError, type Options, parse } from 'csv-parse';
import { parse as parseSync } from 'csv-parse/sync';
import { HEADER_WITHIN_ROWS, readHeader, readRow, type SheetHeader } from '../../domain/bulk-shipments/shipment-sheet.ts';
import type { SheetRow } from './cells.ts';
import { TooLarge } from './zip.ts';

const AT_ONCE = 1_000;
/** A record is a row; the longest one that is kept, in letters. */
const MOST_RECORD = 64 * 1024;
/** Decoded at a time. */
const CHUNK = 64 * 1024;
/** A header that is not within so many bytes is not within its rows either. */
const HEAD = 256 * 1024;
const DELIMITERS = [',', '\t', ';', '|'];

/** A quote was opened in this row and never closed: what follows would be swallowed. */
export class UnclosedQuote extends Error {
  readonly row: number;
  constructor(row: number) {
    super(`unclosed quote in row ${row}`);
    this.row = row;
  }
}

const lettersLost = (text: string) => text.split('\ufffd').length - 1;

/** UTF-16 without a byte order mark: every second byte of ASCII is zero. */
function isWide(bytes: Buffer, zeroAt: 0 | 1): boolean {
  const head = bytes.subarray(0, 1_000);
  const zeros = (parity: number) => head.filter((byte, at) => at % 2 === parity && byte === 0).length;
  return zeros(zeroAt) > head.length / 10 && zeros(1 - zeroAt) === 0;
}

/**
 * The encoding of a CSV: UTF-16, UTF-8, or CP949 (Korean Excel's; WHATWG calls it euc-kr), whichever loses fewer letters: one may be
 * cut in half where a program has cut its text.
 */
function encodingOf(bytes: Buffer): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || isWide(bytes, 1)) return 'utf-16le';
  if ((bytes[0] === 0xfe && bytes[1] === 0xff) || isWide(bytes, 0)) return 'utf-16be';
  const lost = (encoding: string) => {
    let count = 0;
    for (const text of decoded(bytes, encoding)) count += lettersLost(text);
    return count;
  };
  const utf8 = lost('utf-8');
  return utf8 === 0 || utf8 <= lost('euc-kr') ? 'utf-8' : 'euc-kr';
}

/** How long the last line is by now; throws before a line is longer than any row, of which the parser would keep every field. */
function lineAfter(length: number, text: string): number {
  let at = length;
  for (const [index, line] of text.split(/[\r\n]/).entries()) {
    at = index === 0 ? at + line.length : line.length;
    if (at > MOST_RECORD) throw new TooLarge();
  }
  return at;
}

/** The text in pieces. Throws when the bytes are none. */
function* decoded(bytes: Buffer, encoding: string): Generator<string> {
  const decoder = new TextDecoder(encoding);
  let line = 0;
  for (let at = 0; at < bytes.length; at += CHUNK) {
    const text = decoder.decode(bytes.subarray(at, at + CHUNK), { stream: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what no text has
    if (/[\u0000-\u0008\u000e-\u001a]/.test(text)) throw new Error('not a text');
    line = lineAfter(line, text);
    yield text;
  }
  yield decoder.decode();
}

const settings = (delimiter: string): Options => ({
  delimiter,
  bom: true,
  relax_column_count: true,
  relax_quotes: true,
  max_record_size: MOST_RECORD,
});

/** The delimiter under which a header is found, and the header. */
function layoutOf(head: string): { delimiter: string; header: SheetHeader | null } {
  for (const delimiter of DELIMITERS) {
    try {
      const rows = parseSync(head, { ...settings(delimiter), to: HEADER_WITHIN_ROWS }) as string[][];
      const header = rows.map(readHeader).find((found) => found !== null);
      if (header) return { delimiter, header };
    } catch {
      // Not this one.
    }
  }
  return { delimiter: ',', header: null };
}

async function* records(bytes: Buffer, encoding: string, delimiter: string): AsyncGenerator<string[]> {
  const parser = parse(settings(delimiter));
  const feed = async () => {
    for (const text of decoded(bytes, encoding))
      if (!parser.write(text)) await new Promise<void>((resolve) => parser.once('drain', resolve).once('close', resolve));
    parser.end();
  };
  feed().catch((error: Error) => parser.destroy(error));
  try {
    yield* parser as AsyncIterable<string[]>;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // A quote that is never closed may grow beyond the longest record before the end is seen.
    const { quoting } = (parser as unknown as { state: { quoting: boolean } }).state;
    if (error.code === 'CSV_QUOTE_NOT_CLOSED' || quoting) throw new UnclosedQuote(parser.info.records + 1);
    throw error.code === 'CSV_MAX_RECORD_SIZE' ? new TooLarge() : error;
  }
}

/** A quoted text one of whose lines is a row of ours has swallowed it. */
const hasSwallowed = (cells: string[], delimiter: string, header: SheetHeader) =>
  cells.some((cell) =>
    cell.split(/\r\n|[\r\n]/).some((line, at) => {
      if (at === 0) return false;
      const { deliveryNo, waybillNo, codes } = readRow(header, line.split(delimiter));
      return deliveryNo !== '' && waybillNo !== null && !codes.includes('WAYBILL_INVALID');
    }),
  );

/** The records of a CSV in pieces, numbered as in a spreadsheet; every cell is text. Throws when the bytes are no text. */
export async function* csvRows(bytes: Buffer): AsyncGenerator<SheetRow[]> {
  const encoding = encodingOf(bytes);
  const { delimiter, header } = layoutOf(new TextDecoder(encoding).decode(bytes.subarray(0, HEAD)));
  let rows: SheetRow[] = [];
  let row = 0;
  for await (const cells of records(bytes, encoding, delimiter)) {
    row++;
    if (header !== null && hasSwallowed(cells, delimiter, header)) throw new UnclosedQuote(row);
    rows.push({ row, cells, hidden: false });
    if (rows.length < AT_ONCE) continue;
    yield rows;
    rows = [];
  }
  yield rows;
}
