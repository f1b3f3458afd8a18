import { createRoute, z } from '@hono/zod-openapi';
import { findNotices, type NoticeRow } from '../../db/notices/list.ts';
import { setNotices } from '../../db/notices/orders.ts';
import { lockNotices, resendNotices } from '../../db/notices/resend.ts';
import { eventTypes } from '../../domain/events/types.ts';
import {
  isResendable,
  MOST_ATTEMPTS,
  type NoticeReason,
  type NoticeState,
  noticeReasons,
  noticeStates,
} from '../../domain/notices/notice.ts';
import { Problem, problems } from '../../domain/problems.ts';
import { once } from '../../requests/in-transaction.ts';
import type { Requests } from '../../requests/store.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { DEFAULT_LIMIT, limitQuery, listAnswer } from '../http/list.ts';
import { businessNo, jsonAnswer, jsonBody, orderNoParam, problemResponses, requestHeaders } from '../http/schemas.ts';
import { storedRoute } from '../http/stored-route.ts';
import { noticeRuleRoutes, noticeType } from './rules.ts';

const state = z.enum(Object.keys(noticeStates) as NoticeState[]);
const id = z.string().regex(/^\d{1,15}$/);

const noticeQuery = z.strictObject({
  state: state.optional(),
  type: noticeType.optional(),
  orderNo: businessNo.optional(),
  limit: limitQuery,
  cursor: id.optional(),
});

const at = z.iso.datetime();
const noticeSchema = z
  .object({
    id: z.int(),
    eventId: z.string(),
    type: noticeType,
    typeName: z.string(),
    happenedAt: at,
    subject: z.string().openapi({ description: '배송번호/줄 또는 회수번호' }),
    orderNo: z.string(),
    state,
    stateName: z.string(),
    reason: z
      .string()
      .nullable()
      .openapi({ description: `${Object.keys(noticeReasons).join(', ')}, 또는 발송사:코드` }),
    reasonName: z.string().nullable(),
    dueAt: at.openapi({ description: '보낼 때, 또는 다시 해 볼 때' }),
    attempts: z.int(),
    provider: z.string().nullable(),
    templateCode: z.string().nullable(),
    messageId: z.string().nullable().openapi({ description: '발송사의 메시지 번호' }),
    sentAt: at.nullable(),
    createdAt: at,
    updatedAt: at,
  })
  .openapi('Notice', {
    example: {
      id: 12,
      eventId: '1042',
      type: 'delivery.shipped',
      typeName: eventTypes['delivery.shipped'],
      happenedAt: '2026-11-23T02:00:00.000Z',
      subject: 'D261123000001/1',
      orderNo: 'S20261123-0001',
      state: 'failed',
      stateName: noticeStates.failed,
      reason: 'solapi:1062',
      reasonName: null,
      dueAt: '2026-11-23T02:00:01.000Z',
      attempts: 1,
      provider: 'solapi',
      templateCode: 'SHIPPED_1',
      messageId: null,
      sentAt: null,
      createdAt: '2026-11-23T02:00:01.000Z',
      updatedAt: '2026-11-23T02:00:02.000Z',
    },
  });

const reasonName = (reason: string | null): string | null =>
  reason !== null && Object.hasOwn(noticeReasons, reason) ? noticeReasons[reason as NoticeReason] : null;

const noticeOf = (row: NoticeRow): z.output<typeof noticeSchema> => ({
  id: row.id,
  eventId: String(row.event_id),
  type: row.type,
  typeName: eventTypes[row.type],
  happenedAt: row.happened_at.toISOString(),
  subject: row.subject,
  orderNo: row.order_no,
  state: row.state,
  stateName: noticeStates[row.state],
  reason: row.reason,
  reasonName: reasonName(row.reason),
  dueAt: row.due_at.toISOString(),
  attempts: row.attempts,
  provider: row.provider,
  templateCode: row.template_code,
  messageId: row.message_id,
  sentAt: row.sent_at?.toISOString() ?? null,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
});

const resendBody = z
  .object({ ids: z.array(z.int().min(1)).min(1).max(200) })
  .openapi('NoticeResend', { example: { ids: [12, 13] } });
