import { addDays, koreanClock, koreanDay } from '../korea.ts';
import type { Calendar } from './calendar.ts';
import type { DispatchDueBy, DispatchTerms } from './policy.ts';

/** The n-th open day after this day. It ends: own days and holidays are finitely many, and every week has an open day. */
function openDayAfter(calendar: Calendar, date: string, n: number): string {
  let day = date;
  for (let left = n; left > 0; ) {
    day = addDays(day, 1);
    if (calendar(day).open) left -= 1;
  }
  return day;
}

/** Whether the payment came at or before the cut-off of its day in Seoul: to the millisecond. */
const isInTime = (paidAt: string, closeTime: string): boolean => koreanClock(new Date(paidAt)) <= `${closeTime}:00.000`;

/** The day by which a parcel must leave (발송기한) by these terms, YYYY-MM-DD; null = none. Never before the day of payment. */
export function dueOn({ policy, paidAt, requestedOn }: Omit<DispatchTerms, 'placeNo'>, calendar: Calendar): string | null {
  const paidOn = koreanDay(new Date(paidAt));
  const requested = requestedOn !== null && requestedOn >= paidOn ? requestedOn : null;
  if (policy === null) return requested;
  const { dispatchType, readyDays, closeTime } = policy;
  switch (dispatchType) {
    case 'A':
      return calendar(paidOn).open && isInTime(paidAt, closeTime ?? '') ? paidOn : openDayAfter(calendar, paidOn, 1);
    case 'B':
    case 'C':
    case 'E':
      return openDayAfter(calendar, paidOn, readyDays ?? 1);
    case 'D':
      return requested;
    case 'F':
      return null;
    default:
      return dispatchType satisfies never;
  }
}

/** A line's day, whose it is, and what it was reckoned from; all null when it has none. */
export interface Deadline {
  dueOn: string | null;
  dueBy: DispatchDueBy | null;
  terms: DispatchTerms | null;
}

/**
 * The deadline of a part that is split off a line at this instant. A day by policy is counted anew from there, by the same terms, and is
 * never before the line's own; a day that the channel set or the buyer asked for was promised for all of it, and stays.
 */
export function deadlineOfPart(line: Deadline, splitAt: string, calendar: Calendar): Deadline {
  const { dueOn: day, dueBy, terms } = line;
  if (day === null || terms === null || dueBy !== 'policy' || Date.parse(splitAt) <= Date.parse(terms.paidAt)) return line;
  const anew = { ...terms, paidAt: splitAt };
  const own = dueOn(anew, calendar);
  return { dueOn: own === null || own < day ? day : own, dueBy, terms: anew };
}

/** A line's deadline. The channel's own day wins, and is reckoned from nothing. */
export function deadlineOf(terms: DispatchTerms, channelOn: string | null, calendar: Calendar): Deadline {
  if (channelOn !== null) return { dueOn: channelOn, dueBy: 'channel', terms: null };
  const day = dueOn(terms, calendar);
  if (day === null) return { dueOn: null, dueBy: null, terms: null };
  const isRequested = terms.policy === null || terms.policy.dispatchType === 'D';
  return { dueOn: day, dueBy: isRequested ? 'requested' : 'policy', terms };
}
