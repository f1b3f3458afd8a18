import { setInterval } from 'node:timers';
import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import pLimit from 'p-limit';
import { updateWorkflow } from '../commands/workflow-calls.ts';
import { findProgress, finishJob, pendingRows } from '../db/bulk-shipments/chunk.ts';
import { type BulkLine, type BulkRow, type LineReply, outcomesOf, storeOutcomes } from '../db/bulk-shipments/outcomes.ts';
import { isPaceSlow } from '../db/operations/pace.ts';
import { ADMIN_WAITS_MS } from '../domain/bulk-shipments/bulk-shipment.ts';
import type { ChunkResult } from '../workflows/messages/bulk-shipment.ts';
import { type DeliveryMessage, deliveryWorkflowId, type Outcome } from '../workflows/messages/delivery.ts';
import type { ActivityDeps } from './deps.ts';

/** Whoever cancels waits for the chunk under way. */
const CHUNK_ROWS = 400;
const STORE_EVERY_MS = 250;
const LOOK_EVERY_MS = 500;
/** However long admins' commands wait, so many rows go on. */
const FEWEST = 2;
/** No command takes this long while its servers are up; after that the row is sent again under the same id. */
const COMMAND_MS = 30_000;

/**
 * Ships the job's next rows, each by the same update as an admin's command, and stores every row's outcome as it arrives. Throws,
 * and is run again, when servers are away; rows without an outcome are then sent again under the same update ids.
 */
export function createShipChunk(deps: Pick<ActivityDeps, 'db' | 'client' | 'log' | 'bulkConcurrency' | 'startParts'>) {
  const { db, log, bulkConcurrency } = deps;

  const findJob = async (jobId: string) => {
    const job = await findProgress(db.query, jobId);
    if (!job) throw ApplicationFailure.nonRetryable(`no job ${jobId}`, 'BULK_NOT_FOUND');
    return job;
  };

  /** Half as many rows at each look at which admins' commands wait, and one more at each at which they do not. */
  const inFlight = async (before: number) =>
    (await isPaceSlow(db.query, ADMIN_WAITS_MS))
      ? Math.min(bulkConcurrency, Math.max(FEWEST, Math.floor(before / 2)))
      : Math.min(bulkConcurrency, before + 1);

  /** Runs the rows at the pace that admins' commands allow, until all are done, one fails, or the activity must stop. */
  const shipAll = async (jobId: string, requestId: string, rows: BulkRow[]): Promise<void> => {
    const context = Context.current();
    const { cancellationSignal } = context;
    const lanes = pLimit(await inFlight(bulkConcurrency));
    const answered: { row: BulkRow; replies: LineReply[] }[] = [];
    let failure: Error | undefined;
    let storing = Promise.resolve();
    const store = () => {
      storing = storing.then(async () => {
        const some = answered.splice(0);
        if (some.length > 0) await storeOutcomes(db, jobId, await outcomesOf(db, requestId, some));
      });
      return storing;
    };
    const fail = (error: unknown) => {
      failure ??= error instanceof Error ? error : new Error(String(error));
    };
    const one = async (row: BulkRow) => {
      if (failure || cancellationSignal.aborted) return;
      try {
        const replies: LineReply[] = [];
        // One after the other, so that a row with a whole delivery also counts as one row in flight.
        for (const lineNo of row.line_nos) replies.push(await shipLine(deps, jobId, requestId, row, lineNo));
        answered.push({ row, replies });
      } catch (error) {
        fail(error);
      }
    };
    const storer = setInterval(() => void store().catch(fail), STORE_EVERY_MS);
    const looker = setInterval(() => {
      context.heartbeat();
      inFlight(lanes.concurrency).then((count) => {
        lanes.concurrency = count;
      }, fail);
    }, LOOK_EVERY_MS);
    try {
      await Promise.all(rows.map((row) => lanes(() => one(row))));
    } finally {
      clearInterval(storer);
      clearInterval(looker);
    }
    await store().catch(fail);
    if (failure) {
      log.warn({ jobId, err: failure }, 'a chunk of a bulk shipment failed, its open rows will be asked again');
      throw failure;
    }
    if (cancellationSignal.aborted) throw new CancelledFailure('the worker stops or the job was canceled');
  };

  return async function shipChunk({ jobId }: { jobId: string }): Promise<ChunkResult> {
    const job = await findJob(jobId);
    const stopped = job.cancel_at !== null || job.state !== 'running';
    const rows = stopped ? [] : await pendingRows(db.query, jobId, CHUNK_ROWS);
    if (rows.length > 0) await shipAll(jobId, job.start_request_id, rows);
    const { valid, processed, cancel_at } = await findJob(jobId);
    log.info({ jobId, rows: rows.length, processed }, 'a chunk of a bulk shipment');
    return { more: rows.length === CHUNK_ROWS, canceled: cancel_at !== null, processed, valid };
  };
}

async function shipLine(
  { client, log, startParts }: Pick<ActivityDeps, 'client' | 'log' | 'startParts'>,
  jobId: string,
  requestId: string,
  row: BulkRow,
  lineNo: number,
): Promise<LineReply> {
  const line: BulkLine = { deliveryNo: row.delivery_no, lineNo };
  const message: DeliveryMessage = {
    requestId,
    actor: 'admin',
    carrierCode: row.carrier_code ?? undefined,
    waybillNo: row.waybill_no ?? undefined,
    autoWaybill: (row.carrier_code !== null && row.waybill_no === null) || undefined,
    // Of several lines together all of it is meant, or the sheet was not accepted.
    quantity: row.line_nos.length === 1 ? (row.quantity ?? undefined) : undefined,
  };
  const workflowId = deliveryWorkflowId(row.delivery_no, lineNo);
  /** If Temporal is away in this moment, the sweep starts it. */
  const started = async (part: Outcome['newLine']) => {
    if (part)
      await startParts([part]).catch((error: unknown) => log.warn({ jobId, err: error }, 'a part waits for its workflow'));
    return part;
  };
  const answer = await client.withDeadline(Date.now() + COMMAND_MS, () =>
    updateWorkflow<Outcome>(client, workflowId, 'ship', message, `bulk-${jobId}-${row.row_no}`),
  );
  switch (answer.kind) {
    case 'outcome':
      return { ...line, newLine: await started(answer.outcome.newLine) };
    case 'refused':
      return { ...line, refused: answer.code ?? 'INTERNAL' };
    case 'ended':
      return { ...line, refused: 'LINE_FINISHED' };
    default:
      return answer satisfies never;
  }
}

/** Ends a job: completed, or canceled together with the rows not yet processed. */
export function createFinishBulk({ db }: Pick<ActivityDeps, 'db'>) {
  return ({ jobId, canceled }: { jobId: string; canceled: boolean }): Promise<void> =>
    finishJob(db.query, jobId, canceled ? 'canceled' : 'completed');
}
