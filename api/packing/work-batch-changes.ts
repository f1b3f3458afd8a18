import { createRoute, z } from '@hono/zod-openapi';
import { giveWorkBatch, lockWorkBatch, moveWorkBatch, type WorkBatchRow } from '../../db/packing/write.ts';
import type { Query } from '../../db/statement.ts';
import { Problem, type ProblemCode } from '../../domain/problems.ts';
import { once } from '../../requests/in-transaction.ts';
import type { Requests, StoredRequest } from '../../requests/store.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { jsonAnswer, jsonBody, problemResponses, requestHeaders } from '../http/schemas.ts';
import { storedRoute } from '../http/stored-route.ts';
import { linesBody, makeBatch, removeLines, resultsSchema } from './batch-membership.ts';
import { completeIfDone } from './finish-batches.ts';
import { workBatchNoParam as params, workBatchState } from './work-batch-rows.ts';

const changedSchema = z
  .object({ workBatchNo: z.int(), state: workBatchState, owner: z.string() })
  .openapi('WorkBatchChanged', { example: { workBatchNo: 12, state: 'picking', owner: 'kim' } });

const moveBody = z.object({ state: workBatchState }).openapi('WorkBatchMove', { example: { state: 'picking' } });

/** The batch, locked; refused where there is none, where it is completed, or, unless `anybody` may, where another has it. */
async function openBatch(query: Query, request: StoredRequest, anybody = false): Promise<WorkBatchRow> {
  const batch = await lockWorkBatch(query, Number(request.params.workBatchNo));
  const code: ProblemCode | null = !batch
    ? 'WORK_BATCH_NOT_FOUND'
    : batch.state === 'completed'
      ? 'WORK_BATCH_COMPLETED'
      : !anybody && batch.owner !== request.sub
        ? 'WORK_BATCH_OWNED'
        : null;
  if (!batch || code) throw new Problem(code ?? 'WORK_BATCH_NOT_FOUND');
  return batch;
}

/** What changes batches of work (작업차수). */
export function workBatchChangeRoutes(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  const path = '/api/bo/v1/work-batches';
  const tags = ['작업차수'];
  const changed = { 200: jsonAnswer(changedSchema, '바뀜'), ...problemResponses(400, 404, 409, 413, 415, 503) };
  const results = { 200: jsonAnswer(resultsSchema, '줄마다의 결과'), ...problemResponses(400, 404, 409, 413, 415, 503) };
  const post = (name: string, summary: string) =>
    ({ method: 'post', path: `${path}${name}`, summary, tags, ...auth('delivery.write') }) as const;

  storedRoute(app, requests, {
    operation: 'work-batch',
    route: createRoute({
      ...post('', '작업차수 만듦: 출고지시인 줄만, 한 줄은 열린 작업차수 하나에만'),
      request: { headers: requestHeaders, body: jsonBody(linesBody) },
      responses: results,
    }),
    execute: ({ request, body }) =>
      once(deps, request, async (query, { askedAt }) => {
        const made = await makeBatch(query, body.lines, { by: request.sub, askedAt });
        return { status: 200, body: made, final: true };
      }),
  });
  storedRoute(app, requests, {
    operation: 'work-batch-move',
    route: createRoute({
      ...post('/{workBatchNo}/move', '작업차수의 상태: 피킹, 검품, 또는 되돌림. 완료는 출고할 줄이 없을 때만'),
      request: { headers: requestHeaders, params, body: jsonBody(moveBody) },
      responses: changed,
    }),
    execute: ({ request, body: { state } }) =>
      once(deps, request, async (query, { askedAt }) => {
        const { work_batch_no: workBatchNo, owner } = await openBatch(query, request);
        if (state === 'completed') {
          if (!(await completeIfDone(query, workBatchNo))) throw new Problem('WORK_BATCH_NOT_DONE');
        } else if (!(await moveWorkBatch(query, workBatchNo, state, askedAt))) throw new Problem('SUPERSEDED');
        return { status: 200, body: { workBatchNo, state, owner }, final: true };
      }),
  });
  storedRoute(app, requests, {
    operation: 'work-batch-take-over',
    route: createRoute({
      ...post('/{workBatchNo}/take-over', '작업차수 넘겨받음: 이제 부른 사람이 맡습니다'),
      request: { headers: requestHeaders, params },
      responses: changed,
    }),
    execute: ({ request }) =>
      once(deps, request, async (query, { askedAt }) => {
        const { work_batch_no: workBatchNo, state } = await openBatch(query, request, true);
        if (!(await giveWorkBatch(query, workBatchNo, request.sub, askedAt))) throw new Problem('SUPERSEDED');
        return { status: 200, body: { workBatchNo, state, owner: request.sub }, final: true };
      }),
  });
  storedRoute(app, requests, {
    operation: 'work-batch-remove',
    route: createRoute({
      ...post('/{workBatchNo}/remove', '작업차수에서 줄을 뺌: 다른 작업차수에 넣을 수 있습니다'),
      request: { headers: requestHeaders, params, body: jsonBody(linesBody) },
      responses: results,
    }),
    execute: ({ request, body }) =>
      once(deps, request, async (query) => {
        const { work_batch_no: workBatchNo } = await openBatch(query, request);
        return { status: 200, body: await removeLines(query, workBatchNo, body.lines), final: true };
      }),
  });
}
