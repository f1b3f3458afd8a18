import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { saveCalendarDay, saveCalendarWeek } from '../../db/operations/calendar.ts';
import { changeOnce } from '../../db/shipping/changes.ts';
import { findCalendar } from '../../db/shipping/dispatch-settings.ts';
import type { Query } from '../../db/statement.ts';
import { type CalendarDay, calendarOf, type DayReason, dayReasons, weekOf } from '../../domain/dispatch/calendar.ts';
import { addDays } from '../../domain/korea.ts';
import { Problem } from '../../domain/problems.ts';
import type { Requests } from '../../requests/store.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { requireSpan } from '../http/list.ts';
import { day, digitsOf, jsonAnswer, jsonBody, positiveId, problemResponses, requestHeaders, text } from '../http/schemas.ts';
import { storedRoute } from '../http/stored-route.ts';

const MOST_DAYS = 400;

const dayAnswer = z
  .object({
    date: z.string(),
    open: z.boolean(),
    why: z.enum(Object.keys(dayReasons) as DayReason[]),
    name: z.string().nullable(),
  })
  .openapi('CalendarDay', { example: { date: '2026-12-25', open: false, why: 'holiday', name: '성탄절' } });
const placeNo = positiveId
  .nullish()
  .transform((value) => value ?? null)
  .openapi({ type: ['integer', 'null'], minimum: 1, description: '없으면 모든 출하지' });
const openWeekdays = z.array(z.int().min(1).max(7)).openapi({ description: '1 월요일 – 7 일요일', example: [1, 2, 3, 4, 5] });
const weekAnswer = z.object({ openWeekdays, placeNo: z.int().nullable() }).openapi('CalendarWeek');

const dayBody = z
  .object({ open: z.boolean(), name: text(100), placeNo })
  .openapi('CalendarDayBody', { example: { open: false, name: '창고 이전', placeNo: 176042 } });
const weekBody = z
  .object({
    openWeekdays: openWeekdays
      .min(1, '하루는 열어야 합니다')
      .transform((days) => [...new Set(days)].sort((a, b) => a - b))
      .openapi({ type: 'array', items: { type: 'integer', minimum: 1, maximum: 7 } }),
    placeNo,
  })
  .openapi('CalendarWeekBody', { example: { openWeekdays: [1, 2, 3, 4, 5, 6] } });
const dateParam = z.object({ date: day.openapi({ param: { name: 'date', in: 'path' }, example: '2026-12-24' }) });
const placeInQuery = digitsOf(/^[1-9]\d{0,14}$/, '출하지 번호여야 합니다')
  .optional()
  .openapi({ type: 'integer', minimum: 1, description: '없으면 모든 출하지' });

/** The calendar of open days (영업일): what it says of each day, and what people set. */
export function calendarRoutes(app: App, { db }: ApiDeps, auth: Auth, requests: Requests): void {
  const tags = ['발송기한'];
  const write = { tags, ...auth('policy.write') };
  const calendarAt = async (query: Query, place: number | null, since: string) => {
    const facts = await findCalendar(query, place === null ? [] : [place], since);
    return { dayOf: calendarOf(facts, place), openWeekdays: weekOf(facts, place) };
  };

  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/bo/v1/calendar',
      summary: '영업일 달력: 날마다 여는지와 그 까닭',
      tags,
      ...auth('policy.read'),
      request: {
        query: z.strictObject({ from: day, to: day, placeNo: placeInQuery }),
      },
      responses: {
        200: jsonAnswer(z.object({ items: z.array(dayAnswer), openWeekdays: z.array(z.int()) }), '날마다, 그리고 여는 요일'),
        ...problemResponses(400, 503),
      },
    }),
    async (c) => {
      const { from, to, placeNo: place = null } = c.req.valid('query');
      requireSpan({ from, to }, MOST_DAYS);
      const { dayOf, openWeekdays: week } = await calendarAt(db.query, place, from);
      const items: CalendarDay[] = [];
      for (let date = from; date <= to; date = addDays(date, 1)) items.push(dayOf(date));
      return c.json({ items, openWeekdays: [...week] }, 200);
    },
  );

  const dayRoute = {
    path: '/api/bo/v1/calendar/days/{date}',
    ...write,
    responses: { 200: jsonAnswer(dayAnswer, '이제 이렇습니다'), ...problemResponses(400, 404, 409, 413, 415, 503) },
  } as const;
  const setDay = async (request: Parameters<typeof changeOnce>[1], date: string, place: number | null, own: Own | null) => {
    const body = await changeOnce(db, request, async (change) => {
      await saveCalendarDay(change, place, date, own);
      const { dayOf } = await calendarAt(change.query, place, date);
      return { placeNo: place, policyNo: null, answer: dayOf(date) };
    });
    return { status: 200, body, final: true };
  };
  storedRoute(app, requests, {
    operation: 'calendar-day',
    route: createRoute({
      method: 'put',
      summary: '직접 정한 날: 열거나 닫음. 이미 받은 주문의 발송기한은 다시 계산할 때까지 그대로입니다',
      ...dayRoute,
      request: { headers: requestHeaders, params: dateParam, body: jsonBody(dayBody) },
    }),
    execute: ({ request, body: { placeNo: place, ...own } }) => setDay(request, request.params.date ?? '', place, own),
  });
  storedRoute(app, requests, {
    operation: 'calendar-day-removal',
    route: createRoute({
      method: 'delete',
      summary: '직접 정한 날을 거둠',
      ...dayRoute,
      request: { headers: requestHeaders, params: dateParam, query: z.strictObject({ placeNo: placeInQuery }) },
    }),
    stored: z.object({ placeNo: z.int().nullable() }),
    given: async (c) => ({ body: { placeNo: placeInQuery.parse(c.req.query('placeNo')) ?? (await placeInBody(c)) } }),
    execute: ({ request, body }) => setDay(request, request.params.date ?? '', body.placeNo, null),
  });
  storedRoute(app, requests, {
    operation: 'calendar-week',
    route: createRoute({
      method: 'put',
      path: '/api/bo/v1/calendar/week',
      summary: '여는 요일',
      ...write,
      request: { headers: requestHeaders, body: jsonBody(weekBody) },
      responses: { 200: jsonAnswer(weekAnswer, '저장됨'), ...problemResponses(400, 404, 409, 413, 415, 503) },
    }),
    execute: async ({ request, body }) => {
      const answer = await changeOnce(db, request, async (change) => {
        await saveCalendarWeek(change, body.placeNo, body.openWeekdays);
        return { placeNo: body.placeNo, policyNo: null, answer: body };
      });
      return { status: 200, body: answer, final: true };
    },
  });
}

const removalBody = z.object({ placeNo });

/** The place in the body of a DELETE: some clients send the body of the PUT, others none, and some say that none is JSON. */
async function placeInBody(c: Context): Promise<number | null> {
  const sent = removalBody.safeParse(await c.req.json().catch(() => ({})));
  if (sent.success) return sent.data.placeNo;
  const message = '출하지 번호여야 합니다';
  throw new Problem('BAD_REQUEST', `placeNo: ${message}`, { errors: [{ path: 'placeNo', message }] });
}

interface Own {
  open: boolean;
  name: string;
}
