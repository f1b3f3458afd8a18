import { expect, test } from '@jest/globals';
import { type Arbitrary, assert, oneof, option, property } from 'fast-check';
import { type CalendarFacts, calendarOf } from '../../../domain/dispatch/calendar.ts';
import { deadlineOf } from '../../../domain/dispatch/deadline.ts';
import { holidays } from '../../../domain/dispatch/holidays.ts';
import type { DispatchPolicy } from '../../../domain/dispatch/policy.ts';
import { addDays, koreanDay, weekdayOf } from '../../../domain/korea.ts';
import { byDays, dueOf, facts, ofPlace, openDays, others, paidAt, requestedOn } from './draws.ts';

test('A, B, C, E: the due day is open, whatever the calendar', () => {
  void assert(
    property(byDays, facts, ofPlace, paidAt, requestedOn, (policy, known, placeNo, at, on) => {
      const due = dueOf(policy, known, placeNo, at, on);
      expect(calendarOf(known, placeNo)(due ?? '').open).toBe(true);
    }),
  );
});

test('a due day is never before the day of payment', () => {
  const any: Arbitrary<DispatchPolicy | null> = option(oneof(byDays, others));
  void assert(
    property(any, facts, ofPlace, paidAt, requestedOn, (policy, known, placeNo, at, on) => {
      const due = dueOf(policy, known, placeNo, at, on);
      if (due !== null) expect(due >= koreanDay(at)).toBe(true);
    }),
  );
});

test('who pays later never has to be served earlier', () => {
  void assert(
    property(byDays, facts, ofPlace, paidAt, paidAt, (policy, known, placeNo, one, other) => {
      const [first, second] = one <= other ? [one, other] : [other, one];
      const [early, late] = [dueOf(policy, known, placeNo, first), dueOf(policy, known, placeNo, second)];
      expect((early ?? '') <= (late ?? '')).toBe(true);
    }),
  );
});

test('B, C, E: so many open days lie after the day of payment up to the due day', () => {
  void assert(
    property(openDays, facts, ofPlace, paidAt, (policy, known, placeNo, at) => {
      const calendar = calendarOf(known, placeNo);
      const due = dueOf(policy, known, placeNo, at) ?? '';
      let open = 0;
      for (let each = addDays(koreanDay(at), 1); each <= due; each = addDays(each, 1)) open += calendar(each).open ? 1 : 0;
      expect(open).toBe(policy.readyDays);
    }),
  );
});

const plain: CalendarFacts = { days: [], weeks: [] };
const inDays = (readyDays: number): DispatchPolicy => ({ dispatchPolicyNo: 1, dispatchType: 'B', readyDays, closeTime: null });
const until = (time: string): DispatchPolicy => ({ dispatchPolicyNo: 1, dispatchType: 'A', readyDays: null, closeTime: time });

/** Counted by hand on a printed calendar. */
test.each([
  ['2026-02-13T10:00:00+09:00', 1, '2026-02-19', 'Friday before 설날 (16th to 18th)'],
  ['2026-02-13T10:00:00+09:00', 3, '2026-02-23', 'Thursday, Friday, Monday'],
  ['2026-02-27T10:00:00+09:00', 1, '2026-03-03', '삼일절 on a Sunday, its substitute on Monday'],
  ['2026-04-30T10:00:00+09:00', 1, '2026-05-04', '노동절 on Friday'],
  ['2026-05-04T10:00:00+09:00', 1, '2026-05-06', '어린이날'],
  ['2026-05-22T10:00:00+09:00', 1, '2026-05-26', 'the substitute of 부처님오신날'],
  ['2026-06-02T10:00:00+09:00', 1, '2026-06-04', 'election day'],
  ['2026-07-16T10:00:00+09:00', 1, '2026-07-20', '제헌절 on Friday'],
  ['2026-08-14T10:00:00+09:00', 1, '2026-08-18', 'the substitute of 광복절'],
  ['2026-09-23T10:00:00+09:00', 2, '2026-09-29', '추석 from Thursday to Saturday'],
  ['2026-10-02T10:00:00+09:00', 5, '2026-10-13', '개천절 with its substitute, 한글날'],
  ['2026-12-24T10:00:00+09:00', 2, '2026-12-29', '성탄절 on Friday'],
  ['2026-12-31T10:00:00+09:00', 1, '2027-01-04', '신정 on Friday, into the next year'],
  ['2027-02-05T10:00:00+09:00', 1, '2027-02-10', '설날 2027 with its substitute on Tuesday'],
  ['2028-09-29T10:00:00+09:00', 1, '2028-10-06', '추석 2028 with 개천절, substitute on Thursday'],
])('paid %s, %i open days: %s (%s)', (paid, days, due) => {
  expect(dueOf(inDays(days), plain, null, new Date(paid))).toBe(due);
});

