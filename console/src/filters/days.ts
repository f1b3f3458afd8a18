/** Days that go with the calendar: a link or a saved view with one of them means the same tomorrow. */
export const daysChoices = ['today', 'yesterday', '7d'] as const;
export type Days = (typeof daysChoices)[number];
export const isDays = (value: string | null): value is Days => daysChoices.some((each) => each === value);

export const DAY_MS = 86_400_000;
/** Seoul is nine hours ahead of UTC all the year. */
export const SEOUL_MS = 9 * 3_600_000;
const dateAt = (ms: number): string => new Date(ms + SEOUL_MS).toISOString().slice(0, 10);

/** The date in Seoul, whatever the clock of this machine is set to. */
export const seoulDay = (now = Date.now()): string => dateAt(now);
/** The date so many days after this one. */
export const daysAfter = (day: string, days: number): string => dateAt(Date.parse(`${day}T00:00:00+09:00`) + days * DAY_MS);
const before = (day: string, days: number): string => daysAfter(day, -days);

/** First and last day of `days`, seen from `today`. */
export function rangeOf(days: Days, today: string): { from: string; to: string } {
  if (days === 'today') return { from: today, to: today };
  if (days === 'yesterday') return { from: before(today, 1), to: before(today, 1) };
  return { from: before(today, 6), to: today };
}
