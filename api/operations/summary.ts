import { createRoute, z } from '@hono/zod-openapi';
import { lineDates } from '../../db/deliveries/filter.ts';
import { countLinesByState, countPickupsByState, movedByDay, movedToday, type Waiting } from '../../db/operations/summary.ts';
import { pickupDates } from '../../db/pickups/list.ts';
import { countExceptions } from '../../db/tracking/list.ts';
import { deliveryStates } from '../../domain/deliveries/line.ts';
import { pickupStates } from '../../domain/pickups/pickup.ts';
import { stateSchema } from '../deliveries/line-row.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { digitsOf, jsonAnswer, problemResponses } from '../http/schemas.ts';
import { pickupStateSchema } from '../pickups/commands.ts';
import { dispatchSummary, dispatchSummarySchema } from './dispatch.ts';
import { summaryHourRoutes } from './summary-hours.ts';

/** Counting stops here, because a home page needs no exact million. */
const MOST_COUNTED = 100_000;
const MOST_DAYS = 31;

const beforeToday = z.int().openapi({
  description:
    '그중 dateField가 오늘(서울) 전인 것. 목록에 state, dateField, to=어제를 주면 나오는 수. countIsMinimum이면 이것도 그 이상',
});
const waitingSince = z.iso.datetime().nullable().openapi({ description: '이 상태에서 가장 오래된 dateField' });
const dateFieldOf = <Field extends string>(fields: Record<Field, unknown>) =>
  z.enum(Object.keys(fields) as Field[]).openapi({ description: '이 상태가 된 날짜: 목록의 dateField' });

const countSchema = z.object({
  state: stateSchema,
  stateName: z.string(),
  count: z.int(),
  countIsMinimum: z.boolean().optional(),
  oldestAt: z.iso.datetime().nullable().openapi({ description: '이 상태에서 가장 오래된 주문 시각' }),
  dateField: dateFieldOf(lineDates),
  beforeToday,
  waitingSince,
});
const pickupCountSchema = countSchema.extend({
  state: pickupStateSchema,
  oldestAt: z.iso.datetime().nullable().openapi({ description: '이 상태에서 가장 오래된 접수 시각' }),
  dateField: dateFieldOf(pickupDates),
});
const summarySchema = z
  .object({
    deliveries: z.array(countSchema),
    pickups: z.array(pickupCountSchema),
    openExceptions: z.int().openapi({ description: '사람이 볼 배송추적 예외' }),
    today: z.object({ shipped: z.int(), delivered: z.int() }).openapi({ description: '오늘(서울) 출고완료·배송완료' }),
    dispatch: dispatchSummarySchema,
    days: z
      .array(z.object({ date: z.string().openapi({ format: 'date' }), shipped: z.int(), delivered: z.int() }))
      .optional()
      .openapi({ description: 'days를 물었을 때: 오늘까지 하루마다의 출고완료·배송완료 (주문내역 수)' }),
  })
  .openapi('Summary', {
    example: {
      deliveries: [
        {
          state: 'released',
          stateName: '출고지시',
          count: 12,
          oldestAt: '2026-11-20T00:00:00.000Z',
          dateField: 'releasedAt',
          beforeToday: 3,
          waitingSince: '2026-11-22T01:00:00.000Z',
        },
      ],
      pickups: [
        {
          state: 'requested',
          stateName: '회수접수',
          count: 3,
          oldestAt: '2026-11-23T01:00:00.000Z',
          dateField: 'requestedAt',
          beforeToday: 0,
          waitingSince: '2026-11-23T01:00:00.000Z',
        },
      ],
      openExceptions: 2,
      today: { shipped: 34, delivered: 21 },
      dispatch: {
        late: 2,
        today: 14,
        tomorrow: 9,
        noticeMissed: 1,
        places: [{ placeNo: 176042, late: 2, today: 14, closeTime: '15:00' }],
      },
    },
  });

/** Waiting work per state, from bounded index-only counts, without scanning the table. */
export function summaryRoutes(app: App, deps: ApiDeps, auth: Auth): void {
  const { db } = deps;
  summaryHourRoutes(app, deps, auth);
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
      const { days } = c.req.valid('query');
      const [counts, pickupCounts, openExceptions, today, dispatch, byDay] = await Promise.all([
        countLinesByState(db.query, MOST_COUNTED),
        countPickupsByState(db.query, MOST_COUNTED),
        countExceptions(db.query, { state: 'open' }, MOST_COUNTED),
        movedToday(db.query),
        dispatchSummary(db.query, MOST_COUNTED),
        days === undefined ? undefined : movedByDay(db.query, days, MOST_COUNTED),
      ]);
      const shown = <State extends string, Field>(rows: Waiting<State, Field>[], names: Record<State, string>) =>
        rows.map(({ state, count, oldest, date_field, before_today, waiting_since }) => ({
          state,
          stateName: names[state],
          count,
          ...(count >= MOST_COUNTED ? { countIsMinimum: true } : {}),
          oldestAt: oldest?.toISOString() ?? null,
          dateField: date_field,
          beforeToday: before_today,
          waitingSince: waiting_since?.toISOString() ?? null,
        }));
      return c.json(
        {
          deliveries: shown(counts, deliveryStates),
          pickups: shown(pickupCounts, pickupStates),
          openExceptions,
          today,
          dispatch,
          ...(byDay ? { days: byDay } : {}),
        },
        200,
      );
    },
  );
}
