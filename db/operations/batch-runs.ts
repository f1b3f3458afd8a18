import type { BatchCounts, BatchError, BatchRun, BatchTrigger } from '../../workflows/messages/batches.ts';
import type { Db } from '../database.ts';

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
  /** The `by` of what nobody asked for. */
  provider: string;
  /** Whether Temporal still runs a workflow of this id. */
  isRunning: (workflowId: string) => Promise<boolean>;
}

const underWay: BatchError = { code: 'BATCH_RUNNING', message: '같은 배치가 이미 실행 중이어서 건너뛰었습니다' };
const broken: BatchError = { code: 'BATCH_BROKEN_OFF', message: '실행이 끝나기 전에 중단되었습니다' };

/** The rows of `batch_runs`: what `GET /batches/{id}/runs` shows. */
export function createBatchRuns({ db, provider, isRunning }: BatchRunDeps) {
  const finish = (workflowId: string, runId: string, error: BatchError) =>
    db.query(
      `update batch_runs set finished_at = now(), updated_at = now(), errors = errors || $3::jsonb
        where workflow_id = $1 and run_id = $2 and finished_at is null`,
      [workflowId, runId, JSON.stringify([error])],
    );

  return {
    /**
     * Opens the run's row; answers when it began, or null when an older run of the batch is under way: then this one is
     * closed at once, saying so. An older one that Temporal has ended is closed here.
     */
    async beginRun({ batch, workflowId, runId, trigger, by }: RunToBegin): Promise<string | null> {
      const mine = await db.transaction(async (query) => {
        // One after the other, so that of two runs that begin at once exactly one is the older.
        await query('select pg_advisory_xact_lock(hashtext($1))', [`batch ${batch}`]);
        await query(
          `insert into batch_runs (workflow_id, run_id, batch, trigger, by, started_at) values ($1, $2, $3, $4, $5, clock_timestamp())
           on conflict do nothing`,
          [workflowId, runId, batch, trigger, by ?? provider],
        );
        const rows = await query<{ started_at: string; finished: boolean }>(
          'select started_at::text, finished_at is not null as finished from batch_runs where workflow_id = $1 and run_id = $2',
          [workflowId, runId],
        );
        return rows[0];
      });
      if (!mine || mine.finished) return null;
      const older = await db.query<{ workflow_id: string; run_id: string }>(
        'select workflow_id, run_id from batch_runs where batch = $1 and finished_at is null and started_at < $2',
        [batch, mine.started_at],
      );
      for (const other of older) {
        if (other.workflow_id !== workflowId && (await isRunning(other.workflow_id))) {
          await finish(workflowId, runId, underWay);
          return null;
        }
        await finish(other.workflow_id, other.run_id, broken);
      }
      return mine.started_at;
    },

    /** Writes how far a run has come: absolute counts, so that it may be written twice. */
    async reportRun({ workflowId, runId, counts, errors, finished }: RunReport): Promise<void> {
      await db.query(
        `update batch_runs set examined = $3, succeeded = $4, failed = $5, skipped = $6, errors = $7, updated_at = now(),
             finished_at = case when $8 then now() end
          where workflow_id = $1 and run_id = $2 and finished_at is null`,
        [workflowId, runId, counts.examined, counts.succeeded, counts.failed, counts.skipped, JSON.stringify(errors), finished],
      );
    },
  };
}
