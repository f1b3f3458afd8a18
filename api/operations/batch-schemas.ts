import { z } from '@hono/zod-openapi';
import { type BatchId, batchWorkflows, listedBatches } from '../../workflows/messages/batches.ts';
import { byNameSchema } from '../deliveries/history.ts';
import { limitQuery } from '../http/list.ts';
import { rangeFrom } from '../http/schemas.ts';

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
    byName: byNameSchema,
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
      byName: null,
      examined: 120,
      succeeded: 80,
      failed: 0,
      skipped: 40,
      errors: [],
      updatedAt: '2026-11-23T02:00:04.000Z',
    },
  });

export const batchIds = Object.keys(batchWorkflows) as BatchId[];

const batchFields = {
  cron: z.string().nullable().openapi({ description: 'worker가 아직 일정을 만들지 않았으면 null' }),
  timeZone: z.string(),
  paused: z.boolean(),
  nextRunAt: z.iso.datetime().nullable(),
  lastRun: runSchema.nullable(),
};
const example = {
  cron: '*/10 * * * *',
  timeZone: 'Asia/Seoul',
  paused: false,
  nextRunAt: '2026-11-23T02:10:00.000Z',
  lastRun: null,
};

/** A batch of the list. */
export const batchSchema = z
  .object({ id: z.enum(listedBatches), ...batchFields })
  .openapi('Batch', { example: { id: 'waybill-registration', ...example } });

/** A batch that was asked for by its id. */
export const anyBatchSchema = z
  .object({ id: z.enum(batchIds), ...batchFields })
  .openapi('AnyBatch', { example: { id: 'personal-data', ...example, cron: '30 3 * * *' } });

export const runsQuery = z.strictObject({
  updatedFrom: rangeFrom.optional(),
  limit: limitQuery,
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
});
