import { carriers, judgeWaybill, normalizeWaybill } from '../carriers.ts';
import type { ProblemCode } from '../problems.ts';
import { cut, restored } from '../safe-text.ts';
import { cleanCode, cleanNumber, cleanText } from '../text.ts';

/** 출고완료 일괄: most rows of a sheet (docs/sources/contract.md#bulk-shipment-출고완료-일괄). */
export const MOST_SHEET_ROWS = 50_000;
/** The header is searched in this many rows, because some sheets have a title above it. */
export const HEADER_WITHIN_ROWS = 10;

/** A cell that shows something which cannot be known; with what is in the file, for the person. */
export interface Unreadable {
  unreadable: string;
}
export const unreadable = (raw: string): Unreadable => ({ unreadable: raw });
const isUnreadable = (cell: Cell | undefined): cell is Unreadable =>
  typeof cell === 'object' && cell !== null && 'unreadable' in cell;

/** What a spreadsheet's cell may hold once read. */
export type Cell = string | number | boolean | Date | Unreadable | null;

/** The template's columns in order; `names` are compared without blanks, upper or lower case alike. */
export const sheetColumns = [
  { field: 'deliveryNo', title: '배송번호', names: ['배송번호', 'deliveryno'] },
  { field: 'lineNo', title: '순번', names: ['순번', '주문순번', '주문내역순번', 'lineno'] },
  { field: 'carrier', title: '택배사코드', names: ['택배사코드', '택배사', '택배사명', '배송사', 'carriercode', 'carrier'] },
  { field: 'waybillNo', title: '운송장번호', names: ['운송장번호', '운송장', '송장번호', 'waybillno'] },
] as const;
export type SheetField = (typeof sheetColumns)[number]['field'];

/** Columns that the result sheet adds; they are ignored when a result sheet is uploaded again. */
export const resultTitles = ['결과', '사유'] as const;

/** The template's example row begins with this and is never read as a row. */
export const EXAMPLE_MARK = '(예)';

/** Position of each field; 순번 may be missing. `twins`: further columns under the very same title. */
export type SheetHeader = Record<Exclude<SheetField, 'lineNo'>, number> & {
  lineNo: number | null;
  twins?: Partial<Record<SheetField, number[]>>;
};

/** One row as read. `codes`: every fault that can be seen from the row alone; `unreadColumns`: titles of cells that cannot be read. */
export interface ShipmentRow {
  deliveryNo: string;
  lineNo: number | null;
  carrierCode: string | null;
  waybillNo: string | null;
  codes: ProblemCode[];
  unreadColumns: string[];
}

/** Longest text kept from a cell. */
const MOST_CELL_LETTERS = 1_000;
/** A number cell holds 15 digits; Excel, LibreOffice and Google Sheets all lose the digits typed beyond them. */
export const MOST_NUMBER = 999_999_999_999_999;
const SCIENTIFIC = /^[+-]?\d+([.,]\d+)?E[+-]?\d+$/i;
const DELIVERY_NO = /^[\x21-\x7e]{1,30}$/;

/** What stands for a letter that could not be decoded. */
const LOST_LETTER = '\ufffd';

/** Letters and digits alone: *운송장 번호, CJ-대한통운. */
const squeezed = (text: string) =>
  cleanCode(text)
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase();
/** A title without what people add to it: 운송장번호(필수), [택배사], 순번_선택. */
const titleOf = (text: string) =>
  (squeezed(cleanCode(text).replace(/[([（【<].*?[)\]）】>]/gs, '')) || squeezed(text)).replace(/^(필수|선택)|(필수|선택)$/g, '');

/** A cell as the text it shows, to be kept with its row. */
export function shownText(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? '' : cell.toISOString().slice(0, 10);
  if (isUnreadable(cell)) return cut(cleanText(cell.unreadable), MOST_CELL_LETTERS);
  const text =
    typeof cell === 'number' && Number.isInteger(cell) && Math.abs(cell) <= MOST_NUMBER ? cell.toFixed(0) : String(cell);
  return cut(restored(cleanText(text)), MOST_CELL_LETTERS);
}

