import { linesOfWorkBatch } from '../../db/packing/batch-lines.ts';
import { lockDoneBatches } from '../../db/packing/list.ts';
import { completeWorkBatch } from '../../db/packing/write.ts';
import type { Query } from '../../db/statement.ts';
import { isDropped } from '../../domain/packing/work-batch.ts';
import type { ApiDeps } from '../http/deps.ts';
import { standingIn } from './work-batch-rows.ts';

const SWEEP_BATCH = 16;

/** Completes a batch that is locked, if no line is still to be shipped; false = some are. */
export async function completeIfDone(query: Query, workBatchNo: number): Promise<boolean> {
  const standing = (await linesOfWorkBatch(query, workBatchNo)).map((row) => ({ row, why: standingIn(row) }));
  if (standing.some(({ why }) => why === 'open')) return false;
  const dropped = standing.flatMap(({ row, why }) =>
    row.is_open && isDropped(why) ? [{ deliveryNo: row.delivery_no, lineNo: row.line_no, why }] : [],
  );
  await completeWorkBatch(query, workBatchNo, dropped);
  return true;
}

/**
 * Completes the batches whose lines are all shipped or dropped; what was dropped may go into another batch. A batch of which a line
 * has just come back stays open. Returns how many were completed.
 */
export const sweepWorkBatches = ({ db }: Pick<ApiDeps, 'db'>): Promise<number> =>
  db.transaction(async (query) => {
    let completed = 0;
    for (const { work_batch_no: workBatchNo } of await lockDoneBatches(query, SWEEP_BATCH))
      if (await completeIfDone(query, workBatchNo)) completed++;
    return completed;
  });
