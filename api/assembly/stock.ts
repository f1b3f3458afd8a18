import { createRoute, z } from '@hono/zod-openapi';
import { findLedger, findProducts } from '../../db/assembly/list.ts';
import { namesOf } from '../../db/operations/callers.ts';
import { setStock } from '../../db/record/stock.ts';
import { type StockMove, stockMoves } from '../../domain/assembly.ts';
import { Problem } from '../../domain/problems.ts';
import { once } from '../../requests/in-transaction.ts';
import type { Requests } from '../../requests/store.ts';
import { byNameSchema } from '../deliveries/history.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { jsonBody, requestHeaders } from '../http/schemas.ts';
import { storedRoute } from '../http/stored-route.ts';
import { barcodeRoutes } from './barcode.ts';
import { productOf } from './registering.ts';
import { productAnswer, productParam, shownProduct } from './shipping-products.ts';
import { stockoutRoutes } from './stockouts.ts';
import {
  callerScope,
  digits,
  envelopeErrors,
  envelopeOf,
  id,
  memberOf,
  okAnswer,
  okSchema,
  PAGE_SIZE,
  page,
  pageOf,
  pageSchema,
  scopeOf,
  scopeParams,
  stockQuantity,
  trimmed,
  writeErrors,
} from './wire.ts';

const stockBody = z
  .object({ member_id: id.optional(), quantity: stockQuantity, reason: trimmed(1_000).min(1) })
  .openapi('StockBody', { example: { quantity: 20, reason: '재고 실사' } as never });

const moveSchema = z
  .object({
    at: z.iso.datetime(),
    by: z.string(),
    by_name: byNameSchema,
    kind: z.enum(Object.keys(stockMoves) as StockMove[]),
    kind_name: z.string(),
    quantity: digits.openapi({ description: '재고가 변한 수량' }),
    stock_quantity: digits.openapi({ description: '그 뒤의 재고' }),
    shortfall_quantity: digits.openapi({ description: '나갔지만 재고에 없던 수량' }),
    reason: z.string().nullable(),
    delivery_no: z.string().nullable(),
    line_no: z.int().nullable(),
    pickup_no: z.string().nullable(),
    assembly_plan_uid: z.string().nullable(),
  })
  .openapi('StockMove', {
    example: {
      at: '2026-11-23T01:00:00.000Z',
      by: 'kim',
      by_name: '김관리',
      kind: 'ship',
      kind_name: '출고',
      quantity: '-2',
      stock_quantity: '18',
      shortfall_quantity: '0',
      reason: null,
      delivery_no: 'D261123000001',
      line_no: 1,
      pickup_no: null,
      assembly_plan_uid: null,
    },
  });

/** A shipping product's stock: set by a person with a reason, its ledger, and what waits for it; and its barcode. */
export function stockRoutes(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  stockoutRoutes(app, deps, auth);
  barcodeRoutes(app, deps, auth, requests);
  storedRoute(app, requests, {
    operation: 'stock',
    route: createRoute({
      method: 'put',
      path: '/v2/shipping/product/{id}/stock',
      summary: '출고상품 재고 조정 (사유 필요)',
      tags: ['출고상품'],
      ...auth('assembly.write'),
      request: { headers: requestHeaders, params: productParam, body: jsonBody(stockBody) },
      responses: { 200: productAnswer, ...writeErrors(404) },
    }),
    given: (c, { body, params }) => ({
      params: { ...scopeParams(c.get('caller')), id: String(params.id) },
      reason: body.reason,
    }),
    execute: ({ request, body: { member_id, quantity, reason } }) =>
      once(deps, request, async (query, { askedAt }) => {
        const productId = Number(request.params.id);
        const member = memberOf(scopeOf(request), member_id, 'optional');
        const [known] = await findProducts(query, { member, ids: [productId] }, 0, 1);
        if (!known) throw new Problem('ASSEMBLY_NOT_FOUND', '없는 출고상품입니다');
        const count = { productId, quantity, reason, by: request.sub, requestId: request.id, askedAt };
        if (!(await setStock(query, count))) throw new Problem('SUPERSEDED');
        const [row] = await findProducts(query, { member, ids: [productId] }, 0, 1);
        return okAnswer(row && productOf(row));
      }),
  });

  app.openapi(
    createRoute({
      method: 'get',
      path: '/v2/shipping/product/{id}/stock',
      summary: '출고상품 재고 원장 (새것부터)',
      tags: ['출고상품'],
      ...auth('assembly.read'),
      request: { params: productParam, query: z.strictObject({ page }) },
      responses: { 200: okSchema(pageSchema(moveSchema), '재고 변동'), ...envelopeErrors(404) },
    }),
    async (c) => {
      const productId = c.req.valid('param').id;
      const current = c.req.valid('query').page ?? 1;
      await shownProduct(deps, callerScope(c).member, productId);
      const { total, rows } = await findLedger(deps.db.query, productId, (current - 1) * PAGE_SIZE, PAGE_SIZE);
      const names = await namesOf(deps.db.query, new Set(rows.map(({ by }) => by)));
      const moves = rows.map((row) => ({
        at: row.at.toISOString(),
        by: row.by,
        by_name: names.get(row.by) ?? null,
        kind: row.kind,
        kind_name: stockMoves[row.kind],
        quantity: String(row.delta),
        stock_quantity: String(row.stock),
        shortfall_quantity: String(row.shortfall),
        reason: row.reason,
        delivery_no: row.delivery_no,
        line_no: row.line_no,
        pickup_no: row.pickup_no,
        assembly_plan_uid: row.assembly_plan_uid === null ? null : String(row.assembly_plan_uid),
      }));
      return c.json(envelopeOf(pageOf(total, current, moves)), 200);
    },
  );
}
