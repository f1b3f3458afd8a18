import { weekdayOf } from '../korea.ts';
import { holidays } from './holidays.ts';

/** Why a day is open or closed: an own day of the calendar, a public holiday, or its weekday. */
export const dayReasons = { own: '직접 정한 날', holiday: '공휴일', weekday: '요일' } as const;
export type DayReason = keyof typeof dayReasons;

/** A day (YYYY-MM-DD) and whether parcels leave on it (영업일). */
export interface CalendarDay {
  date: string;
  open: boolean;
  why: DayReason;
  name: string | null;
}

/** What people have set, of some places; place 0 stands for all. */
export interface CalendarFacts {
  days: readonly { placeNo: number; day: string; open: boolean; name: string }[];
  weeks: readonly { placeNo: number; openWeekdays: readonly number[] }[];
}

/** Tells of every day whether it is open. */
export type Calendar = (date: string) => CalendarDay;

/** The place number of what counts for all places. */
export const ALL_PLACES = 0;

/** Monday to Friday, until a week is set: 1 = Monday to 7 = Sunday. */
export const usualWeek: readonly number[] = [1, 2, 3, 4, 5];

/**
 * The calendar of a place (null = of no place): its own day counts before an own day of all places, that before a public holiday, that
 * before the open weekdays of the place, those before the ones of all places.
 */
export function calendarOf({ days, weeks }: CalendarFacts, placeNo: number | null): Calendar {
  const own = new Map(days.filter((day) => day.placeNo === ALL_PLACES).map((day) => [day.day, day]));
  if (placeNo !== null) for (const day of days) if (day.placeNo === placeNo) own.set(day.day, day);
  const week = new Set(weekOf({ weeks }, placeNo));
  return (date) => {
    const set = own.get(date);
    if (set) return { date, open: set.open, why: 'own', name: set.name };
    const holiday = Object.hasOwn(holidays, date) ? holidays[date] : undefined;
    if (holiday !== undefined) return { date, open: false, why: 'holiday', name: holiday };
    return { date, open: week.has(weekdayOf(date)), why: 'weekday', name: null };
  };
}

/** The open weekdays of a place, else those of all places. */
export function weekOf({ weeks }: Pick<CalendarFacts, 'weeks'>, placeNo: number | null): readonly number[] {
  const set = (no: number | null) => weeks.find((week) => week.placeNo === no)?.openWeekdays;
  return set(placeNo) ?? set(ALL_PLACES) ?? usualWeek;
}
