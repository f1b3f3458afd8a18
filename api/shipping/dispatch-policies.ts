import { createRoute, z } from '@hono/zod-openapi';
import { type Change, changeOnce } from '../../db/shipping/changes.ts';
import {
  type DispatchPolicyWish,
  findDispatchPolicies,
  findDispatchPolicy,
  makeDispatchPolicyDefault,
  type StoredDispatchPolicy,
  saveDispatchPolicy,
} from '../../db/shipping/dispatch-policies.ts';
import { type DispatchType, dispatchTypes } from '../../domain/dispatch/policy.ts';
import { Problem } from '../../domain/problems.ts';
import type { Answer, Requests, StoredRequest } from '../../requests/store.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { jsonAnswer, jsonBody, requestHeaders, text } from '../http/schemas.ts';
import { storedRoute } from '../http/stored-route.ts';
import { dispatchPolicyNoParam, esmResponses, pathNumber } from './wire.ts';

/** Which types need which field; every other field of the two must be absent or null. */
const needs = {
  A: 'dispatchCloseTime',
  B: 'readyDurationDay',
  C: 'readyDurationDay',
  D: null,
  E: 'readyDurationDay',
  F: null,
} as const;
const dispatchType = z.enum(Object.keys(dispatchTypes) as DispatchType[]);

/** The body of 등록 and 수정, in the wire's names (docs/sources/contract.md). */
const policyBody = z
  .object({
    dispatchPolicyName: text(100),
    dispatchType,
    readyDurationDay: z
      .int('정수여야 합니다')
      .min(1, '1 이상이어야 합니다')
      .max(30, '30 이하여야 합니다')
      .nullish()
      .openapi({ description: '결제일 다음부터 세는 영업일 수 (B, C, E)' }),
    dispatchCloseTime: z
      .string()
      .regex(/^([01]\d|2[0-3]):[03]0$/, 'HH:mm, 30분 단위여야 합니다')
      .nullish()
      .openapi({ description: '당일 발송 마감 시각, 서울 (A)' }),
    isDefault: z.boolean(),
  })
  .superRefine((body, context) => {
    const need = needs[body.dispatchType];
    if (need !== null && (body[need] ?? null) === null)
      context.addIssue({ code: 'custom', path: [need], message: need, params: { code: 'VALUE_MISSING' } });
    for (const field of ['readyDurationDay', 'dispatchCloseTime'] as const)
      if (field !== need && (body[field] ?? null) !== null)
        context.addIssue({
          code: 'custom',
          path: [field],
          message: `${body.dispatchType}(${dispatchTypes[body.dispatchType]})에는 쓰지 않습니다`,
        });
  })
  .openapi('DispatchPolicyBody', {
    example: { dispatchPolicyName: '오늘출발 14시', dispatchType: 'A', dispatchCloseTime: '14:00', isDefault: true },
  });
type PolicyBody = z.output<typeof policyBody>;

const policyAnswer = z.object({ dispatchPolicyNo: z.int() }).openapi('DispatchPolicyNo', { example: { dispatchPolicyNo: 1 } });

const policySchema = z
  .object({
    dispatchPolicyNo: z.int(),
    dispatchPolicyName: z.string(),
    dispatchType,
    readyDurationDay: z.int().nullable(),
    dispatchCloseTime: z.string().nullable(),
    isDefault: z.boolean(),
  })
  .openapi('DispatchPolicy', {
    example: {
      dispatchPolicyNo: 1,
      dispatchPolicyName: '오늘출발 14시',
      dispatchType: 'A',
      readyDurationDay: null,
      dispatchCloseTime: '14:00',
      isDefault: true,
    },
  });

const policyOf = (policy: StoredDispatchPolicy): z.output<typeof policySchema> => ({
  dispatchPolicyNo: policy.dispatchPolicyNo,
  dispatchPolicyName: policy.name,
  dispatchType: policy.dispatchType,
  readyDurationDay: policy.readyDays ?? null,
  dispatchCloseTime: policy.closeTime ?? null,
  isDefault: policy.isDefault,
});

