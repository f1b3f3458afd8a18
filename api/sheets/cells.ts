import type { Readable } from 'node:stream';
import { type Cell, unreadable } from '../../domain/bulk-shipments/shipment-sheet.ts';
import { type NumberFormat, shownNumber } from './number-format.ts';
import { parse } from './zip.ts';

/** A row of a sheet: its number as in Excel, its cells, and whether the person sees it. */
export interface SheetRow {
  row: number;
  cells: Cell[];
  hidden: boolean;
}

/** What cells refer to. */
export interface Book {
  strings: string[];
  formats: NumberFormat[];
}

const MOST_ROW = 1_048_576;
const MOST_COLUMNS = 200;
/** Longest text of a cell that is kept. */
export const MOST_LETTERS = 1_000;

/** `_x000D_` stands for a letter that XML cannot hold (ECMA-376 22.9.2.19). */
export const unescaped = (text: string): string =>
  text.includes('_x')
    ? text.replace(/_x([0-9a-f]{4})_/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text;

const isOn = (flag: string | undefined) => flag === '1' || flag === 'true';

/** Column of a reference: A1 → 0, AA7 → 26; null for what is none. */
function columnOf(reference: string | undefined): number | null {
  const letters = /^([A-Z]{1,3})\d*$/i.exec(reference ?? '')?.[1];
  if (letters === undefined) return null;
  let column = 0;
  for (const letter of letters.toUpperCase()) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

/** A row's number; one that is missing, repeated, going back or garbage is the next. */
function rowAfter(last: number, given: string | undefined): number {
  const row = /^\d{1,7}$/.test(given ?? '') ? Number(given) : 0;
  return row > last && row <= MOST_ROW ? row : last + 1;
}

/** A cell while its element is being read. */
interface Open {
  type: string;
  style: number;
  text: string;
  hasFormula: boolean;
  hasValue: boolean;
  isStrange: boolean;
}

/** What a cell shows. What cannot be known is unreadable, never blank: a blank 순번 means every line. */
function cellOf({ type, style, text, hasFormula, hasValue, isStrange }: Open, { strings, formats }: Book): Cell {
  if (isStrange) return unreadable(text);
  switch (type) {
    case 's': {
      const found = /^\s*\d{1,9}\s*$/.test(text) ? strings[Number(text)] : undefined;
      return found ?? (hasValue ? unreadable(text) : null);
    }
    case 'str':
      return hasFormula && !hasValue ? unreadable('') : unescaped(text) || null;
    case 'inlineStr':
      return unescaped(text) || null;
    case 'e':
      return text;
    case 'b':
      return text === '' ? null : isOn(text.trim());
    case 'd':
      return new Date(text);
    case 'n': {
      if (text.trim() === '') return hasFormula ? unreadable('') : null;
      const value = Number(text);
      return Number.isFinite(value) ? shownNumber(value, formats[style] ?? null) : unreadable(text);
    }
    default:
      return unreadable(text);
  }
}

/** Elements of a cell that are understood, or hold nothing that it shows. */
const known = new Set(['v', 'f', 'is', 't', 'r', 'rPr', 'rPh', 'phoneticPr', 'extLst']);

/** The rows of a sheet's part, in pieces. */
export async function* sheetRows(stream: Readable, book: Book): AsyncGenerator<SheetRow[]> {
  let rows: SheetRow[] = [];
  let current: SheetRow = { row: 0, cells: [], hidden: false };
  let cell: Open | null = null;
  let [column, taking, within, hidesRows] = [0, false, '', false];
  const put = (value: Cell) => {
    if (column < MOST_COLUMNS && value !== null) {
      while (current.cells.length < column) current.cells.push(null);
      // Two cells at one place: nobody can know which of them is shown.
      const there = current.cells[column] ?? null;
      current.cells[column] = there === null ? value : unreadable('');
    }
    column++;
  };
  yield* parse(
    stream,
    {
      open: (tag, { r, t, s, hidden, ht, zeroHeight }) => {
        if (tag === 'sheetFormatPr') hidesRows = isOn(zeroHeight);
        else if (tag === 'row') {
          const isHidden = hidden === undefined ? hidesRows : isOn(hidden);
          current = { row: rowAfter(current.row, r), cells: [], hidden: isHidden || Number(ht ?? 1) === 0 };
          column = 0;
        } else if (tag === 'c') {
          column = columnOf(r) ?? column;
          const style = /^\d{1,6}$/.test(s ?? '') ? Number(s) : 0;
          cell = { type: t ?? 'n', style, text: '', hasFormula: false, hasValue: false, isStrange: false };
        } else if (cell !== null) {
          if (within === '' && !known.has(tag)) cell.isStrange = true;
          if (within === '' && (tag === 'rPh' || tag === 'extLst' || tag === 'rPr')) within = tag;
          if (within !== '') return;
          if (tag === 'f') cell.hasFormula = true;
          if (tag === 'v') cell.hasValue = true;
          taking = tag === 'v' || tag === 't';
        }
      },
      text: (found) => {
        if (taking && cell !== null && cell.text.length < MOST_LETTERS) cell.text += found;
      },
      close: (tag) => {
        if (tag === within) within = '';
        else if (tag === 'v' || tag === 't' || tag === 'f') taking = false;
        else if (tag === 'c' && cell !== null) {
          put(cellOf(cell, book));
          cell = null;
        } else if (tag === 'row') rows.push(current);
      },
    },
    () => {
      const given = rows;
      rows = [];
      return given;
    },
  );
}
