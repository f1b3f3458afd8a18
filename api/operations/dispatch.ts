import { createRoute, z } from '@hono/zod-openapi';
import { closeTimesOfPlaces, countDue, type DueCount, type DuePerformance, performanceOf } from '../../db/operations/dispatch.ts';
import type { Query } from '../../db/statement.ts';
import { addDays, koreanDay } from '../../domain/korea.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { requireSpan } from '../http/list.ts';
import { day, jsonAnswer, positiveId, problemResponses } from '../http/schemas.ts';

const MOST_DAYS = 92;

export const dispatchSummarySchema = z
  .object({
    late: z.int(),
    today: z.int(),
    tomorrow: z.int(),
    noticeMissed: z.int(),
    countIsMinimum: z.boolean().optional().openapi({ description: '너무 많아 끝까지 세지 않은 수가 있음' }),
    places: z.array(
      z.object({
        placeNo: z.int(),
        late: z.int(),
        today: z.int(),
        closeTime: z.string().nullable().openapi({ description: '당일발송 마감 (서울, HH:mm). 출하지의 정책, 없으면 기본 정책' }),
      }),
    ),
  })
  .openapi({
    description:
      '발송기한: 목록에 due=late, today, tomorrow, notice-missed를 주면 나오는 수. 마감이나 남은 것이 있는 출하지별로도',
  });

/** What must leave, in all and of each place that has some or has a cut-off. */
export async function dispatchSummary(query: Query, most: number): Promise<z.output<typeof dispatchSummarySchema>> {
  const [counts, closing] = await Promise.all([countDue(query, koreanDay(new Date()), most), closeTimesOfPlaces(query)]);
  const sumOf = (status: DueCount['status'], placeNo?: number) =>
    counts
      .filter((each) => each.status === status && (placeNo === undefined || each.place_no === placeNo))
      .reduce((sum, { count }) => sum + count, 0);
  const closeTimes = new Map(closing.map((place) => [place.place_no, place.close_time]));
  const urgent = counts.flatMap(({ status, place_no }) =>
    place_no !== null && (status === 'late' || status === 'today') ? [place_no] : [],
  );
  const placeNos = [...new Set([...closeTimes.keys(), ...urgent])].sort((a, b) => a - b);
  const totals = {
    late: sumOf('late'),
    today: sumOf('today'),
    tomorrow: sumOf('tomorrow'),
    noticeMissed: sumOf('notice-missed'),
  };
  return {
    ...totals,
    ...(Object.values(totals).some((count) => count >= most) ? { countIsMinimum: true } : {}),
    places: placeNos.map((placeNo) => ({
      placeNo,
      late: sumOf('late', placeNo),
      today: sumOf('today', placeNo),
      closeTime: closeTimes.get(placeNo) ?? null,
    })),
  };
}

const counts = { due: z.int(), onTime: z.int(), late: z.int(), open: z.int() };
const onTimeRate = z.number().min(0).max(1).nullable().openapi({
  description: 'onTime ÷ (onTime + late), 소수 넷째 자리까지. 아직 판정할 것이 없으면 null',
});
const performanceSchema = z
  .object({
    items: z.array(z.object({ date: day, ...counts })),
    onTimeRate,
    places: z.array(z.object({ placeNo: z.int().nullable(), ...counts, onTimeRate })),
  })
  .openapi('DispatchPerformance', {
    example: {
      items: [{ date: '2026-11-23', due: 120, onTime: 117, late: 3, open: 0 }],
      onTimeRate: 0.975,
      places: [{ placeNo: 176042, due: 120, onTime: 117, late: 3, open: 0, onTimeRate: 0.975 }],
    },
  });

const performanceQuery = z.strictObject({
  from: day.openapi({ description: '발송기한의 첫날' }),
  to: day.openapi({ description: `마지막 날 (그날도 포함, ${MOST_DAYS}일까지)` }),
  placeNo: positiveId.optional(),
});

function sumOf(rows: DuePerformance[]) {
  const sum = (field: 'due' | 'on_time' | 'late' | 'open') => rows.reduce((total, row) => total + row[field], 0);
  return { due: sum('due'), onTime: sum('on_time'), late: sum('late'), open: sum('open') };
}
const rateOf = ({ onTime, late }: { onTime: number; late: number }) =>
  onTime + late === 0 ? null : Math.round((onTime / (onTime + late)) * 10_000) / 10_000;

/** 발송 성과: how what was due on each day has left. */
export function dispatchRoutes(app: App, { db }: ApiDeps, auth: Auth): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/bo/v1/dispatch-performance',
      summary: '발송 성과: 발송기한이 된 주문내역 중 그날까지 출고한 것',
      description:
        '발송기한의 날마다: onTime 그날(서울)까지 출고, late 그 뒤에 출고했거나 그날이 지나도 있음, open 아직 시간이 있음. 주문취소는 빠지고, 출고한 뒤의 반품은 빠지지 않습니다. 발송지연안내를 해도 발송기한은 그대로입니다.',
      tags: ['배송'],
      ...auth('delivery.read'),
      request: { query: performanceQuery },
      responses: { 200: jsonAnswer(performanceSchema, '발송 성과'), ...problemResponses(400) },
    }),
    async (c) => {
      const asked = c.req.valid('query');
      requireSpan(asked, MOST_DAYS);
      const rows = await performanceOf(db.query, asked, koreanDay(new Date()));
      const byDate = Map.groupBy(rows, ({ date }) => date);
      const items: z.output<typeof performanceSchema>['items'] = [];
      for (let date = asked.from; date <= asked.to; date = addDays(date, 1))
        items.push({ date, ...sumOf(byDate.get(date) ?? []) });
      const places = [...Map.groupBy(rows, ({ place_no }) => place_no)].map(([placeNo, own]) => {
        const sums = sumOf(own);
        return { placeNo, ...sums, onTimeRate: rateOf(sums) };
      });
      places.sort((a, b) => (a.placeNo ?? Number.MAX_SAFE_INTEGER) - (b.placeNo ?? Number.MAX_SAFE_INTEGER));
      return c.json({ items, onTimeRate: rateOf(sumOf(rows)), places }, 200);
    },
  );
}
