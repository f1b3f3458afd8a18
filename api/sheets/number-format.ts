import { format, getFormatFromId, isDateFormat, isTextFormat } from 'numfmt';
import { type Cell, MOST_NUMBER, unreadable } from '../../domain/bulk-shipments/sheet-cell.ts';
import { cleanCode } from '../../domain/text.ts';

/** Built-in formats of East Asian Excels that the library has no code for: they show dates. */
const isEastAsianDate = (id: number) => (id >= 27 && id <= 36) || (id >= 50 && id <= 58);

/** How a style shows what it holds; null = as it is (General, Text, or no format at all). */
export interface NumberFormat {
  code: string;
  numbers: 'as they are' | 'as dates' | 'by the code';
  changesTexts: boolean;
}

/** Shows a text as other letters ("D"@), or not at all (;;;). */
const changesTexts = (code: string) => {
  try {
    return format(code, 'a').trim() !== 'a';
  } catch {
    return false;
  }
};

function numbersOf(code: string): NumberFormat['numbers'] {
  try {
    if (isDateFormat(code)) return 'as dates';
    return isTextFormat(code) ? 'as they are' : 'by the code';
  } catch {
    return 'by the code';
  }
}

/** The format of a style: its own code, or the built-in one of its id (ECMA-376 18.8.30). */
export function numberFormat(id: number, own: string | undefined): NumberFormat | null {
  const code = own ?? (isEastAsianDate(id) ? 'yyyy-mm-dd' : getFormatFromId(id));
  if (typeof code !== 'string' || /^(general)?$/i.test(code.trim())) return null;
  const found = { code, numbers: numbersOf(code), changesTexts: changesTexts(code) };
  return found.numbers === 'as they are' && !found.changesTexts ? null : found;
}

const digitsOf = (text: string) => text.replace(/\D/g, '');
/** A letter that touches a digit is part of the number: EM123456789KR, D-2611. Not so that of "No. 1" and "1번". */
const HAS_LETTERS = /[a-z]-?\d|\d-?[a-z]/i;

/**
 * A number as the person sees it: where its format shows other digits or letters than it holds (0000-0000-0000, "EM"0 and their like),
 * the text it shows. Unreadable where that cannot be known.
 */
export function shownNumber(held: number, style: NumberFormat | null): Cell {
  // A spreadsheet shows fifteen digits: 3 of 2.9999999999999996.
  const value = Number(held.toPrecision(15));
  // Days since 1899-12-30. It only matters that it is a date, not which one.
  if (style?.numbers === 'as dates') return new Date(Math.round((value - 25_569) * 86_400_000));
  // Digits beyond the fifteenth are lost already, whatever the format makes of them.
  if (style?.numbers !== 'by the code' || Math.abs(value) > MOST_NUMBER) return value;
  const isWhole = Number.isInteger(value);
  const plain = isWhole ? value.toFixed(0) : String(value);
  // The library's General shortens a number to eleven letters, as a narrow column does.
  const code = isWhole ? style.code.replace(/general/gi, '0') : style.code;
  // *0 fills the column with zeros, as many as fit.
  if (/\*\d/.test(code)) return unreadable(plain);
  try {
    const shown = cleanCode(format(code, value));
    if (digitsOf(shown) === digitsOf(plain) && !HAS_LETTERS.test(shown)) return value;
    return shown === '' ? unreadable(plain) : shown;
  } catch {
    return unreadable(plain);
  }
}

/** A text as the person sees it. */
export function shownByFormat(text: string, style: NumberFormat | null): Cell {
  if (style === null || !style.changesTexts || text === '') return text;
  const shown = format(style.code, text);
  return shown.trim() === '' ? unreadable(text) : shown;
}
