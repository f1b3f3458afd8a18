import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CsvError, type Options, parse } from 'csv-parse';
import { parse as parseSync } from 'csv-parse/sync';
import { HEADER_WITHIN_ROWS, readHeader, type SheetHeader } from '../../domain/bulk-shipments/sheet-header.ts';
import { readRow } from '../../domain/bulk-shipments/shipment-sheet.ts';
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
  // Some letters have a zero in their other byte (대 is U+B300).
  return zeros(zeroAt) > head.length / 10 && zeros(1 - zeroAt) * 4 < zeros(zeroAt);
}

/**
 * Encodings that a CSV may have, the likeliest first: UTF-16, or of UTF-8 and CP949 (Korean Excel's; WHATWG calls it euc-kr) the one
 * that loses fewer letters: some may be cut in half where a program has cut its text.
 */
function encodingsOf(bytes: Buffer): string[] {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || isWide(bytes, 1)) return ['utf-16le'];
  if ((bytes[0] === 0xfe && bytes[1] === 0xff) || isWide(bytes, 0)) return ['utf-16be'];
  const lost = (encoding: string) => {
    let count = 0;
    for (const text of decoded(bytes, encoding)) count += lettersLost(text);
    return count;
  };
  const utf8 = lost('utf-8');
  return utf8 === 0 || utf8 <= lost('euc-kr') ? ['utf-8', 'euc-kr'] : ['euc-kr', 'utf-8'];
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

// Scanners put STX, ETX and EOT around what they read, and old programs end a text with Ctrl+Z.
// biome-ignore lint/suspicious/noControlCharactersInRegex: what a text has few of
const CONTROL = /[\u0001\u0005-\u0008\u000e-\u0019]/g;
const isBinary = (text: string) => text.includes('\0') || text.length - text.replace(CONTROL, '').length > text.length / 20;

/** The text in pieces. Throws when the bytes are none. */
function* decoded(bytes: Buffer, encoding: string): Generator<string> {
  const decoder = new TextDecoder(encoding);
  let line = 0;
  for (let at = 0; at < bytes.length; at += CHUNK) {
    const text = decoder.decode(bytes.subarray(at, at + CHUNK), { stream: true });
    if (isBinary(text)) throw new Error('not a text');
    line = lineAfter(line, text);
    yield text;
  }
  yield decoder.decode();
}

const settings = (delimiter: string): Options => ({
  delimiter,
  // Not the first that is found: programs that append to a file end their lines otherwise.
  record_delimiter: ['\r\n', '\n', '\r'],
  bom: true,
  relax_column_count: true,
  relax_quotes: true,
  max_record_size: MOST_RECORD,
});

interface Layout {
  encoding: string;
  delimiter: string;
  header: SheetHeader | null;
}

/** The encoding and the delimiter under which a header is found, and the header. */
function layoutOf(bytes: Buffer): Layout {
  const encodings = encodingsOf(bytes);
  for (const encoding of encodings) {
    const head = new TextDecoder(encoding).decode(bytes.subarray(0, HEAD));
    for (const delimiter of DELIMITERS) {
      const rows: string[][] = [];
      const on_record = (record: string[]) => {
        rows.push(record);
        return null;
      };
      try {
        parseSync(head, { ...settings(delimiter), to: HEADER_WITHIN_ROWS, on_record });
      } catch {
        // The rows before one with an unclosed quote are enough.
      }
      const header = rows.map(readHeader).find((found) => found !== null);
      if (header) return { encoding, delimiter, header };
    }
  }
  return { encoding: encodings[0] ?? 'utf-8', delimiter: ',', header: null };
}

/** A record, and how it is written. */
interface Written {
  record: string[];
  raw: string;
}