/** Without what only keeps a spreadsheet from reading a number: ="0123" and '0123. */
const asTyped = (text: string) => (/^="(.*)"$/s.exec(text)?.[1] ?? text).replace(/^'/, '');

/** The text of a field's cell, or why what was typed can no longer be known. */
function fieldText(cell: Cell | undefined): { text: string; code?: ProblemCode } {
  if (cell === null || cell === undefined) return { text: '' };
  if (isUnreadable(cell)) return { text: '', code: 'CELL_UNREADABLE' };
  if (cell instanceof Date) return { text: '', code: 'CELL_NOT_TEXT' };
  if (typeof cell === 'boolean') return { text: '', code: 'CELL_NOT_TEXT' };
  if (typeof cell === 'number')
    return Number.isInteger(cell) && cell >= 0 && cell <= MOST_NUMBER
      ? { text: cell.toFixed(0) }
      : { text: '', code: 'DIGITS_LOST' };
  if (cell.includes(LOST_LETTER)) return { text: '', code: 'CELL_UNREADABLE' };
  const text = cleanNumber(asTyped(restored(cleanCode(cell))));
  if (SCIENTIFIC.test(text)) return { text: '', code: 'DIGITS_LOST' };
  // #N/A, #REF! and their like: a formula that failed.
  if (text.startsWith('#')) return { text: '', code: 'CELL_NOT_TEXT' };
  return { text };
}

/** The header, if these cells are one: the columns in any order, possibly with others between them. */
export function readHeader(cells: readonly Cell[]): SheetHeader | null {
  const names = cells.map((cell) => (typeof cell === 'string' ? titleOf(asTyped(cell)) : ''));
  const at = (field: SheetField): number | null => {
    const known: readonly string[] = sheetColumns.find((column) => column.field === field)?.names ?? [];
    const found = known.map((name) => names.indexOf(name)).find((index) => index >= 0);
    return found ?? null;
  };
  const [deliveryNo, carrier, waybillNo, lineNo] = [at('deliveryNo'), at('carrier'), at('waybillNo'), at('lineNo')];
  if (deliveryNo === null || carrier === null || waybillNo === null) return null;
  const twins = Object.entries({ deliveryNo, lineNo, carrier, waybillNo }).flatMap(([field, first]) => {
    const others = names.flatMap((name, column) => (first !== null && column > first && name === names[first] ? [column] : []));
    return others.length === 0 ? [] : [[field, others]];
  });
  return { deliveryNo, carrier, waybillNo, lineNo, ...(twins.length === 0 ? {} : { twins: Object.fromEntries(twins) }) };
}

const carrierNames = new Map(
  carriers.flatMap(({ code, name }): [string, string][] => {
    const full = squeezed(name);
    const short = full.replace(/택배$/, '');
    return [full, short, `${code}${full}`].map((text) => [text, code]);
  }),
);
carrierNames.set('대한통운', '04');
carrierNames.set('우체국', '01');

/** A carrier by code (4, 04), by name or by both (04 CJ대한통운); an unknown one stays as it was written. */
export function carrierCodeOf(text: string): string {
  if (/^\d{1,2}$/.test(text)) return text.padStart(2, '0');
  return carrierNames.get(squeezed(text)) ?? cut(text, 20);
}

const isExample = (cell: Cell | undefined) => typeof cell === 'string' && cleanCode(cell).startsWith(EXAMPLE_MARK);

/** True for a row without anything in it, and for the template's example: (예) stands in its 배송번호. */
export function isBlankRow(cells: readonly Cell[], header?: SheetHeader): boolean {
  const first = cells.find((cell) => cell !== null && (typeof cell !== 'string' || cleanCode(cell) !== ''));
  return first === undefined || isExample(header === undefined ? first : cells[header.deliveryNo]);
}

/** What the columns of a field say; two under one title must say the same. */
function textOf(header: SheetHeader, field: SheetField, cells: readonly Cell[]): { text: string; code?: ProblemCode } {
  const index = header[field];
  if (index === null) return { text: '' };
  const [only = { text: '' }, ...others] = [index, ...(header.twins?.[field] ?? [])]
    .map((column) => fieldText(cells[column]))
    .filter(
      (found, at, all) =>
        (found.text !== '' || found.code !== undefined) && all.findIndex(({ text }) => text === found.text) === at,
    );
  return others.length === 0 ? only : { text: '', code: 'CELL_UNREADABLE' };
}

/** Reads one row; what depends on the delivery is judged later, together with its line. */
export function readRow(header: SheetHeader, cells: readonly Cell[]): ShipmentRow {
  const codes: ProblemCode[] = [];
  const unreadColumns: string[] = [];
  const text = (field: SheetField) => {
    const { text: found, code } = textOf(header, field, cells);
    if (code !== undefined) unreadColumns.push(sheetColumns.find((column) => column.field === field)?.title ?? field);
    if (code !== undefined && !codes.includes(code)) codes.push(code);
    return { found, unreadable: code !== undefined };
  };
  const delivery = text('deliveryNo');
  if (!delivery.unreadable && delivery.found === '') codes.push('DELIVERY_NO_REQUIRED');
  else if (!delivery.unreadable && !DELIVERY_NO.test(delivery.found)) codes.push('DELIVERY_NOT_FOUND');

  const line = text('lineNo');
  const isNumber = /^\d{1,9}$/.test(line.found) && Number(line.found) >= 1;
  if (!line.unreadable && line.found !== '' && !isNumber) codes.push('LINE_NO_INVALID');

  const carrier = text('carrier');
  const waybill = text('waybillNo');
  const carrierCode = carrier.found === '' ? null : carrierCodeOf(carrier.found);
  const waybillNo = waybill.found === '' ? null : cut(normalizeWaybill(waybill.found).toUpperCase(), 50);
  const readable = !carrier.unreadable && !waybill.unreadable;
  if (readable && (carrierCode !== null || waybillNo !== null)) codes.push(...judgeShipping(carrierCode, waybillNo));
  else if (!carrier.unreadable && carrierCode !== null && !carriers.some(({ code }) => code === carrierCode))
    codes.push('CARRIER_UNKNOWN');
  return {
    deliveryNo: DELIVERY_NO.test(delivery.found) ? delivery.found : '',
    lineNo: isNumber ? Number(line.found) : null,
    carrierCode,
    waybillNo,
    codes,
    unreadColumns,
  };
}

function judgeShipping(carrierCode: string | null, waybillNo: string | null): ProblemCode[] {
  const code = judgeWaybill(carrierCode ?? undefined, waybillNo ?? undefined);
  if (code === null) return [];
  // Even with an unknown carrier, a waybill that no carrier accepts is reported at once.
  const odd = code === 'CARRIER_UNKNOWN' && waybillNo !== null && !/^[0-9A-Z]{9,20}$/.test(waybillNo);
  return odd ? [code, 'WAYBILL_INVALID'] : [code];
}
