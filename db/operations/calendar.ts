import { sql } from 'kysely';
import { ALL_PLACES } from '../../domain/dispatch/calendar.ts';
import { Problem } from '../../domain/problems.ts';
import type { Change } from '../shipping/changes.ts';
import { findPlace } from '../shipping/find.ts';
import { instant, json } from '../statement.ts';

/** Own days and weeks are of registered places, or of all (null). */
async function placeOf({ em }: Change, placeNo: number | null): Promise<number> {
  if (placeNo !== null && !(await findPlace(em, placeNo))) throw new Problem('PLACE_NOT_FOUND');
  return placeNo ?? ALL_PLACES;
}

/**
 * Sets an own day, or takes it back (null): the row stays, so that an older request executed late does not bring it back. Throws
 * SUPERSEDED when a later request has written this day.
 */
export async function saveCalendarDay(
  change: Change,
  placeNo: number | null,
  day: string,
  own: { open: boolean; name: string } | null,
): Promise<void> {
  const place = await placeOf(change, placeNo);
  const asked = instant(change.askedAt);
  const saved = await change.query(sql<{ day: string }>`
    insert into calendar_days (place_no, day, open, name, asked_at)
    values (${place}, ${day}, ${own?.open ?? null}, ${own?.name ?? ''}, ${asked})
    on conflict (place_no, day) do update
      set open = excluded.open, name = excluded.name, asked_at = excluded.asked_at, updated_at = now()
      where calendar_days.asked_at <= excluded.asked_at
    returning day`);
  if (saved.length === 0) throw new Problem('SUPERSEDED');
}

/** Sets the open weekdays. Throws SUPERSEDED when a later request has written them. */
export async function saveCalendarWeek(change: Change, placeNo: number | null, openWeekdays: number[]): Promise<void> {
  const place = await placeOf(change, placeNo);
  const asked = instant(change.askedAt);
  const saved = await change.query(sql<{ place_no: number }>`
    insert into calendar_weeks (place_no, open_weekdays, asked_at) values (${place}, ${json(openWeekdays)}, ${asked})
    on conflict (place_no) do update
      set open_weekdays = excluded.open_weekdays, asked_at = excluded.asked_at, updated_at = now()
      where calendar_weeks.asked_at <= excluded.asked_at
    returning place_no`);
  if (saved.length === 0) throw new Problem('SUPERSEDED');
}
