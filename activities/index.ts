import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Db } from '../db/orm.ts';
import { createInsertExchange, createSettleClaims } from './claims.ts';
import { createRecord } from './record.ts';
import { createRecordPickup } from './record-pickup.ts';
import { createRecordPlan } from './record-plan.ts';
import { createClearStockouts } from './stockouts.ts';

/** What every activity may use; one object, made once per worker. */
export interface ActivityDeps {
  db: Db;
  /** For what one workflow asks of others. */
  client: Client;
  log: Logger;
  /** Counted when a row that was ahead of its workflow, or behind it, had to be repaired. */
  onRepair: (kind: 'ahead' | 'behind') => void;
}

/** All activities of the worker, with their dependencies given. */
export function createActivities(deps: ActivityDeps) {
  return {
    record: createRecord(deps),
    recordPickup: createRecordPickup(deps),
    settleClaims: createSettleClaims(deps),
    insertExchange: createInsertExchange(deps),
    recordPlan: createRecordPlan(deps),
    clearStockouts: createClearStockouts(deps),
  };
}

export type Activities = ReturnType<typeof createActivities>;
