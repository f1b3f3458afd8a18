/** Delivery and pickup numbers: a letter, the day in Seoul, a running number; at most 30 characters, to fit on a barcode. */
export function numberOf(letter: 'D' | 'P', sequence: number, now: Date): string {
  const day = new Date(now.getTime() + 9 * 3_600_000).toISOString().slice(2, 10).replaceAll('-', '');
  return `${letter}${day}${String(sequence).padStart(6, '0')}`;
}

/** An instant as Korean users read it: 2026-11-23 09:00:00 in Seoul. */
export const koreanTime = (at: Date | null): string | null =>
  at === null ? null : new Date(at.getTime() + 9 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
