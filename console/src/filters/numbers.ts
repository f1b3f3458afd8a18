import { cleanNumber } from '../ui/clean-text.ts';

/** Most numbers that one filter of the API takes. */
export const MOST_NUMBERS = 200;
/** Fewer letters of a number are no beginning to search by. */
export const LEAST_LETTERS = 4;
/** Blanks inside of one number part shorter pieces than those between numbers: 6865 1234 5678. */
const LEAST_PIECE = 6;

/** As the API compares numbers (domain/text.ts): without hyphens, blanks and letter case. */
export const numberKey = (text: string): string =>
  cleanNumber(text)
    .replace(/[\s-]+/g, '')
    .replace(/[a-z]+/g, (letters) => letters.toUpperCase())
    .normalize('NFC');

/** Numbers that were typed or pasted: by lines, commas and tabs, and by blanks where these do not stand inside of a number. */
export function splitNumbers(text: string): string[] {
  const found = new Map<string, string>();
  for (const part of text.split(/[\n\r\t,;|，、]+/)) {
    const pieces = part.trim().split(/\s+/);
    const isOne = pieces.some((piece) => numberKey(piece).length < LEAST_PIECE);
    for (const piece of isOne ? [part] : pieces) {
      const number = cleanNumber(piece).trim();
      const key = numberKey(number);
      if (key !== '' && !found.has(key)) found.set(key, number);
    }
  }
  return [...found.values()];
}
