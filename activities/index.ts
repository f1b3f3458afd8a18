import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { isRefused } from '../db/errors.ts';
import { createBatchRuns } from '../db/operations/batch-runs.ts';
import { createRecordPlan } from '../db/record/assembly-plan.ts';
import { createRecord } from '../db/record/delivery-line.ts';
import { createRecordPickup } from '../db/record/pickup.ts';
import { createHandBackScan } from '../db/tracking/hand-back.ts';
import { createFinishBulk, createShipChunk } from './bulk-shipment.ts';
import { createInsertExchange, createSettleClaims } from './claims.ts';
import { createDeliverLines } from './deliver-lines.ts';
import type { ActivityDeps } from './deps.ts';
import { createDuePages } from './due-pages.ts';
import { createMergePart } from './merge.ts';
import { createOverduePage } from './overdue.ts';
import { createErasePage } from './personal-data.ts';
import { createRecalculatePages } from './recalculation.ts';
import { createRegistration } from './register-waybills.ts';
import { createClearStockouts } from './stockouts.ts';
import { createAskParcels } from './tracker-questions.ts';

/** All activities of the worker, with their dependencies. */
export function createActivities(deps: ActivityDeps) {
  return counted(deps, {
    record: createRecord(deps),
    recordPickup: createRecordPickup(deps),
    settleClaims: createSettleClaims(deps),
    insertExchange: createInsertExchange(deps),
    mergePart: createMergePart(deps),
    handBackScan: createHandBackScan(deps),
    ...createBatchRuns({
      db: deps.db,
      provider: deps.tracking.provider,
      isRunning: (workflowId) => isRunning(deps.client, workflowId),
    }),
    ...createRegistration(deps),
    ...createDuePages(deps),
    askParcels: createAskParcels(deps),
    deliverLines: createDeliverLines(deps),
    erasePage: createErasePage(deps),
    overduePage: createOverduePage(deps),
    shipChunk: createShipChunk(deps),
    finishBulk: createFinishBulk(deps),
    recordPlan: createRecordPlan(deps),
    clearStockouts: createClearStockouts(deps),
    recalculatePages: createRecalculatePages(deps),
  });
}

/** The same, counting what PostgreSQL refuses: where a repetition cannot succeed, a person has to know. */
function counted<A extends Record<string, (...args: never[]) => Promise<unknown>>>(
  { onDataRefused }: Pick<ActivityDeps, 'onDataRefused'>,
  activities: A,
): A {
  const counting = Object.entries(activities).map(([name, activity]) => [
    name,
    async (...args: never[]) => {
      try {
        return await activity(...args);
      } catch (error) {
        if (isRefused(error)) onDataRefused(name);
        throw error;
      }
    },
  ]);
  return Object.fromEntries(counting) as A;
}

async function isRunning(client: Client, workflowId: string): Promise<boolean> {
  try {
    return (await client.workflow.getHandle(workflowId).describe()).status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

export type Activities = ReturnType<typeof createActivities>;
