import type { Readable } from 'node:stream';
import { type Cell, unreadable } from '../../domain/bulk-shipments/sheet-cell.ts';
import { type NumberFormat, shownByFormat, shownNumber } from './number-format.ts';
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
  formats: (NumberFormat | null)[];
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
export function columnOf(reference: string | undefined): number | null {
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

/** A cell while its element is being read; `values` counts its `v` and `is`. */
interface Open {
  type: string;
  style: number;
  text: string;
  hasFormula: boolean;
  values: number;
  isStrange: boolean;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** What a cell without text shows: nothing, unless a value should be there. */
function blankOf({ type, hasFormula, values }: Open): Cell {
  const isText = type === 'str' || type === 'inlineStr';
  if (hasFormula) return isText && values === 1 ? null : unreadable('');
  return values === 0 || isText || type === 'n' ? null : unreadable('');
}

/** What a cell shows. What cannot be known is unreadable, never blank: a blank 순번 means every line. */
function cellOf(cell: Open, { strings, formats }: Book): Cell {
  const { type, style, text, values, isStrange } = cell;
  if (isStrange || values > 1) return unreadable(text);
  if (text.trim() === '') return blankOf(cell);
  const format = formats[style] ?? null;
  switch (type) {
    case 's': {
      const found = /^\s*\d{1,9}\s*$/.test(text) ? strings[Number(text)] : undefined;
      return found === undefined ? unreadable(text) : shownByFormat(found, format);
    }
    case 'str':
    case 'inlineStr':
      return shownByFormat(unescaped(text), format);
    case 'e':
      return text.trim().startsWith('#') ? text : unreadable(text);
    case 'b':
      return isOn(text.trim());
    case 'd':
      return new Date(text);
    case 'n':
      return NUMBER.test(text.trim()) ? shownNumber(Number(text), format) : unreadable(text);
    default:
      return unreadable(text);
  }
}

/** Elements of a cell that are understood, or hold nothing that it shows. */
const known = new Set(['v', 'f', 'is', 't', 'r', 'rPr', 'rPh', 'phoneticPr', 'extLst']);
/** Those whose content is not shown. */
const notShown = new Set(['f', 'rPr', 'rPh', 'extLst']);

/** The rows of a sheet's part, in pieces. */
export async function* sheetRows(stream: Readable, book: Book): AsyncGenerator<SheetRow[]> {
  let rows: SheetRow[] = [];
  let current: SheetRow = { row: 0, cells: [], hidden: false };
  let cell: Open | null = null;
  let [column, taking, within, inData] = [0, false, '', false];
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
      open: (tag, { r, t, s, hidden, ht }) => {
        if (tag === 'sheetData') inData = true;
        // Anchors of buttons and pictures have rows too.
        else if (tag === 'row' && inData) {
          const isHidden = isOn(hidden) || /^0+(\.0*)?$/.test(ht ?? '');
          current = { row: rowAfter(current.row, r), cells: [], hidden: isHidden };
          column = 0;
        } else if (tag === 'c' && inData) {
          column = columnOf(r) ?? column;
          const style = /^\d{1,6}$/.test(s ?? '') ? Number(s) : 0;
          cell = { type: t ?? 'n', style, text: '', hasFormula: false, values: 0, isStrange: false };
        } else if (cell !== null && within === '') {
          if (!known.has(tag)) cell.isStrange = true;
          if (tag === 'f') cell.hasFormula = true;
          if (tag === 'v' || tag === 'is') cell.values++;
          if (notShown.has(tag)) within = tag;
          taking = tag === 'v' || tag === 't';
        }
      },
      text: (found) => {
        if (cell === null || within !== '') return;
        if (!taking && found.trim() !== '') cell.isStrange = true;
        if (taking && cell.text.length < MOST_LETTERS) cell.text += found;
      },
      close: (tag) => {
        if (tag === within) within = '';
        else if (tag === 'v' || tag === 't') taking = false;
        else if (tag === 'c' && cell !== null) {
          put(cellOf(cell, book));
          cell = null;
        } else if (tag === 'row' && inData) rows.push(current);
        else if (tag === 'sheetData') inData = false;
      },
    },
    () => {
      const given = rows;
      rows = [];
      return given;
    },
  );
}
