import { defineEntity, p } from '@mikro-orm/core';
import { type ExceptionKind, exceptionKinds } from '../../domain/tracking.ts';
import type { BatchError, BatchId, BatchTrigger } from '../../workflows/messages/batches.ts';
import { identity, namesOf, now, references } from './columns.ts';
import { WaybillEntity } from './waybill.ts';

/** Every callback of the tracker, once, stored before it is answered; the relay processes it and stores the outcome. */
export const TrackingJournalEntity = defineEntity({
  name: 'TrackingJournalEntity',
  tableName: 'tracking_journal',
  properties: {
    id: identity().primary(),
    /** The number it was registered under: a deliveryNo or a pickupNo. */
    fid: p.text(),
    waybillNo: p.text(),
    level: p.integer(),
    scannedAt: p.datetime(),
    place: p.text(),
    details: p.text().nullable(),
    carrierCode: p.text().nullable(),
    /** The original body; it contains personal data, is never shown, and goes when its term ends (db/tracking/bodies.ts). */
    body: p.json<Record<string, string>>().nullable(),
    receivedAt: now(),
    processedAt: p.datetime().nullable(),
    /** applied, kept, or the kind of the exception it became. */
    outcome: p.text().$type<'applied' | 'kept' | ExceptionKind>().nullable(),
    attempts: p.integer().default(0),
    /** When a relay may take it; in the future while a relay has it. */
    nextAt: now(),
    /** Those before the last replay; pauses count from there. The attempts themselves only grow, because a lease is known by them. */
    attemptsBefore: p.integer().default(0),
    /** Who requested a replay. */
    replayedBy: p.text().nullable(),
  },
  indexes: [
    { name: 'tracking_journal_waiting', properties: ['nextAt'], where: 'processed_at is null' },
    { name: 'tracking_journal_waybill', properties: ['waybillNo', 'scannedAt'] },
    { name: 'tracking_journal_with_body', properties: ['receivedAt'], where: 'body is not null' },
  ],
  uniques: [
    {
      name: 'tracking_journal_fid_waybill_no_level_scanned_at_place_key',
      properties: ['fid', 'waybillNo', 'level', 'scannedAt', 'place'],
    },
  ],
});

/** What a person has to look at; open ones are unique by kind, fid and waybill. */
export const TrackingExceptionEntity = defineEntity({
  name: 'TrackingExceptionEntity',
  tableName: 'tracking_exceptions',
  properties: {
    id: identity().primary(),
    kind: p.enum(namesOf(exceptionKinds)),
    fid: p.text(),
    deliveryNo: p.text().nullable(),
    pickupNo: p.text().nullable(),
    carrierCode: p.text().nullable(),
    waybillNo: p.text(),
    reason: p.text(),
    /** In whole milliseconds, like the cursor. */
    firstAt: p.datetime(3).defaultRaw('now()'),
    lastAt: p.datetime(3).defaultRaw('now()'),
    count: p.integer().default(1),
    state: p.enum(['open', 'resolved']).default('open'),
    resolvedBy: p.text().nullable(),
    resolvedAt: p.datetime().nullable(),
    /** The reason given by the person who closed it. */
    resolution: p.text().nullable(),
    journalId: references(p.bigint('number').nullable(), 'tracking_exceptions.journal_id', () => TrackingJournalEntity),
    waybillId: references(p.bigint('number').nullable(), 'tracking_exceptions.waybill_id', () => WaybillEntity),
  },
  indexes: [
    { name: 'tracking_exceptions_list', properties: ['state', 'lastAt', 'id'] },
    { name: 'tracking_exceptions_by_last', properties: ['lastAt', 'id'] },
    { name: 'tracking_exceptions_by_first', properties: ['firstAt', 'id'] },
    { name: 'tracking_exceptions_by_state_first', properties: ['state', 'firstAt', 'id'] },
    { name: 'tracking_exceptions_by_kind', properties: ['kind', 'lastAt', 'id'] },
    { name: 'tracking_exceptions_by_delivery', properties: ['deliveryNo', 'lastAt', 'id'] },
    { name: 'tracking_exceptions_by_pickup', properties: ['pickupNo', 'lastAt', 'id'] },
    { name: 'tracking_exceptions_by_waybill_no', properties: ['waybillNo', 'lastAt', 'id'] },
    {
      name: 'tracking_exceptions_by_updated',
      expression:
        'CREATE INDEX tracking_exceptions_by_updated ON public.tracking_exceptions USING btree (GREATEST(last_at, resolved_at))',
    },
    { name: 'tracking_exceptions_journal', properties: ['journalId'], where: 'journal_id is not null' },
    { name: 'tracking_exceptions_waybill', properties: ['waybillId'], where: 'waybill_id is not null' },
  ],
  uniques: [{ name: 'tracking_exceptions_open', properties: ['kind', 'fid', 'waybillNo'], where: "state = 'open'" }],
});

/** Number of questions to the tracker, per day. */
export const TrackingQuestionsEntity = defineEntity({
  name: 'TrackingQuestionsEntity',
  tableName: 'tracking_questions',
  properties: {
    day: p.date().primary(),
    asked: p.integer(),
  },
});

/** A run of a batch, scheduled or by hand, with its counts so far and its errors. */
export const BatchRunEntity = defineEntity({
  name: 'BatchRunEntity',
  tableName: 'batch_runs',
  properties: {
    workflowId: p.text().primary(),
    runId: p.text().primary(),
    batch: p.enum(['auto-complete', 'waybill-registration', 'personal-data', 'dispatch-overdue'] satisfies BatchId[]),
    trigger: p.enum(['schedule', 'manual'] satisfies BatchTrigger[]),
    by: p.text(),
    startedAt: now(),
    finishedAt: p.datetime().nullable(),
    examined: p.integer().default(0),
    succeeded: p.integer().default(0),
    failed: p.integer().default(0),
    skipped: p.integer().default(0),
    errors: p.json<BatchError[]>().defaultRaw("'[]'"),
    /** Ascending in the order in which runs began. */
    id: identity(),
    updatedAt: now(),
  },
  indexes: [
    { name: 'batch_runs_list', properties: ['batch', 'startedAt'] },
    { name: 'batch_runs_unfinished', properties: ['batch'], where: 'finished_at is null' },
    // An index, because MikroORM writes entries of `uniques` as constraints.
    { name: 'batch_runs_page', expression: 'CREATE UNIQUE INDEX batch_runs_page ON public.batch_runs USING btree (batch, id)' },
  ],
});

/** The operators' latest wish about a batch's Schedule: an older one that comes late is not carried out. */
export const BatchPauseEntity = defineEntity({
  name: 'BatchPauseEntity',
  tableName: 'batch_pauses',
  properties: {
    scheduleId: p.text().primary(),
    paused: p.boolean(),
    /** When its request was stored. */
    askedAt: p.datetime(),
    by: p.text(),
  },
});
