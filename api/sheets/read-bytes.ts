import { HEADER_WITHIN_ROWS, readHeader, type SheetHeader } from '../../domain/bulk-shipments/sheet-header.ts';
import {
  isBlankRow,
  MOST_SHEET_ROWS,
  readRow,
  resultTitles,
  type ShipmentRow,
  shownText,
} from '../../domain/bulk-shipments/shipment-sheet.ts';
import type { ProblemCode } from '../../domain/problems.ts';
import { cut } from '../../domain/safe-text.ts';
import { cleanText } from '../../domain/text.ts';
import type { SheetRow } from './cells.ts';
import { csvRows, UnclosedQuote } from './csv.ts';
import { withMerged } from './merged-cells.ts';
import { openWorkbook, type Sheet } from './xlsx.ts';
import { Damaged, TooLarge } from './zip.ts';

/** A row as read, together with its original text. */
export interface ReadRow extends ShipmentRow {
  row: number;
  cells: string[];
  hidden: boolean;
}

/** Why the file cannot be read. */
export interface SheetProblem {
  problem: ProblemCode;
  detail?: string | undefined;
  more?: Record<string, unknown> | undefined;
}

/** What is told of a file: the titles, rows in pieces, then `end`; or why the file cannot be read. */
export type SheetMessage = { titles: string[] } | { rows: ReadRow[] } | { end: true } | SheetProblem;
/** Passes on a message, and waits until it has been worked on. */
export type Say = (message: SheetMessage) => Promise<void>;

/** The sheet cannot be used. */
class Unusable extends Error {
  readonly why: SheetProblem;
  constructor(problem: ProblemCode, detail?: string, more?: Record<string, unknown>) {
    super(problem);
    this.why = { problem, detail, more };
  }
}

const ZIP = Buffer.from('PK\u0003\u0004', 'latin1');
const OLE = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const ENCRYPTED = Buffer.from('EncryptedPackage', 'utf16le');
/** Tags of web pages and of XML that Excel opens; in any encoding, for only ASCII matters. */
const MARKUP = /<(!doctype|!--|\?xml|(\w+:)?(html|head|meta|style|body|div|table|tr|td|workbook))\b|^mime-version:/i;
const SAVE_ANEW = 'Excel에서 이 파일을 열어 "다른 이름으로 저장 → Excel 통합 문서(.xlsx)"로 저장한 뒤 올려 주세요';

/** Line ends or a byte order mark that a program has put before an archive. */
const MOST_BEFORE = 16;
const isBlank = (bytes: Buffer) => bytes.every((byte) => [0x09, 0x0a, 0x0d, 0x20, 0xef, 0xbb, 0xbf].includes(byte));

/** Chooses by content, not by the file's name. Encrypted .xlsx and old .xls files are both OLE containers. */
async function sheetsOf(bytes: Buffer): Promise<Sheet[]> {
  if (bytes.subarray(0, 8).equals(OLE)) {
    if (bytes.includes(ENCRYPTED)) throw new Unusable('SHEET_ENCRYPTED');
    throw new Unusable('SHEET_UNREADABLE', `옛 형식(.xls)의 파일입니다. ${SAVE_ANEW}`);
  }
  const zipAt = bytes.subarray(0, MOST_BEFORE + ZIP.length).indexOf(ZIP);
  if (zipAt >= 0 && isBlank(bytes.subarray(0, zipAt))) return openWorkbook(bytes.subarray(zipAt));
  const start = bytes
    .subarray(0, 4_000)
    .toString('latin1')
    .replace(/[^\s!-~]/g, '')
    .trim();
  if (/^(<|mime-version:)/i.test(start) && MARKUP.test(start))
    throw new Unusable('SHEET_UNREADABLE', `웹 페이지(HTML) 또는 XML로 저장된 파일입니다. ${SAVE_ANEW}`);
  return [{ name: '', rows: () => csvRows(bytes), merged: async () => [] }];
}

/** Numbers of people and parcels: a row with one is no header. */
const LIKE_DATA = /\d{4}|@/;

/** What a first look at a sheet shows: whether it has our header, a row below it, and what stands where a header would be. */
async function lookAt(sheet: Sheet): Promise<{ hasHeader: boolean; isFilled: boolean; found: string[] }> {
  let header: SheetHeader | null = null;
  let found: string[] = [];
  for await (const piece of sheet.rows())
    for (const { row, cells } of piece) {
      if (header !== null && !isBlankRow(cells, header)) return { hasHeader: true, isFilled: true, found };
      if (header !== null) continue;
      if (row > HEADER_WITHIN_ROWS) return { hasHeader: false, isFilled: false, found };
      header = readHeader(cells);
      const texts = cells.map(shownText).filter((text) => text.trim() !== '');
      // Whoever sees the sentence should not see whose parcels these are.
      if (texts.length > found.length && !texts.some((text) => LIKE_DATA.test(text))) found = texts;
    }
  return { hasHeader: header !== null, isFilled: false, found };
}