const wishOf = (body: PolicyBody): DispatchPolicyWish => ({
  name: body.dispatchPolicyName,
  dispatchType: body.dispatchType,
  readyDays: body.readyDurationDay ?? null,
  closeTime: body.dispatchCloseTime ?? null,
  isDefault: body.isDefault,
});

const PATH = '/item/v1/shipping/dispatch-policies';

/** Dispatch policies (발송정책), on the ESM Plus wire. */
export function dispatchPolicyRoutes(app: App, { db }: ApiDeps, auth: Auth, requests: Requests): void {
  const write = { tags: ['발송기한'], ...auth('policy.write') };
  const read = { tags: ['발송기한'], ...auth('policy.read') };
  const answers = { 200: jsonAnswer(policyAnswer, '저장됨'), ...esmResponses(404, 409, 413, 415, 503) };

  const change = async (request: StoredRequest, work: (change: Change) => Promise<number>): Promise<Answer> => {
    const answer = await changeOnce(db, request, async (tools) => {
      const dispatchPolicyNo = await work(tools);
      return { placeNo: null, policyNo: null, dispatchPolicyNo, answer: { dispatchPolicyNo } };
    });
    return { status: 200, body: answer, final: true };
  };
  const numbered = (_c: unknown, { params }: { params: z.output<typeof dispatchPolicyNoParam> }) => ({
    params: { dispatchPolicyNo: String(pathNumber(params.dispatchPolicyNo, 'DISPATCH_POLICY_NOT_FOUND')) },
  });
  const execute = ({ request, body }: { request: StoredRequest; body: PolicyBody }): Promise<Answer> => {
    const { dispatchPolicyNo } = request.params;
    return change(request, (tools) =>
      saveDispatchPolicy(tools, dispatchPolicyNo === undefined ? null : Number(dispatchPolicyNo), wishOf(body)),
    );
  };

  storedRoute(app, requests, {
    operation: 'dispatch-policy',
    route: createRoute({
      method: 'post',
      path: PATH,
      summary: '발송정책 등록',
      ...write,
      request: { headers: requestHeaders, body: jsonBody(policyBody) },
      responses: answers,
    }),
    execute,
  });
  storedRoute(app, requests, {
    operation: 'dispatch-policy',
    route: createRoute({
      method: 'put',
      path: `${PATH}/{dispatchPolicyNo}`,
      summary: '발송정책 수정 (정책 전체를 바꿈). 이미 받은 주문의 발송기한은 그대로입니다',
      ...write,
      request: { headers: requestHeaders, params: dispatchPolicyNoParam, body: jsonBody(policyBody) },
      responses: answers,
    }),
    given: numbered,
    execute,
  });
  storedRoute(app, requests, {
    operation: 'dispatch-policy-default',
    route: createRoute({
      method: 'post',
      path: `${PATH}/{dispatchPolicyNo}/default`,
      summary: '기본 발송정책으로 정함',
      ...write,
      request: { headers: requestHeaders, params: dispatchPolicyNoParam },
      responses: answers,
    }),
    given: numbered,
    execute: ({ request }) =>
      change(request, (tools) => makeDispatchPolicyDefault(tools, Number(request.params.dispatchPolicyNo))),
  });

  app.openapi(
    createRoute({
      method: 'get',
      path: PATH,
      summary: '발송정책 목록',
      ...read,
      responses: {
        200: jsonAnswer(z.object({ dispatchPolicies: z.array(policySchema) }), '발송정책'),
        ...esmResponses(503),
      },
    }),
    async (c) => c.json({ dispatchPolicies: (await findDispatchPolicies(db.em())).map(policyOf) }, 200),
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: `${PATH}/{dispatchPolicyNo}`,
      summary: '발송정책 조회',
      ...read,
      request: { params: dispatchPolicyNoParam },
      responses: { 200: jsonAnswer(policySchema, '발송정책'), ...esmResponses(404, 503) },
    }),
    async (c) => {
      const number = pathNumber(c.req.valid('param').dispatchPolicyNo, 'DISPATCH_POLICY_NOT_FOUND');
      const policy = await findDispatchPolicy(db.em(), number);
      if (!policy) throw new Problem('DISPATCH_POLICY_NOT_FOUND');
      return c.json(policyOf(policy), 200);
    },
  );
}
