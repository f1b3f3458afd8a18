import { sql } from 'kysely';
import type { BatchCounts, BatchError, BatchId, BatchRun, BatchTrigger } from '../../workflows/messages/batches.ts';
import type { Db } from '../database.ts';
import { build, json, type Query } from '../statement.ts';

export interface RunToBegin extends Omit<BatchRun, 'startedAt'> {
  trigger: BatchTrigger;
  by?: string | undefined;
}

export interface RunReport extends Pick<BatchRun, 'workflowId' | 'runId'> {
  counts: BatchCounts;
  errors: BatchError[];
  finished: boolean;
}

export interface BatchRunDeps {
  db: Db;
  /** The `by` of scheduled runs. */
  provider: string;
  /** Whether Temporal still runs the workflow with this id. */
  isRunning: (workflowId: string) => Promise<boolean>;
}

const underWay: BatchError = { code: 'BATCH_RUNNING', message: '같은 배치가 이미 실행 중이어서 건너뛰었습니다' };
const broken: BatchError = { code: 'BATCH_BROKEN_OFF', message: '실행이 끝나기 전에 중단되었습니다' };

/** Runs of a batch without an end in their rows. */
const unfinished = (batch: BatchId) =>
  build.selectFrom('batch_runs').select(['workflow_id', 'run_id']).where('batch', '=', batch).where('finished_at', 'is', null);

/** Other runs of this batch that may still be running. */
export const otherRuns = (query: Query, batch: BatchId, workflowId: string) =>
  query(unfinished(batch).where('workflow_id', '<>', workflowId));

/** Adds to a run's counts, in the transaction of what is counted, and returns them. */
export async function addToRun(
  query: Query,
  { workflowId, runId }: Pick<BatchRun, 'workflowId' | 'runId'>,
  { examined, succeeded, failed, skipped }: BatchCounts,
): Promise<BatchCounts> {
  const [row] = await query(
    build
      .updateTable('batch_runs')
      .set({
        examined: sql`examined + ${examined}`,
        succeeded: sql`succeeded + ${succeeded}`,
        failed: sql`failed + ${failed}`,
        skipped: sql`skipped + ${skipped}`,
        updated_at: sql`now()`,
      })
      .where('workflow_id', '=', workflowId)
      .where('run_id', '=', runId)
      .returning(['examined', 'succeeded', 'failed', 'skipped']),
  );
  return row ?? { examined, succeeded, failed, skipped };
}

/** Writes the rows of `batch_runs`, which `GET /batches/{id}/runs` shows. */
export function createBatchRuns({ db, provider, isRunning }: BatchRunDeps) {
  const finish = (workflowId: string, runId: string, error: BatchError) =>
    db.query(sql`
      update batch_runs set finished_at = now(), updated_at = now(), errors = errors || ${json([error])}::jsonb
       where workflow_id = ${workflowId} and run_id = ${runId} and finished_at is null`);

  return {
    /**
     * Opens the run's row; returns when it began, or null when an older run of the batch is running: then this one is closed at
     * once with that reason. An older run that has ended in Temporal is closed here.
     */
    async beginRun({ batch, workflowId, runId, trigger, by }: RunToBegin): Promise<string | null> {
      const mine = await db.transaction(async (query) => {
        // One after the other, so that exactly one of two simultaneous runs is the older.
        await query(sql`select pg_advisory_xact_lock(hashtext(${`batch ${batch}`}))`);
        await query(
          build
            .insertInto('batch_runs')
            .values({
              workflow_id: workflowId,
              run_id: runId,
              batch,
              trigger,
              by: by ?? provider,
              started_at: sql`clock_timestamp()`,
            })
            .onConflict((known) => known.doNothing()),
        );
        const [row] = await query(
          build
            .selectFrom('batch_runs')
            // As text, because its microseconds are needed for a later comparison.
            .select([sql<string>`started_at::text`.as('started_at'), sql<boolean>`finished_at is not null`.as('finished')])
            .where('workflow_id', '=', workflowId)
            .where('run_id', '=', runId),
        );
        return row;
      });
      if (!mine || mine.finished) return null;
      const older = await db.query(unfinished(batch).where('started_at', '<', sql<Date>`${mine.started_at}`));
      for (const other of older) {
        if (other.workflow_id !== workflowId && (await isRunning(other.workflow_id))) {
          await finish(workflowId, runId, underWay);
          return null;
        }
        await finish(other.workflow_id, other.run_id, broken);
      }
      return mine.started_at;
    },

    /** Writes a run's progress: absolute counts, so that writing twice is harmless. */
    async reportRun({ workflowId, runId, counts, errors, finished }: RunReport): Promise<void> {
      const { examined, succeeded, failed, skipped } = counts;
      await db.query(
        build
          .updateTable('batch_runs')
          .set({
            examined,
            succeeded,
            failed,
            skipped,
            errors: json(errors),
            updated_at: sql`now()`,
            ...(finished ? { finished_at: sql`now()` } : {}),
          })
          .where('workflow_id', '=', workflowId)
          .where('run_id', '=', runId)
          .where('finished_at', 'is', null),
      );
    },
  };
}
