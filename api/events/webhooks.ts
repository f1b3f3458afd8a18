import { randomBytes } from 'node:crypto';
import { createRoute, z } from '@hono/zod-openapi';
import { orderEvents } from '../../db/events/order.ts';
import type { Query } from '../../db/statement.ts';
import { findWebhook, findWebhooks } from '../../db/webhooks/list.ts';
import {
  deleteWebhook,
  disableWebhook,
  emptyWebhook,
  enableWebhook,
  insertWebhook,
  rotateSecret,
  updateWebhook,
} from '../../db/webhooks/write.ts';
import { Problem } from '../../domain/problems.ts';
import { aboutWebhook, sealer } from '../../process/sealed.ts';
import { once } from '../../requests/in-transaction.ts';
import type { Answer, Requests } from '../../requests/store.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { jsonAnswer, jsonBody, problemResponses, requestHeaders } from '../http/schemas.ts';
import { storedRoute } from '../http/stored-route.ts';
import { idParam, ONE_WEBHOOK, WEBHOOKS, webhookBody, webhookOf, webhookSchema, webhookWithSecret } from './webhook-schemas.ts';

const tags = ['이벤트'];
/** Deleting an endpoint deletes first what it was told, which may be much. */
const LONGEST_DELETION_MS = 120_000;

const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`;

/** What is switched at an endpoint. */
const switches = {
  enable: { summary: '웹훅 켜기: 멈춘 곳부터 이어 보내고, 잃는 것이 없습니다', act: enableWebhook },
  disable: { summary: '웹훅 끄기: 이벤트는 기다립니다 (30일 보관)', act: disableWebhook },
} as const;

/** 웹훅: endpoints outside that are told of events. What they are told is in deliveries.ts. */
export function webhookRoutes(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  const { db, webhooks } = deps;
  const { seal, unseal } = sealer(webhooks.WEBHOOK_SECRET_KEY);
  const body = webhookBody(webhooks.WEBHOOK_ALLOW_PRIVATE);
  const read = { tags, ...auth('event.read') };
  const write = { tags, ...auth('event.write') };
  const written = problemResponses(400, 404, 409, 413, 415, 503);

  const shown = async (query: Query, id: number) => {
    const row = await findWebhook(query, id);
    if (!row) throw new Problem('WEBHOOK_NOT_FOUND');
    return webhookOf(row);
  };
  const done = async (query: Query, id: number, status = 200): Promise<Answer> => ({
    status,
    body: await shown(query, id),
    final: true,
  });
  /**
   * An answer with the secret. It is stored sealed, because a dump of the requests must not give it away, and opened for the caller: also
   * for one who repeats his call because the answer was lost, under the same key.
   */
  const withSecret = async (query: Query, id: number, secret: string, status: number): Promise<Answer> => ({
    status,
    body: { ...(await shown(query, id)), secret },
    final: true,
  });
  const told = (stored: unknown) => {
    const answer = webhookWithSecret.parse(stored);
    return { ...answer, secret: unseal(answer.secret, aboutWebhook(answer.id)) };
  };

  app.openapi(
    createRoute({
      method: 'get',
      path: WEBHOOKS,
      summary: '웹훅 목록',
      ...read,
      responses: { 200: jsonAnswer(z.object({ items: z.array(webhookSchema) }), '웹훅 (20개까지)'), ...problemResponses(400) },
    }),
    async (c) => c.json({ items: (await findWebhooks(db.query)).map(webhookOf) }, 200),
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: ONE_WEBHOOK,
      summary: '웹훅 조회',
      ...read,
      request: { params: idParam },
      responses: { 200: jsonAnswer(webhookSchema, '웹훅'), ...problemResponses(400, 404) },
    }),
    async (c) => c.json(await shown(db.query, Number(c.req.valid('param').id)), 200),
  );

  storedRoute(app, requests, {
    operation: 'webhook-new',
    route: createRoute({
      method: 'post',
      path: WEBHOOKS,
      summary: '웹훅 만들기: 지금부터의 이벤트를 받습니다. 비밀 값(secret)은 이 답에서만 보입니다',
      ...write,
      request: { headers: requestHeaders, body: jsonBody(body) },
      responses: { 201: jsonAnswer(webhookWithSecret, '만들어짐'), ...written },
    }),
    execute: async ({ request, body: wish }) => {
      await orderEvents(db);
      return once(deps, request, async (query, { askedAt }) => {
        const secret = newSecret();
        let sealed = '';
        const id = await insertWebhook(query, { ...wish, by: request.sub, askedAt }, (about) => {
          sealed = seal(secret, aboutWebhook(about));
          return sealed;
        });
        return withSecret(query, id, sealed, 201);
      });
    },
    told,
  });
  storedRoute(app, requests, {
    operation: 'webhook-change',
    route: createRoute({
      method: 'put',
      path: ONE_WEBHOOK,
      summary: '웹훅 수정: 주소, 이벤트, 설명. 비밀 값과 기다리는 이벤트는 그대로입니다',
      ...write,
      request: { headers: requestHeaders, params: idParam, body: jsonBody(body) },
      responses: { 200: jsonAnswer(webhookSchema, '저장됨'), ...written },
    }),
    execute: ({ request, body: wish }) =>
      once(deps, request, async (query, { askedAt }) => {
        const id = Number(request.params.id);
        await updateWebhook(query, id, wish, askedAt);
        return done(query, id);
      }),
  });
  storedRoute(app, requests, {
    operation: 'webhook-deletion',
    route: createRoute({
      method: 'delete',
      path: ONE_WEBHOOK,
      summary: '웹훅 지우기: 기다리던 이벤트와 보낸 기록도 지워집니다',
      ...write,
      request: { headers: requestHeaders, params: idParam },
      responses: { 200: jsonAnswer(webhookSchema, '지워진 웹훅'), ...written },
    }),
    longestMs: LONGEST_DELETION_MS,
    execute: async ({ request }) => {
      const id = Number(request.params.id);
      await emptyWebhook(db, id);
      return once(deps, request, async (query) => {
        const answer = await done(query, id);
        await deleteWebhook(query, id);
        return answer;
      });
    },
  });

  for (const [name, { summary, act }] of Object.entries(switches)) {
    storedRoute(app, requests, {
      operation: `webhook:${name}`,
      route: createRoute({
        method: 'post',
        path: `${ONE_WEBHOOK}/${name}`,
        summary,
        ...write,
        request: { headers: requestHeaders, params: idParam },
        responses: { 200: jsonAnswer(webhookSchema, '웹훅'), ...written },
      }),
      execute: ({ request }) =>
        once(deps, request, async (query, { askedAt }) => {
          const id = Number(request.params.id);
          await act(query, id, askedAt);
          return done(query, id);
        }),
    });
  }
  storedRoute(app, requests, {
    operation: 'webhook-secret',
    route: createRoute({
      method: 'post',
      path: `${ONE_WEBHOOK}/rotate-secret`,
      summary: '새 비밀 값: 이 답에서만 보입니다. 24시간 동안 이전 값으로도 함께 서명합니다',
      ...write,
      request: { headers: requestHeaders, params: idParam },
      responses: { 200: jsonAnswer(webhookWithSecret, '새 비밀 값'), ...written },
    }),
    execute: ({ request }) =>
      once(deps, request, async (query, { askedAt }) => {
        const id = Number(request.params.id);
        const sealed = seal(newSecret(), aboutWebhook(id));
        await rotateSecret(query, id, sealed, askedAt);
        return withSecret(query, id, sealed, 200);
      }),
    told,
  });
}
