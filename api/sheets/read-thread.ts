import { parentPort, workerData } from 'node:worker_threads';
import {
  HEADER_WITHIN_ROWS,
  isBlankRow,
  MOST_SHEET_ROWS,
  readHeader,
  readRow,
  resultTitles,
  type SheetHeader,
  type ShipmentRow,
  shownText,
} from '../../domain/bulk-shipments/shipment-sheet.ts';
import type { ProblemCode } from '../../domain/problems.ts';
import { csvRows } from './csv.ts';
import { type SheetRow, visibleSheets } from './xlsx.ts';
import { TooLarge } from './zip.ts';

/** A row as read, together with its original text. */
export interface ReadRow extends ShipmentRow {
  row: number;
  cells: string[];
}

/** Messages of the reading thread: the titles, rows in pieces, then `end`; or why the file cannot be read. */
export type SheetMessage = { titles: string[] } | { rows: ReadRow[] } | { end: true } | { problem: ProblemCode };

/** The sheet cannot be used; has the problem's code. */
class Unusable extends Error {
  readonly code: ProblemCode;
  constructor(code: ProblemCode) {
    super(code);
    this.code = code;
  }
}

const ZIP = Buffer.from('PK\u0003\u0004', 'latin1');
const OLE = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const ENCRYPTED = Buffer.from('EncryptedPackage', 'utf16le');

const say = (message: SheetMessage) => parentPort?.postMessage(message);

/** Chooses by content, not by the file's name. Encrypted .xlsx and old .xls files are both OLE containers. */
async function* sheetsOf(bytes: Buffer): AsyncGenerator<AsyncGenerator<SheetRow[]>> {
  if (bytes.subarray(0, 8).equals(OLE)) throw new Unusable(bytes.includes(ENCRYPTED) ? 'SHEET_ENCRYPTED' : 'SHEET_UNREADABLE');
  if (bytes.subarray(0, 4).equals(ZIP)) yield* visibleSheets(bytes);
  else yield csvRows(bytes);
}

/** Reads the first sheet that has a header; false when it has none. */
async function readSheet(sheet: AsyncGenerator<SheetRow[]>): Promise<boolean> {
  let header: SheetHeader | null = null;
  let kept: number[] = [];
  let count = 0;
  for await (const piece of sheet) {
    const rows: ReadRow[] = [];
    for (const { row, cells } of piece) {
      if (header === null) {
        if (row > HEADER_WITHIN_ROWS) return false;
        header = readHeader(cells);
        if (header === null) continue;
        const titles = cells.map(shownText);
        kept = titles.flatMap((title, at) => (resultTitles.some((added) => added === title) ? [] : [at]));
        say({ titles: kept.map((at) => titles[at] ?? '') });
      } else if (!isBlankRow(cells)) {
        if (++count > MOST_SHEET_ROWS) throw new Unusable('SHEET_TOO_LARGE');
        rows.push({ row, ...readRow(header, cells), cells: kept.map((at) => shownText(cells[at])) });
      }
    }
    if (rows.length > 0) say({ rows });
  }
  if (header !== null && count === 0) throw new Unusable('SHEET_EMPTY');
  return header !== null;
}

async function read(bytes: Buffer): Promise<SheetMessage> {
  try {
    for await (const sheet of sheetsOf(bytes)) if (await readSheet(sheet)) return { end: true };
    return { problem: 'SHEET_HEADER_MISSING' };
  } catch (error) {
    if (error instanceof Unusable) return { problem: error.code };
    return { problem: error instanceof TooLarge ? 'SHEET_TOO_LARGE' : 'SHEET_UNREADABLE' };
  }
}

// Sent by read.ts of this folder.
const given: unknown = workerData;
if (given instanceof Uint8Array) say(await read(Buffer.from(given.buffer, given.byteOffset, given.byteLength)));
