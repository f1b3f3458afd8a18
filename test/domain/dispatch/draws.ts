import {
  type Arbitrary,
  array,
  boolean,
  constant,
  constantFrom,
  date,
  integer,
  oneof,
  option,
  record,
  uniqueArray,
} from 'fast-check';
import { type CalendarFacts, calendarOf } from '../../../domain/dispatch/calendar.ts';
import { dueOn } from '../../../domain/dispatch/deadline.ts';
import type { DispatchPolicy } from '../../../domain/dispatch/policy.ts';
import { koreanDay } from '../../../domain/korea.ts';

export const paidAt = date({
  min: new Date('2026-01-01T00:00:00Z'),
  max: new Date('2028-12-31T23:59:59.999Z'),
  noInvalidDate: true,
});
export const day = paidAt.map(koreanDay);
const closeTime = integer({ min: 0, max: 47 }).map(
  (half) => `${String(Math.floor(half / 2)).padStart(2, '0')}:${half % 2 ? '30' : '00'}`,
);
const policyNo = { dispatchPolicyNo: constant(1) };
const sameDay = record({ ...policyNo, dispatchType: constant('A' as const), readyDays: constant(null), closeTime });
export const openDays = record({
  ...policyNo,
  dispatchType: constantFrom('B' as const, 'C' as const, 'E' as const),
  readyDays: integer({ min: 1, max: 30 }),
  closeTime: constant(null),
});
export const byDays: Arbitrary<DispatchPolicy> = oneof(sameDay, openDays);
export const others = record({
  ...policyNo,
  dispatchType: constantFrom('D' as const, 'F' as const),
  readyDays: constant(null),
  closeTime: constant(null),
});
const place = integer({ min: 0, max: 2 });
export const facts = record({
  days: array(record({ placeNo: place, day, open: boolean(), name: constant('직접') }), { maxLength: 60 }),
  weeks: uniqueArray(
    record({ placeNo: place, openWeekdays: uniqueArray(integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 }) }),
    { maxLength: 3, selector: (week) => week.placeNo },
  ),
});
export const ofPlace = option(integer({ min: 1, max: 3 }));

export const requestedOn = option(day);
export const dueOf = (
  policy: DispatchPolicy | null,
  known: CalendarFacts,
  placeNo: number | null,
  at: Date,
  on: string | null = null,
) => dueOn({ policy, paidAt: at.toISOString(), requestedOn: on }, calendarOf(known, placeNo));
