import { splitPhones } from './phone.ts';
import { cleanNumber } from './text.ts';

/** Masking of personal data for readers without `pii.read` (docs/sources/contract.md#masking). Null stays null. */

/** Stands for the name of a person whose data have been erased; not masked, because it names nobody. */
export const ERASED_NAME = '(삭제됨)';

/** 홍길동 → 홍*동, 이산 → 이*, 남궁민수 → 남**수, John Smith → J********h; a single letter → *. */
export function maskName(name: string | null): string | null {
  if (name === null || name === ERASED_NAME) return name;
  const letters = [...name];
  if (letters.length <= 1) return '*'.repeat(letters.length);
  if (letters.length === 2) return `${letters[0]}*`;
  return `${letters[0]}${'*'.repeat(letters.length - 2)}${letters.at(-1)}`;
}

const digitsIn = (text: string) => text.match(/\p{Nd}/gu)?.length ?? 0;
/** Most digits shown before the middle: an area code, or that with a country code. */
const LEADING = 4;
const LEADING_ABROAD = 6;

/** One number; also an extension, and whatever else has digits. */
function maskNumber(number: string): string {
  const digits = digitsIn(number);
  const leading = /^[(]?(?:[+]|00)/.test(number) ? LEADING_ABROAD : LEADING;
  const groups = number.split('-');
  const [first = '', last = ''] = [groups[0], groups.at(-1)];
  // With a longer last group (010-12345678) the middle digits are in it, so mask by digits instead of by groups.
  if (groups.length >= 3 && digits >= 9 && last.length <= 4 && digitsIn(first) <= leading)
    return groups.map((group, at) => (at === 0 || at === groups.length - 1 ? group : '****')).join('-');
  const shown = Math.min(Math.max(digits - 8, 0), leading);
  let at = 0;
  return number.replace(/\p{Nd}/gu, (digit) => {
    at += 1;
    return digits > 4 && (at <= shown || at > digits - 4) ? digit : '*';
  });
}

/**
 * 010-1234-5678 → 010-****-5678 (the middle group); 01012345678 → 010****5678 (the four digits before the last four). Of several
 * numbers in one field each is masked, and an extension completely.
 */
export function maskPhone(phone: string | null): string | null {
  if (phone === null) return null;
  const plain = cleanNumber(phone);
  if (digitsIn(plain) <= 4) return '*'.repeat([...plain].length);
  const rest = /[+]?\p{Nd}(?:[- .()_\t]{0,3}\p{Nd})*/gu;
  return splitPhones(plain)
    .map((part, at) => (at % 2 === 1 ? maskNumber(part) : part.replace(rest, maskNumber)))
    .join('');
}

/** gildong@example.com → gi*****@example.com; one or two letters before the @ → a*@example.com. */
export function maskEmail(email: string | null): string | null {
  if (email === null) return null;
  const at = email.lastIndexOf('@');
  if (at < 1) return '***';
  const letters = [...email.slice(0, at)];
  const kept = letters.length <= 2 ? 1 : 2;
  const stars = letters.length <= 2 ? 1 : letters.length - kept;
  return `${letters.slice(0, kept).join('')}${'*'.repeat(stars)}${email.slice(at)}`;
}

/** Detailed address and memo are hidden completely. */
export function maskText(text: string | null): string | null {
  return text === null ? null : '***';
}
