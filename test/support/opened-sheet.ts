import { buffer } from 'node:stream/consumers';
import { array, constantFrom, integer, oneof, string } from 'fast-check';
import readXlsxFile from 'read-excel-file/node';
import { SaxesParser } from 'saxes';
import yauzl from 'yauzl';

/** Letters and pieces that have broken some sheet, name, header or log. */
const hostile = [
  ...['\u0000', '\u0001', '\u0008', '\u000b', '\u001f', '\u007f', '\u0085', '\u009b', '\u2028', '\u2029', '\ufeff'],
  ...[
    '\ufffe',
    '\uffff',
    '\ufffd',
    '\ud800',
    '\udfff',
    '😀',
    '가',
    '각',
    '\u202e',
    '\u3164',
    '\u00a0',
    '\u{1fffe}',
    '\u{10ffff}',
  ],
  ...['\r', '\n', '\r\n', '\t', ' ', '=1+1', '+', '-', '@', '|', "'", '"', '<', '&', '>', ']]>', '<!--', '&#0;', '&amp;'],
  ...['_', 'x0041_', '_x0041_', '_x000d_', '_x005F_', '[', ']', ':', '*', '?', '/', '\\', '%', '%0D%0A', '(', ')', ';', ','],
  ...['History', 'con', 'nul.txt', '..', '가'.repeat(31), '😀'.repeat(40)],
];

/** Any text: of UTF-16 units, of whole letters, and of pieces that have broken something. */
export const anyText = oneof(
  array(constantFrom(...hostile), { maxLength: 8 }).map((pieces) => pieces.join('')),
  array(integer({ min: 0, max: 0xffff }), { maxLength: 20 }).map((units) => String.fromCharCode(...units)),
  string({ unit: 'binary', maxLength: 20 }),
);

/** A text as it may stand in PostgreSQL. */
export const storableText = anyText.map((text) => text.toWellFormed().replaceAll('\u0000', ''));

/** XML 1.0, production 2. */
const isXml = (letter: number) =>
  [0x9, 0xa, 0xd].includes(letter) ||
  (letter >= 0x20 && letter <= 0xd7ff) ||
  (letter >= 0xe000 && letter <= 0xfffd) ||
  letter >= 0x10000;

const held = (text: string) => [...text.toWellFormed()].filter((letter) => isXml(letter.codePointAt(0) ?? 0)).join('');

/** What a sheet must show of a text: all that XML can hold, line ends as LF, an apostrophe before a formula. Null = an empty cell. */
export function shownOf(text: string): string | null {
  const lines = text
    .split(/\r\n|\r/)
    .map(held)
    .join('\n');
  return (/^[=+\-@\t\n|]/.test(lines) ? `'${lines}` : lines) || null;
}

/** Every part of the archive by a strict XML parser: throws for what is not well formed. */
async function checkParts(bytes: Buffer): Promise<void> {
  const zip = await new Promise<yauzl.ZipFile>((resolve, reject) =>
    yauzl.fromBuffer(bytes, { lazyEntries: true }, (error, opened) => (error ? reject(error) : resolve(opened))),
  );
  await new Promise<void>((resolve, reject) => {
    zip.on('error', reject).on('end', resolve);
    zip.on('entry', (entry: yauzl.Entry) =>
      zip.openReadStream(entry, async (error, stream) => {
        try {
          if (error) throw error;
          const text = new TextDecoder('utf-8', { fatal: true }).decode(await buffer(stream));
          const parser = new SaxesParser({ xmlns: true, fileName: entry.fileName });
          parser.on('error', reject);
          parser.write(text).close();
          zip.readEntry();
        } catch (fault) {
          reject(fault);
        }
      }),
    );
    zip.readEntry();
  });
}

/** An .xlsx opened by other libraries than the one that wrote it: its first sheet's name and rows. */
export async function openedSheet(bytes: Uint8Array): Promise<{ name: string; rows: unknown[][] }> {
  const file = Buffer.from(bytes);
  await checkParts(file);
  const [sheet] = await readXlsxFile(file, { trim: false });
  if (!sheet) throw new Error('no sheet');
  return { name: sheet.sheet, rows: sheet.data };
}
