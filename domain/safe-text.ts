import { cleanText } from './text.ts';

/**
 * Text from outside, made harmless for what it is written into. Every output goes through one of these, whatever was stored before
 * its letters were checked; JSON, SSE data and metrics escape what they must by themselves.
 */

/** What XML 1.0 cannot hold, not even as a reference; lone halves of letters are mended by `toWellFormed`. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** Longest letter of several parts (a family of emoji, a flag) that is not torn; what is longer is made to break things. */
const LONGEST_LETTER = 40;

/** At most so many UTF-16 units, without part of a letter at the end: neither half of a pair nor an emoji without its parts. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const whole = new Intl.Segmenter().segment(text).containing(most)?.index ?? most;
  if (whole > 0 && most - whole <= LONGEST_LETTER) return text.slice(0, whole);
  const last = text.charCodeAt(most - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? most - 1 : most);
}

/** A text that XML can hold and every parser gives back unchanged: a line's end is LF, which is what parsers make of the others. */
export const xmlText = (text: string): string => text.toWellFormed().replace(/\r\n?/g, '\n').replace(NOT_XML, '');

/** A formula would run for the person who opens the sheet, so such a text gets an apostrophe before it. */
export const neutralized = (text: string): string => (/^[=+\-@\t\r\n|]/.test(text) ? `'${text}` : text);
/** The text that was neutralized. */
export const restored = (text: string): string => (/^'[=+\-@|]/.test(text) ? text.slice(1) : text);

/** Excel calls a workbook with a longer text in a cell broken. */
export const MOST_CELL_LETTERS = 32_767;

/**
 * A text as the content of a cell: no formula, nothing XML cannot hold, as much as Excel takes. Letters like `_x0041_` get the mark
 * that keeps a spreadsheet from reading them as one letter (ECMA-376 22.9.2.19).
 */
export const cellText = (text: string): string =>
  cut(neutralized(xmlText(text)), MOST_CELL_LETTERS).replace(/_(?=x[0-9a-f]{4}_)/gi, '_x005F_');

const MOST_SHEET_NAME = 31;
const MOST_FILE_NAME = 80;

/** Without blanks in a row, line ends and other letters that no name on one line can show. */
const oneLine = (text: string) =>
  cleanText(text)
    .replace(/[\s\u2028\u2029]+/g, ' ')
    .trim();

/** A name that Excel takes for a sheet: 1–31 letters, none of `[ ] : * ? / \`, no apostrophe at an end, not `History`. */
export function sheetName(text: string): string {
  const plain = oneLine(text)
    .replace(/[[\]:*?/\\]/g, '_')
    .replace(/_(?=x[0-9a-f]{4}_)/gi, '-');
  const name = cut(plain.replace(/^['\s]+/, ''), MOST_SHEET_NAME).replace(/['\s]+$/, '');
  if (name === '') return '시트';
  return /^history$/i.test(name) ? `${name}_` : name;
}

/** A file's name, without its ending, that Windows, macOS and Linux take: 80 letters are fewer than 255 bytes. */
export function fileName(text: string): string {
  const plain = oneLine(text)
    .replace(/[\\/:*?"<>|]/g, '_')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  if (plain === '') return '파일';
  const own = /^(con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])([.\s]|$)/i.test(plain) ? `_${plain}` : plain;
  return cut(own, MOST_FILE_NAME).replace(/[.\s]+$/, '');
}

/** The Content-Disposition of a download: a plain name for old programs, the real one as RFC 8187 writes it. */
export function attachment(name: string, ending: string): string {
  const encoded = encodeURIComponent(`${fileName(name)}.${ending}`).replace(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="export.${ending}"; filename*=UTF-8''${encoded}`;
}

/** Letters that JSON may hold but that end a line, move a terminal's cursor or turn the direction of what follows. */
const NOT_LOGGED = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff]/g;

/** A log line (JSON) in which such letters are escapes; what it says is unchanged. */
export const logLine = (line: string): string =>
  line.replace(NOT_LOGGED, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
