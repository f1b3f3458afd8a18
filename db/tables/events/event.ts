import { defineEntity, p } from '@mikro-orm/core';
import type { EventType } from '../../../domain/events/types.ts';
import { identity, now } from '../columns.ts';

/**
 * What is told outside: one row for each step of a history that has a type (db/events/noted.ts), and others. Append-only; in a partition
 * a day, which no entity can say.
 */
export const EventEntity = defineEntity({
  name: 'EventEntity',
  tableName: 'events',
  properties: {
    /** Ascends within a subject in the order of what happened to it. */
    key: identity().primary(),
    /** Its partition. */
    storedAt: now().primary(),
    /** Its place among all, without a gap, by which it is known outside; null until it is put in order (db/events/order.ts). */
    id: p.bigint('number').nullable(),
    type: p.text().$type<EventType>(),
    at: p.datetime(),
    /** `D…/1` of a line, a pickup's number, a delivery's or a job's: the events of one subject are told in order. */
    subject: p.text(),
    data: p.json<object>(),
    /** The history row that it tells of. */
    historyId: p.bigint('number').nullable(),
    /** The key of the event that this one takes back. */
    corrects: p.bigint('number').nullable(),
  },
  indexes: [
    { name: 'events_id', properties: ['id'], where: 'id is not null' },
    { name: 'events_unordered', properties: ['key'], where: 'id is null' },
    { name: 'events_subject', properties: ['subject', 'key'] },
  ],
});

/** The id of the last event in order. One row, and the lock under which the next are put in order. */
export const EventHeadEntity = defineEntity({
  name: 'EventHeadEntity',
  tableName: 'event_head',
  properties: {
    one: p.boolean().primary().default(true),
    id: p.bigint('number'),
  },
  checks: [{ name: 'event_head_one', property: 'one', expression: 'one' }],
});
