const PICTURE = '[\u2190-\u2bff\u{1f000}-\u{1faff}]';
/**
 * Letters that nobody sees: direction marks, zero width, soft hyphens, fillers, variation selectors and their like (Unicode DI). What
 * joins emoji to one (👨‍👩‍👧) or colours it (❤️) is seen.
 */
const INVISIBLE = new RegExp(
  `(?!(?<=${PICTURE}\\ufe0f?)\\u200d(?=${PICTURE})|(?<=${PICTURE})\\ufe0f)\\p{Default_Ignorable_Code_Point}`,
  'gu',
);
// biome-ignore lint/suspicious/noControlCharactersInRegex: PostgreSQL cannot store NUL, and no text needs the others
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g;

/** Nothing to clean: most texts, and five passes over each of a sheet's cells were a fifth of the time to read it. */
const PLAIN = /^[\t\n\r\x20-\x7e]*$/;

/**
 * A text from outside as a person sees it: NFC (macOS sends Korean letters decomposed), without letters that nobody sees, without
 * control letters but tab and line ends, and well formed. For orders, claims, searches, sheets and pastes alike.
 */
export const cleanText = (text: string): string =>
  PLAIN.test(text) ? text : text.toWellFormed().normalize('NFC').replace(CONTROL, '').replace(INVISIBLE, '').normalize('NFC');

/** The same for numbers and codes: full-width digits and letters become plain ones, unusual blanks (also that of Braille) become blanks, none at the ends. */
export const cleanCode = (text: string): string =>
  (PLAIN.test(text) ? text : cleanText(text.normalize('NFKC').replaceAll('\u2800', ' '))).trim();

const HYPHENS = /[\u2010-\u2015\u2043\u2212]/g;
/** The same for telephone numbers, postal codes and waybills: en dashes and minus signs become hyphens. */
export const cleanNumber = (text: string): string => cleanCode(text).replace(HYPHENS, '-');

/**
 * What is left of an order, delivery, pickup, claim or waybill number when letter case, hyphens, blanks and everything else that people
 * write differently are left out: by it numbers are found. The database's `number_key` does the same with numbers that are stored.
 */
export const numberKey = (text: string): string =>
  cleanNumber(text)
    .replace(/[\s-]+/g, '')
    .replace(/[a-z]+/g, (letters) => letters.toUpperCase())
    .normalize('NFC');

/**
 * A body as it was sent, where cleaning changed nothing but its texts: `read` is what a schema made of `sent`. Bodies are stored and
 * compared as they were before texts were cleaned, so that what was sent then is still known when it is sent again.
 */
export function textsAsSent(read: unknown, sent: unknown): unknown {
  if (read === sent) return read;
  if (typeof sent === 'string') {
    const isSame =
      read === null ? cleanText(sent).trim() === '' : typeof read === 'string' && cleanNumber(read) === cleanNumber(sent);
    return isSame ? sent.trim() || read : read;
  }
  if (Array.isArray(read)) return Array.isArray(sent) ? read.map((each, at) => textsAsSent(each, sent[at])) : read;
  if (!isPlain(read) || !isPlain(sent)) return read;
  return Object.fromEntries(Object.entries(read).map(([key, each]) => [key, textsAsSent(each, sent[key])]));
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
