import { createRoute, z } from '@hono/zod-openapi';
import { changeOnce } from '../../db/shipping/changes.ts';
import { findPlace, findPolicies, type ShippingPolicy } from '../../db/shipping/find.ts';
import { type PolicyWish, savePolicy } from '../../db/shipping/write.ts';
import { Problem } from '../../domain/problems.ts';
import { type FeeType, feeTypes } from '../../domain/shipping/bundle-fee.ts';
import type { Answer, Requests, StoredRequest } from '../../requests/store.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { jsonAnswer, jsonBody, requestHeaders } from '../http/schemas.ts';
import { storedRoute } from '../http/stored-route.ts';
import { esmResponses, pathNumber, placeNoParam, policyNoParam, won } from './wire.ts';

const LEAST_CONDITION = 1_000;
const CONDITION_BELOW = 10_000_000;

const isFeeType = (value: number): value is FeeType => Object.hasOwn(feeTypes, value);

/** docs/sources/requirements.md#bundle-fee-3: the body of 등록 and 수정; every field is required. Field names are the wire's. */
const policyBody = z
  .object({
    feeType: z
      .int('1, 2, 3 중 하나여야 합니다')
      .refine(isFeeType, '1(무료), 2(유료), 3(조건부) 중 하나여야 합니다')
      .openapi({ type: 'integer', enum: [1, 2, 3], example: 3 }),
    fee: won,
    isPrepayment: z.boolean(),
    isCashOnDelivery: z.boolean(),
    placeNo: z.int().positive().openapi({ example: 176042 }),
    isDefault: z.boolean(),
    shippingFee: z
      .array(z.object({ condition: won.nullish() }))
      .max(1)
      .nullish(),
  })
  .superRefine(({ feeType, fee, isPrepayment, isCashOnDelivery, shippingFee }, context) => {
    if (feeType !== 1 && !isPrepayment && !isCashOnDelivery)
      context.addIssue({ code: 'custom', message: 'isPrepayment, isCashOnDelivery', params: { code: 'FEE_PAYER_MISSING' } });
    if (feeType !== 1 && fee === 0)
      context.addIssue({ code: 'custom', path: ['fee'], message: '유료와 조건부는 0보다 커야 합니다' });
    const condition = shippingFee?.[0]?.condition ?? null;
    if (feeType === 3 && (condition === null || condition < LEAST_CONDITION || condition >= CONDITION_BELOW))
      context.addIssue({
        code: 'custom',
        path: ['shippingFee', 0, 'condition'],
        message: '조건부 기준금액은 1000 이상 10,000,000 미만이어야 합니다',
      });
  })
  .openapi('BundleFeePolicyBody', {
    example: {
      feeType: 3,
      fee: 2500,
      isPrepayment: true,
      isCashOnDelivery: false,
      placeNo: 176042,
      isDefault: false,
      shippingFee: [{ condition: 20000 }],
    },
  });
type PolicyBody = z.output<typeof policyBody>;

const policyAnswer = z
  .object({ placeNo: z.int(), policyNo: z.int() })
  .openapi('BundleFeePolicyNo', { example: { placeNo: 176042, policyNo: 663289 } });

/** A policy in the answer of 조회: exactly the fields of docs/sources/requirements.md#bundle-fee-5. */
export const policySchema = z
  .object({
    policyNo: z.int(),
    feeType: z.int(),
    fee: z.int(),
    isPrepayment: z.boolean(),
    isCashOnDelivery: z.boolean(),
    shippingFee: z.array(z.object({ condition: z.int() })),
  })
  .openapi('BundleFeePolicy', {
    example: {
      policyNo: 663289,
      feeType: 3,
      fee: 2500,
      isPrepayment: true,
      isCashOnDelivery: false,
      shippingFee: [{ condition: 20000 }],
    },
  });

export const policyOf = (policy: ShippingPolicy): z.output<typeof policySchema> => ({
  policyNo: policy.policyNo,
  feeType: policy.feeType,
  fee: policy.fee,
  isPrepayment: policy.isPrepayment,
  isCashOnDelivery: policy.isCashOnDelivery,
  shippingFee: [{ condition: policy.condition }],
});

const wishOf = ({ shippingFee, ...body }: PolicyBody): PolicyWish => ({ ...body, condition: shippingFee?.[0]?.condition ?? 0 });

/** 묶음배송비관리 API: the ESM Plus wire, exactly as in docs/sources/requirements.md#묶음배송비. */
export function shippingPolicyRoutes(app: App, { db }: ApiDeps, auth: Auth, requests: Requests): void {
  const write = { tags: ['묶음배송비'], ...auth('policy.write') };
  const answers = { 200: jsonAnswer(policyAnswer, '저장됨'), ...esmResponses(404, 409, 413, 415, 503) };

  const execute = async ({ request, body }: { request: StoredRequest; body: PolicyBody }): Promise<Answer> => {
    const asked = request.params.policyNo === undefined ? null : Number(request.params.policyNo);
    const answer = await changeOnce(db, request, async (change) => {
      const saved = { placeNo: body.placeNo, policyNo: await savePolicy(change, asked, wishOf(body)) };
      return { ...saved, answer: saved };
    });
    return { status: 200, body: answer, final: true };
  };
  storedRoute(app, requests, {
    operation: 'shipping-policy',
    route: createRoute({
      method: 'post',
      path: '/item/v1/shipping/policies',
      summary: '묶음배송비 정책 등록',
      ...write,
      request: { headers: requestHeaders, body: jsonBody(policyBody) },
      responses: answers,
    }),
    execute,
  });
  storedRoute(app, requests, {
    operation: 'shipping-policy',
    route: createRoute({
      method: 'put',
      path: '/item/v1/shipping/policies/{policyNo}',
      summary: '묶음배송비 정책 수정 (정책 전체를 바꿈)',
      ...write,
      request: { headers: requestHeaders, params: policyNoParam, body: jsonBody(policyBody) },
      responses: answers,
    }),
    given: (_c, { params }) => ({ params: { policyNo: String(pathNumber(params.policyNo, 'POLICY_NOT_FOUND')) } }),
    execute,
  });

  app.openapi(
    createRoute({
      method: 'get',
      path: '/item/v1/shipping/places/{placeNo}/policies',
      summary: '출하지의 묶음배송비 정책 조회',
      tags: ['묶음배송비'],
      ...auth('policy.read'),
      request: { params: placeNoParam },
      responses: {
        200: jsonAnswer(z.object({ placeNo: z.int(), policies: z.array(policySchema) }), '정책'),
        ...esmResponses(404, 503),
      },
    }),
    async (c) => {
      const placeNo = pathNumber(c.req.valid('param').placeNo, 'PLACE_NOT_FOUND');
      const em = db.em();
      if (!(await findPlace(em, placeNo))) throw new Problem('PLACE_NOT_FOUND');
      const policies = await findPolicies(em, placeNo);
      return c.json({ placeNo, policies: policies.map(policyOf) }, 200);
    },
  );
}
