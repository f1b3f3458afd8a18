import { createRoute, z } from '@hono/zod-openapi';
import { withNames } from '../../db/operations/callers.ts';
import { hashOfOrder } from '../../db/orders/find.ts';
import {
  type HistoryOfOrder,
  lineHistoryOfOrder,
  pickupHistoryOfOrder,
  type ScanOfOrder,
  scansOfOrder,
} from '../../db/orders/timeline.ts';
import { Problem } from '../../domain/problems.ts';
import { levelName } from '../../domain/tracking.ts';
import { refusalOf, refusedTitleSchema, shownCommand } from '../deliveries/history.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { jsonAnswer, orderNoParam, problemResponses } from '../http/schemas.ts';

const MOST_ENTRIES = 1_000;

const entrySchema = z
  .object({
    at: z.iso.datetime(),
    kind: z.enum(['history', 'tracking']),
    deliveryNo: z.string().optional(),
    lineNo: z.int().optional(),
    pickupNo: z.string().optional(),
    by: z.string().optional(),
    byName: z.string().nullable().optional().openapi({ description: 'by의 이름. 기계이거나 모르면 null' }),
    command: z.string().optional(),
    from: z.string().nullable().optional(),
    to: z.string().optional(),
    revision: z.int().nullable().optional(),
    reason: z.string().optional(),
    refused: z.string().optional(),
    refusedTitle: refusedTitleSchema,
    waybillNo: z.string().optional(),
    level: z.int().optional(),
    levelName: z.string().optional(),
    where: z.string().nullable().optional(),
    details: z.string().nullable().optional(),
  })
  .openapi('OrderTimelineEntry');
type Entry = z.output<typeof entrySchema>;

const timelineSchema = z
  .object({
    items: z.array(entrySchema),
    truncated: z.boolean().openapi({ description: `더 오래된 것이 있음: 최근 ${MOST_ENTRIES}건까지 보여 줌` }),
  })
  .openapi('OrderTimeline', {
    example: {
      items: [
        {
          at: '2026-11-23T05:05:00.000Z',
          kind: 'tracking',
          deliveryNo: 'D261123000001',
          waybillNo: '681234567890',
          level: 2,
          levelName: '집화완료',
          where: '서울강남',
          details: '집화처리',
        },
        {
          at: '2026-11-23T01:00:00.000Z',
          kind: 'history',
          deliveryNo: 'D261123000001',
          lineNo: 1,
          by: 'kim',
          byName: '김관리',
          command: 'instruct',
          from: 'ordered',
          to: 'instructed',
          revision: 2,
        },
      ],
      truncated: false,
    },
  });

const historyEntry = (row: HistoryOfOrder & { byName: string | null }): Entry => ({
  at: row.at.toISOString(),
  kind: 'history',
  ...(row.delivery_no === null ? {} : { deliveryNo: row.delivery_no }),
  ...(row.line_no === null ? {} : { lineNo: row.line_no }),
  ...(row.pickup_no === null ? {} : { pickupNo: row.pickup_no }),
  by: row.by,
  byName: row.byName,
  command: row.pickup_no === null ? shownCommand(row.command) : row.command,
  from: row.from_state,
  to: row.to_state,
  revision: row.revision,
  ...(row.reason === null ? {} : { reason: row.reason }),
  ...refusalOf(row.refused),
});

const scanEntry = (row: ScanOfOrder): Entry => ({
  at: row.scanned_at.toISOString(),
  kind: 'tracking',
  ...(row.kind === 'delivery' ? { deliveryNo: row.fid } : { pickupNo: row.fid }),
  waybillNo: row.waybill_no,
  level: row.level,
  levelName: levelName(row.level),
  where: row.place || null,
  details: row.details,
});

/** Everything that happened to an order, in one row of time. It shows no more of people than a masked detail does. */
export function orderTimelineRoutes(app: App, { db }: ApiDeps, auth: Auth): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/order/v1/orders/{orderNo}/timeline',
      summary: '주문의 모든 일: 배송·회수 처리와 배송추적을 한 줄로, 최근 것부터',
      tags: ['주문'],
      ...auth('delivery.read'),
      request: { params: orderNoParam, query: z.strictObject({}) },
      responses: { 200: jsonAnswer(timelineSchema, '시간순 기록'), ...problemResponses(400, 404) },
    }),
    async (c) => {
      const { orderNo } = c.req.valid('param');
      // One more of each than is shown, so that it is known whether anything is left out.
      const most = MOST_ENTRIES + 1;
      const [order, lines, pickups, scans] = await Promise.all([
        hashOfOrder(db.query, orderNo),
        lineHistoryOfOrder(db.query, orderNo, most),
        pickupHistoryOfOrder(db.query, orderNo, most),
        scansOfOrder(db.query, orderNo, most),
      ]);
      if (order === undefined) throw new Problem('ORDER_NOT_FOUND');
      const history = await withNames(db.query, [...lines, ...pickups]);
      // Each part comes newest first, and sorting keeps what happened in the same millisecond in that order.
      const entries = [...history.map(historyEntry), ...scans.map(scanEntry)].sort((a, b) =>
        a.at < b.at ? 1 : a.at > b.at ? -1 : 0,
      );
      return c.json({ items: entries.slice(0, MOST_ENTRIES), truncated: entries.length > MOST_ENTRIES }, 200);
    },
  );
}
