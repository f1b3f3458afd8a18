// As domain/text.ts, which the console may not import; test/structure/console-clean-text.test.ts compares the two.
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

/**
 * A text from outside as a person sees it: NFC (macOS sends Korean letters decomposed), without letters that nobody sees, without
 * control letters but tab and line ends, and well formed. For orders, claims, searches, sheets and pastes alike.
 */
export const cleanText = (text: string): string =>
  text.toWellFormed().normalize('NFC').replace(CONTROL, '').replace(INVISIBLE, '').normalize('NFC');

/** The same for numbers and codes: full-width digits and letters become plain ones, unusual blanks (also that of Braille) become blanks, none at the ends. */
export const cleanCode = (text: string): string => cleanText(text.normalize('NFKC').replaceAll('\u2800', ' ')).trim();

const HYPHENS = /[\u2010-\u2015\u2043\u2212]/g;
/** The same for telephone numbers, postal codes and waybills: en dashes and minus signs become hyphens. */
export const cleanNumber = (text: string): string => cleanCode(text).replace(HYPHENS, '-');