const resendCode = z.enum(['NOTICE_NOT_FOUND', 'NOTICE_NOT_RESENDABLE']);
const resendAnswer = z
  .object({
    succeeded: z.int(),
    failed: z.int(),
    results: z.array(
      z.object({ id: z.int(), ok: z.boolean(), error: z.object({ code: resendCode, title: z.string() }).optional() }),
    ),
  })
  .openapi('NoticeResendResult', { example: { succeeded: 1, failed: 0, results: [{ id: 12, ok: true }] } });
const wantedBody = z.object({ enabled: z.boolean() }).openapi('OrderNotices', { example: { enabled: false } });
const wantedAnswer = z
  .object({ orderNo: z.string(), enabled: z.boolean() })
  .openapi('OrderNoticesAnswer', { example: { orderNo: 'S20261123-0001', enabled: false } });

/** Messages to receivers (알림톡): rules, what became of each notice, and orders whose receivers want none. */
export function noticeRoutes(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  const tags = ['알림톡'];
  noticeRuleRoutes(app, deps, auth, requests);
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/bo/v1/notices',
      summary: '알림톡 목록: 이름·전화번호·본문 없이, 새것부터',
      tags,
      ...auth('event.read'),
      request: { query: noticeQuery },
      responses: { 200: jsonAnswer(listAnswer(noticeSchema), '알림톡'), ...problemResponses(400) },
    }),
    async (c) => {
      const { limit = DEFAULT_LIMIT, ...filter } = c.req.valid('query');
      const rows = await findNotices(deps.db.query, filter, limit + 1);
      const items = rows.slice(0, limit).map(noticeOf);
      return c.json({ items, nextCursor: rows.length > limit ? String(items.at(-1)?.id) : null }, 200);
    },
  );
  storedRoute(app, requests, {
    operation: 'notices-resend',
    route: createRoute({
      method: 'post',
      path: '/api/bo/v1/notices/resend',
      summary: '알림톡 다시 보내기: 실패, 결과 모름, 보내지 않음인 것만',
      tags,
      ...auth('event.write'),
      request: { headers: requestHeaders, body: jsonBody(resendBody) },
      responses: { 200: jsonAnswer(resendAnswer, '건마다의 결과'), ...problemResponses(400, 409, 413, 415, 503) },
    }),
    execute: ({ request, body }) =>
      once(deps, request, async (query) => {
        const ids = [...new Set(body.ids)];
        const known = new Map((await lockNotices(query, ids)).map((row) => [row.id, row.state]));
        const results = ids.map((each) => resultOf(each, known.get(each)));
        const again = results.filter(({ ok }) => ok).map((result) => result.id);
        await resendNotices(query, again, MOST_ATTEMPTS);
        const answer = { succeeded: again.length, failed: ids.length - again.length, results };
        return { status: 200, body: answer, final: true };
      }),
  });
  storedRoute(app, requests, {
    operation: 'order-notices',
    route: createRoute({
      method: 'put',
      path: '/api/order/v1/orders/{orderNo}/notices',
      summary: '이 주문의 받는 분에게 알림톡을 보낼지',
      tags,
      ...auth('order.write'),
      request: { headers: requestHeaders, params: orderNoParam, body: jsonBody(wantedBody) },
      responses: { 200: jsonAnswer(wantedAnswer, '바뀜'), ...problemResponses(400, 404, 409, 413, 415, 503) },
    }),
    execute: ({ request, body: { enabled } }) =>
      once(deps, request, async (query, { askedAt }) => {
        const orderNo = request.params.orderNo ?? '';
        const done = await setNotices(query, orderNo, enabled, askedAt);
        if (done === undefined) throw new Problem('ORDER_NOT_FOUND');
        if (!done) throw new Problem('SUPERSEDED');
        return { status: 200, body: { orderNo, enabled }, final: true };
      }),
  });
}

function resultOf(noticeId: number, known: NoticeState | undefined): z.output<typeof resendAnswer>['results'][number] {
  if (known !== undefined && isResendable(known)) return { id: noticeId, ok: true };
  const code = known === undefined ? 'NOTICE_NOT_FOUND' : 'NOTICE_NOT_RESENDABLE';
  return { id: noticeId, ok: false, error: { code, title: problems[code].title } };
}
