import { createRoute, z } from '@hono/zod-openapi';
import { countProducts, findProducts, type ListedProduct } from '../../db/assembly/list.ts';
import { Problem } from '../../domain/problems.ts';
import { once } from '../../requests/in-transaction.ts';
import type { Requests } from '../../requests/store.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { jsonBody, requestHeaders } from '../http/schemas.ts';
import { storedRoute } from '../http/stored-route.ts';
import { product, productOf, productSchema, registerProducts } from './registering.ts';
import {
  callerScope,
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
  scopeParams,
  writeErrors,
} from './wire.ts';

export const productAnswer = okSchema(productSchema, '출고상품');

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

const REGISTERING =
  '물류사 토큰(member_id 없음)으로 등록한 상품만 주문내역의 productId가 가리키는 상품입니다. 고객사 토큰으로 등록한 상품은 그 고객사의 재고와 가공에만 쓰이고, 물류사가 같은 번호와 그 member_id로 한 번 더 등록하면 주문내역의 상품이 됩니다.';

/** 출고상품: registration, one and many, and the lists. */
export function shippingProductRoutes(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  const { db } = deps;
  const read = { tags: ['출고상품'], ...auth('assembly.read') };
  const write = { tags: ['출고상품'], ...auth('assembly.write') };

  storedRoute(app, requests, {
    operation: 'shipping-product',
    route: createRoute({
      method: 'post',
      path: '/v2/shipping/product',
      summary: '출고상품 등록(단일)',
      description: REGISTERING,
      ...write,
      request: { headers: requestHeaders, body: jsonBody(oneBody) },
      responses: { 200: productAnswer, ...writeErrors(409) },
    }),
    given: (c) => ({ params: scopeParams(c.get('caller')) }),
    execute: ({ request, body: { member_id, ...product } }) =>
      once(deps, request, async (query) =>
        okAnswer((await registerProducts(query, request, member_id, [product], () => 'shipping_product_id'))[0]),
      ),
  });

  storedRoute(app, requests, {
    operation: 'shipping-products',
    route: createRoute({
      method: 'post',
      path: '/v2/shipping/products',
      summary: '출고상품 등록(벌크, 100개까지)',
      description: REGISTERING,
      ...write,
      request: { headers: requestHeaders, body: jsonBody(manyBody) },
      responses: { 200: okSchema(manyAnswer, '등록됨'), ...writeErrors(409) },
    }),
    given: (c) => ({ params: scopeParams(c.get('caller')) }),
    execute: ({ request, body: { member_id, request_data_list } }) =>
      once(deps, request, async (query) => {
        const pathOf = (at: number) => `request_data_list.${at}.shipping_product_id`;
        const made = await registerProducts(query, request, member_id, request_data_list, pathOf);
        return okAnswer({ processed_count: made.length, processed_data_list: made });
      }),
  });

  app.openapi(
    createRoute({
      method: 'get',
      path: '/v2/shipping/products',
      summary: '출고상품 조회(벌크)',
      ...read,
      request: {
        query: z.strictObject({
          member_id: id.optional(),
          shipping_product_ids: ids,
          for_orders: z
            .enum(['true', 'false'])
            .optional()
            .openapi({ description: 'false: 물류사가 확인하지 않은 고객사 상품만' }),
          page,
        }),
      },
      responses: { 200: okSchema(pageSchema(productSchema), '출고상품 목록'), ...envelopeErrors() },
    }),
    async (c) => {
      const asked = c.req.valid('query');
      const filter = {
        member: memberOf(callerScope(c), asked.member_id, 'optional'),
        ids: asked.shipping_product_ids ?? null,
        forOrders: asked.for_orders === undefined ? undefined : asked.for_orders === 'true',
      };
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
