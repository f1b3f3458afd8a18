import { WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy } from '@temporalio/common';
import pLimit from 'p-limit';
import { type PlanRow, toPlan } from '../db/assembly/plan-row.ts';
import { together } from '../db/batching.ts';
import { linesWithoutStart } from '../db/deliveries/find.ts';
import { type DeliveryLineRow, toDeliveryLine } from '../db/deliveries/row.ts';
import { itemsOfPickups } from '../db/pickups/list.ts';
import { type PickupRow, toPickup } from '../db/pickups/row.ts';
import {
  linesNotStarted,
  markLinesStarted,
  markPickupsStarted,
  markPlansStarted,
  pickupsNotStarted,
  plansNotStarted,
} from '../db/record/start.ts';
import type { LineKey } from '../domain/deliveries/line.ts';
import { PLAN_WORKFLOW, planStartOptions } from '../workflows/messages/assembly-plan.ts';
import { BULK_WORKFLOW, bulkStartOptions } from '../workflows/messages/bulk-shipment.ts';
import { DELIVERY_WORKFLOW, deliveryStartOptions, type LineSettings } from '../workflows/messages/delivery.ts';
import { PICKUP_WORKFLOW, pickupStartOptions } from '../workflows/messages/pickup.ts';
import { RECALCULATION_WORKFLOW, recalculationStartOptions } from '../workflows/messages/recalculation.ts';
import type { CommandDeps } from './deps.ts';
import { keywords } from './keywords.ts';

/**
 * Starts under way in one process: more are not done sooner, and while Temporal has hundreds before it, commands wait for as long. A
 * caller with many has only some of them in the lane, so that another's single order comes in between.
 */
const lane = pLimit(16);
const OF_ONE_CALLER = 8;
const SWEEP_BATCH = 200;

type StartDeps = Pick<CommandDeps, 'temporal' | 'taskQueue'>;

/** Dependencies for starting lines; also a worker has them. */
export type LineDeps = StartDeps &
  Pick<CommandDeps, 'db'> & { config: Pick<CommandDeps['config'], 'LINE_OPEN_DAYS' | 'CONTINUE_AS_NEW_AFTER'> };

interface Start {
  workflowId: string;
  args: unknown[];
  staticSummary: string;
  staticDetails: string;
  attributes: Record<string, string>;
}

/**
 * Starts workflows; one that is running counts as started. `mark` gets those that were started. After trying all, throws Temporal's
 * error for the first that could not be started.
 */
