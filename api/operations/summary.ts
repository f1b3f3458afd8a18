import { createRoute, z } from '@hono/zod-openapi';
import { countExceptions } from '../../db/tracking/exceptions.ts';
import { type DeliveryState, deliveryStates } from '../../domain/deliveries/line.ts';
import { type PickupState, pickupStates } from '../../domain/pickups/pickup.ts';
import { stateSchema } from '../deliveries/line-row.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { jsonAnswer, problemResponses } from '../http/schemas.ts';
import { pickupStateSchema } from '../pickups/commands.ts';

/** Counting stops here: a home page needs no exact million. */
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

/** Work waiting per state: bounded index-only counts, never a scan of the table. */
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
          days: z
            .string()
            .regex(/^\d{1,2}$/)
            .transform(Number)
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
        db.query<{ state: DeliveryState; count: number; oldest: Date | null }>(
          `select s.state,
             (select count(*) from (select 1 from delivery_lines l where l.state = s.state and valid_quantity > 0 and l.state <> 'canceled' limit $2) c) as count,
             (select min(ordered_at) from delivery_lines l where l.state = s.state and valid_quantity > 0 and l.state <> 'canceled') as oldest
           from unnest($1::text[]) with ordinality s (state, n) order by n`,
          [states, MOST_COUNTED],
        ),
        db.query<{ state: PickupState; count: number; oldest: Date | null }>(
          `select s.state,
             (select count(*) from (select 1 from pickups p where p.state = s.state limit $2) c) as count,
             (select min(requested_at) from pickups p where p.state = s.state) as oldest
           from unnest($1::text[]) with ordinality s (state, n) order by n`,
          [Object.keys(pickupStates), MOST_COUNTED],
        ),
        countExceptions(db.query, { state: 'open' }, MOST_COUNTED),
        db.query<{ shipped: number; delivered: number }>(
          `select (select count(*) from delivery_lines where shipped_at >= d.start and valid_quantity > 0 and state <> 'canceled') as shipped,
                  (select count(*) from delivery_lines where delivered_at >= d.start and valid_quantity > 0 and state <> 'canceled') as delivered
             from (select date_trunc('day', now(), 'Asia/Seoul') as start) d`,
        ),
        days === undefined ? undefined : movedByDay(db, days),
      ]);
      const shown = <State extends string>(
        rows: { state: State; count: number; oldest: Date | null }[],
        names: Record<State, string>,
      ) =>
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
          today: today[0] ?? { shipped: 0, delivered: 0 },
          ...(byDay ? { days: byDay } : {}),
        },
        200,
      );
    },
  );
}

/** Lines that left and arrived on each of the last days of Seoul, oldest first. */
const movedByDay = ({ query }: ApiDeps['db'], days: number) => {
  const moved = (column: string) => `(select count(*) from (select 1 from delivery_lines
      where ${column} >= d.day::timestamp at time zone 'Asia/Seoul' and ${column} < (d.day + 1)::timestamp at time zone 'Asia/Seoul'
        and valid_quantity > 0 and state <> 'canceled' limit $2) c)`;
  return query<{ date: string; shipped: number; delivered: number }>(
    `select to_char(d.day, 'YYYY-MM-DD') as date, ${moved('shipped_at')} as shipped, ${moved('delivered_at')} as delivered
       from generate_series($1::int - 1, 0, -1) n, lateral (select (now() at time zone 'Asia/Seoul')::date - n as day) d order by d.day`,
    [days, MOST_COUNTED],
  );
};
