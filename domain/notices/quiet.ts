import { addDays, koreanClock, koreanDay } from '../korea.ts';

/** Hours in Seoul in which nobody is told anything: from the hour `from` to the hour `until`, also over midnight. */
export interface QuietHours {
  from: number;
  until: number;
}

const hourOf = (at: Date): number => Number(koreanClock(at).slice(0, 2));

/** Whether it is quiet at this instant. */
export function isQuiet({ from, until }: QuietHours, at: Date): boolean {
  const hour = hourOf(at);
  return from <= until ? hour >= from && hour < until : hour >= from || hour < until;
}

/** The first instant, from this one on, that is not quiet. */
export function afterQuiet(quiet: QuietHours | null, at: Date): Date {
  if (quiet === null || !isQuiet(quiet, at)) return at;
  const today = koreanDay(at);
  const day = hourOf(at) < quiet.until ? today : addDays(today, 1);
  return new Date(`${day}T${String(quiet.until).padStart(2, '0')}:00:00+09:00`);
}