async function startAll<Row>(
  { temporal, taskQueue }: StartDeps,
  type: string,
  rows: Row[],
  optionsOf: (row: Row) => Start,
  mark: (started: Row[]) => Promise<unknown>,
  workflowIdReusePolicy: WorkflowIdReusePolicy = WorkflowIdReusePolicy.REJECT_DUPLICATE,
): Promise<void> {
  const own = pLimit(OF_ONE_CALLER);
  const start = async (row: Row) => {
    const { attributes, ...options } = optionsOf(row);
    try {
      await temporal.workflow.start(type, {
        ...options,
        taskQueue,
        workflowIdReusePolicy,
        typedSearchAttributes: keywords(attributes),
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
    return row;
  };
  const results = await Promise.allSettled(rows.map((row) => own(() => lane(() => start(row)))));
  const started = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  if (started.length > 0) await mark(started);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

const lineSettings = ({ config }: LineDeps): LineSettings => ({
  openDays: config.LINE_OPEN_DAYS,
  continueAsNewAfter: config.CONTINUE_AS_NEW_AFTER,
});

/** Marks the rows of lines whose workflows were started. */
export type Mark = (started: DeliveryLineRow[]) => Promise<unknown>;

/** Marks lines of many orders in one statement, where many are started at once. */
export function createMark({ db }: Pick<LineDeps, 'db'>): Mark {
  const mark = together(
    async (rows: DeliveryLineRow[]) => {
      await markLinesStarted(db.query, rows);
      return rows;
    },
    { most: 200, lanes: 2 },
  );
  return (started) => Promise.all(started.map(mark));
}

/** Starts the workflows of these lines and marks their rows. */
export async function startLines(
  deps: LineDeps,
  rows: DeliveryLineRow[],
  mark: Mark = (started) => markLinesStarted(deps.db.query, started),
): Promise<void> {
  const settings = lineSettings(deps);
  const optionsOf = (row: DeliveryLineRow) => deliveryStartOptions(toDeliveryLine(row), settings);
  await startAll(deps, DELIVERY_WORKFLOW, rows, optionsOf, mark);
}

/** Starts the workflows of what was split off lines, as far as nobody has yet. */
export const startParts = async (deps: LineDeps, parts: readonly LineKey[]): Promise<void> =>
  startLines(deps, await linesWithoutStart(deps.db.query, parts));

/** Starts the workflows of these pickups and marks their rows. */
export async function startPickups(deps: CommandDeps, rows: PickupRow[]): Promise<void> {
  const { config, db } = deps;
  const line = lineSettings(deps);
  const settings = { autoConfirm: config.PICKUP_AUTO_CONFIRM, continueAsNewAfter: line.continueAsNewAfter, line };
  const pickupNos = rows.map((row) => row.pickup_no);
  const items = await itemsOfPickups(db.query, pickupNos);
  const optionsOf = (row: PickupRow) => pickupStartOptions(toPickup(row, items.get(row.pickup_no) ?? []), settings);
  await startAll(deps, PICKUP_WORKFLOW, rows, optionsOf, (started) => markPickupsStarted(db.query, started));
}

/** Starts a bulk shipment's workflow; one that is running or has ended counts as started. */
export const startBulk = (deps: CommandDeps, jobId: string): Promise<void> =>
  startAll(
    deps,
    BULK_WORKFLOW,
    [jobId],
    (id) => bulkStartOptions(id, deps.config.CONTINUE_AS_NEW_AFTER),
    async () => {},
  );

/** Starts a recalculation's workflow; one that is running or has ended counts as started, one that was terminated does not. */
export const startRecalculation = (deps: CommandDeps, requestId: string): Promise<void> =>
  startAll(
    deps,
    RECALCULATION_WORKFLOW,
    [requestId],
    (id) => recalculationStartOptions(id, deps.config.CONTINUE_AS_NEW_AFTER),
    async () => {},
    WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
  );

/** Starts the workflows of these plans and marks their rows. */
export async function startPlans(deps: CommandDeps, rows: PlanRow[]): Promise<void> {
  const settings = { continueAsNewAfter: deps.config.CONTINUE_AS_NEW_AFTER };
  const optionsOf = (row: PlanRow) => planStartOptions(toPlan(row), settings);
  await startAll(deps, PLAN_WORKFLOW, rows, optionsOf, (started) => markPlansStarted(deps.db.query, started));
}

/**
 * Starts the workflows that an interrupted intake, claim, exchange or plan did not start; returns how many rows it tried. Throws
 * after trying all kinds: a line that cannot be started does not hold up the pickups.
 */
export async function sweepStarts(deps: CommandDeps): Promise<number> {
  const { query } = deps.db;
  const { START_SWEEP_AFTER_MS: afterMs } = deps.config;
  const startFound = async <Row>(found: Promise<Row[]>, start: (deps: CommandDeps, rows: Row[]) => Promise<void>) => {
    const rows = await found;
    if (rows.length > 0) await start(deps, rows);
    return rows.length;
  };
  const kinds = await Promise.allSettled([
    startFound(linesNotStarted(query, afterMs, SWEEP_BATCH), startLines),
    startFound(pickupsNotStarted(query, afterMs, SWEEP_BATCH), startPickups),
    startFound(plansNotStarted(query, afterMs, SWEEP_BATCH), startPlans),
  ]);
  const swept = kinds.reduce((sum, kind) => sum + (kind.status === 'fulfilled' ? kind.value : 0), 0);
  if (swept > 0) deps.metrics.swept.inc({ kind: 'start' }, swept);
  const failed = kinds.find((kind) => kind.status === 'rejected');
  if (failed) throw failed.reason;
  return swept;
}
