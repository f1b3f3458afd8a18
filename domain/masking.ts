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

/** 010-1234-5678 → 010-****-5678 (the middle group); 01012345678 → 010****5678 (the four digits before the last four). */
export function maskPhone(phone: string | null): string | null {
  if (phone === null) return null;
  const groups = phone.split('-');
  // With a longer last group (010-12345678) the middle digits are in it, so mask by digits instead of by groups.
  if (groups.length >= 3 && (groups.at(-1) ?? '').length <= 4)
    return groups.map((group, at) => (at === 0 || at === groups.length - 1 ? group : '****')).join('-');
  const letters = [...phone];
  const digitsAt = letters.flatMap((letter, at) => (/\d/.test(letter) ? [at] : []));
  for (const at of digitsAt.slice(-8, -4)) letters[at] = '*';
  return digitsAt.length <= 4 ? '*'.repeat(letters.length) : letters.join('');
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
