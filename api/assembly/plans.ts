import { createRoute, z } from '@hono/zod-openapi';
import { startPlans } from '../../commands/start.ts';
import { timeLimit } from '../../commands/time-limit.ts';
import { findPlan, historyOfPlan } from '../../db/assembly/find.ts';
import { countPlans, findPlans } from '../../db/assembly/list.ts';
import { insertPlan } from '../../db/assembly/write.ts';
import { withNames } from '../../db/operations/callers.ts';
import { dueAtOf, type PlanCommand, type PlanState, planStatus } from '../../domain/assembly.ts';
import { Problem } from '../../domain/problems.ts';
import type { Answer, Requests, StoredRequest } from '../../requests/store.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { jsonBody, requestHeaders } from '../http/schemas.ts';
import { storedRoute } from '../http/stored-route.ts';
import { commandPlan } from './plan-commands.ts';
import {
  planBody,
  planCompletion,
  planDetailSchema,
  planHistoryOf,
  planOf,
  planOutcomeSchema,
  planSchema,
  planStep,
} from './plan-schemas.ts';
import { uidParam } from './schemas.ts';
import {
  callerScope,
  envelopeErrors,
  envelopeOf,
  id,
  memberOf,
  missing,
  okAnswer,
  okSchema,
  PAGE_SIZE,
  page,
  pageOf,
  pageSchema,
  scopeOf,
  scopeParams,
  writeErrors,
} from './wire.ts';

const notFound = () => new Problem('ASSEMBLY_NOT_FOUND', '없는 상품가공 계획입니다');

const planQuery = z.strictObject({
  member_id: id.optional(),
  assembly_product_uid: id.optional(),
  plan_status: z.enum(['1', '2', '3', '4']).optional().openapi({ description: '1 예정 · 2 가공중 · 3 완료 · 4 취소' }),
  is_overdue: z.enum(['true', 'false']).optional(),
  page,
});

const stateOf = (status: string | undefined): PlanState | undefined =>
  (Object.keys(planStatus) as PlanState[]).find((state) => String(planStatus[state]) === status);

/** Commands and their bodies; the body of `complete` contains the fields of all the others. */
const steps: [PlanCommand, summary: string, body: z.ZodType<z.output<typeof planCompletion>>][] = [
  ['start', '상품가공 계획 시작: 가공재료 예약', planStep],
  ['complete', '상품가공 계획 완료: 가공재료 사용, 가공품 입고, 결품 해제 (물류사가 등록하거나 확인한 가공품만)', planCompletion],
  ['cancel', '상품가공 계획 취소: 예약 해제', planStep],
];

/** 상품가공 계획: one workflow per plan. */
export function assemblyPlanRoutes(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  const { query } = deps.db;
  const read = { tags: ['상품가공 계획'], ...auth('assembly.read') };
  const write = { tags: ['상품가공 계획'], ...auth('assembly.write') };

  storedRoute(app, requests, {
    operation: 'assembly-plan',
    route: createRoute({
      method: 'post',
      path: '/v2/assembly/plan',
      summary: '상품가공 계획 등록',
      ...write,
      request: { headers: requestHeaders, body: jsonBody(planBody) },
      responses: { 200: okSchema(planOutcomeSchema, '등록됨'), ...writeErrors(404) },
    }),
    given: (c) => ({ params: scopeParams(c.get('caller')) }),
    execute: ({ request, body }) => register(deps, request, body),
  });

  app.openapi(
    createRoute({
      method: 'get',
      path: '/v2/assembly/plan/{id}',
      summary: '상품가공 계획 조회(단일)',
      ...read,
      request: { params: uidParam, query: z.strictObject({}) },
      responses: { 200: okSchema(planDetailSchema, '상품가공 계획'), ...envelopeErrors(404) },
    }),
    async (c) => {
      const uid = c.req.valid('param').id;
      const [row] = await findPlans(query, { member: callerScope(c).member, uids: [uid] }, 0, 1);
      if (!row) throw notFound();
      const history = planHistoryOf(await withNames(query, await historyOfPlan(query, uid)));
      return c.json(envelopeOf({ ...planOf(row), history }), 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/v2/assembly/plans',
      summary: '상품가공 계획 조회(벌크, 새것부터)',
      ...read,
      request: { query: planQuery },
      responses: { 200: okSchema(pageSchema(planSchema), '상품가공 계획 목록'), ...envelopeErrors() },
    }),
    async (c) => {
      const asked = c.req.valid('query');
      const filter = {
        member: memberOf(callerScope(c), asked.member_id, 'optional'),
        productUid: asked.assembly_product_uid,
        state: stateOf(asked.plan_status),
        overdue: asked.is_overdue === undefined ? undefined : asked.is_overdue === 'true',
      };
      const current = asked.page ?? 1;
      const [rows, total] = await Promise.all([
        findPlans(query, filter, (current - 1) * PAGE_SIZE, PAGE_SIZE),
        countPlans(query, filter),
      ]);
      return c.json(envelopeOf(pageOf(total, current, rows.map(planOf))), 200);
    },
  );

  for (const [command, summary, body] of steps)
    storedRoute(app, requests, {
      operation: `plan:${command}`,
      route: createRoute({
        method: 'put',
        path: `/v2/assembly/plan/{id}/${command}`,
        summary,
        ...write,
        request: { headers: requestHeaders, params: uidParam, body: { ...jsonBody(body), required: false } },
        responses: { 200: okSchema(planOutcomeSchema, '처리됨'), ...writeErrors(404, 409) },
      }),
      given: (c, { params }) => ({ params: { ...scopeParams(c.get('caller')), id: String(params.id) } }),
      execute: async ({ request, body: { member_id, completed_quantity: completedQuantity } }) => {
        const member = memberOf(scopeOf(request), member_id, 'optional');
        const row = await findPlan(query, Number(request.params.id));
        if (!row || (member !== null && row.member_id !== member)) throw notFound();
        return commandPlan(deps, request, command, row, command === 'complete' ? { completedQuantity } : {});
      },
    });
}

/** Starts the plan's workflow before answering; if Temporal is away, the answer is pending and the sweep starts it. */
async function register(deps: ApiDeps, request: StoredRequest, body: z.output<typeof planBody>): Promise<Answer> {
  const uid = await deps.db.transaction((query) =>
    insertPlan(query, {
      member: memberOf(scopeOf(request), body.member_id, 'optional'),
      productUid: body.assembly_product_uid,
      quantity: body.plan_quantity,
      day: body.plan_date,
      comment: body.comment || null,
      dueAt: dueAtOf(body.plan_date),
      requestId: request.id,
      by: request.sub,
    }),
  );
  if (uid === null) throw missing('assembly_product_uid', '없는 가공품입니다');
  const row = await findPlan(deps.db.query, uid);
  if (row?.started_at === null) {
    const time = timeLimit(deps.config.COMMAND_TIMEOUT_MS);
    try {
      await time.run(deps.temporal, () => startPlans(deps, [row]));
    } catch (error) {
      deps.log.warn({ reqId: request.traceId, assemblyPlanUid: uid, err: error }, 'a plan waits for its workflow');
      throw new Problem('COMMAND_PENDING');
    } finally {
      time.clear();
    }
  }
  return okAnswer({ assembly_plan_uid: String(uid), plan_status: planStatus.planned });
}
