import { expect, test } from '@jest/globals';
import { assert, option, property } from 'fast-check';
import { calendarOf } from '../../../domain/dispatch/calendar.ts';
import { deadlineOf, deadlineOfPart, dueOn } from '../../../domain/dispatch/deadline.ts';
import { byDays, day, dueOf, facts, ofPlace, others, paidAt, requestedOn } from './draws.ts';

test("a part's day by policy counts from its split, never before its line's, also when both are reckoned anew", () => {
  void assert(
    property(byDays, facts, facts, ofPlace, paidAt, paidAt, (policy, known, since, placeNo, one, other) => {
      const line = deadlineOf(
        { policy, placeNo, requestedOn: null, paidAt: one.toISOString() },
        null,
        calendarOf(known, placeNo),
      );
      const part = deadlineOfPart(line, other.toISOString(), calendarOf(since, placeNo));
      expect((part.dueOn ?? '') >= (line.dueOn ?? '')).toBe(true);
      const own = other > one ? (dueOf(policy, since, placeNo, other) ?? '') : '';
      expect(part.dueOn).toBe(own > (line.dueOn ?? '') ? own : line.dueOn);
      const anew = ({ terms }: typeof line) => terms && dueOn(terms, calendarOf(since, placeNo));
      expect((anew(part) ?? '') >= (anew(line) ?? '')).toBe(true);
    }),
  );
});

test('a day that was promised, and none, are the same for a part', () => {
  void assert(
    property(option(others), facts, option(day), requestedOn, paidAt, paidAt, (policy, known, channelOn, on, one, other) => {
      const line = deadlineOf(
        { policy, placeNo: null, requestedOn: on, paidAt: one.toISOString() },
        channelOn,
        calendarOf(known, null),
      );
      expect(deadlineOfPart(line, other.toISOString(), calendarOf(known, null))).toEqual(line);
    }),
  );
});
