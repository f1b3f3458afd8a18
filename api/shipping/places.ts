import { createRoute, z } from '@hono/zod-openapi';
import { type Changed, changeOnce } from '../../db/shipping/changes.ts';
import type { ShippingPlaceRow } from '../../db/shipping/terms.ts';
import type { Query } from '../../db/statement.ts';
import { Problem } from '../../domain/problems.ts';
import { type ImposeType, imposeTypes } from '../../domain/shipping/bundle-fee.ts';
import type { Requests, StoredRequest } from '../../requests/store.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { zipCode } from '../http/order-schemas.ts';
import { jsonAnswer, jsonBody, optionalText, requestHeaders, text } from '../http/schemas.ts';
import { storedAnswer } from '../http/stored-answer.ts';
import { policiesOf, policySchema } from './policies.ts';
import { esmHook, esmResponses, pathNumber, placeNoParam, won } from './wire.ts';

const isImposeType = (value: number): value is ImposeType => Object.hasOwn(imposeTypes, value);
const surcharge = won.nullish().transform((value) => value ?? 0);

/** A place without its number: what 등록 takes. Additional fees may be left out where the place asks none. */
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
  })
  .openapi('ShippingPlace', { example: { placeNo: 176042, ...example } });

const placeOf = (row: ShippingPlaceRow): z.output<typeof placeSchema> => ({
  placeNo: row.place_no,
  placeName: row.place_name,
  zipCode: row.zip_code,
  addr1: row.addr1,
  addr2: row.addr2,
  isDefaultShippingPlace: row.is_default,
  isSetAdditionalShippingFee: row.surcharge_on,
  backwoodsAdditionalShippingFee: row.remote_surcharge,
  jejuAdditionalShippingFee: row.jeju_surcharge,
  imposeType: row.impose_type,
});

const pageNumber = (most: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,8}$/, '1 이상의 정수여야 합니다')
    .transform(Number)
    .pipe(z.int().max(most))
    .optional();
const pageQuery = z.strictObject({
  pageIndex: pageNumber(1_000_000).openapi({ type: 'integer', minimum: 1, example: 1 }),
  pageSize: pageNumber(500).openapi({ type: 'integer', minimum: 1, maximum: 500, example: 100 }),
});
const DEFAULT_PAGE_SIZE = 100;

/** Shipping places (출하지), after the sibling API of the wire. */
export function shippingPlaceRoutes(app: App, { db }: ApiDeps, auth: Auth, requests: Requests): void {
  const write = { tags: ['묶음배송비'], ...auth('policy.write') };
  const read = { tags: ['묶음배송비'], ...auth('policy.read') };

  requests.register('shipping-place', async (request) => {
    const answer = await changeOnce(db, request, (query, askedAt) => savePlace(query, request, askedAt));
    return { status: request.params.placeNo === undefined ? 201 : 200, body: answer, final: true };
  });
  app.openapi(
    createRoute({
      method: 'post',
      path: '/item/v1/shipping/places',
      summary: '출하지 등록 (번호는 서버가 매김)',
      ...write,
      request: { headers: requestHeaders, body: jsonBody(placeBody) },
      responses: { 201: jsonAnswer(placeSchema, '등록됨'), ...esmResponses(409, 413, 415, 503) },
    }),
    (c) => storedAnswer(c, requests, 'shipping-place', { body: c.req.valid('json') }) as never,
    esmHook,
  );
  app.openapi(
    createRoute({
      method: 'put',
      path: '/item/v1/shipping/places/{placeNo}',
      summary: '출하지 수정 (출하지 전체를 바꿈)',
      ...write,
      request: { headers: requestHeaders, params: placeNoParam, body: jsonBody(placeBody) },
      responses: { 200: jsonAnswer(placeSchema, '수정됨'), ...esmResponses(404, 409, 413, 415, 503) },
    }),
    (c) => {
      const placeNo = pathNumber(c.req.valid('param').placeNo, 'PLACE_NOT_FOUND');
      return storedAnswer(c, requests, 'shipping-place', {
        body: c.req.valid('json'),
        params: { placeNo: String(placeNo) },
      }) as never;
    },
    esmHook,
  );

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
      const [rows, counted] = await Promise.all([
        db.query<ShippingPlaceRow>('select * from shipping_places order by place_no limit $1 offset $2', [
          pageSize,
          (pageIndex - 1) * pageSize,
        ]),
        db.query<{ count: number }>('select count(*) from shipping_places'),
      ]);
      return c.json({ places: rows.map(placeOf), pageIndex, pageSize, totalCount: counted[0]?.count ?? 0 }, 200);
    },
    esmHook,
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
      const [row] = await db.query<ShippingPlaceRow>('select * from shipping_places where place_no = $1', [placeNo]);
      if (!row) throw new Problem('PLACE_NOT_FOUND');
      return c.json({ ...placeOf(row), policies: await policiesOf(db.query, placeNo) }, 200);
    },
    esmHook,
  );
}

/** Writes a place; the table's lock makes two new default places take turns. Orders only read, and do not wait for it. */
async function savePlace(query: Query, request: StoredRequest, askedAt: string): Promise<Changed> {
  const body: PlaceBody = placeBody.parse(request.body);
  const asked = request.params.placeNo === undefined ? null : Number(request.params.placeNo);
  await query('lock table shipping_places in share row exclusive mode');
  const known = await query<ShippingPlaceRow & { later: boolean }>(
    'select *, asked_at > $2 as later from shipping_places where place_no = $1',
    [asked, askedAt],
  );
  if (asked !== null && !known[0]) throw new Problem('PLACE_NOT_FOUND');
  if (asked !== null && body.placeNo !== undefined && body.placeNo !== asked) throw new Problem('PLACE_FIXED');
  if (known[0]?.later) return { placeNo: known[0].place_no, policyNo: null, answer: placeOf(known[0]) };
  const later = await query('select 1 from shipping_places where is_default and asked_at > $1 and place_no is distinct from $2', [
    askedAt,
    asked,
  ]);
  const isDefault = body.isDefaultShippingPlace && later.length === 0;
  if (isDefault)
    await query(
      'update shipping_places set is_default = false, updated_at = now() where is_default and place_no is distinct from $1',
      [asked],
    );
  const saved = await query<ShippingPlaceRow>(
    `insert into shipping_places (place_no, place_name, zip_code, addr1, addr2, is_default, surcharge_on, jeju_surcharge,
       remote_surcharge, impose_type, asked_at)
     values (coalesce($1, nextval('shipping_place_no_seq')), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (place_no) do update set place_name = excluded.place_name, zip_code = excluded.zip_code, addr1 = excluded.addr1,
       addr2 = excluded.addr2, is_default = excluded.is_default, surcharge_on = excluded.surcharge_on,
       jeju_surcharge = excluded.jeju_surcharge, remote_surcharge = excluded.remote_surcharge, impose_type = excluded.impose_type,
       asked_at = excluded.asked_at, updated_at = now()
     returning *`,
    [
      asked,
      body.placeName,
      body.zipCode,
      body.addr1,
      body.addr2,
      isDefault,
      body.isSetAdditionalShippingFee,
      body.jejuAdditionalShippingFee,
      body.backwoodsAdditionalShippingFee,
      body.imposeType,
      askedAt,
    ],
  );
  if (!saved[0]) throw new Error('a saved place was not returned');
  return { placeNo: saved[0].place_no, policyNo: null, answer: placeOf(saved[0]) };
}
