import { z } from '@hono/zod-openapi';
import { DEFAULT_LIMIT, limitQuery } from '../../api/http/list.ts';
import { rangeFrom } from '../../api/http/schemas.ts';
import { type BatchError, type BatchId, type BatchTrigger, batchWorkflows } from '../../workflows/messages/messages.ts';
import type { Db } from '../database.ts';

export const runSchema = z
  .object({
    workflowId: z.string(),
    runId: z.string(),
    startedAt: z.iso.datetime(),
    finishedAt: z.iso
      .datetime()
      .nullable()
      .openapi({ description: '성공으로 센 줄이 모두 목록에 반영된 시각. 실행 중이면 null' }),
    trigger: z.enum(['schedule', 'manual']),
    by: z.string(),
    examined: z.int(),
    succeeded: z.int(),
    failed: z.int(),
    skipped: z.int(),
    errors: z
      .array(
        z.object({
          code: z.string(),
          message: z.string(),
          deliveryNo: z.string().optional(),
          lineNo: z.int().optional(),
          waybillNo: z.string().optional(),
        }),
      )
      .openapi({ description: '100건까지' }),
    updatedAt: z.iso.datetime(),
  })
  .openapi('BatchRun', {
    example: {
      workflowId: 'auto-complete-2026-11-23T02:00:00Z',
      runId: '0199a1c2-4f3e-7a55-9a1c-1f0f5f2c1a11',
      startedAt: '2026-11-23T02:00:00.000Z',
      finishedAt: '2026-11-23T02:00:04.000Z',
      trigger: 'schedule',
      by: 'tracker',
      examined: 120,
      succeeded: 80,
      failed: 0,
      skipped: 40,
      errors: [],
      updatedAt: '2026-11-23T02:00:04.000Z',
    },
  });

export const batchSchema = z
  .object({
    id: z.enum(['auto-complete', 'waybill-registration']),
    cron: z.string().nullable().openapi({ description: 'worker가 아직 일정을 만들지 않았으면 null' }),
    timeZone: z.string(),
    paused: z.boolean(),
    nextRunAt: z.iso.datetime().nullable(),
    lastRun: runSchema.nullable(),
  })
  .openapi('Batch', {
    example: {
      id: 'waybill-registration',
      cron: '*/10 * * * *',
      timeZone: 'Asia/Seoul',
      paused: false,
      nextRunAt: '2026-11-23T02:10:00.000Z',
      lastRun: null,
    },
  });

export const runsQuery = z.strictObject({
  updatedFrom: rangeFrom.optional(),
  limit: limitQuery,
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
});

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
export async function lastRuns(db: Db): Promise<Map<BatchId, ReturnType<typeof runOf>>> {
  const rows = await db.query<RunRow>(
    `select r.* from unnest($1::text[]) b, lateral (select * from batch_runs where batch = b order by id desc limit 1) r`,
    [Object.keys(batchWorkflows)],
  );
  return new Map(rows.map((row) => [row.batch, runOf(row)]));
}

/** A page of runs, newest first; the running id is the keyset, since rows are only appended. */
export async function runsOf(db: Db, batch: BatchId, { updatedFrom, limit = DEFAULT_LIMIT, cursor }: z.output<typeof runsQuery>) {
  const rows = await db.query<RunRow>(
    `select * from batch_runs where batch = $1 and ($2::bigint is null or id < $2) and ($3::timestamptz is null or updated_at >= $3)
      order by id desc limit $4`,
    [batch, cursor ?? null, updatedFrom ?? null, limit + 1],
  );
  const page = rows.slice(0, limit);
  return { items: page.map(runOf), nextCursor: rows.length > limit ? String(page.at(-1)?.id) : null };
}
