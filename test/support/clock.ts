const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A date in Seoul, `yyyy-MM-dd`: today, or so many days from now. */
export const seoulDay = (days = 0): string => seoulTime(Date.now() + days * DAY_MS).slice(0, 10);

/** The first moment of that date in Seoul, as our API writes instants. */
export const startOf = (day: string): string => new Date(`${day}T00:00:00+09:00`).toISOString();

/** An instant as a shop in Seoul writes it. */
export const seoulTime = (ms: number): string => new Date(ms + 9 * HOUR_MS).toISOString().replace('Z', '+09:00');

/** An instant so many days ago. */
export const daysAgo = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();

/** A daily cron in Seoul that does not strike for half a day, whenever the tests run. */
export function cronAtNoTime(minute = 5): { cron: string; next: RegExp } {
  const hour = (new Date().getUTCHours() + 12) % 24;
  const clock = [hour, minute].map((part) => String(part).padStart(2, '0')).join(':');
  return { cron: `${minute} ${(hour + 9) % 24} * * *`, next: new RegExp(`T${clock}:00\\.000Z$`) };
}

/**
 * For what counts by the day: should midnight in Seoul fall into the run and fail it, it is run once more, on the new day. A run that
 * fails within one day has failed.
 */
export async function onOneDay(run: () => Promise<void>): Promise<void> {
  const day = seoulDay();
  try {
    await run();
  } catch (error) {
    if (seoulDay() === day) throw error;
    await run();
  }
}
