import { createRoute, z } from '@hono/zod-openapi';
import { movedByHour } from '../../db/operations/summary.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { jsonAnswer, problemResponses } from '../http/schemas.ts';

/** Counting an hour stops here, as the summary's counting does. */
const MOST_COUNTED = 100_000;

const hourSchema = z.object({
  hour: z.int().min(0).max(23),
  ordered: z.int(),
  instructed: z.int(),
  shipped: z.int(),
  delivered: z.int(),
});
const hoursSchema = z
  .object({
    days: z
      .array(z.object({ date: z.string().openapi({ format: 'date' }), hours: z.array(hourSchema) }))
      .openapi({ description: '오늘, 어제의 순서로, 각각 0–23시' }),
  })
  .openapi('SummaryHours', {
    example: {
      days: [{ date: '2026-11-23', hours: [{ hour: 9, ordered: 42, instructed: 30, shipped: 12, delivered: 7 }] }],
    },
  });

/** The day by the hour, against yesterday: each number is that of the list of its dateField within that hour. */
export function summaryHourRoutes(app: App, { db }: ApiDeps, auth: Auth): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/bo/v1/summary/hours',
      summary: '시간대별 현황: 오늘과 어제(서울)의 주문, 배송지시, 출고완료, 배송완료 (목록에 나오는 주문내역 수)',
      tags: ['배송'],
      ...auth('delivery.read'),
      request: { query: z.strictObject({}) },
      responses: { 200: jsonAnswer(hoursSchema, '시간대별 현황'), ...problemResponses(400) },
    }),
    async (c) => {
      const days = Map.groupBy(await movedByHour(db.query, MOST_COUNTED), ({ date }) => date);
      const shown = [...days].map(([date, hours]) => ({ date, hours: hours.map(({ date: _, ...hour }) => hour) }));
      return c.json({ days: shown }, 200);
    },
  );
}
