import { createRoute, z } from '@hono/zod-openapi';
import { countLines } from '../../db/deliveries/count.ts';
import { deliveriesByNo } from '../../db/deliveries/find.ts';
import { findDeliveries } from '../../db/deliveries/list.ts';
import { linesOfDeliveries } from '../../db/deliveries/shown.ts';
import { Problem } from '../../domain/problems.ts';
import { isMasked, maskingQuery, recordAccess, recordSearch } from '../http/access.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { COUNT_LIMIT, listAnswer, totalOf } from '../http/list.ts';
import { deliveryNoParam, jsonAnswer, jsonBody, problemResponses } from '../http/schemas.ts';
import { deliveryRow, deliveryRowSchema } from './delivery-row.ts';
import { detailsOf, detailWithHistorySchema, withLive } from './detail.ts';
import { shownHistory, shownPrints } from './history.ts';
import { lineQuery, pageRequest, peopleAsked, searchBody } from './line-list.ts';
import { lineRow, lineRowSchema } from './line-row.ts';
import { PERSONAL_FIELDS } from './people.ts';

/** 배송목록조회, 배송상세정보조회, 주문상품내역조회. */
export function deliveryRoutes(app: App, deps: ApiDeps, auth: Auth): void {
  const { query } = deps.db;

  const list = async ({ request, wanted, counted, nextCursor }: ReturnType<typeof pageRequest>) => {
    const [found, total] = await Promise.all([
      findDeliveries(query, request),
      counted ? countLines(query, request.filter, COUNT_LIMIT, true) : undefined,
    ]);
    const deliveryNos = found.slice(0, wanted).map((line) => line.delivery_no);
    const [deliveries, lines] = await Promise.all([
      deliveriesByNo(query, deliveryNos),
      linesOfDeliveries(query, deliveryNos, true),
    ]);
    const byNo = new Map(deliveries.map((delivery) => [delivery.delivery_no, delivery]));
    const linesByNo = Map.groupBy(lines, (line) => line.delivery_no);
    return {
      // A line may leave the lists between the queries; then its delivery is missing from this page.
      items: deliveryNos.flatMap((deliveryNo) => {
        const delivery = byNo.get(deliveryNo);
        const own = linesByNo.get(deliveryNo);
        return delivery && own ? [deliveryRow(delivery, own)] : [];
      }),
      nextCursor: nextCursor(found),
      ...totalOf(total?.count, total?.isMinimum),
    };
  };

  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/bo/v1/deliveries',
      summary: '배송목록조회',
      tags: ['배송'],
      ...auth('delivery.read'),
      request: { query: lineQuery },
      responses: { 200: jsonAnswer(listAnswer(deliveryRowSchema), '배송 목록'), ...problemResponses(400) },
    }),
    async (c) => c.json(await list(pageRequest(c.req.valid('query'))), 200),
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/bo/v1/deliveries/search',
      summary: '배송목록조회 (받는 분·주문자·전화번호로)',
      description:
        '사람을 찾을 때마다 (다음 쪽도) 접속기록이 한 줄 남습니다: 찾는 데 쓴 항목만, 값은 남지 않습니다. pii.read가 없으면 1분에 60번까지이고, 넘으면 429와 Retry-After입니다.',
      tags: ['배송'],
      ...auth('delivery.read'),
      request: { body: jsonBody(searchBody) },
      responses: {
        200: jsonAnswer(listAnswer(deliveryRowSchema), '배송 목록'),
        ...problemResponses(400, 413, 415, 429, 503),
      },
    }),
    async (c) => {
      const asked = c.req.valid('json');
      const page = pageRequest(asked);
      const people = peopleAsked(asked);
      if (people.length > 0) await recordSearch(deps, c, people);
      return c.json(await list(page), 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/bo/v1/deliveries/{deliveryNo}',
      summary: '배송상세정보조회',
      tags: ['배송'],
      ...auth('delivery.read'),
      request: {
        params: deliveryNoParam,
        query: z.strictObject({
          ...maskingQuery,
          live: z.enum(['true', 'false']).optional().openapi({ description: 'true: 워크플로에 직접 물어본 상태를 더함' }),
        }),
      },
      responses: { 200: jsonAnswer(detailWithHistorySchema, '배송 상세'), ...problemResponses(400, 404, 503) },
    }),
    async (c) => {
      const { deliveryNo } = c.req.valid('param');
      const asked = c.req.valid('query');
      const mask = isMasked(c, asked);
      const [found, history, prints] = await Promise.all([
        detailsOf(deps, { deliveryNo }, mask),
        shownHistory(deps, deliveryNo),
        shownPrints(deps, deliveryNo),
      ]);
      const detail = found?.details[0];
      if (!detail) throw new Problem('DELIVERY_NOT_FOUND');
      if (!mask) await recordAccess(deps, c, { subject: deliveryNo, fields: PERSONAL_FIELDS, reason: asked.reason });
      const shown = asked.live === 'true' ? await withLive(deps, detail) : detail;
      return c.json({ ...shown, history, prints }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/bo/v1/deliveries/{deliveryNo}/items',
      summary: '주문상품내역조회',
      tags: ['배송'],
      ...auth('delivery.read'),
      request: { params: deliveryNoParam, query: z.strictObject({}) },
      responses: { 200: jsonAnswer(z.object({ items: z.array(lineRowSchema) }), '주문상품내역'), ...problemResponses(400, 404) },
    }),
    async (c) => {
      const { deliveryNo } = c.req.valid('param');
      const lines = await linesOfDeliveries(query, [deliveryNo], false);
      if (lines.length === 0) throw new Problem('DELIVERY_NOT_FOUND');
      return c.json({ items: lines.map((line) => lineRow(line)) }, 200);
    },
  );
}
