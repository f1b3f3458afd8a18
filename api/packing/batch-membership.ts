import { z } from '@hono/zod-openapi';
import { linesNotTaken, linesOfWorkBatch } from '../../db/packing/batch-lines.ts';
import { createWorkBatch, removeFromBatch } from '../../db/packing/write.ts';
import type { Query } from '../../db/statement.ts';
import type { LineKey } from '../../domain/deliveries/line.ts';
import { MOST_BATCH_LINES } from '../../domain/packing/work-batch.ts';
import { problems } from '../../domain/problems.ts';
import { businessNo, lineNo } from '../http/schemas.ts';
import { standingIn } from './work-batch-rows.ts';

/** Lines that go into a batch, or out of it. */
export const linesBody = z
  .object({
    lines: z
      .array(z.object({ deliveryNo: businessNo, lineNo }))
      .min(1)
      .max(MOST_BATCH_LINES),
  })
  .openapi('WorkBatchLines', { example: { lines: [{ deliveryNo: 'D261123000001', lineNo: 1 }] } });

const lineCode = z.enum(['LINE_NOT_FOUND', 'NOT_RELEASED', 'IN_WORK_BATCH', 'NOT_IN_WORK_BATCH', 'ALREADY_SHIPPED']);
type LineCode = z.output<typeof lineCode>;

/** What became of each line. */
export const resultsSchema = z
  .object({
    workBatchNo: z.int().nullable().openapi({ description: '넣을 수 있는 줄이 없으면 만들지 않고 null' }),
    succeeded: z.int(),
    failed: z.int(),
    results: z.array(
      z.object({
        deliveryNo: z.string(),
        lineNo: z.int(),
        ok: z.boolean(),
        workBatchNo: z.int().nullable().optional().openapi({ description: 'IN_WORK_BATCH에서: 이 줄이 들어 있는 작업차수' }),
        error: z.object({ code: lineCode, title: z.string() }).optional(),
      }),
    ),
  })
  .openapi('WorkBatchResults', {
    example: {
      workBatchNo: 12,
      succeeded: 1,
      failed: 1,
      results: [
        { deliveryNo: 'D261123000001', lineNo: 1, ok: true },
        {
          deliveryNo: 'D261123000002',
          lineNo: 1,
          ok: false,
          workBatchNo: 11,
          error: { code: 'IN_WORK_BATCH', title: problems.IN_WORK_BATCH.title },
        },
      ],
    },
  });
type Results = z.output<typeof resultsSchema>;

const keyOf = ({ deliveryNo, lineNo }: LineKey) => `${deliveryNo}/${lineNo}`;
/** Each line once, however often it was named. */
const eachOnce = (lines: LineKey[]): LineKey[] => [...new Map(lines.map((line) => [keyOf(line), line])).values()];

const refused = ({ deliveryNo, lineNo }: LineKey, code: LineCode): Results['results'][number] => ({
  deliveryNo,
  lineNo,
  ok: false,
  error: { code, title: problems[code].title },
});
const resultsOf = (workBatchNo: number | null, results: Results['results']): Results => {
  const succeeded = results.filter(({ ok }) => ok).length;
  return { workBatchNo, succeeded, failed: results.length - succeeded, results };
};

/** Makes a batch of these lines, and says why some are not in it. */
export async function makeBatch(query: Query, asked: LineKey[], by: { by: string; askedAt: string }): Promise<Results> {
  const lines = eachOnce(asked);
  const made = await createWorkBatch(query, lines, by);
  const taken = new Set(made?.taken.map(keyOf));
  const others = lines.filter((line) => !taken.has(keyOf(line)));
  const why = new Map((await linesNotTaken(query, others)).map((row) => [keyOf(others[row.asked - 1] as LineKey), row]));
  return resultsOf(
    made?.workBatchNo ?? null,
    lines.map(({ deliveryNo, lineNo }) => {
      const line = { deliveryNo, lineNo };
      if (taken.has(keyOf(line))) return { ...line, ok: true };
      const row = why.get(keyOf(line));
      if (!row || row.state === null) return refused(line, 'LINE_NOT_FOUND');
      if (row.state !== 'released' || row.valid === 0) return refused(line, 'NOT_RELEASED');
      return { ...refused(line, 'IN_WORK_BATCH'), workBatchNo: row.work_batch_no };
    }),
  );
}

/** Takes lines out of a batch; what has been shipped with it stays in it. */
export async function removeLines(query: Query, workBatchNo: number, asked: LineKey[]): Promise<Results> {
  const standing = new Map(
    (await linesOfWorkBatch(query, workBatchNo))
      .filter((row) => row.is_open)
      .map((row) => [keyOf({ deliveryNo: row.delivery_no, lineNo: row.line_no }), standingIn(row)]),
  );
  const results = eachOnce(asked).map(({ deliveryNo, lineNo }) => {
    const line = { deliveryNo, lineNo };
    const stands = standing.get(keyOf(line));
    if (stands === undefined) return refused(line, 'NOT_IN_WORK_BATCH');
    return stands === 'shipped' ? refused(line, 'ALREADY_SHIPPED') : { ...line, ok: true };
  });
  await removeFromBatch(
    query,
    workBatchNo,
    results.filter(({ ok }) => ok),
  );
  return resultsOf(workBatchNo, results);
}
