import { defineEntity, p } from '@mikro-orm/core';
import { dispatchTypes } from '../../domain/dispatch/policy.ts';
import { identity, isOneOf, namesOf, now, oneOf } from './columns.ts';

/** A dispatch policy (발송정책): when a parcel has to leave after it was paid; at most one is the default. */
export const DispatchPolicyEntity = defineEntity({
  name: 'DispatchPolicyEntity',
  tableName: 'dispatch_policies',
  properties: {
    dispatchPolicyNo: identity().primary(),
    name: p.text(),
    dispatchType: oneOf(namesOf(dispatchTypes)),
    readyDays: p.integer().nullable(),
    closeTime: p.text().nullable(),
    isDefault: p.boolean(),
    askedAt: p.datetime(),
    createdAt: now(),
    updatedAt: now(),
  },
  checks: [
    isOneOf('dispatch_policies_type', 'dispatchType', namesOf(dispatchTypes), 'dispatch_type'),
    {
      name: 'dispatch_policies_terms',
      expression:
        "(dispatch_type = 'A') = (close_time is not null) and (dispatch_type = any (array['B', 'C', 'E'])) = (ready_days is not null)",
    },
    { name: 'dispatch_policies_ready_days', expression: 'ready_days >= 1 and ready_days <= 30' },
  ],
  uniques: [{ name: 'dispatch_policies_default', properties: ['isDefault'], where: 'is_default' }],
});

/** An own day of the calendar, of a place or of all (`placeNo` 0); `open` null = it was taken back, which a late request must see. */
export const CalendarDayEntity = defineEntity({
  name: 'CalendarDayEntity',
  tableName: 'calendar_days',
  properties: {
    placeNo: p.bigint('number').primary(),
    day: p.date().primary(),
    open: p.boolean().nullable(),
    name: p.text(),
    askedAt: p.datetime(),
    updatedAt: now(),
  },
});

/** The weekdays on which a place is open, or all (`placeNo` 0): 1 = Monday to 7 = Sunday. */
export const CalendarWeekEntity = defineEntity({
  name: 'CalendarWeekEntity',
  tableName: 'calendar_weeks',
  properties: {
    placeNo: p.bigint('number').primary().autoincrement(false),
    openWeekdays: p.json<number[]>(),
    askedAt: p.datetime(),
    updatedAt: now(),
  },
});

/** One reckoning of the unshipped lines' days anew; `endedAt` null = in progress. */
export const CalendarRecalculationEntity = defineEntity({
  name: 'CalendarRecalculationEntity',
  tableName: 'calendar_recalculations',
  properties: {
    id: identity().primary(),
    requestId: p.text().unique('calendar_recalculations_request_id_key'),
    /** Null = lines of all places. */
    placeNo: p.bigint('number').nullable(),
    by: p.text(),
    at: now(),
    examined: p.integer().default(0),
    changed: p.integer().default(0),
    /** The last line it has passed; null = it is at the beginning. */
    afterOrderedAt: p.datetime().nullable(),
    afterDeliveryNo: p.text().nullable(),
    afterLineNo: p.integer().nullable(),
    endedAt: p.datetime().nullable(),
  },
  indexes: [
    {
      name: 'calendar_recalculations_open',
      expression:
        'CREATE UNIQUE INDEX calendar_recalculations_open ON public.calendar_recalculations USING btree ((ended_at IS NULL)) WHERE ended_at IS NULL',
    },
  ],
});
