import { WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy } from '@temporalio/common';
import pLimit from 'p-limit';
import { type DeliveryLineRow, toDeliveryLine } from '../db/delivery-line.row.ts';
import { keywords } from '../search-attributes.ts';
import { DELIVERY_WORKFLOW, deliveryStartOptions } from '../workflows/messages.ts';
import type { ApiDeps } from './deps.ts';

const STARTS_AT_ONCE = 16;
const SWEEP_BATCH = 200;

/**
 * Starts the workflows of these lines and marks their rows; one that runs already counts as started. Throws what Temporal
 * answers for the first that could not be started, after all have been tried.
 */
export async function startLines({ temporal, taskQueue, config, db }: ApiDeps, rows: DeliveryLineRow[]): Promise<void> {
  const limit = pLimit(STARTS_AT_ONCE);
  const settings = { openDays: config.LINE_OPEN_DAYS, continueAsNewAfter: config.CONTINUE_AS_NEW_AFTER };
  const start = async (row: DeliveryLineRow) => {
    const { attributes, ...options } = deliveryStartOptions(toDeliveryLine(row), settings);
    try {
      await temporal.workflow.start(DELIVERY_WORKFLOW, {
        ...options,
        taskQueue,
        workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
        typedSearchAttributes: keywords(attributes),
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
    return row;
  };
  const results = await Promise.allSettled(rows.map((row) => limit(() => start(row))));
  const started = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  if (started.length > 0)
    await db.query(
      `update delivery_lines l set started_at = now() from unnest($1::text[], $2::int[]) as s (delivery_no, line_no)
        where l.delivery_no = s.delivery_no and l.line_no = s.line_no and l.started_at is null`,
      [started.map((row) => row.delivery_no), started.map((row) => row.line_no)],
    );
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

/** Starts what an interrupted intake left without a workflow; answers how many rows it tried. */
export async function sweepStarts(deps: ApiDeps): Promise<number> {
  const rows = await deps.db.query<DeliveryLineRow>(
    `select * from delivery_lines where started_at is null and created_at < now() - interval '1 ms' * $1 order by created_at limit $2`,
    [deps.config.START_SWEEP_AFTER_MS, SWEEP_BATCH],
  );
  if (rows.length === 0) return 0;
  await startLines(deps, rows);
  deps.metrics.swept.inc({ kind: 'start' }, rows.length);
  return rows.length;
}
