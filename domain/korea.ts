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

const DAY_MS = 86_400_000;

/** The day of an instant in Seoul, YYYY-MM-DD. */
export const koreanDay = (at: Date): string => new Date(at.getTime() + 9 * 3_600_000).toISOString().slice(0, 10);

/** The time of day of an instant in Seoul, HH:mm:ss.sss, so that times compare as texts. */
export const koreanClock = (at: Date): string => new Date(at.getTime() + 9 * 3_600_000).toISOString().slice(11, 23);

/** A day so many days later (or earlier), YYYY-MM-DD. */
export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** 1 = Monday to 7 = Sunday. */
export const weekdayOf = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay() || 7;

/** Whether a text is a day that exists, YYYY-MM-DD. */
export const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) && addDays(text, 0) === text;
