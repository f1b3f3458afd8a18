import { createRoute, z } from '@hono/zod-openapi';
import { findWaybillRanges, numbersOf, saveWaybillRange, type WaybillRangeRow } from '../../db/shipping/waybill-ranges.ts';
import { normalizeWaybill } from '../../domain/carriers.ts';
import { Problem } from '../../domain/problems.ts';
import {
  leftOf,
  type NumberRange,
  type RangeState,
  rangeOf,
  rangeStates,
  stateOf,
  usedOf,
  type WaybillRule,
  waybillAt,
  waybillRules,
} from '../../domain/shipping/waybill-range.ts';
import { once } from '../../requests/in-transaction.ts';
import type { Requests, StoredRequest } from '../../requests/store.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { digitsOf, jsonAnswer, jsonBody, problemResponses, requestHeaders, text } from '../http/schemas.ts';
import { storedRoute } from '../http/stored-route.ts';

const rule = z.enum(Object.keys(waybillRules) as WaybillRule[]).openapi({
  description: 'lotte: 열한 자리 번호에 7로 나눈 나머지를 붙입니다 (롯데택배). none: 번호 그대로',
});

const example = {
  placeNo: 176042,
  carrierCode: '08',
  rule: 'lotte',
  from: '40123450000',
  to: '40123459999',
  lowAt: 100,
  paused: false,
  autoWaybill: true,
} as const;
const rangeBody = z
  .object({
    placeNo: z.int().positive(),
    carrierCode: text(10),
    rule,
    from: text(50).openapi({ description: '첫 번호. lotte는 마지막 검증 숫자를 뺀 열한 자리' }),
    to: text(50).openapi({ description: '마지막 번호. 첫 번호와 자릿수가 같습니다' }),
    lowAt: z
      .int()
      .min(1)
      .max(1_000_000)
      .nullish()
      .openapi({ description: '남은 번호가 이보다 적어지면 한 번 알립니다. 없으면 100, 작은 대역은 5%' }),
    paused: z.boolean().optional(),
    autoWaybill: z.boolean().optional().openapi({
      description: '출하지의 기본: 이 출하지의 택배를 운송장 없이 출고완료하면 이 택배사의 대역에서 번호를 씁니다',
    }),
  })
  .openapi('WaybillRangeBody', { example });
type RangeBody = z.output<typeof rangeBody>;

const rangeSchema = z
  .object({
    rangeNo: z.int(),
    placeNo: z.int(),
    carrierCode: z.string(),
    rule,
    from: z.string(),
    to: z.string(),
    nextWaybillNo: z.string().nullable().openapi({ description: '다음 운송장번호. 다 쓰면 null' }),
    used: z.int().openapi({ description: '쓴 번호와, 사람이 먼저 써서 건너뛴 번호' }),
    left: z.int(),
    state: z.enum(Object.keys(rangeStates) as RangeState[]),
    stateName: z.string(),
    lowAt: z.int(),
    low: z.boolean().openapi({ description: '남은 번호가 lowAt보다 적음' }),
    paused: z.boolean(),
    autoWaybill: z.boolean(),
    by: z.string(),
    updatedAt: z.iso.datetime(),
  })
  .openapi('WaybillRange', {
    example: {
      ...example,
      ...{ rangeNo: 3, nextWaybillNo: '401234500420', used: 42, left: 9958, state: 'active', stateName: rangeStates.active },
      ...{ low: false, by: 'kim', updatedAt: '2026-11-23T02:00:00.000Z' },
    },
  });

const rangeWire = (row: WaybillRangeRow): z.output<typeof rangeSchema> => {
  const numbers = numbersOf(row);
  const [left, state] = [leftOf(numbers), stateOf(numbers)];
  const written = (value: number) => waybillAt({ rule: 'none', digits: row.digits }, value);
  return {
    ...{ rangeNo: row.range_no, placeNo: row.place_no, carrierCode: row.carrier_code, rule: row.rule },
    ...{ from: written(row.first_no), to: written(row.last_no) },
    nextWaybillNo: left === 0 ? null : waybillAt(row, row.next_no),
    ...{ used: usedOf(numbers), left, state, stateName: rangeStates[state], lowAt: row.low_at, low: left < row.low_at },
    ...{ paused: row.paused, autoWaybill: row.auto_waybill, by: row.by, updatedAt: row.updated_at.toISOString() },
  };
};

