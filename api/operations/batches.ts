import { createRoute, z } from '@hono/zod-openapi';
import { withNames } from '../../db/operations/callers.ts';
import { runsOf } from '../../db/operations/list.ts';
import { Problem } from '../../domain/problems.ts';
import type { Answer, Requests, StoredRequest } from '../../requests/store.ts';
import { type BatchId, listedBatches } from '../../workflows/messages/batches.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { DEFAULT_LIMIT, listAnswer } from '../http/list.ts';
import { jsonAnswer, problemResponses, requestHeaders } from '../http/schemas.ts';
import { storedRoute } from '../http/stored-route.ts';
import { batchCommands } from './batch-commands.ts';
import { anyBatchSchema, batchIds, batchSchema, runSchema, runsQuery } from './batch-schemas.ts';

const batchParam = z.object({
  id: z.string().openapi({ param: { name: 'id', in: 'path' }, enum: batchIds, example: 'waybill-registration' }),
});
/** The batch with this id; 404 for any other. */
function batchOf({ id }: z.output<typeof batchParam>): BatchId {
  const batch = batchIds.find((each) => each === id);
  if (batch === undefined) throw new Problem('BATCH_NOT_FOUND');
  return batch;
}
const startedSchema = z.object({ workflowId: z.string(), runId: z.string() }).openapi('BatchStarted', {
  example: { workflowId: 'auto-complete-manual-5c7b', runId: '0199a1c2-4f3e-7a55-9a1c-1f0f5f2c1a11' },
});

/** The batches (docs/sources/requirements.md#배송관리-배치): state, runs, and the operator's controls. */
export function batchRoutes(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  const { db } = deps;
  const { shown, run, setPaused } = batchCommands(deps);

  const read = { tags: ['배치'], ...auth('batch.read') };
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/bo/v1/batches',
      summary: '배치 목록: 일정, 일시정지, 다음 실행, 마지막 실행',
      ...read,
      request: { query: z.strictObject({}) },
      responses: { 200: jsonAnswer(z.object({ items: z.array(batchSchema) }), '배치'), ...problemResponses(400, 503) },
    }),
    async (c) => c.json({ items: await shown(listedBatches) }, 200),
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/bo/v1/batches/{id}',
      summary: '배치 하나. 개인정보 파기(personal-data)와 발송기한 지남(dispatch-overdue)은 목록에 없고 여기서만 조회합니다',
      ...read,
      request: { params: batchParam },
      responses: { 200: jsonAnswer(anyBatchSchema, '배치'), ...problemResponses(400, 404, 503) },
    }),
    async (c) => {
      const [batch] = await shown([batchOf(c.req.valid('param'))]);
      if (!batch) throw new Problem('BATCH_NOT_FOUND');
      return c.json(batch, 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/bo/v1/batches/{id}/runs',
      summary: '배치 실행 이력, 최근 것부터',
      ...read,
      request: { params: batchParam, query: runsQuery },
      responses: { 200: jsonAnswer(listAnswer(runSchema), '실행'), ...problemResponses(400, 404) },
    }),
    async (c) => {
      const { limit = DEFAULT_LIMIT, ...query } = c.req.valid('query');
      const page = await runsOf(db.query, batchOf(c.req.valid('param')), { limit, ...query });
      return c.json({ ...page, items: await withNames(db.query, page.items) }, 200);
    },
  );

  const actions = [
    ['run', '지금 실행', (id, request) => run(id, request)],
    ['pause', '일시정지: 일정에 따른 실행을 멈춥니다', (id, request) => setPaused(id, true, request)],
    ['resume', '재개', (id, request) => setPaused(id, false, request)],
  ] as const satisfies [string, string, (id: BatchId, request: StoredRequest) => Promise<Answer>][];
  for (const [action, summary, act] of actions) {
    storedRoute(app, requests, {
      operation: `batch:${action}`,
      route: createRoute({
        method: 'post',
        path: `/api/bo/v1/batches/{id}/${action}`,
        summary,
        tags: ['배치'],
        ...auth('batch.run'),
        request: { params: batchParam, headers: requestHeaders },
        responses: {
          ...(action === 'run' ? { 202: jsonAnswer(startedSchema, '시작됨') } : { 200: jsonAnswer(anyBatchSchema, '배치') }),
          ...problemResponses(400, 404, 409, 415, 503),
        },
      }),
      given: (_c, { params }) => ({ params: { id: batchOf(params) } }),
      execute: ({ request }) => act(batchOf(batchParam.parse(request.params)), request),
    });
  }
}
