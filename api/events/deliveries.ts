import { createRoute, z } from '@hono/zod-openapi';
import { isAway } from '../../db/errors.ts';
import { orderEvents, orderedId } from '../../db/events/order.ts';
import { type DeliveryRow, findDeliveries, findWebhook } from '../../db/webhooks/list.ts';
import { askReplay, resend, writeTest } from '../../db/webhooks/write.ts';
import { webhookBody } from '../../domain/events/body.ts';
import { type WebhookDeliveryState, webhookDeliveryStates } from '../../domain/events/webhook.ts';
import { Problem } from '../../domain/problems.ts';
import { once } from '../../requests/in-transaction.ts';
import type { Requests } from '../../requests/store.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { keysetPage, limitQuery, listAnswer } from '../http/list.ts';
import { instant, jsonAnswer, jsonBody, problemResponses, requestHeaders } from '../http/schemas.ts';
import { storedRoute } from '../http/stored-route.ts';
import { attempt, deliveryParam, idParam, ONE_WEBHOOK, typesOf } from './webhook-schemas.ts';

const KEPT_DAYS = 30;
const BY_DEFAULT = '-eventId';

const at = z.iso.datetime();
const deliverySchema = z
  .object({
    eventId: z.string(),
    type: z.string(),
    subject: z.string().openapi({ description: '차례를 지키는 단위: 배송번호/순번, 회수배송번호 …' }),
    state: z.enum(Object.keys(webhookDeliveryStates) as WebhookDeliveryState[]),
    tries: z.int().openapi({ description: '내보내거나 다시 보내기로 한 뒤의 시도' }),
    attempts: z.array(attempt),
    nextAttemptAt: at
      .nullable()
      .openapi({ description: '다음 시도. 같은 단위의 앞선 이벤트가 기다리거나 웹훅이 꺼져 있으면 null' }),
    body: z.string().openapi({ description: '보내는 본문 그대로' }),
  })
  .openapi('WebhookDelivery', {
    example: {
      eventId: '1042',
      type: 'delivery.shipped',
      subject: 'D261123000001/1',
      state: 'waiting',
      tries: 1,
      attempts: [{ at: '2026-11-23T02:00:01.000Z', status: 500, ms: 84, answer: 'oops', error: null }],
      nextAttemptAt: '2026-11-23T02:00:06.000Z',
      body: '{"type":"delivery.shipped","timestamp":"2026-11-23T02:00:00.000Z","data":{"deliveryNo":"D261123000001","lineNo":1}}',
    },
  });

const deliveryQuery = z.strictObject({
  state: z.enum(Object.keys(webhookDeliveryStates) as WebhookDeliveryState[]).optional(),
  cursor: z.string().max(500).optional(),
  limit: limitQuery,
});

const replayBody = z
  .object({
    from: instant.openapi({ description: '이때부터 일어난 이벤트' }),
    to: instant.openapi({ description: '이때까지' }),
    types: typesOf.optional(),
  })
  .openapi('WebhookReplayBody', {
    example: { from: '2026-11-23T09:00:00+09:00', to: '2026-11-23T12:00:00+09:00', types: ['delivery.shipped'] },
  });

/** Refuses a range that is none, has not begun, or is older than what is kept. */
function requireRange({ from, to }: { from: string; to: string }, now = Date.now()): void {
  const refuse = (path: string, message: string): never => {
    throw new Problem('BAD_REQUEST', `${path}: ${message}`, { errors: [{ path, message }] });
  };
  const begin = Date.parse(from);
  if (begin >= Date.parse(to)) refuse('to', 'from보다 뒤여야 합니다');
  if (begin > now) refuse('from', '아직 오지 않은 때입니다');
  if (begin < now - KEPT_DAYS * 86_400_000) refuse('from', `${KEPT_DAYS}일 안이어야 합니다. 그보다 오래된 이벤트는 지워졌습니다`);
}

const wire = ({ event_id, subject, state, tries, attempts, next_at }: DeliveryRow, event: { type: string } & DeliveryRow) => ({
  eventId: String(event_id),
  type: event.type,
  subject,
  state,
  tries,
  attempts,
  nextAttemptAt: next_at?.toISOString() ?? null,
  body: webhookBody(event),
});

