import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Db } from '../db/database.ts';
import { createBatchRuns } from '../db/operations/batch-runs.ts';
import { createRecordPlan } from '../db/record/assembly-plan.ts';
import { createRecord } from '../db/record/delivery-line.ts';
import { createRecordPickup } from '../db/record/pickup.ts';
import type { Tracker } from '../tracker/client.ts';
import { createFinishBulk, createShipChunk } from './bulk-shipment.ts';
import { createInsertExchange, createSettleClaims } from './claims.ts';
import { createDeliverLines } from './deliver-lines.ts';
import { createDuePages } from './due-pages.ts';
import { createRegistration } from './register-waybills.ts';
import { createClearStockouts } from './stockouts.ts';
import { createAskParcels } from './tracker-questions.ts';

/** What the batches know of the tracker and how they may use it. */
export interface Tracking {
  tracker: Tracker;
  /** The `by` of what the batches do. */
  provider: string;
  rowAgeSeconds: number;
  /** Days after which a parcel of an untrackable carrier counts as delivered; null = never. */
  untrackedAfterDays: number | null;
  ratePerSecond: number;
  retryMs: number;
  dailyQuota: number | null;
}

/** What every activity may use; one object, made once per worker. */
export interface ActivityDeps {
  db: Db;
  /** For what one workflow asks of others. */
  client: Client;
  log: Logger;
  /** Rows of a bulk shipment in flight at most. */
  bulkConcurrency: number;
  /** Counted when a row that was ahead of its workflow, or behind it, had to be repaired. */
  onRepair: (kind: 'ahead' | 'behind') => void;
  tracking: Tracking;
}

/** All activities of the worker, with their dependencies given. */
export function createActivities(deps: ActivityDeps) {
  return {
    record: createRecord(deps),
    recordPickup: createRecordPickup(deps),
    settleClaims: createSettleClaims(deps),
    insertExchange: createInsertExchange(deps),
    ...createBatchRuns(deps),
    ...createRegistration(deps),
    ...createDuePages(deps),
    askParcels: createAskParcels(deps),
    deliverLines: createDeliverLines(deps),
    shipChunk: createShipChunk(deps),
    finishBulk: createFinishBulk(deps),
    recordPlan: createRecordPlan(deps),
    clearStockouts: createClearStockouts(deps),
  };
}

export type Activities = ReturnType<typeof createActivities>;
