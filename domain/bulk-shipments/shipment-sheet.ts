import { carriers, judgeWaybill, normalizeWaybill } from '../carriers.ts';
import type { ProblemCode } from '../problems.ts';
import { cut, restored } from '../safe-text.ts';
import { cleanCode, cleanNumber, cleanText, numberKey } from '../text.ts';
import { asTyped, type Cell, isUnreadable, MOST_NUMBER, squeezed } from './sheet-cell.ts';
import { type SheetField, type SheetHeader, sheetColumns } from './sheet-header.ts';

/** 출고완료 일괄: most rows of a sheet (docs/sources/contract.md#bulk-shipment-출고완료-일괄). */
export const MOST_SHEET_ROWS = 50_000;

/** Columns that the result sheet adds; they are ignored when a result sheet is uploaded again. */
export const resultTitles = ['결과', '사유'] as const;

/** The template's example row begins with this and is never read as a row. */
export const EXAMPLE_MARK = '(예)';

/** One row as read. `codes`: every fault that can be seen from the row alone; `unreadColumns`: titles of cells that cannot be read. */
export interface ShipmentRow {
  deliveryNo: string;
  lineNo: number | null;
  carrierCode: string | null;
  waybillNo: string | null;
  /** 수량: less than what is valid splits the rest off; null = all of it. */
  quantity: number | null;
  codes: ProblemCode[];
  unreadColumns: string[];
}

/** Longest text kept from a cell. */
const MOST_CELL_LETTERS = 1_000;
const SCIENTIFIC = /^[+-]?\d+([.,]\d+)?E[+-]?\d+$/i;
const DELIVERY_NO = /^[\x21-\x7e]{1,30}$/;
/** A number as we give it, when letter case, hyphens and blanks are left out. */
const OURS = /^D\d{12}$/;

/** A delivery number however people write it; one that is not of our making is taken letter by letter. */
function deliveryNoOf(text: string): string {
  const key = numberKey(text);
  return OURS.test(key) ? key : text;
}

/** What stands for a letter that could not be decoded. */
const LOST_LETTER = '\ufffd';

/** A cell as the text it shows, to be kept with its row. */
export function shownText(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? '' : cell.toISOString().slice(0, 10);
  if (isUnreadable(cell)) return cut(cleanText(cell.unreadable), MOST_CELL_LETTERS);
  const text =
    typeof cell === 'number' && Number.isInteger(cell) && Math.abs(cell) <= MOST_NUMBER ? cell.toFixed(0) : String(cell);
  return cut(restored(cleanText(text)), MOST_CELL_LETTERS);
}

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

/** 3, 03, 3개, 3 EA. */
function quantityText(text: string): string {
  return text.replace(/\s*(개|ea)$/i, '').replace(/^0+(?=\d)/, '');
}

/** What a text means in its field, however it is written: 1 and 01, 04 and CJ대한통운, with hyphens and without. */
const meanings: Record<SheetField, (text: string) => string> = {
  deliveryNo: deliveryNoOf,
  lineNo: (text) => text.replace(/^0+(?=\d)/, ''),
  carrier: carrierCodeOf,
  waybillNo: (text) => normalizeWaybill(text).toUpperCase(),
  quantity: quantityText,
};

/** What the columns of a field say; those under one title must mean the same, or nothing. */
function textOf(header: SheetHeader, field: SheetField, cells: readonly Cell[]): { text: string; code?: ProblemCode } {
  const index = header[field];
  if (index === null) return { text: '' };
  const first = fieldText(cells[index]);
  const twins = header.twins?.[field];
  if (twins === undefined) return first;
  const said = [first, ...twins.map((column) => fieldText(cells[column]))]
    .map((found) => ({ found, means: meanings[field](found.text) }))
    .filter(({ found, means }) => means !== '' || found.code !== undefined);
  if (new Set(said.map(({ means }) => means)).size > 1) return { text: '', code: 'CELL_UNREADABLE' };
  return said[0]?.found ?? first;
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
  const deliveryNo = deliveryNoOf(delivery.found);
  if (!delivery.unreadable && delivery.found === '') codes.push('DELIVERY_NO_REQUIRED');
  else if (!delivery.unreadable && !DELIVERY_NO.test(deliveryNo)) codes.push('DELIVERY_NOT_FOUND');

  const line = text('lineNo');
  const isNumber = /^\d{1,9}$/.test(line.found) && Number(line.found) >= 1;
  if (!line.unreadable && line.found !== '' && !isNumber) codes.push('LINE_NO_INVALID');

  const amount = text('quantity');
  const pieces = quantityText(amount.found);
  const isQuantity = /^[1-9]\d{0,8}$/.test(pieces);
  if (!amount.unreadable && pieces !== '' && !isQuantity) codes.push('QUANTITY_INVALID');

  const carrier = text('carrier');
  const waybill = text('waybillNo');
  const carrierCode = carrier.found === '' ? null : carrierCodeOf(carrier.found);
  const waybillNo = waybill.found === '' ? null : cut(normalizeWaybill(waybill.found).toUpperCase(), 50);
  const readable = !carrier.unreadable && !waybill.unreadable;
  if (readable && (carrierCode !== null || waybillNo !== null)) codes.push(...judgeShipping(carrierCode, waybillNo));
  else if (!carrier.unreadable && carrierCode !== null && !carriers.some(({ code }) => code === carrierCode))
    codes.push('CARRIER_UNKNOWN');
  return {
    deliveryNo: DELIVERY_NO.test(deliveryNo) ? deliveryNo : '',
    lineNo: isNumber ? Number(line.found) : null,
    carrierCode,
    waybillNo,
    quantity: isQuantity ? Number(pieces) : null,
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
