import { createRoute, z } from '@hono/zod-openapi';
import { findViews, saveViews } from '../../db/operations/callers.ts';
import { Problem } from '../../domain/problems.ts';
import { onceInUnit } from '../../requests/in-transaction.ts';
import type { Requests } from '../../requests/store.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { cleanedText, jsonAnswer, jsonBody, problemResponses, requestHeaders, text } from '../http/schemas.ts';
import { storedRoute } from '../http/stored-route.ts';

const MOST_VIEWS = 50;
const MOST_NAME = 60;
const MOST_QUERY = 2_000;

/** Filters by people: their values are personal data, which is kept with its order alone and ends with it. */
const personal = ['receivername', 'orderername', 'phone'];
const personalIn = (query: string) =>
  [...new URLSearchParams(query).keys()].find((name) => personal.includes(name.trim().toLowerCase()));

const viewSchema = z.object({
  id: text(MOST_NAME),
  screen: text(200).regex(/^\/[a-z0-9-]*(\/[a-z0-9-]+)*$/, '/로 시작하는 화면 주소여야 합니다'),
  name: text(MOST_NAME),
  query: cleanedText()
    .max(MOST_QUERY)
    .refine((query) => personalIn(query) === undefined, {
      error: ({ input }) => `${personalIn(String(input))}: 사람을 찾는 조건은 저장할 수 없습니다`,
    })
    .openapi({ description: '화면의 조건. 날짜는 days=today|yesterday|7d처럼 그날그날에 맞게' }),
});

const viewsSchema = z
  .object({
    views: z
      .array(viewSchema)
      .max(MOST_VIEWS)
      .superRefine((views, context) => {
        for (const [at, { id }] of views.entries())
          if (views.findIndex((each) => each.id === id) < at)
            context.addIssue({ code: 'custom', path: [at, 'id'], message: '같은 id가 두 번 있습니다' });
      }),
    revision: z.int().min(0).openapi({ description: '읽은 것의 revision. 저장한 적이 없으면 0' }),
  })
  .openapi('SavedViews', {
    example: {
      views: [
        {
          id: 'to-ship-today',
          screen: '/lines/ship',
          name: '이천 오늘 출고',
          query: 'placeNo=176042&dateField=orderedAt&days=today',
        },
      ],
      revision: 3,
    },
  });

/** Views that a person has saved in the console: his alone, wherever he signs in. */
export function savedViewRoutes(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  const { db } = deps;
  const signedIn = { path: '/console/views', tags: ['콘솔'], ...auth(null) };

  app.openapi(
    createRoute({
      method: 'get',
      ...signedIn,
      summary: '저장한 보기 (로그인한 사람의 것)',
      responses: { 200: jsonAnswer(viewsSchema, '저장한 보기'), ...problemResponses(400) },
    }),
    async (c) => {
      c.header('cache-control', 'no-store');
      return c.json(await findViews(db.em(), c.get('caller').sub), 200);
    },
  );

  storedRoute(app, requests, {
    operation: 'saved-views',
    route: createRoute({
      method: 'put',
      ...signedIn,
      summary: '저장한 보기를 바꿈: 읽은 revision과 함께 모두를 보냄',
      request: { headers: requestHeaders, body: jsonBody(viewsSchema) },
      responses: { 200: jsonAnswer(viewsSchema, '저장됨'), ...problemResponses(400, 409, 413, 415, 503) },
    }),
    execute: ({ request, body }) =>
      onceInUnit(deps, request, async (em, query) => {
        const saved = await saveViews(em, query, request.sub, body);
        if (!saved) throw new Problem('REVISION_CONFLICT', '다른 곳에서 저장한 보기가 바뀌었습니다. 다시 읽은 뒤 저장하세요');
        return { status: 200, body: saved, final: true };
      }),
  });
}
