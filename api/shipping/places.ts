import { createRoute, z } from '@hono/zod-openapi';
import { changeOnce } from '../../db/shipping/changes.ts';
import { findPlace, findPlaces, findPolicies, type ShippingPlace } from '../../db/shipping/find.ts';
import { type PlaceWish, savePlace } from '../../db/shipping/write.ts';
import { Problem } from '../../domain/problems.ts';
import { type ImposeType, imposeTypes } from '../../domain/shipping/bundle-fee.ts';
import type { Answer, Requests, StoredRequest } from '../../requests/store.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { zipCode } from '../http/order-schemas.ts';
import { digitsOf, jsonAnswer, jsonBody, optionalText, requestHeaders, text } from '../http/schemas.ts';
import { storedRoute } from '../http/stored-route.ts';
import { policyOf, policySchema } from './policies.ts';
import { esmResponses, pathNumber, placeNoParam, won } from './wire.ts';

const isImposeType = (value: number): value is ImposeType => Object.hasOwn(imposeTypes, value);
const surcharge = won.nullish().transform((value) => value ?? 0);

/** The body of 등록: a place without its number. Additional fees are optional where the place charges none. */
const example = {
  placeName: '이천 물류센터',
  zipCode: '17379',
  addr1: '경기도 이천시 마장면 덕평로 811',
  addr2: 'A동 2층',
  isDefaultShippingPlace: true,
  isSetAdditionalShippingFee: true,
  backwoodsAdditionalShippingFee: 5000,
  jejuAdditionalShippingFee: 3000,
  imposeType: 1,
};
const placeBody = z
  .object({
    placeNo: z.int().positive().optional().openapi({ description: '수정할 때 주소의 번호와 같아야 합니다.' }),
    placeName: text(100),
    zipCode,
    addr1: text(300),
    addr2: optionalText(300),
    isDefaultShippingPlace: z.boolean(),
    isSetAdditionalShippingFee: z.boolean(),
    backwoodsAdditionalShippingFee: surcharge,
    jejuAdditionalShippingFee: surcharge,
    imposeType: z
      .int()
      .refine(isImposeType, '1(최소 부과), 2(최대 부과) 중 하나여야 합니다')
      .openapi({ type: 'integer', enum: [1, 2], example: 1 }),
    dispatchPolicyNo: z
      .int()
      .positive()
      .nullish()
      // Absent rather than null, so that a body stored before there was this field is still the same body.
      .transform((value) => value ?? undefined)
      .openapi({ type: 'integer', description: '이 출하지의 발송정책. 없으면 기본 발송정책' }),
  })
  .openapi('ShippingPlaceBody', { example });
type PlaceBody = z.output<typeof placeBody>;

const placeSchema = z
  .object({
    placeNo: z.int(),
    placeName: z.string(),
    zipCode: z.string(),
    addr1: z.string(),
    addr2: z.string().nullable(),
    isDefaultShippingPlace: z.boolean(),
    isSetAdditionalShippingFee: z.boolean(),
    backwoodsAdditionalShippingFee: z.int(),
    jejuAdditionalShippingFee: z.int(),
    imposeType: z.int(),
    dispatchPolicyNo: z.int().optional().openapi({ description: '없으면 기본 발송정책' }),
  })
  .openapi('ShippingPlace', { example: { placeNo: 176042, ...example } });

const placeOf = (place: ShippingPlace): z.output<typeof placeSchema> => ({
  placeNo: place.placeNo,
  placeName: place.placeName,
  zipCode: place.zipCode,
  addr1: place.addr1,
  addr2: place.addr2 ?? null,
  isDefaultShippingPlace: place.isDefault,
  isSetAdditionalShippingFee: place.surchargeOn,
  backwoodsAdditionalShippingFee: place.remoteSurcharge,
  jejuAdditionalShippingFee: place.jejuSurcharge,
  imposeType: place.imposeType,
  // Absent where there is none, so that the place's own fields are all that older clients see.
  ...(place.dispatchPolicyNo == null ? {} : { dispatchPolicyNo: place.dispatchPolicyNo }),
});

