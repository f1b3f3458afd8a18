import { defineEntity, p } from '@mikro-orm/core';
import { bulkRowStatuses, bulkStates } from '../../domain/bulk-shipments/bulk-shipment.ts';
import type { DeliveryState, SplitPart } from '../../domain/deliveries/line.ts';
import type { ProblemCode } from '../../domain/problems.ts';
import { isOneOf, namesOf, now, oneOf, references } from './columns.ts';

/** An upload by its hash, kept until no request can need it. */
export const BulkUploadEntity = defineEntity({
  name: 'BulkUploadEntity',
  tableName: 'bulk_uploads',
  properties: {
    hash: p.text().primary(),
    content: p.blob(),
    createdAt: now(),
  },
  indexes: [{ name: 'bulk_uploads_created', properties: ['createdAt'] }],
});

const states = ['reading', ...namesOf(bulkStates)] as const;

/** A bulk-shipment job; its counts are numbers of sheet rows. */
export const BulkShipmentEntity = defineEntity({
  name: 'BulkShipmentEntity',
  tableName: 'bulk_shipments',
  properties: {
    id: p.text().primary(),
    requestId: p.text(),
    /** The stored request that started it; every line's history refers to it. */
    startRequestId: p.text().nullable(),
    fileName: p.text(),
    by: p.text(),
    state: oneOf(states),
    titles: p.json<string[]>().defaultRaw("'[]'"),
    total: p.integer().default(0),
    /** Of these, rows that the sheet hid, by a filter for one. */
    hiddenRows: p.integer().default(0),
    valid: p.integer().default(0),
    invalid: p.integer().default(0),
    skipped: p.integer().default(0),
    /** Of these, rows that are no parcels, and that the upload did not ask for. */
    notParcels: p.integer().default(0),
    succeeded: p.integer().default(0),
    failed: p.integer().default(0),
    createdAt: now(),
    startedAt: p.datetime().nullable(),
    cancelAt: p.datetime().nullable(),
    finishedAt: p.datetime().nullable(),
  },
  checks: [
    isOneOf('bulk_shipments_state', 'state', states),
    { name: 'bulk_shipments_counts', expression: 'total = valid + invalid + skipped and succeeded + failed <= valid' },
  ],
  indexes: [
    { name: 'bulk_shipments_listed', properties: ['createdAt', 'id'], where: "state <> 'reading'" },
    {
      name: 'bulk_shipments_ended',
      expression:
        "CREATE INDEX bulk_shipments_ended ON public.bulk_shipments USING btree (COALESCE(finished_at, created_at)) WHERE (state <> 'running'::text)",
    },
    {
      name: 'bulk_shipments_start',
      properties: ['startRequestId'],
      where: 'start_request_id is not null and finished_at is null',
    },
  ],
  uniques: [{ name: 'bulk_shipments_request', properties: ['requestId'], where: "state <> 'reading'" }],
});

/** One row of an uploaded sheet: original text, values as read, and result. */
export const BulkShipmentRowEntity = defineEntity({
  name: 'BulkShipmentRowEntity',
  tableName: 'bulk_shipment_rows',
  properties: {
    jobId: references(p.text().primary(), 'bulk_shipment_rows.job_id', () => BulkShipmentEntity, 'cascade'),
    /** The row number in Excel. */
    rowNo: p.integer().primary(),
    deliveryNo: p.text(),
    lineNo: p.integer().nullable(),
    carrierCode: p.text().nullable(),
    waybillNo: p.text().nullable(),
    /** 수량; null = all of its lines. */
    quantity: p.integer().nullable(),
    /** The lines it ships. */
    lineNos: p.json<number[]>().nullable(),
    status: p.enum(namesOf(bulkRowStatuses)).nullable(),
    codes: p.json<ProblemCode[]>(),
    /** States that blocked the row. */
    states: p.json<DeliveryState[]>().defaultRaw("'[]'"),
    failedLineNos: p.json<number[]>().defaultRaw("'[]'"),
    /** What was split off its line, to be shipped later. */
    newLine: p.json<SplitPart>().nullable(),
    cells: p.json<string[]>(),
    /** Columns whose cell could not be read. */
    unreadColumns: p.json<string[]>().defaultRaw("'[]'"),
  },
  indexes: [
    { name: 'bulk_shipment_rows_pending', properties: ['jobId', 'rowNo'], where: "status = 'pending'" },
    {
      name: 'bulk_shipment_rows_left_out',
      properties: ['jobId', 'rowNo'],
      where: "status = 'skipped' and codes <> '[]'::jsonb",
    },
    { name: 'bulk_shipment_rows_faulty', properties: ['jobId', 'rowNo'], where: "status in ('invalid', 'failed')" },
  ],
});

/** How long admins' commands wait, by API process; written when it gets long, and when it no longer is. */
export const CommandPaceEntity = defineEntity({
  name: 'CommandPaceEntity',
  tableName: 'command_pace',
  properties: {
    process: p.text().primary(),
    waitMs: p.integer(),
    at: now(),
  },
});
