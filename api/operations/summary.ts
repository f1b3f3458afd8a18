import { createRoute, z } from '@hono/zod-openapi';
import { countLinesByState, countPickupsByState, movedByDay, movedToday, type Waiting } from '../../db/operations/summary.ts';
import { countExceptions } from '../../db/tracking/list.ts';
import { type DeliveryState, deliveryStates } from '../../domain/deliveries/line.ts';
import { type PickupState, pickupStates } from '../../domain/pickups/pickup.ts';
import { stateSchema } from '../deliveries/line-row.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { digitsOf, jsonAnswer, problemResponses } from '../http/schemas.ts';
import { pickupStateSchema } from '../pickups/commands.ts';

/** Counting stops here, because a home page needs no exact million. */
const MOST_COUNTED = 100_000;
const MOST_DAYS = 31;

const countSchema = z.object({
  state: stateSchema,
  stateName: z.string(),
  count: z.int(),
  countIsMinimum: z.boolean().optional(),
  oldestAt: z.iso.datetime().nullable().openapi({ description: '이 상태에서 가장 오래된 주문 시각' }),
});
const pickupCountSchema = countSchema.extend({
  state: pickupStateSchema,
  oldestAt: z.iso.datetime().nullable().openapi({ description: '이 상태에서 가장 오래된 접수 시각' }),
});
const summarySchema = z
  .object({
    deliveries: z.array(countSchema),
    pickups: z.array(pickupCountSchema),
    openExceptions: z.int().openapi({ description: '사람이 볼 배송추적 예외' }),
    today: z.object({ shipped: z.int(), delivered: z.int() }).openapi({ description: '오늘(서울) 출고완료·배송완료' }),
    days: z
      .array(z.object({ date: z.string().openapi({ format: 'date' }), shipped: z.int(), delivered: z.int() }))
      .optional()
      .openapi({ description: 'days를 물었을 때: 오늘까지 하루마다의 출고완료·배송완료 (주문내역 수)' }),
  })
  .openapi('Summary', {
    example: {
      deliveries: [{ state: 'ordered', stateName: '주문완료', count: 12, oldestAt: '2026-11-23T00:00:00.000Z' }],
      pickups: [{ state: 'requested', stateName: '회수접수', count: 3, oldestAt: '2026-11-23T01:00:00.000Z' }],
      openExceptions: 2,
      today: { shipped: 34, delivered: 21 },
    },
  });

/** Waiting work per state, from bounded index-only counts, without scanning the table. */
export function summaryRoutes(app: App, { db }: ApiDeps, auth: Auth): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/bo/v1/summary',
      summary: '상태별 현황',
      tags: ['배송'],
      ...auth('delivery.read'),
      request: {
        query: z.strictObject({
          days: digitsOf(/^\d{1,2}$/)
            .pipe(z.int().min(1).max(MOST_DAYS))
            .optional()
            .openapi({
              type: 'integer',
              minimum: 1,
              maximum: MOST_DAYS,
              description: '지난 며칠의 출고완료·배송완료를 더함',
              example: 7,
            }),
        }),
      },
      responses: { 200: jsonAnswer(summarySchema, '현황'), ...problemResponses(400) },
    }),
    async (c) => {
      const states = (Object.keys(deliveryStates) as DeliveryState[]).filter((state) => state !== 'canceled');
      const { days } = c.req.valid('query');
      const [counts, pickupCounts, openExceptions, today, byDay] = await Promise.all([
        countLinesByState(db.query, states, MOST_COUNTED),
        countPickupsByState(db.query, Object.keys(pickupStates) as PickupState[], MOST_COUNTED),
        countExceptions(db.query, { state: 'open' }, MOST_COUNTED),
        movedToday(db.query),
        days === undefined ? undefined : movedByDay(db.query, days, MOST_COUNTED),
      ]);
      const shown = <State extends string>(rows: Waiting<State>[], names: Record<State, string>) =>
        rows.map(({ state, count, oldest }) => ({
          state,
          stateName: names[state],
          count,
          ...(count >= MOST_COUNTED ? { countIsMinimum: true } : {}),
          oldestAt: oldest?.toISOString() ?? null,
        }));
      return c.json(
        {
          deliveries: shown(counts, deliveryStates),
          pickups: shown(pickupCounts, pickupStates),
          openExceptions,
          today,
          ...(byDay ? { days: byDay } : {}),
        },
        200,
      );
    },
  );
}
