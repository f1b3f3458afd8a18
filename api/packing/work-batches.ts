import { createRoute, z } from '@hono/zod-openapi';
import { namesOf } from '../../db/operations/callers.ts';
import { linesOfWorkBatch } from '../../db/packing/batch-lines.ts';
import { findWorkBatch, findWorkBatches } from '../../db/packing/list.ts';
import { Problem } from '../../domain/problems.ts';
import type { Requests } from '../../requests/store.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { listAnswer } from '../http/list.ts';
import { digitsOf, jsonAnswer, positiveId, problemResponses, text } from '../http/schemas.ts';
import { workBatchChangeRoutes } from './work-batch-changes.ts';
import {
  linesOf,
  wholeWorkBatchSchema,
  workBatchNoParam,
  workBatchOf,
  workBatchSchema,
  workBatchState,
} from './work-batch-rows.ts';

/** Each batch counts up to 500 lines, so a page has fewer than other lists. */
const MOST_LISTED = 100;
const BY_DEFAULT = 50;

const query = z.strictObject({
  state: workBatchState.optional(),
  owner: text(200).optional().openapi({ description: '맡은 사람 (토큰의 sub)' }),
  placeNo: positiveId.optional(),
  limit: digitsOf(/^\d{1,3}$/)
    .pipe(z.int().min(1).max(MOST_LISTED))
    .optional()
    .openapi({ type: 'integer', minimum: 1, maximum: MOST_LISTED, example: BY_DEFAULT }),
  cursor: positiveId.optional().openapi({ type: 'string', description: '앞 쪽의 nextCursor' }),
});

/** Batches of work (작업차수): sets of released lines with a number, an owner and a state. */
export function workBatchRoutes(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  const path = '/api/bo/v1/work-batches';
  const tags = ['작업차수'];
  const { db } = deps;
  app.openapi(
    createRoute({
      method: 'get',
      path,
      summary: '작업차수 목록: 새것부터',
      tags,
      ...auth('delivery.read'),
      request: { query },
      responses: { 200: jsonAnswer(listAnswer(workBatchSchema), '작업차수'), ...problemResponses(400) },
    }),
    async (c) => {
      const { limit = BY_DEFAULT, ...filter } = c.req.valid('query');
      const rows = await findWorkBatches(db.query, filter, limit + 1);
      const names = await namesOf(
        db.query,
        rows.map(({ owner }) => owner),
      );
      const items = rows.slice(0, limit).map((row) => workBatchOf(row, names));
      return c.json({ items, nextCursor: rows.length > limit ? String(items.at(-1)?.workBatchNo) : null }, 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: `${path}/{workBatchNo}`,
      summary: '작업차수 하나와 그 줄',
      tags,
      ...auth('delivery.read'),
      request: { params: workBatchNoParam },
      responses: { 200: jsonAnswer(wholeWorkBatchSchema, '작업차수'), ...problemResponses(400, 404) },
    }),
    async (c) => {
      const { workBatchNo } = c.req.valid('param');
      const [row, lines] = await Promise.all([findWorkBatch(db.query, workBatchNo), linesOfWorkBatch(db.query, workBatchNo)]);
      if (!row) throw new Problem('WORK_BATCH_NOT_FOUND');
      const names = await namesOf(db.query, [row.owner]);
      return c.json({ ...workBatchOf(row, names), ...linesOf(lines) }, 200);
    },
  );
  workBatchChangeRoutes(app, deps, auth, requests);
}