async function* records(bytes: Buffer, { encoding, delimiter }: Layout): AsyncGenerator<Written> {
  const parser = parse({ ...settings(delimiter), raw: true });
  // What fails is thrown by the parser, which is read below.
  pipeline(Readable.from(decoded(bytes, encoding)), parser).catch(() => {});
  try {
    yield* parser as AsyncIterable<Written>;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // A quote that is never closed may grow beyond the longest record before the end is seen.
    const { quoting } = (parser as unknown as { state: { quoting: boolean } }).state;
    if (error.code === 'CSV_QUOTE_NOT_CLOSED' || quoting) throw new UnclosedQuote(parser.info.records + 1);
    throw error.code === 'CSV_MAX_RECORD_SIZE' ? new TooLarge() : error;
  }
}

const LINE_END = /\r\n|[\r\n]/;

/** How a 배송번호 is made up: D261128000001 → D0; of digits alone their count says it. */
const shapeOf = (deliveryNo: string) => deliveryNo.replace(/\D/.test(deliveryNo) ? /\d+/g : /\d/g, '0');

/**
 * Whether a record of several lines is none: its quote was never closed, and what followed was swallowed until another quote. Records
 * are asked in order: what stands above the rows, and their header, may have any line ends.
 */
function swallows({ delimiter, header }: Layout): (written: Written) => boolean {
  const [start, end] = [delimiter, delimiter].map((letter) => (letter === '|' ? '\\|' : letter));
  const properly = new RegExp(`(?<=^|${start})"(?:[^"]|"")*"(?=${end}|[\\r\\n]*$)`, 'g');
  const ours = header === null ? [] : [header.deliveryNo, header.lineNo ?? -1, header.carrier, header.waybillNo];
  /** Products and their barcodes are listed in a memo, too: a row has a 배송번호 like that of its record, or a carrier and a waybill. */
  const isRow = (own: string, line: string) => {
    if (header === null) return false;
    const cells = line.replaceAll('"', '').split(delimiter);
    const { deliveryNo, waybillNo, codes } = readRow(header, cells);
    if (deliveryNo === '') return false;
    if (shapeOf(deliveryNo) === own) return cells.length > Math.max(...ours);
    return waybillNo !== null && !codes.includes('WAYBILL_INVALID') && !codes.includes('CARRIER_UNKNOWN');
  };
  let isBelow = false;
  return ({ record, raw }) => {
    const isData = isBelow;
    isBelow ||= header !== null && readHeader(record) !== null;
    if (!record.some((cell) => LINE_END.test(cell))) return false;
    // A line's end outside of a text that is properly quoted.
    if (LINE_END.test(raw.trim().replace(properly, ''))) return true;
    const own = header === null ? '' : shapeOf(readRow(header, record).deliveryNo);
    const rowsOf = (lines: string[]) => lines.filter((line) => isRow(own, line)).length;
    // A row of ours in a text, two of them in one record, or another column in one of ours.
    return (
      record.some((cell) => rowsOf(cell.split(LINE_END).slice(1)) > 0) ||
      rowsOf(record.join(delimiter).split(LINE_END)) > 1 ||
      (isData && ours.some((column) => LINE_END.test(record[column]?.trim() ?? '') && record[column]?.includes(delimiter)))
    );
  };
}

/** The records of a CSV in pieces, numbered as in a spreadsheet; every cell is text. Throws when the bytes are no text. */
export async function* csvRows(bytes: Buffer): AsyncGenerator<SheetRow[]> {
  const layout = layoutOf(bytes);
  const hasSwallowed = swallows(layout);
  let rows: SheetRow[] = [];
  let row = 0;
  for await (const written of records(bytes, layout)) {
    // Excel takes a first line `sep=;` for itself, and does not show it.
    if (row === 0 && rows.length === 0 && /^sep=.$/i.test(written.raw.trim())) continue;
    row++;
    if (hasSwallowed(written)) throw new UnclosedQuote(row);
    rows.push({ row, cells: written.record, hidden: false });
    if (rows.length < AT_ONCE) continue;
    yield rows;
    rows = [];
  }
  yield rows;
}
