import type { Readable } from 'node:stream';
import type { Cell } from '../../domain/bulk-shipments/shipment-sheet.ts';
import { local, MOST_UNPACKED, openZip, parse, readPart, type Zip } from './zip.ts';

/** A row of a sheet: its number as in Excel, and its cells. */
export interface SheetRow {
  row: number;
  cells: Cell[];
}

const MOST_STRINGS = 48 * 1024 * 1024;
const MOST_PART = 8 * 1024 * 1024;
const MOST_COLUMNS = 200;
const MOST_LETTERS = 1_000;

/** Targets of a part's relationships, by id and by the last part of their type. */
async function relationships(zip: Zip, part: string): Promise<Map<string, string>> {
  const [folder, name] = [part.slice(0, part.lastIndexOf('/') + 1), part.slice(part.lastIndexOf('/') + 1)];
  const found = new Map<string, string>();
  await readPart(zip, `${folder}_rels/${name}.rels`, MOST_PART, {
    open: (tag, { Id = '', Type = '', Target = '' }) => {
      if (tag !== 'Relationship') return;
      const path = Target.startsWith('/') ? Target.slice(1) : new URL(folder + Target, 'zip:///').pathname.replace(/^\/+/, '');
      found.set(Id, path);
      found.set(Type.slice(Type.lastIndexOf('/') + 1), path);
    },
  });
  return found;
}

async function sharedStrings(zip: Zip, path: string | undefined): Promise<string[]> {
  const strings: string[] = [];
  let [text, taking, phonetic] = ['', false, false];
  if (path === undefined) return strings;
  await readPart(zip, path, MOST_STRINGS, {
    open: (tag) => {
      if (tag === 'si') text = '';
      else if (tag === 'rPh') phonetic = true;
      else if (tag === 't') taking = !phonetic;
    },
    text: (found) => {
      if (taking && text.length < MOST_LETTERS) text += found;
    },
    close: (tag) => {
      if (tag === 'si') strings.push(text.slice(0, MOST_LETTERS));
      else if (tag === 'rPh') phonetic = false;
      else if (tag === 't') taking = false;
    },
  });
  return strings;
}

/** How a style shows numbers: as dates, or padded with zeros to this many digits; null = unchanged. */
type NumberStyle = 'date' | number | null;

const isDateFormat = (code: string) =>
  /[ymdhs]/i.test(code.replace(/\[[^\]]*\]|"[^"]*"|\\.|_.|\*./g, '')) && !/general/i.test(code);

const styleOf = (id: number, code: string | undefined): NumberStyle => {
  if (code === undefined) return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 58) ? 'date' : null;
  if (/^0{2,20}$/.test(code)) return code.length;
  return isDateFormat(code) ? 'date' : null;
};

async function numberStyles(zip: Zip, path: string | undefined): Promise<NumberStyle[]> {
  const codes = new Map<number, string>();
  const styles: NumberStyle[] = [];
  let inCells = false;
  if (path === undefined) return styles;
  await readPart(zip, path, MOST_PART, {
    open: (tag, { numFmtId, formatCode }) => {
      if (tag === 'numFmt') codes.set(Number(numFmtId), formatCode ?? '');
      else if (tag === 'cellXfs') inCells = true;
      else if (tag === 'xf' && inCells) styles.push(styleOf(Number(numFmtId), codes.get(Number(numFmtId))));
    },
    close: (tag) => {
      if (tag === 'cellXfs') inCells = false;
    },
  });
  return styles;
}

/** Column of a reference: A1 → 0, AA7 → 26. */
function columnOf(reference: string): number {
  let column = 0;
  for (const letter of reference) {
    const at = letter.charCodeAt(0) - 64;
    if (at < 1 || at > 26) break;
    column = column * 26 + at;
  }
  return column - 1;
}

const numberCell = (text: string, style: NumberStyle): Cell => {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) return text || null;
  // Days since 1899-12-30. It only matters that it is a date, not which one.
  if (style === 'date') return new Date(Math.round((value - 25_569) * 86_400_000));
  if (typeof style === 'number' && Number.isSafeInteger(value) && value >= 0) return value.toFixed(0).padStart(style, '0');
  return value;
};

interface Book {
  strings: string[];
  styles: NumberStyle[];
}

async function* sheetRows(stream: Readable, { strings, styles }: Book): AsyncGenerator<SheetRow[]> {
  let rows: SheetRow[] = [];
  let current: SheetRow = { row: 0, cells: [] };
  let [column, type, style, text, taking, phonetic] = [0, '', -1, '', false, false];
  const cell = (): Cell => {
    switch (type) {
      case 's':
        return strings[Number(text)] ?? null;
      case 'str':
      case 'inlineStr':
      case 'e':
        return text;
      case 'b':
        return text === '1';
      case 'd':
        return new Date(text);
      default:
        return numberCell(text, styles[style] ?? null);
    }
  };
  yield* parse(
    stream,
    {
      open: (tag, { r, t, s }) => {
        if (tag === 'row') {
          current = { row: r === undefined ? current.row + 1 : Number(r), cells: [] };
          column = 0;
        } else if (tag === 'c') {
          if (r !== undefined) column = columnOf(r);
          [type, style, text] = [t ?? 'n', s === undefined ? -1 : Number(s), ''];
        } else if (tag === 'rPh') phonetic = true;
        else if (tag === 'v' || tag === 't') taking = !phonetic;
      },
      text: (found) => {
        if (taking && text.length < MOST_LETTERS) text += found;
      },
      close: (tag) => {
        if (tag === 'v' || tag === 't') taking = false;
        else if (tag === 'rPh') phonetic = false;
        else if (tag === 'c') {
          if (column < MOST_COLUMNS && text !== '') {
            while (current.cells.length < column) current.cells.push(null);
            current.cells[column] = cell();
          }
          column++;
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

/**
 * The visible sheets of a workbook in order, each as rows in pieces. Streams the sheet; the shared strings are kept in memory.
 * Throws TooLarge, or the error of a broken zip or XML. (OOXML by Excel, LibreOffice, Google Sheets, openpyxl; ECMA-376 18.3.)
 */
export async function* visibleSheets(bytes: Buffer): AsyncGenerator<AsyncGenerator<SheetRow[]>> {
  const zip = await openZip(bytes);
  try {
    const workbook = (await relationships(zip, '')).get('officeDocument') ?? 'xl/workbook.xml';
    const sheets: string[] = [];
    const there = await readPart(zip, workbook, MOST_PART, {
      open: (tag, attributes) => {
        if (tag !== 'sheet' || (attributes.state ?? 'visible') !== 'visible') return;
        const id = Object.entries(attributes).find(([name]) => name !== 'sheetId' && local(name) === 'id');
        if (id) sheets.push(id[1]);
      },
    });
    if (!there) throw new Error('no workbook in the archive');
    const targets = await relationships(zip, workbook);
    const book = {
      strings: await sharedStrings(zip, targets.get('sharedStrings')),
      styles: await numberStyles(zip, targets.get('styles')),
    };
    for (const id of sheets) {
      const stream = await zip.stream(targets.get(id) ?? '', MOST_UNPACKED);
      if (stream) yield sheetRows(stream, book);
    }
  } finally {
    zip.close();
  }
}
