import type { BatchError, BatchId, BatchTrigger } from '../../workflows/messages/batches.ts';
import type { Db } from '../database.ts';

interface RunRow {
  id: number;
  batch: BatchId;
  workflow_id: string;
  run_id: string;
  started_at: Date;
  finished_at: Date | null;
  trigger: BatchTrigger;
  by: string;
  examined: number;
  succeeded: number;
  failed: number;
  skipped: number;
  errors: BatchError[];
  updated_at: Date;
}

const runOf = (row: RunRow) => ({
  workflowId: row.workflow_id,
  runId: row.run_id,
  startedAt: row.started_at.toISOString(),
  finishedAt: row.finished_at?.toISOString() ?? null,
  trigger: row.trigger,
  by: row.by,
  examined: row.examined,
  succeeded: row.succeeded,
  failed: row.failed,
  skipped: row.skipped,
  errors: row.errors,
  updatedAt: row.updated_at.toISOString(),
});

/** The newest run of each batch. */
export async function lastRuns(db: Db, batches: BatchId[]): Promise<Map<BatchId, ReturnType<typeof runOf>>> {
  const rows = await db.query<RunRow>(
    `select r.* from unnest($1::text[]) b, lateral (select * from batch_runs where batch = b order by id desc limit 1) r`,
    [batches],
  );
  return new Map(rows.map((row) => [row.batch, runOf(row)]));
}

/** A page of runs, newest first; the running id is the keyset, since rows are only appended. */
export async function runsOf(
  db: Db,
  batch: BatchId,
  { updatedFrom, limit, cursor }: { updatedFrom?: Date | undefined; limit: number; cursor?: string | undefined },
) {
  const rows = await db.query<RunRow>(
    `select * from batch_runs where batch = $1 and ($2::bigint is null or id < $2) and ($3::timestamptz is null or updated_at >= $3)
      order by id desc limit $4`,
    [batch, cursor ?? null, updatedFrom ?? null, limit + 1],
  );
  const page = rows.slice(0, limit);
  return { items: page.map(runOf), nextCursor: rows.length > limit ? String(page.at(-1)?.id) : null };
}
