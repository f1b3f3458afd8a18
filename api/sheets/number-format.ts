import { format, getFormatFromId, isDateFormat, isTextFormat } from 'numfmt';
import { type Cell, MOST_NUMBER, unreadable } from '../../domain/bulk-shipments/shipment-sheet.ts';

/** Built-in formats of East Asian Excels that the library has no code for: they show dates. */
const isEastAsianDate = (id: number) => (id >= 27 && id <= 36) || (id >= 50 && id <= 58);

/** How a style shows numbers; null = as they are (General, Text, or no format at all). */
export type NumberFormat = 'date' | { code: string } | null;

/** The format of a style: its own code, or the built-in one of its id (ECMA-376 18.8.30). */
export function numberFormat(id: number, own: string | undefined): NumberFormat {
  const code = own ?? (isEastAsianDate(id) ? 'yyyy-mm-dd' : getFormatFromId(id));
  if (typeof code !== 'string' || /^general$/i.test(code.trim())) return null;
  try {
    if (isDateFormat(code)) return 'date';
    return isTextFormat(code) ? null : { code };
  } catch {
    return { code };
  }
}

const digitsOf = (text: string) => text.replace(/\D/g, '');

/**
 * A number as the person sees it: where its format shows other digits than it holds (0000-0000-0000 and its like), the text it shows.
 * Unreadable where that cannot be known.
 */
export function shownNumber(value: number, style: NumberFormat): Cell {
  // Days since 1899-12-30. It only matters that it is a date, not which one.
  if (style === 'date') return new Date(Math.round((value - 25_569) * 86_400_000));
  // Digits beyond the fifteenth are lost already, whatever the format makes of them.
  if (style === null || Math.abs(value) > MOST_NUMBER) return value;
  const plain = Number.isInteger(value) ? value.toFixed(0) : String(value);
  try {
    const shown = format(style.code, value);
    if (digitsOf(shown) === digitsOf(plain)) return value;
    return shown.trim() === '' ? unreadable(plain) : shown;
  } catch {
    return unreadable(plain);
  }
}
