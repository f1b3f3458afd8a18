import { DAY_MS } from '../../../filters/days.ts';

/** A month is `2026-11`, a day `2026-11-28`. */
const FIRST_MONTH = 1;
const MONTHS = 12;
const WEEK = 7;

const isMonth = (text: string | null): text is string => text !== null && /^\d{4}-(0[1-9]|1[0-2])$/.test(text);
/** The month of the address, else that of this day. */
export const monthOf = (asked: string | null, today: string): string => (isMonth(asked) ? asked : today.slice(0, 7));

/** The month that many months later, or earlier. */
export function monthLater(month: string, by: number): string {
  const [year = 0, at = FIRST_MONTH] = month.split('-').map(Number);
  const months = year * MONTHS + at - FIRST_MONTH + by;
  return `${Math.floor(months / MONTHS)}-${String((months % MONTHS) + FIRST_MONTH).padStart(2, '0')}`;
}

const at = (day: string): number => Date.parse(`${day}T00:00:00Z`);
export const dayLater = (day: string, by: number): string => new Date(at(day) + by * DAY_MS).toISOString().slice(0, 10);
export const firstDay = (month: string): string => `${month}-01`;
export const lastDay = (month: string): string => dayLater(firstDay(monthLater(month, 1)), -1);

/** 1 = Monday to 7 = Sunday. */
export const weekdayOf = (day: string): number => new Date(at(day)).getUTCDay() || WEEK;

/** How a calendar's columns stand: Sunday first. */
export const columns: readonly number[] = [7, 1, 2, 3, 4, 5, 6];

/** The month's weeks as rows of seven; null = a day of another month. */
export function weeksOf(month: string): (string | null)[][] {
  const before = columns.indexOf(weekdayOf(firstDay(month)));
  const days = Number(lastDay(month).slice(8));
  const rows = Math.ceil((before + days) / WEEK);
  return Array.from({ length: rows }, (_row, row) =>
    columns.map((_weekday, column) => {
      const day = row * WEEK + column - before + 1;
      return day >= 1 && day <= days ? `${month}-${String(day).padStart(2, '0')}` : null;
    }),
  );
}