test.each([
  ['2026-11-24T13:59:59.999+09:00', '2026-11-24', 'before the cut-off'],
  ['2026-11-24T14:00:00.000+09:00', '2026-11-24', 'at the cut-off'],
  ['2026-11-24T14:00:00.001+09:00', '2026-11-25', 'after it'],
  ['2026-11-23T23:30:00Z', '2026-11-24', 'the morning in Seoul, yesterday in UTC'],
  ['2026-11-27T14:30:00+09:00', '2026-11-30', 'Friday afternoon'],
  ['2026-11-28T09:00:00+09:00', '2026-11-30', 'a Saturday'],
  ['2026-12-25T09:00:00+09:00', '2026-12-28', 'a holiday'],
])('A until 14:00, paid %s: %s (%s)', (paid, due) => {
  expect(dueOf(until('14:00'), plain, null, new Date(paid))).toBe(due);
});

test('own day of the place, of all places, holiday, week of the place, of all, Monday to Friday: the first that there is', () => {
  const [sunday, holiday] = ['2026-11-29', '2026-12-25'];
  const known: CalendarFacts = {
    days: [
      { placeNo: 0, day: holiday, open: true, name: '모두 일함' },
      { placeNo: 7, day: holiday, open: false, name: '이곳은 쉼' },
    ],
    weeks: [
      { placeNo: 0, openWeekdays: [7] },
      { placeNo: 8, openWeekdays: [1, 2] },
    ],
  };
  const shown = (placeNo: number | null, date: string, from = known) => {
    const { open, why, name } = calendarOf(from, placeNo)(date);
    return [open, why, name];
  };
  expect(shown(7, holiday)).toEqual([false, 'own', '이곳은 쉼']);
  expect(shown(8, holiday)).toEqual([true, 'own', '모두 일함']);
  expect(shown(null, holiday, plain)).toEqual([false, 'holiday', '성탄절']);
  expect(shown(8, holiday, { ...plain, weeks: [{ placeNo: 8, openWeekdays: [5] }] })).toEqual([false, 'holiday', '성탄절']);
  expect(shown(8, sunday)).toEqual([false, 'weekday', null]);
  expect(shown(9, sunday)).toEqual([true, 'weekday', null]);
  expect(shown(9, sunday, plain)).toEqual([false, 'weekday', null]);
});

test("the channel's day wins; D and no policy take the requested day; F and nothing have none", () => {
  const terms = { placeNo: null, requestedOn: '2026-12-10', paidAt: '2026-11-24T01:00:00.000Z' };
  const policyOf = (dispatchType: 'D' | 'F'): DispatchPolicy => ({ ...inDays(1), dispatchType, readyDays: null });
  const calendar = calendarOf(plain, null);
  const byPolicy = { ...terms, policy: inDays(1) };
  expect(deadlineOf(byPolicy, '2026-11-26', calendar)).toEqual({ dueOn: '2026-11-26', dueBy: 'channel', terms: null });
  expect(deadlineOf(byPolicy, null, calendar)).toEqual({ dueOn: '2026-11-25', dueBy: 'policy', terms: byPolicy });
  for (const policy of [policyOf('D'), null]) {
    const asked = { ...terms, policy };
    expect(deadlineOf(asked, null, calendar)).toEqual({ dueOn: '2026-12-10', dueBy: 'requested', terms: asked });
    const none = { dueOn: null, dueBy: null, terms: null };
    expect(deadlineOf({ ...asked, requestedOn: null }, null, calendar)).toEqual(none);
    expect(deadlineOf({ ...asked, requestedOn: '2026-11-23' }, null, calendar)).toEqual(none);
    expect(deadlineOf({ ...asked, policy: policyOf('F') }, null, calendar)).toEqual(none);
  }
});

test('the table of holidays: real days in order, 2026 to 2028, each with a name', () => {
  const days = Object.keys(holidays);
  expect(days).toEqual([...days].sort());
  for (const [each, name] of Object.entries(holidays)) {
    expect(addDays(each, 0)).toBe(each);
    expect(name).toMatch(/[가-힣]/);
  }
  expect([...new Set(days.map((each) => each.slice(0, 4)))]).toEqual(['2026', '2027', '2028']);
  // A substitute never falls on a Sunday.
  for (const [each, name] of Object.entries(holidays)) if (name.includes('대체')) expect(weekdayOf(each)).toBeLessThan(7);
});
