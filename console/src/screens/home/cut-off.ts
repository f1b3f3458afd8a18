import { DAY_MS, SEOUL_MS } from '../../filters/days.ts';

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;

/** Minutes until this time of the day in Seoul (`15:00`), begun ones whole; 0 = it has passed. Payments at the cut-off itself count. */
export function minutesLeft(closeTime: string, now: number): number {
  const [hours = 0, minutes = 0] = closeTime.split(':').map(Number);
  const closes = (hours * HOUR_MINUTES + minutes) * MINUTE_MS;
  return Math.max(0, Math.ceil((closes - ((now + SEOUL_MS) % DAY_MS)) / MINUTE_MS));
}
