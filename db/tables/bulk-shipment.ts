import { defineEntity, p } from '@mikro-orm/core';
import type { BulkRowStatus, BulkState } from '../../domain/bulk-shipment.ts';
import type { DeliveryState } from '../../domain/delivery.ts';
import type { ProblemCode } from '../../domain/problems.ts';

/** An upload by its hash, kept until no request needs it any more. */
export const BulkUploadEntity = defineEntity({
  name: 'BulkUploadEntity',
  tableName: 'bulk_uploads',
  properties: {
    hash: p.text().primary(),
    content: p.blob(),
    createdAt: p.datetime(),
  },
});

/** A bulk-shipment job; its counts are rows of the sheet. */
export const BulkShipmentEntity = defineEntity({
  name: 'BulkShipmentEntity',
  tableName: 'bulk_shipments',
  properties: {
    id: p.text().primary(),
    requestId: p.text(),
    /** The stored request that started it: every line's history names it. */
    startRequestId: p.text().nullable(),
    fileName: p.text(),
    by: p.text(),
    state: p.text().$type<BulkState | 'reading'>(),
    titles: p.json<string[]>(),
    total: p.integer(),
    valid: p.integer(),
    invalid: p.integer(),
    skipped: p.integer(),
    succeeded: p.integer(),
    failed: p.integer(),
    createdAt: p.datetime(),
    startedAt: p.datetime().nullable(),
    cancelAt: p.datetime().nullable(),
    finishedAt: p.datetime().nullable(),
  },
});

/** One row of an uploaded sheet: as written, as understood, and what became of it. */
export const BulkShipmentRowEntity = defineEntity({
  name: 'BulkShipmentRowEntity',
  tableName: 'bulk_shipment_rows',
  properties: {
    jobId: p.text().primary(),
    /** As Excel numbers it. */
    rowNo: p.integer().primary(),
    deliveryNo: p.text(),
    lineNo: p.integer().nullable(),
    carrierCode: p.text().nullable(),
    waybillNo: p.text().nullable(),
    /** The lines it ships. */
    lineNos: p.json<number[]>().nullable(),
    status: p.text().$type<BulkRowStatus>().nullable(),
    codes: p.json<ProblemCode[]>(),
    /** States that were in the way. */
    states: p.json<DeliveryState[]>(),
    failedLineNos: p.json<number[]>(),
    cells: p.json<string[]>(),
  },
});

/** How long admins' commands wait, by API process; written only when it is long, or is no longer. */
export const CommandPaceEntity = defineEntity({
  name: 'CommandPaceEntity',
  tableName: 'command_pace',
  properties: {
    process: p.text().primary(),
    waitMs: p.integer(),
    at: p.datetime(),
  },
});
