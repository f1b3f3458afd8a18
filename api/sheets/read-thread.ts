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

/** A row as understood and as it was written. */
export interface ReadRow extends ShipmentRow {
  row: number;
  cells: string[];
}

/** What the reading thread says: the titles, rows in pieces, then `end`; or why there is nothing to be read. */
export type SheetMessage = { titles: string[] } | { rows: ReadRow[] } | { end: true } | { problem: ProblemCode };

/** A sheet that cannot be used, by its code. */
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

/** By what the file is, whatever its name says. An encrypted .xlsx is an OLE container, and so is an old .xls. */
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

// The other end is read.ts of this same folder.
const given: unknown = workerData;
if (given instanceof Uint8Array) say(await read(Buffer.from(given.buffer, given.byteOffset, given.byteLength)));