const wishOf = (body: PlaceBody): PlaceWish => ({
  placeName: body.placeName,
  zipCode: body.zipCode,
  addr1: body.addr1,
  addr2: body.addr2,
  isDefault: body.isDefaultShippingPlace,
  surchargeOn: body.isSetAdditionalShippingFee,
  jejuSurcharge: body.jejuAdditionalShippingFee,
  remoteSurcharge: body.backwoodsAdditionalShippingFee,
  imposeType: body.imposeType,
  dispatchPolicyNo: body.dispatchPolicyNo ?? null,
});

const pageNumber = (most: number) =>
  digitsOf(/^[1-9]\d{0,8}$/, '1 이상의 정수여야 합니다')
    .pipe(z.int().max(most))
    .optional();
const pageQuery = z.strictObject({
  pageIndex: pageNumber(1_000_000).openapi({ type: 'integer', minimum: 1, example: 1 }),
  pageSize: pageNumber(500).openapi({ type: 'integer', minimum: 1, maximum: 500, example: 100 }),
});
const DEFAULT_PAGE_SIZE = 100;

/** Shipping places (출하지), in the form of the wire's related API. */
export function shippingPlaceRoutes(app: App, { db }: ApiDeps, auth: Auth, requests: Requests): void {
  const write = { tags: ['묶음배송비'], ...auth('policy.write') };
  const read = { tags: ['묶음배송비'], ...auth('policy.read') };

  const execute = async ({ request, body }: { request: StoredRequest; body: PlaceBody }): Promise<Answer> => {
    const placeNo = request.params.placeNo === undefined ? null : Number(request.params.placeNo);
    const answer = await changeOnce(db, request, async (change) => {
      const saved = await savePlace(change, placeNo, wishOf(body), body.placeNo);
      return { placeNo: saved.placeNo, policyNo: null, answer: placeOf(saved) };
    });
    return { status: placeNo === null ? 201 : 200, body: answer, final: true };
  };
  storedRoute(app, requests, {
    operation: 'shipping-place',
    route: createRoute({
      method: 'post',
      path: '/item/v1/shipping/places',
      summary: '출하지 등록 (번호는 서버가 매김)',
      ...write,
      request: { headers: requestHeaders, body: jsonBody(placeBody) },
      responses: { 201: jsonAnswer(placeSchema, '등록됨'), ...esmResponses(409, 413, 415, 503) },
    }),
    execute,
  });
  storedRoute(app, requests, {
    operation: 'shipping-place',
    route: createRoute({
      method: 'put',
      path: '/item/v1/shipping/places/{placeNo}',
      summary: '출하지 수정 (출하지 전체를 바꿈)',
      ...write,
      request: { headers: requestHeaders, params: placeNoParam, body: jsonBody(placeBody) },
      responses: { 200: jsonAnswer(placeSchema, '수정됨'), ...esmResponses(404, 409, 413, 415, 503) },
    }),
    given: (_c, { params }) => ({ params: { placeNo: String(pathNumber(params.placeNo, 'PLACE_NOT_FOUND')) } }),
    execute,
  });

  app.openapi(
    createRoute({
      method: 'get',
      path: '/item/v1/shipping/places',
      summary: '출하지 목록',
      ...read,
      request: { query: pageQuery },
      responses: {
        200: jsonAnswer(
          z.object({ places: z.array(placeSchema), pageIndex: z.int(), pageSize: z.int(), totalCount: z.int() }),
          '출하지',
        ),
        ...esmResponses(503),
      },
    }),
    async (c) => {
      const { pageIndex = 1, pageSize = DEFAULT_PAGE_SIZE } = c.req.valid('query');
      const [places, totalCount] = await findPlaces(db.em(), (pageIndex - 1) * pageSize, pageSize);
      return c.json({ places: places.map(placeOf), pageIndex, pageSize, totalCount }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/item/v1/shipping/places/{placeNo}',
      summary: '출하지 조회 (정책 포함)',
      ...read,
      request: { params: placeNoParam },
      responses: {
        200: jsonAnswer(placeSchema.extend({ policies: z.array(policySchema) }), '출하지와 정책'),
        ...esmResponses(404, 503),
      },
    }),
    async (c) => {
      const placeNo = pathNumber(c.req.valid('param').placeNo, 'PLACE_NOT_FOUND');
      const em = db.em();
      const place = await findPlace(em, placeNo);
      if (!place) throw new Problem('PLACE_NOT_FOUND');
      const policies = await findPolicies(em, placeNo);
      return c.json({ ...placeOf(place), policies: policies.map(policyOf) }, 200);
    },
  );
}