/** What endpoints are told: the list with its attempts; a test, one event or a range of them again. */
export function webhookDeliveryRoutes(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  const { query } = deps.db;
  const tags = ['이벤트'];
  const write = { tags, ...auth('event.write') };
  const written = problemResponses(400, 404, 409, 413, 415, 503);

  app.openapi(
    createRoute({
      method: 'get',
      path: `${ONE_WEBHOOK}/deliveries`,
      summary: '웹훅이 받은, 받을 이벤트: 새것부터, 시도마다 답과 함께',
      tags,
      ...auth('event.read'),
      request: { params: idParam, query: deliveryQuery },
      responses: { 200: jsonAnswer(listAnswer(deliverySchema), '이벤트'), ...problemResponses(400, 404) },
    }),
    async (c) => {
      const webhookId = Number(c.req.valid('param').id);
      const { state, ...asked } = c.req.valid('query');
      const { after, wanted, limit, nextCursor } = keysetPage(asked, BY_DEFAULT, 1);
      const before = after && Number(after.key[0]);
      if (before !== undefined && !Number.isSafeInteger(before))
        throw new Problem('BAD_REQUEST', undefined, { errors: [{ path: 'cursor', message: '알 수 없는 cursor' }] });
      if (!(await findWebhook(query, webhookId))) throw new Problem('WEBHOOK_NOT_FOUND');
      const rows = await findDeliveries(query, { webhookId, state, before, limit });
      const items = rows.slice(0, wanted).flatMap((row) => (row.type === null ? [] : [wire(row, { ...row, type: row.type })]));
      const placeOf = ({ event_id }: DeliveryRow) => ({ value: null, key: [String(event_id)] });
      return c.json({ items, nextCursor: nextCursor(rows, placeOf) }, 200);
    },
  );

  storedRoute(app, requests, {
    operation: 'webhook-test',
    route: createRoute({
      method: 'post',
      path: `${ONE_WEBHOOK}/test`,
      summary: '웹훅 시험: webhook.test 이벤트를 이 웹훅에만 보냅니다',
      ...write,
      request: { headers: requestHeaders, params: idParam },
      responses: {
        202: jsonAnswer(z.object({ eventId: z.string() }).openapi('WebhookTest', { example: { eventId: '1042' } }), '보냅니다'),
        ...written,
      },
    }),
    execute: ({ request }) =>
      once(deps, request, async (change) => {
        const key = await writeTest(change, Number(request.params.id));
        return { status: 202, body: { key }, final: true };
      }),
    // The event has its id once it is committed.
    told: async (stored) => {
      const { key } = z.object({ key: z.int() }).parse(stored);
      const id = await orderedId(deps.db, key).catch((error: unknown) => {
        if (isAway(error)) throw new Problem('COMMAND_PENDING');
        throw error;
      });
      if (id === undefined) throw new Problem('COMMAND_PENDING');
      return { eventId: String(id) };
    },
  });
  storedRoute(app, requests, {
    operation: 'webhook-resend',
    route: createRoute({
      method: 'post',
      path: `${ONE_WEBHOOK}/deliveries/{eventId}/resend`,
      summary: '이벤트를 이 웹훅에 다시 보내기',
      ...write,
      request: { headers: requestHeaders, params: deliveryParam },
      responses: {
        202: jsonAnswer(z.object({ eventId: z.string() }).openapi('WebhookResend', { example: { eventId: '1042' } }), '보냅니다'),
        ...written,
      },
    }),
    execute: ({ request }) =>
      once(deps, request, async (change) => {
        const { id, eventId = '' } = request.params;
        await resend(change, Number(id), Number(eventId));
        return { status: 202, body: { eventId: String(Number(eventId)) }, final: true };
      }),
  });
  storedRoute(app, requests, {
    operation: 'webhook-replay',
    route: createRoute({
      method: 'post',
      path: `${ONE_WEBHOOK}/replay`,
      summary: '기간의 이벤트를 이 웹훅에 다시 보내기',
      ...write,
      request: { headers: requestHeaders, params: idParam, body: jsonBody(replayBody) },
      responses: {
        202: jsonAnswer(z.object({ replayId: z.int() }).openapi('WebhookReplay', { example: { replayId: 7 } }), '보냅니다'),
        ...written,
      },
    }),
    given: (_c, { body }) => {
      requireRange(body);
      return {};
    },
    execute: async ({ request, body }) => {
      await orderEvents(deps.db);
      return once(deps, request, async (change) => {
        const replayId = await askReplay(change, Number(request.params.id), body);
        return { status: 202, body: { replayId }, final: true };
      });
    },
  });
}