const listed = (texts: string[]) =>
  texts
    .slice(0, 20)
    .map((text) => cut(text, 30))
    .join(', ');

/** The one sheet that is meant: the filled one with our header, or the one that was asked for. */
async function chosenFrom(sheets: Sheet[], wanted: string | undefined): Promise<Sheet> {
  const names = sheets.map(({ name }) => name);
  const asked = wanted === undefined ? sheets : sheets.filter(({ name }) => cleanText(name) === cleanText(wanted));
  if (wanted !== undefined && asked.length === 0)
    throw new Unusable('SHEET_NOT_FOUND', `파일에 있는 시트: ${listed(names)}`, { sheets: names });
  const looks = [];
  for (const sheet of asked) looks.push({ sheet, ...(await lookAt(sheet)) });
  const headed = looks.filter(({ hasHeader }) => hasHeader);
  if (headed.length === 0) {
    const found = listed(looks.find((look) => look.found.length > 0)?.found ?? []);
    throw new Unusable(
      'SHEET_HEADER_MISSING',
      `머리글(배송번호, 택배사코드, 운송장번호)을 찾을 수 없습니다. ${found === '' ? '머리글 행이 없습니다' : `찾은 머리글: ${found}`}`,
    );
  }
  const filled = headed.filter(({ isFilled }) => isFilled);
  const [only, ...others] = filled;
  if (!only) throw new Unusable('SHEET_EMPTY');
  if (others.length === 0) return only.sheet;
  const several = filled.map(({ sheet }) => sheet.name);
  throw new Unusable('SHEET_AMBIGUOUS', `머리글이 있는 시트가 둘 이상입니다: ${listed(several)}. ?sheet=이름 으로 골라 주세요`, {
    sheets: several,
    errors: [{ path: 'sheet', message: listed(several) }],
  });
}

/** Reads the rows of a sheet with a header. */
async function readSheet(sheet: Sheet, say: Say): Promise<void> {
  let header: SheetHeader | null = null;
  let shown = ({ cells }: SheetRow) => cells;
  let kept: number[] = [];
  let count = 0;
  for await (const piece of sheet.rows()) {
    const rows: ReadRow[] = [];
    for (const sheetRow of piece) {
      const { row, cells, hidden } = sheetRow;
      if (header === null) {
        header = readHeader(cells);
        if (header === null) continue;
        const { lineNo, carrier, waybillNo, twins } = header;
        shown = withMerged(await sheet.merged(), [lineNo ?? carrier, ...(twins?.lineNo ?? []), carrier, waybillNo]);
        const titles = cells.map(shownText);
        kept = titles.flatMap((title, at) => (resultTitles.some((added) => added === title) ? [] : [at]));
        await say({ titles: kept.map((at) => titles[at] ?? '') });
        continue;
      }
      // Also of a row that is none: a merged cell may begin in the example.
      const meant = shown(sheetRow);
      if (isBlankRow(cells, header)) continue;
      if (++count > MOST_SHEET_ROWS) throw new Unusable('SHEET_TOO_LARGE');
      rows.push({ row, hidden, ...readRow(header, meant), cells: kept.map((at) => shownText(cells[at])) });
    }
    if (rows.length > 0) await say({ rows });
  }
}

/** Reads a file and says what is in it; the last message is `end`, or why the file cannot be used. `wanted` names the sheet. */
export const readBytes = async (bytes: Buffer, wanted: string | undefined, say: Say): Promise<void> =>
  say(await lastMessage(bytes, wanted, say));

async function lastMessage(bytes: Buffer, wanted: string | undefined, say: Say): Promise<SheetMessage> {
  try {
    await readSheet(await chosenFrom(await sheetsOf(bytes), wanted), say);
    return { end: true };
  } catch (error) {
    if (error instanceof Unusable) return error.why;
    if (error instanceof UnclosedQuote)
      return {
        problem: 'CSV_UNCLOSED_QUOTE',
        detail: `${error.row}행에서 열린 따옴표(")가 닫히지 않았습니다`,
        more: { row: error.row, errors: [{ path: `rows.${error.row}`, message: '닫히지 않은 따옴표' }] },
      };
    if (error instanceof TooLarge) return { problem: 'SHEET_TOO_LARGE' };
    if (error instanceof Damaged) return { problem: 'SHEET_UNREADABLE', detail: `${error.message}. ${SAVE_ANEW}` };
    return { problem: 'SHEET_UNREADABLE', detail: `손상되었거나 .xlsx, .csv가 아닌 파일입니다. ${SAVE_ANEW}` };
  }
}
