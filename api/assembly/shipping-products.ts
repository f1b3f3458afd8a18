import { createRoute, z } from '@hono/zod-openapi';
import { countProducts, findProducts, type ListedProduct } from '../../db/assembly/list.ts';
import { insertProducts } from '../../db/assembly/write.ts';
import type { Query } from '../../db/statement.ts';
import { Problem } from '../../domain/problems.ts';
import { once } from '../../requests/in-transaction.ts';
import type { Requests, StoredRequest } from '../../requests/store.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { jsonBody, requestHeaders } from '../http/schemas.ts';
import { storedRoute } from '../http/stored-route.ts';
import {
  callerScope,
  digits,
  envelopeErrors,
  envelopeOf,
  id,
  ids,
  MOST_BULK,
  memberOf,
  okAnswer,
  okSchema,
  PAGE_SIZE,
  page,
  pageOf,
  pageSchema,
  refused,
  scopeOf,
  scopeParams,
  trimmed,
  writeErrors,
} from './wire.ts';

const productSchema = z
  .object({
    shipping_product_id: digits,
    member_id: z.string().nullable(),
    product_name: z.string(),
    stock_quantity: z.string().openapi({ description: '재고. 재고를 관리하지 않는 상품은 0' }),
    available_quantity: z.string().openapi({ description: '재고 − 가공 예약 − 출고지시 수량 (음수일 수 있음)' }),
  })
  .openapi('ShippingProduct', {
    example: {
      shipping_product_id: '43838',
      member_id: '70',
      product_name: '가공품재료1',
      stock_quantity: '20',
      available_quantity: '18',
    },
  });

/** A shipping product as the wire shows it. */
export const productOf = (row: ListedProduct): z.output<typeof productSchema> => ({
  shipping_product_id: String(row.shipping_product_id),
  member_id: row.member_id === null ? null : String(row.member_id),
  product_name: row.product_name,
  stock_quantity: String(row.stock ?? 0),
  available_quantity: String(row.available),
});
export const productAnswer = okSchema(productSchema, '출고상품');

const product = z.object({ shipping_product_id: id, product_name: trimmed(100).min(1) });
const member_id = id.optional().openapi({ description: '고객사 ID. 물류사가 주지 않으면 물류사 자신의 상품' });
const oneBody = product.extend({ member_id }).openapi('ShippingProductBody', {
  example: { member_id: '70', shipping_product_id: '43838', product_name: '가공품재료1' } as never,
});
const manyBody = z
  .object({ member_id, request_data_list: z.array(product).min(1).max(MOST_BULK) })
  .openapi('ShippingProductsBody', {
    example: { member_id: '70', request_data_list: [{ shipping_product_id: '43838', product_name: '가공품재료1' }] } as never,
  });
const manyAnswer = z.object({ processed_count: z.int(), processed_data_list: z.array(productSchema) });

export const productParam = z.object({ id: id.openapi({ param: { name: 'id', in: 'path' }, example: 43838 }) });

/** A shipping product that the caller may see, or 4040. */
export async function shownProduct({ db }: ApiDeps, member: number | null, productId: number): Promise<ListedProduct> {
  const [row] = await findProducts(db.query, { member, ids: [productId] }, 0, 1);
  if (!row) throw new Problem('ASSEMBLY_NOT_FOUND', '없는 출고상품입니다');
  return row;
}

/** 출고상품: registration, one and many, and the lists. */
export function shippingProductRoutes(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  const { db } = deps;
  const read = { tags: ['출고상품'], ...auth('assembly.read') };
  const write = { tags: ['출고상품'], ...auth('assembly.write') };

  /** Registers all of them or none. */
  const register = async (
    query: Query,
    request: StoredRequest,
    given: number | undefined,
    products: z.output<typeof product>[],
    pathOf: (at: number) => string,
  ) => {
    const member = memberOf(scopeOf(request), given, 'optional');
    const wanted = products.map((each) => each.shipping_product_id);
    const twice = wanted.findIndex((each, at) => wanted.indexOf(each) !== at);
    if (twice >= 0) throw refused('ASSEMBLY_EXISTS', pathOf(twice), '같은 출고상품이 두 번 있습니다');
    const rows = products.map((each) => ({ ...each, member_id: member }));
    const [known] = await insertProducts(query, rows);
    if (known !== undefined) throw refused('ASSEMBLY_EXISTS', pathOf(wanted.indexOf(known)), '이미 등록된 출고상품입니다');
    const made = Map.groupBy(await findProducts(query, { member, ids: wanted }, 0, MOST_BULK), (row) => row.shipping_product_id);
    return wanted.flatMap((each) => made.get(each) ?? []).map(productOf);
  };

  storedRoute(app, requests, {
    operation: 'shipping-product',
    route: createRoute({
      method: 'post',
      path: '/v2/shipping/product',
      summary: '출고상품 등록(단일)',
      ...write,
      request: { headers: requestHeaders, body: jsonBody(oneBody) },
      responses: { 200: productAnswer, ...writeErrors(409) },
    }),
    given: (c) => ({ params: scopeParams(c.get('caller')) }),
    execute: ({ request, body: { member_id, ...product } }) =>
      once(deps, request, async (query) =>
        okAnswer((await register(query, request, member_id, [product], () => 'shipping_product_id'))[0]),
      ),
  });

  storedRoute(app, requests, {
    operation: 'shipping-products',
    route: createRoute({
      method: 'post',
      path: '/v2/shipping/products',
      summary: '출고상품 등록(벌크, 100개까지)',
      ...write,
      request: { headers: requestHeaders, body: jsonBody(manyBody) },
      responses: { 200: okSchema(manyAnswer, '등록됨'), ...writeErrors(409) },
    }),
    given: (c) => ({ params: scopeParams(c.get('caller')) }),
    execute: ({ request, body: { member_id, request_data_list } }) =>
      once(deps, request, async (query) => {
        const pathOf = (at: number) => `request_data_list.${at}.shipping_product_id`;
        const made = await register(query, request, member_id, request_data_list, pathOf);
        return okAnswer({ processed_count: made.length, processed_data_list: made });
      }),
  });

  app.openapi(
    createRoute({
      method: 'get',
      path: '/v2/shipping/products',
      summary: '출고상품 조회(벌크)',
      ...read,
      request: { query: z.strictObject({ member_id: id.optional(), shipping_product_ids: ids, page }) },
      responses: { 200: okSchema(pageSchema(productSchema), '출고상품 목록'), ...envelopeErrors() },
    }),
    async (c) => {
      const asked = c.req.valid('query');
      const filter = { member: memberOf(callerScope(c), asked.member_id, 'optional'), ids: asked.shipping_product_ids ?? null };
      const current = asked.page ?? 1;
      const [rows, total] = await Promise.all([
        findProducts(db.query, filter, (current - 1) * PAGE_SIZE, PAGE_SIZE),
        countProducts(db.query, filter),
      ]);
      return c.json(envelopeOf(pageOf(total, current, rows.map(productOf))), 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/v2/shipping/product/{id}',
      summary: '출고상품 조회(단일)',
      ...read,
      request: { params: productParam, query: z.strictObject({}) },
      responses: { 200: productAnswer, ...envelopeErrors(404) },
    }),
    async (c) => c.json(envelopeOf(productOf(await shownProduct(deps, callerScope(c).member, c.req.valid('param').id))), 200),
  );
}
