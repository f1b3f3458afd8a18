import { createRoute, z } from '@hono/zod-openapi';
import {
  type Client,
  ScheduleNotFoundError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { keywords } from '../../commands/keywords.ts';
import { timeLimit } from '../../commands/time-limit.ts';
import { otherRuns } from '../../db/operations/batch-runs.ts';
import { lastRuns, runsOf } from '../../db/operations/list.ts';
import { Problem } from '../../domain/problems.ts';
import type { Answer, Requests, StoredRequest } from '../../requests/store.ts';
import {
  BATCH_TIME_ZONE,
  type BatchId,
  type BatchStart,
  batchScheduleId,
  batchWorkflows,
} from '../../workflows/messages/batches.ts';
import { searchAttributes } from '../../workflows/messages/names.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { DEFAULT_LIMIT, listAnswer } from '../http/list.ts';
import { jsonAnswer, problemResponses, requestHeaders } from '../http/schemas.ts';
import { storedRoute } from '../http/stored-route.ts';
import { batchSchema, runSchema, runsQuery } from './batch-schemas.ts';

const batchIds = Object.keys(batchWorkflows) as BatchId[];
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

/** The Schedule's state; `cron` is the one in force, taken from the arguments of its runs. Null = no worker has created it yet. */
async function scheduleOf(client: Client, scheduleId: string) {
  try {
    const { action, state, info } = await client.schedule.getHandle(scheduleId).describe();
    const [start] = (action.args ?? []) as BatchStart[];
    return { cron: start?.cron ?? null, paused: state.paused, nextRunAt: info.nextActionTimes[0]?.toISOString() ?? null };
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return null;
    throw error;
  }
}

/** A run, under way or ended; null = there is none with this id. */
async function runOf(client: Client, workflowId: string) {
  try {
    return await client.workflow.getHandle(workflowId).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

/** The batches (docs/sources/requirements.md#배송관리-배치): state, runs, and the operator's controls. */
export function batchRoutes(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  const { db, temporal, taskQueue, config, log } = deps;

  /** Calls Temporal within the command time-out; answers `code` when it fails. */
  const within = async <T>(code: 'UNAVAILABLE' | 'COMMAND_PENDING', work: () => Promise<T>): Promise<T> => {
    const limit = timeLimit(config.COMMAND_TIMEOUT_MS);
    try {
      return await limit.run(temporal, work);
    } catch (error) {
      if (error instanceof Problem) throw error;
      log.warn({ err: error }, 'a batch could not be reached');
      throw new Problem(code, undefined, {}, { 'retry-after': '5' });
    } finally {
      limit.clear();
    }
  };

  const shown = async (ids: readonly BatchId[]) => {
    const last = await lastRuns(db.query, batchIds);
    // After a pause or resume this is COMMAND_PENDING (requests/answers.ts): it is done, or will be.
    const schedules = await within('UNAVAILABLE', () =>
      Promise.all(ids.map((id) => scheduleOf(temporal, batchScheduleId(id, taskQueue)))),
    );
    return ids.map((id, at) => {
      const schedule = schedules[at] ?? { cron: null, paused: false, nextRunAt: null };
      const nextRunAt = schedule.paused ? null : schedule.nextRunAt;
      return { id, ...schedule, nextRunAt, timeZone: BATCH_TIME_ZONE, lastRun: last.get(id) ?? null };
    });
  };

  /** Started under its own id, so that a repeated request starts only one run; a run next to another closes itself (beginRun). */
  const run = async (batch: BatchId, request: StoredRequest): Promise<Answer> => {
    const workflowId = `${batchScheduleId(batch, taskQueue)}-manual-${request.id}`;
    const others = await otherRuns(db.query, batch, workflowId);
    const runId = await within('COMMAND_PENDING', async () => {
      // It may have started without its caller being told, and since then another one: that one refuses nothing.
      const own = request.attempts > 1 ? await runOf(temporal, workflowId) : null;
      if (own) return own.runId;
      for (const { workflow_id } of others)
        if ((await runOf(temporal, workflow_id))?.status.name === 'RUNNING')
          throw new Problem('BATCH_RUNNING', `실행 중: ${workflow_id}`);
      const start: BatchStart = { batch, trigger: 'manual', by: request.sub };
      try {
        const handle = await temporal.workflow.start(batchWorkflows[batch], {
          workflowId,
          taskQueue,
          args: [start],
          workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
          typedSearchAttributes: keywords({ [searchAttributes.kind]: 'batch' }),
        });
        return handle.firstExecutionRunId;
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
        return (await temporal.workflow.getHandle(workflowId).describe()).runId;
      }
    });
    return { status: 202, body: { workflowId, runId }, final: true };
  };

  const setPaused = async (batch: BatchId, paused: boolean, { sub }: StoredRequest): Promise<Answer> => {
    await within('COMMAND_PENDING', async () => {
      const handle = temporal.schedule.getHandle(batchScheduleId(batch, taskQueue));
      try {
        await (paused ? handle.pause(`${sub}: 일시정지`) : handle.unpause(`${sub}: 재개`));
      } catch (error) {
        if (error instanceof ScheduleNotFoundError) throw new Problem('BATCH_NOT_FOUND', 'worker가 아직 만들지 않았습니다');
        throw error;
      }
    });
    const [body] = await shown([batch]);
    return { status: 200, body, final: true };
  };

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
    async (c) => c.json({ items: await shown(batchIds) }, 200),
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
      return c.json(await runsOf(db.query, batchOf(c.req.valid('param')), { limit, ...query }), 200);
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
          ...(action === 'run' ? { 202: jsonAnswer(startedSchema, '시작됨') } : { 200: jsonAnswer(batchSchema, '배치') }),
          ...problemResponses(400, 404, 409, 415, 503),
        },
      }),
      given: (_c, { params }) => ({ params: { id: batchOf(params) } }),
      execute: ({ request }) => act(batchOf(batchParam.parse(request.params)), request),
    });
  }
}
