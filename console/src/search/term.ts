import { cleanNumber, cleanText } from '../ui/clean-text.ts';

const LEAST = 4;
const MOST = 60;
const LEAST_OF_A_NAME = 2;

/** What was typed, as each source takes it; null = not asked. */
export interface Term {
  text: string;
  /** As numbers are compared: without hyphens and blanks, in capital letters. */
  key: string;
  number: string | null;
  phone: string | null;
  product: string | null;
  /** It begins as a phone does, so it stays out of addresses until the person says that it is a number. */
  isLikePhone: boolean;
  /** A barcode or a pasted number: Enter waits for what it finds. */
  isCode: boolean;
}

/** As numbers are compared (`numberKey` of domain/text.ts). */
export const keyOf = (text: string): string => cleanNumber(text).replace(/[\s-]/g, '').toUpperCase();

const isMobile = (digits: string) => /^01[016789]\d{7,8}$/.test(digits);
const isPhone = (digits: string) => isMobile(digits) || /^0[2-8]\d{7,10}$/.test(digits);

export function termOf(typed: string, insisted: string | null): Term {
  const text = cleanText(typed).trim();
  const key = keyOf(text);
  const isDigits = /^\d+$/.test(key);
  const isLikePhone = isDigits && /^0\d{0,11}$/.test(key) && key !== insisted;
  const isNumber = key.length >= LEAST && key.length <= MOST && /^[\x21-\x7e]+$/.test(key);
  const isCode = isNumber && /\d/.test(key);
  const isPhoneEnd = isDigits && key.length === LEAST;
  return {
    text,
    key,
    number: isNumber && !isLikePhone ? key : null,
    phone: isPhoneEnd || (isDigits && isPhone(key)) ? key : null,
    product: text.length >= LEAST_OF_A_NAME && text.length <= MOST && !isDigits && !isCodeOnly(key) ? text : null,
    isLikePhone: isLikePhone && isNumber,
    isCode,
  };
}

/** Letters and then digits, as our numbers are: no product is called so. */
const isCodeOnly = (key: string) => /^[A-Z]{0,4}\d{4,}$/.test(key);

/** Mobile numbers are hardly waybills; other digits that begin with 0 may well be. */
export const isSurelyPhone = (key: string): boolean => isMobile(key);
