import { createRoute, z } from '@hono/zod-openapi';
import { findEvents, hasEvent, lastEventId, oldestEventId } from '../../db/events/list.ts';
import { orderEvents } from '../../db/events/order.ts';
import type { Query } from '../../db/statement.ts';
import { type EventType, eventTypes } from '../../domain/events/types.ts';
import { Problem } from '../../domain/problems.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { DEFAULT_LIMIT, limitQuery } from '../http/list.ts';
import { jsonAnswer, problemResponses } from '../http/schemas.ts';

/** One call looks through at most so many events for some of its types. */
const MOST_LOOKED_AT = 50_000;

export const eventType = z.enum(Object.keys(eventTypes) as EventType[]);
/** Names, several times or with commas; `*` = all. */
const typesQuery = z.preprocess(
  (given) => [given].flat().flatMap((each) => (typeof each === 'string' ? each.split(',').map((name) => name.trim()) : [each])),
  z
    .array(z.union([eventType, z.literal('*')]))
    .min(1)
    .max(100),
);
/** The types that are asked for; null = all. */
const askedTypes = (names: z.output<typeof typesQuery> = ['*']): EventType[] | null => {
  const asked = names.filter((name) => name !== '*');
  return asked.length < names.length ? null : asked;
};

const eventId = z
  .string()
  .regex(/^\d{1,15}$/)
  .openapi({ example: '1042' });

const feedQuery = z.strictObject({
  after: eventId.optional().openapi({ description: '받은 마지막 이벤트의 id, 또는 nextAfter. 없으면 보관된 가장 오래된 것부터' }),
  types: typesQuery.optional().openapi({
    type: 'string',
    description: '이벤트 이름: 쉼표로 여럿, 되풀이, 또는 *',
    example: 'delivery.shipped,delivery.delivered',
  }),
  limit: limitQuery,
});

const eventSchema = z
  .object({
    id: eventId,
    type: eventType,
    at: z.iso.datetime(),
    data: z.record(z.string(), z.unknown()).openapi({ description: '번호, 코드, 상태뿐입니다 (docs/events.md)' }),
  })
  .openapi('Event', {
    example: {
      id: '1042',
      type: 'delivery.shipped',
      at: '2026-11-23T02:00:00.000Z',
      data: { deliveryNo: 'D261123000001', lineNo: 1, orderNo: 'S20261123-0001', state: 'shipped', revision: 4 },
    },
  });

const feedSchema = z
  .object({
    items: z.array(eventSchema),
    nextAfter: z.string().openapi({ description: '다음에 after로 줄 값. 그대로이면 지금은 더 없습니다', example: '1042' }),
  })
  .openapi('Events');

/** The id after which to read; throws when events after the caller's have been deleted, or when there is no such event yet. */
async function placeOf(query: Query, after: string | undefined, last: number): Promise<number> {
  if (after === undefined) return ((await oldestEventId(query)) ?? last + 1) - 1;
  const place = Number(after);
  if (place > last)
    throw new Problem('BAD_REQUEST', undefined, { errors: [{ path: 'after', message: '아직 없는 이벤트입니다' }] });
  // Ids have no gaps: where the next one is missing, it is gone.
  if (place < last && !(await hasEvent(query, place + 1))) throw new Problem('EVENTS_GONE');
  return place;
}

/** 이벤트 피드: what happened, in order and without a gap, for receivers that ask. */
export function feedRoutes(app: App, { db }: ApiDeps, auth: Auth): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/bo/v1/events',
      summary: '이벤트 피드',
      description:
        '일어난 차례대로, 빠짐없이 (30일 보관). 한 주문내역·회수의 이벤트는 revision 순서입니다. nextAfter를 after로 주고 되풀이하면 모두 받습니다. id는 1씩 늘어나며 빈 번호가 없습니다.',
      tags: ['이벤트'],
      ...auth('event.read'),
      request: { query: feedQuery },
      responses: { 200: jsonAnswer(feedSchema, '이벤트'), ...problemResponses(400, 410) },
    }),
    async (c) => {
      const { after, types: names, limit = DEFAULT_LIMIT } = c.req.valid('query');
      const types = askedTypes(names);
      const { query } = db;
      await orderEvents(db);
      const last = await lastEventId(query);
      const place = await placeOf(query, after, last);
      const upTo = types === null ? last : Math.min(last, place + MOST_LOOKED_AT);
      const rows = await findEvents(query, { after: place, upTo, types, limit });
      const items = rows.map(({ id, type, at, data }) => ({ id: String(id), type, at: at.toISOString(), data: { ...data } }));
      const nextAfter = rows.length === limit ? (items.at(-1)?.id ?? '') : String(Math.max(place, upTo));
      return c.json({ items, nextAfter }, 200);
    },
  );
}
