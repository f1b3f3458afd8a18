import { sql } from 'kysely';
import type { CalendarFacts } from '../../domain/dispatch/calendar.ts';
import type { DispatchSettings } from '../../domain/dispatch/settings.ts';
import { named, type Query } from '../statement.ts';

/**
 * What the deadlines of lines of these places depend on from this day on: the policies named, those of the places and the default one,
 * and the calendars; in one statement, so that all of it is from one moment.
 */
export async function findDispatchSettings(
  query: Query,
  placeNos: readonly number[],
  policyNos: readonly number[],
  since: string,
): Promise<DispatchSettings> {
  const [settings] = await query(
    named(
      'dispatch-settings',
      sql<DispatchSettings>`
        with place as (
          select place_no, dispatch_policy_no from shipping_places where place_no = any(${placeNos}) and dispatch_policy_no is not null
        )
        select coalesce((
                 select json_agg(json_build_object('dispatchPolicyNo', dispatch_policy_no, 'dispatchType', dispatch_type,
                          'readyDays', ready_days, 'closeTime', close_time, 'isDefault', is_default))
                   from dispatch_policies
                  where is_default or dispatch_policy_no = any(${policyNos}) or dispatch_policy_no in (select dispatch_policy_no from place)
               ), '[]') as policies,
               coalesce((
                 select json_agg(json_build_object('placeNo', place_no, 'dispatchPolicyNo', dispatch_policy_no)) from place
               ), '[]') as places,
               ${calendarSince(placeNos, since)}`,
    ),
  );
  if (!settings) throw new Error('a statement without from has a row');
  return settings;
}

/** The own days from this day on, and the weeks, of these places and of all. */
export async function findCalendar(query: Query, placeNos: readonly number[], since: string): Promise<CalendarFacts> {
  const [facts] = await query(named('calendar', sql<CalendarFacts>`select ${calendarSince(placeNos, since)}`));
  if (!facts) throw new Error('a statement without from has a row');
  return facts;
}

const calendarSince = (placeNos: readonly number[], since: string) => sql`
  coalesce((
    select json_agg(json_build_object('placeNo', place_no, 'day', day, 'open', open, 'name', name))
      from calendar_days where (place_no = 0 or place_no = any(${placeNos})) and day >= ${since}::date and open is not null
  ), '[]') as days,
  coalesce((
    select json_agg(json_build_object('placeNo', place_no, 'openWeekdays', open_weekdays))
      from calendar_weeks where place_no = 0 or place_no = any(${placeNos})
  ), '[]') as weeks`;
