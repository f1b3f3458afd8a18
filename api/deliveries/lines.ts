import { createRoute } from '@hono/zod-openapi';
import { countLines } from '../../db/deliveries/count.ts';
import { findLines } from '../../db/deliveries/list.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { COUNT_LIMIT, listAnswer, totalOf } from '../http/list.ts';
import { jsonAnswer, problemResponses } from '../http/schemas.ts';
import { lineQuery, pageRequest } from './line-list.ts';
import { lineRow, lineRowSchema } from './line-row.ts';

/** 배송처리목록조회. */
export function deliveryLineRoutes(app: App, { db }: ApiDeps, auth: Auth): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/bo/v1/delivery-lines',
      summary: '배송처리목록조회',
      tags: ['배송'],
      ...auth('delivery.read'),
      request: { query: lineQuery },
      responses: { 200: jsonAnswer(listAnswer(lineRowSchema), '주문내역 목록'), ...problemResponses(400) },
    }),
    async (c) => {
      const { request, wanted, counted, nextCursor } = pageRequest(c.req.valid('query'));
      const [rows, total] = await Promise.all([
        findLines(db.query, request),
        counted ? countLines(db.query, request.filter, COUNT_LIMIT, false) : undefined,
      ]);
      const items = rows.slice(0, wanted).map((row) => lineRow(row));
      return c.json({ items, nextCursor: nextCursor(rows), ...totalOf(total?.count, total?.isMinimum) }, 200);
    },
  );
}
