import { createRoute, z } from '@hono/zod-openapi';
import { type Changed, changeOnce } from '../../db/shipping/changes.ts';
import type { ShippingPolicyRow } from '../../db/shipping/terms.ts';
import type { Query } from '../../db/statement.ts';
import { Problem } from '../../domain/problems.ts';
import { type FeeType, feeTypes } from '../../domain/shipping/bundle-fee.ts';
import type { Requests, StoredRequest } from '../../requests/store.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { jsonAnswer, jsonBody, requestHeaders } from '../http/schemas.ts';
import { storedAnswer } from '../http/stored-answer.ts';
import { esmHook, esmResponses, pathNumber, placeNoParam, policyNoParam, won } from './wire.ts';

const LEAST_CONDITION = 1_000;
const CONDITION_BELOW = 10_000_000;

const isFeeType = (value: number): value is FeeType => Object.hasOwn(feeTypes, value);

/** docs/sources/requirements.md#bundle-fee-3: the body of 등록 and 수정, which names everything. Field names are the wire's. */
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

/** A policy as 조회 answers it: the fields of docs/sources/requirements.md#bundle-fee-5 and no others. */
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

/** Every policy of a place, oldest first. */
export async function policiesOf(query: Query, placeNo: number): Promise<z.output<typeof policySchema>[]> {
  const rows = await query<ShippingPolicyRow>('select * from shipping_policies where place_no = $1 order by policy_no', [
    placeNo,
  ]);
  return rows.map((row) => ({
    policyNo: row.policy_no,
    feeType: row.fee_type,
    fee: row.fee,
    isPrepayment: row.is_prepayment,
    isCashOnDelivery: row.is_cash_on_delivery,
    shippingFee: [{ condition: row.condition }],
  }));
}

/** 묶음배송비관리 API: the ESM Plus wire, exactly as docs/sources/requirements.md#묶음배송비. */
export function shippingPolicyRoutes(app: App, { db }: ApiDeps, auth: Auth, requests: Requests): void {
  const write = { tags: ['묶음배송비'], ...auth('policy.write') };
  const answers = { 200: jsonAnswer(policyAnswer, '저장됨'), ...esmResponses(404, 409, 413, 415, 503) };

  requests.register('shipping-policy', async (request) => {
    const answer = await changeOnce(db, request, (query, askedAt) => savePolicy(query, request, askedAt));
    return { status: 200, body: answer, final: true };
  });
  app.openapi(
    createRoute({
      method: 'post',
      path: '/item/v1/shipping/policies',
      summary: '묶음배송비 정책 등록',
      ...write,
      request: { headers: requestHeaders, body: jsonBody(policyBody) },
      responses: answers,
    }),
    (c) => storedAnswer(c, requests, 'shipping-policy', { body: c.req.valid('json') }) as never,
    esmHook,
  );
  app.openapi(
    createRoute({
      method: 'put',
      path: '/item/v1/shipping/policies/{policyNo}',
      summary: '묶음배송비 정책 수정 (정책 전체를 바꿈)',
      ...write,
      request: { headers: requestHeaders, params: policyNoParam, body: jsonBody(policyBody) },
      responses: answers,
    }),
    (c) => {
      const policyNo = pathNumber(c.req.valid('param').policyNo, 'POLICY_NOT_FOUND');
      return storedAnswer(c, requests, 'shipping-policy', {
        body: c.req.valid('json'),
        params: { policyNo: String(policyNo) },
      }) as never;
    },
    esmHook,
  );

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
      const places = await db.query('select 1 from shipping_places where place_no = $1', [placeNo]);
      if (places.length === 0) throw new Problem('PLACE_NOT_FOUND');
      return c.json({ placeNo, policies: await policiesOf(db.query, placeNo) }, 200);
    },
    esmHook,
  );
}

/** Writes a policy under the lock of its place's row, which is what makes two new defaults take turns. */
async function savePolicy(query: Query, request: StoredRequest, askedAt: string): Promise<Changed> {
  const body: PolicyBody = policyBody.parse(request.body);
  const { placeNo } = body;
  const asked = request.params.policyNo === undefined ? null : Number(request.params.policyNo);
  const policies = await query<{ place_no: number }>('select place_no from shipping_policies where policy_no = $1', [asked]);
  if (asked !== null && !policies[0]) throw new Problem('POLICY_NOT_FOUND');
  if (policies[0] && policies[0].place_no !== placeNo) throw new Problem('PLACE_FIXED');
  const places = await query('select 1 from shipping_places where place_no = $1 for no key update', [placeNo]);
  if (places.length === 0) throw new Problem('PLACE_NOT_FOUND');
  const later = await query<{ policy_no: number; is_default: boolean }>(
    'select policy_no, is_default from shipping_policies where place_no = $1 and asked_at > $2 and (is_default or policy_no = $3)',
    [placeNo, askedAt, asked],
  );
  if (asked !== null && later.some((row) => row.policy_no === asked))
    return { placeNo, policyNo: asked, answer: { placeNo, policyNo: asked } };
  const isDefault = body.isDefault && !later.some((row) => row.is_default);
  if (isDefault)
    await query(
      'update shipping_policies set is_default = false, updated_at = now() where place_no = $1 and is_default and policy_no is distinct from $2',
      [placeNo, asked],
    );
  const saved = await query<{ policy_no: number }>(
    `insert into shipping_policies (policy_no, place_no, fee_type, fee, condition, is_prepayment, is_cash_on_delivery, is_default, asked_at)
     values (coalesce($1, nextval('shipping_policy_no_seq')), $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (policy_no) do update set fee_type = excluded.fee_type, fee = excluded.fee, condition = excluded.condition,
       is_prepayment = excluded.is_prepayment, is_cash_on_delivery = excluded.is_cash_on_delivery, is_default = excluded.is_default,
       asked_at = excluded.asked_at, updated_at = now()
     returning policy_no`,
    [
      asked,
      placeNo,
      body.feeType,
      body.fee,
      body.shippingFee?.[0]?.condition ?? 0,
      body.isPrepayment,
      body.isCashOnDelivery,
      isDefault,
      askedAt,
    ],
  );
  const policyNo = saved[0]?.policy_no ?? 0;
  return { placeNo, policyNo, answer: { placeNo, policyNo } };
}
