import { defineEntity, p } from '@mikro-orm/core';
import type { ExceptionKind } from '../../domain/tracking.ts';

/** Every callback of the tracker, once, stored before it is answered; the relay acts on it and says what became of it. */
export const TrackingJournalEntity = defineEntity({
  name: 'TrackingJournalEntity',
  tableName: 'tracking_journal',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    /** The number it was registered under: a deliveryNo or a pickupNo. */
    fid: p.text(),
    waybillNo: p.text(),
    level: p.integer(),
    scannedAt: p.datetime(),
    place: p.text(),
    details: p.text().nullable(),
    carrierCode: p.text().nullable(),
    /** As it came, people in it: never shown. */
    body: p.json<Record<string, string>>(),
    receivedAt: p.datetime(),
    processedAt: p.datetime().nullable(),
    /** applied, kept, or the kind of the exception it became. */
    outcome: p.text().nullable(),
    attempts: p.integer(),
    /** When a relay may take it; in the future while one has it. */
    nextAt: p.datetime(),
    /** Who asked for it to be judged again. */
    replayedBy: p.text().nullable(),
  },
});

/** What a person has to look at; open ones are unique by kind, fid and waybill. */
export const TrackingExceptionEntity = defineEntity({
  name: 'TrackingExceptionEntity',
  tableName: 'tracking_exceptions',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    kind: p.text().$type<ExceptionKind>(),
    fid: p.text(),
    deliveryNo: p.text().nullable(),
    pickupNo: p.text().nullable(),
    carrierCode: p.text().nullable(),
    waybillNo: p.text(),
    reason: p.text(),
    firstAt: p.datetime(),
    lastAt: p.datetime(),
    count: p.integer(),
    state: p.text().$type<'open' | 'resolved'>(),
    resolvedBy: p.text().nullable(),
    resolvedAt: p.datetime().nullable(),
    /** Why the person who closed it did. */
    resolution: p.text().nullable(),
    journalId: p.bigint('number').nullable(),
    waybillId: p.bigint('number').nullable(),
  },
});