/** The numbers that are meant, hyphens or not; throws what is wrong with them, field by field. */
function rangeIn({ carrierCode, rule, from, to }: RangeBody): NumberRange {
  const read = rangeOf(carrierCode, rule, normalizeWaybill(from), normalizeWaybill(to));
  if ('range' in read) return read.range;
  const { errors } = read;
  throw new Problem('BAD_REQUEST', errors.map(({ path, message }) => `${path}: ${message}`).join(', '), { errors });
}

const placeNumber = digitsOf(/^[1-9]\d{0,14}$/, '1 이상의 정수여야 합니다').openapi({ type: 'integer', example: 176042 });
const rangeParam = z.object({
  rangeNo: z
    .string()
    .regex(/^[1-9]\d{0,14}$/)
    .openapi({ param: { name: 'rangeNo', in: 'path' }, example: '3' }),
});

const PATH = '/api/bo/v1/waybill-ranges';

/** Number ranges (운송장 대역), from which lines that leave without a waybill take the next one. */
export function waybillRangeRoutes(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  const tags = ['운송장 대역'];
  const write = { tags, ...auth('policy.write') };
  const save = ({ request, body }: { request: StoredRequest; body: RangeBody }) =>
    once(deps, request, async (query, { askedAt }) => {
      const { placeNo, carrierCode, lowAt = null, paused = false, autoWaybill = false } = body;
      const rangeNo = request.params.rangeNo === undefined ? null : Number(request.params.rangeNo);
      const wish = { placeNo, carrierCode, range: rangeIn(body), lowAt, paused, autoWaybill };
      const row = await saveWaybillRange(query, rangeNo, wish, { by: request.sub, askedAt });
      return { status: rangeNo === null ? 201 : 200, body: rangeWire(row), final: true };
    });

  app.openapi(
    createRoute({
      method: 'get',
      path: PATH,
      summary: '운송장 대역 목록, 새것부터',
      tags,
      ...auth('policy.read'),
      request: { query: z.strictObject({ placeNo: placeNumber.optional(), carrierCode: text(10).optional() }) },
      responses: { 200: jsonAnswer(z.object({ items: z.array(rangeSchema) }), '운송장 대역'), ...problemResponses(400) },
    }),
    async (c) => {
      const { placeNo, carrierCode } = c.req.valid('query');
      const rows = await findWaybillRanges(deps.db.query, { placeNo, carrierCode });
      return c.json({ items: rows.map(rangeWire) }, 200);
    },
  );
  storedRoute(app, requests, {
    operation: 'waybill-range-new',
    route: createRoute({
      method: 'post',
      path: PATH,
      summary: '운송장 대역 등록: 같은 택배사의 다른 대역과 겹칠 수 없습니다',
      ...write,
      request: { headers: requestHeaders, body: jsonBody(rangeBody) },
      responses: { 201: jsonAnswer(rangeSchema, '등록됨'), ...problemResponses(400, 409, 413, 415, 503) },
    }),
    given: (_c, { body }) => {
      rangeIn(body);
      return {};
    },
    execute: save,
  });
  storedRoute(app, requests, {
    operation: 'waybill-range-change',
    route: createRoute({
      method: 'put',
      path: `${PATH}/{rangeNo}`,
      summary: '운송장 대역 수정: 쓴 번호가 있으면 택배사, 규칙, 첫 번호는 그대로여야 합니다',
      ...write,
      request: { headers: requestHeaders, params: rangeParam, body: jsonBody(rangeBody) },
      responses: { 200: jsonAnswer(rangeSchema, '수정됨'), ...problemResponses(400, 404, 409, 413, 415, 503) },
    }),
    given: (_c, { body }) => {
      rangeIn(body);
      return {};
    },
    execute: save,
  });
}
