import { createRoute, z } from '@hono/zod-openapi';
import { streamSSE } from 'hono/streaming';
import { findBulk } from '../../db/bulk-shipments/find.ts';
import { countJobs, findJobs } from '../../db/bulk-shipments/list.ts';
import type { BulkShipmentRow } from '../../db/bulk-shipments/row.ts';
import { withNames } from '../../db/operations/callers.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { keysetPage, listAnswer, pageQuery } from '../http/list.ts';
import { jsonAnswer, problemResponses } from '../http/schemas.ts';
import { sheetAnswer, sheetContent } from '../sheets/write.ts';
import { resultColumns, resultRows } from './result.ts';
import { BULK_PATH, bulkIdParam, bulkOf, bulkRow, bulkSchema, bulkValidatedSchema, namedBulk, validatedBulk } from './rows.ts';

const EVENT_EVERY_MS = 500;
const COMMENT_EVERY_MS = 15_000;
const RATE_OVER_MS = 10_000;
const RATE_FROM_MS = 2_000;
const BY_DEFAULT = '-createdAt';

/** Rows per second over the last seconds; an outage in between stops counting after a while. Null = not known yet. */
function recentRate(seen: { at: number; processed: number }[], { succeeded, failed }: BulkShipmentRow): number | null {
  const now = { at: performance.now(), processed: succeeded + failed };
  seen.push(now);
  while (seen[1] !== undefined && now.at - seen[1].at > RATE_OVER_MS) seen.shift();
  const first = seen[0] ?? now;
  const rate = now.at - first.at < RATE_FROM_MS ? 0 : ((now.processed - first.processed) * 1_000) / (now.at - first.at);
  return rate > 0 ? rate : null;
}

/** Jobs for users: list, progress by GET and by server-sent events, result sheet. */
export function bulkProgressRoutes(app: App, deps: ApiDeps, auth: Auth): void {
  const { query } = deps.db;
  const read = { tags: ['출고완료 일괄'], ...auth('delivery.read') };

  app.openapi(
    createRoute({
      method: 'get',
      path: BULK_PATH,
      summary: '출고완료 일괄 목록',
      ...read,
      request: { query: z.strictObject(pageQuery(['createdAt'], BY_DEFAULT)) },
      responses: { 200: jsonAnswer(listAnswer(bulkSchema), '작업 목록'), ...problemResponses(400) },
    }),
    async (c) => {
      const { after, wanted, counted, nextCursor, limit, descending } = keysetPage(c.req.valid('query'), BY_DEFAULT, 1);
      const from = after?.value ? { createdAt: after.value, id: String(after.key[0]) } : undefined;
      const rows = await findJobs(query, { descending, limit, after: from });
      const total = counted ? { total: await countJobs(query) } : {};
      const placeOf = (row: BulkShipmentRow) => ({ value: row.created_at.toISOString(), key: [row.id] });
      const items = await withNames(
        query,
        rows.slice(0, wanted).map((row) => bulkRow(row)),
      );
      return c.json({ items, nextCursor: nextCursor(rows, placeOf), ...total }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: `${BULK_PATH}/{id}`,
      summary: '출고완료 일괄 진행 상황',
      ...read,
      request: { params: bulkIdParam, query: z.strictObject({}) },
      responses: { 200: jsonAnswer(bulkValidatedSchema, '작업'), ...problemResponses(400, 404) },
    }),
    async (c) => c.json(await validatedBulk(query, await bulkOf(query, c.req.valid('param').id)), 200),
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: `${BULK_PATH}/{id}/events`,
      summary: '출고완료 일괄 진행 상황 (server-sent events)',
      ...read,
      request: { params: bulkIdParam, query: z.strictObject({}) },
      responses: {
        200: {
          description: '`progress` 이벤트마다 작업 하나; 끝나면 닫힘',
          content: {
            'text/event-stream': { schema: z.string().openapi({ example: 'event: progress\ndata: {"state":"running",…}\n\n' }) },
          },
        },
        ...problemResponses(400, 404),
      },
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      let job: BulkShipmentRow | undefined = await bulkOf(query, id);
      const { byName } = await namedBulk(query, job);
      return streamSSE(c, async (stream) => {
        const seen: { at: number; processed: number }[] = [];
        let told = '';
        let toldAt = performance.now();
        while (job && !stream.aborted && !deps.stopping?.aborted) {
          const data = JSON.stringify({ ...bulkRow(job, job.finished_at === null ? recentRate(seen, job) : null), byName });
          if (data !== told) await stream.writeSSE({ event: 'progress', data, retry: EVENT_EVERY_MS });
          else if (performance.now() - toldAt > COMMENT_EVERY_MS) await stream.write(': still here\n\n');
          if (data !== told || performance.now() - toldAt > COMMENT_EVERY_MS) toldAt = performance.now();
          told = data;
          if (job.finished_at !== null) return;
          await stream.sleep(EVENT_EVERY_MS);
          job = await findBulk(query, id);
        }
      }) as never;
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: `${BULK_PATH}/{id}/result.xlsx`,
      summary: '출고완료 일괄 결과: 올린 행에 결과와 사유',
      ...read,
      request: {
        params: bulkIdParam,
        query: z.strictObject({
          only: z.enum(['failed']).optional().openapi({ description: 'failed: 고쳐서 다시 올릴 오류·실패 행만' }),
        }),
      },
      responses: { 200: sheetContent('결과'), ...problemResponses(400, 404) },
    }),
    async (c) => {
      const job = await bulkOf(query, c.req.valid('param').id);
      const name = `출고완료 결과 ${job.file_name.replace(/\.[^.]*$/, '')}`;
      return sheetAnswer(name, resultColumns(job), resultRows(query, job, c.req.valid('query').only === 'failed')) as never;
    },
  );
}
