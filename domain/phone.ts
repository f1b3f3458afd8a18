/**
 * Telephone numbers as people write them: several in one field, with or without hyphens, blanks, dots, brackets, country code and
 * extension. The same pattern finds them for the search (`phone_keys` in the database; a test compares the two).
 */

/** What stands between the digits of one number. */
const BETWEEN = `[- .()_\\t]{0,3}`;
const DIGIT = `(?:${BETWEEN}[0-9])`;
/** A mobile, area, internet, 050 or 080 number after its country code or zero, or an eight-digit one (1588-1234). */
const AFTER_ZERO = `(?:50[0-9]|[1-9][0-9]|2)`;
const COUNTRY = `(?:[+]|00)?82${BETWEEN}0?`;
const PHONE =
  `(?<![0-9])(?:(?:0|${COUNTRY})${BETWEEN}${AFTER_ZERO}${DIGIT}{3,4}|(?:${COUNTRY}${BETWEEN})?1[3-9][0-9]{2})` +
  `${BETWEEN}[0-9]{4}(?![0-9])`;

const COUNTRY_EIGHT = /^(?:00)?820?(1[0-9]{7})$/;
const COUNTRY_CODE = /^(?:00)?820?(?=[1-9][0-9]{7,10}$)/;

/** The digits of a number as it is dialled in Korea: +82 10-1234-5678 → 01012345678. The database has it as `phone_number`. */
export function phoneNumber(text: string): string {
  const digits = text.replace(/[^0-9]/g, '');
  return digits.replace(COUNTRY_EIGHT, '$1').replace(COUNTRY_CODE, '0');
}

/** The parts of a text that are numbers, and what is between them, in turn: the odd ones are numbers. */
export const splitPhones = (text: string): string[] => text.split(new RegExp(`(${PHONE})`));
