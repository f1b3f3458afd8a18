/** Delivery and pickup numbers: a letter, the day in Seoul, a running number; at most 30 characters, to fit on a barcode. */
export function numberOf(letter: 'D' | 'P', sequence: number, now: Date): string {
  const day = new Date(now.getTime() + 9 * 3_600_000).toISOString().slice(2, 10).replaceAll('-', '');
  return `${letter}${day}${String(sequence).padStart(6, '0')}`;
}

/**
 * An instant as Korean users read it: 2026-11-23 09:00:00 in Seoul. Always nine hours ahead of UTC: what was typed without an offset
 * is shown as it was typed, also in years when Seoul's clocks said otherwise (until 1961, and in the summers of 1987 and 1988).
 */
export const koreanTime = (at: Date | null): string | null =>
  at === null ? null : new Date(at.getTime() + 9 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
