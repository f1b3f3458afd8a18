import { cut } from '../../domain/safe-text.ts';
import { type Book, MOST_LETTERS, type SheetRow, sheetRows, unescaped } from './cells.ts';
import { type MergedCells, mergedCells } from './merged-cells.ts';
import { type NumberFormat, numberFormat } from './number-format.ts';
import { Damaged, local, MOST_UNPACKED, openZip, readPart, TooLarge, type Zip } from './zip.ts';

const MOST_STRINGS = 48 * 1024 * 1024;
const MOST_PART = 8 * 1024 * 1024;
/** Each is looked at, and named in an answer; a list of 8 MB could name one part a hundred thousand times. */
const MOST_SHEETS = 500;
/** Longest name that can be asked for; Excel's have 31 letters at most. */
const MOST_NAME = 100;

/** A sheet that the person sees: its rows in pieces, each time from the beginning, and which of their cells are merged. */
export interface Sheet {
  name: string;
  rows: () => AsyncGenerator<SheetRow[]>;
  merged: () => Promise<MergedCells[]>;
}

/** A target relative to its part's folder, as writers put it: with backslashes, blanks, dots and a leading slash. */
function resolved(folder: string, target: string): string {
  const plain = target.replaceAll('\\', '/');
  const path: string[] = [];
  for (const step of (plain.startsWith('/') ? plain : folder + plain).split('/')) {
    if (step === '..') path.pop();
    else if (step !== '.' && step !== '') path.push(step);
  }
  return path.join('/');
}

/** Targets of a part's relationships, by id and by the last part of their type. */
async function relationships(zip: Zip, part: string): Promise<Map<string, string>> {
  const [folder, name] = [part.slice(0, part.lastIndexOf('/') + 1), part.slice(part.lastIndexOf('/') + 1)];
  const found = new Map<string, string>();
  await readPart(zip, `${folder}_rels/${name}.rels`, MOST_PART, {
    open: (tag, { Id = '', Type = '', Target = '' }) => {
      if (tag !== 'Relationship') return;
      const path = resolved(folder, Target);
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
      if (tag === 'si') strings.push(unescaped(text).slice(0, MOST_LETTERS));
      else if (tag === 'rPh') phonetic = false;
      else if (tag === 't') taking = false;
    },
  });
  return strings;
}

async function numberFormats(zip: Zip, path: string | undefined): Promise<(NumberFormat | null)[]> {
  const codes = new Map<number, string>();
  const ids: number[] = [];
  let inCells = false;
  if (path === undefined) return [];
  await readPart(zip, path, MOST_PART, {
    open: (tag, { numFmtId, formatCode }) => {
      if (tag === 'numFmt') codes.set(Number(numFmtId), formatCode ?? '');
      else if (tag === 'cellXfs') inCells = true;
      else if (tag === 'xf' && inCells) ids.push(Number(numFmtId ?? 0));
    },
    close: (tag) => {
      if (tag === 'cellXfs') inCells = false;
    },
  });
  const formats = new Map([...new Set(ids)].map((id) => [id, numberFormat(id, codes.get(id))]));
  return ids.map((id) => formats.get(id) ?? null);
}

const isHidden = (state: string | undefined) => state === 'hidden' || state === 'veryHidden';

/**
 * The visible sheets of a workbook in order. Streams a sheet; the shared strings are kept in memory. Throws TooLarge, or the error of
 * a broken zip or XML. (OOXML by Excel, LibreOffice, Google Sheets, openpyxl; ECMA-376 18.3.)
 */
export async function openWorkbook(bytes: Buffer): Promise<Sheet[]> {
  const zip = await openZip(bytes);
  const workbook = (await relationships(zip, '')).get('officeDocument') ?? 'xl/workbook.xml';
  const sheets: { name: string; id: string }[] = [];
  const there = await readPart(zip, workbook, MOST_PART, {
    open: (tag, attributes) => {
      if (tag !== 'sheet' || isHidden(attributes.state)) return;
      const id = Object.entries(attributes).find(([name]) => name !== 'sheetId' && local(name) === 'id');
      if (sheets.length >= MOST_SHEETS) throw new TooLarge();
      if (id) sheets.push({ name: cut(attributes.name ?? '', MOST_NAME), id: id[1] });
    },
  });
  if (!there) throw new Damaged('Excel 통합 문서(.xlsx)가 아닌 파일입니다');
  const targets = await relationships(zip, workbook);
  const book: Book = {
    strings: await sharedStrings(zip, targets.get('sharedStrings')),
    formats: await numberFormats(zip, targets.get('styles')),
  };
  return sheets.map(({ name, id }) => {
    const part = async () => {
      const stream = await zip.stream(targets.get(id) ?? '', MOST_UNPACKED);
      if (!stream) throw new Damaged(`시트 "${name}"의 내용이 파일에 없습니다`);
      return stream;
    };
    return {
      name,
      async *rows() {
        const stream = await part();
        try {
          yield* sheetRows(stream, book);
        } finally {
          stream.destroy();
        }
      },
      merged: async () => mergedCells(await part()),
    };
  });
}
