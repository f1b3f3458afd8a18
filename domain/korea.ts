/** Delivery and pickup numbers: a letter, the day in Seoul, a running number; at most 30 characters, short enough for a barcode. */
export function numberOf(letter: 'D' | 'P', sequence: number, now: Date): string {
  const day = new Date(now.getTime() + 9 * 3_600_000).toISOString().slice(2, 10).replaceAll('-', '');
  return `${letter}${day}${String(sequence).padStart(6, '0')}`;
}
