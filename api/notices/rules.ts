import { createRoute, z } from '@hono/zod-openapi';
import { findNoticeRules, type NoticeRuleRow, saveNoticeRule } from '../../db/notices/rules.ts';
import { noticeTypes } from '../../domain/notices/notice.ts';
import { MOST_LETTERS, type NoticeSource, noticeSources, variablesIn } from '../../domain/notices/rule.ts';
import { Problem } from '../../domain/problems.ts';
import { once } from '../../requests/in-transaction.ts';
import type { Requests } from '../../requests/store.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { isStorable, jsonAnswer, jsonBody, problemResponses, requestHeaders, text } from '../http/schemas.ts';
import { storedRoute } from '../http/stored-route.ts';

export const noticeType = z.enum(noticeTypes);
const source = z.enum(Object.keys(noticeSources) as NoticeSource[]);

const example = {
  type: 'delivery.shipped',
  templateCode: 'SHIPPED_1',
  text: '#{고객명}님, 주문하신 #{상품명}이(가) 출고되었습니다.\n#{택배사} #{운송장번호}',
  variables: { 고객명: 'receiverName', 상품명: 'productName', 택배사: 'carrierName', 운송장번호: 'waybillNo' },
  enabled: true,
} as const;

const ruleBody = z
  .object({
    type: noticeType,
    templateCode: text(60),
    // Kept letter by letter: Kakao compares it with the template that it has approved.
    text: z.string().min(1).max(MOST_LETTERS).refine(isStorable, '쓸 수 없는 문자가 있습니다').openapi({
      description: '승인된 템플릿 그대로. 변수는 #{이름}',
    }),
    variables: z.record(z.string().min(1).max(50), source).openapi({
      description: '변수마다 값의 출처. 값은 보낼 때 읽습니다',
      type: 'object',
      additionalProperties: { type: 'string' },
    }),
    enabled: z.boolean(),
  })
  .openapi('NoticeRuleBody', { example });

const ruleSchema = z
  .object({
    type: noticeType,
    templateCode: z.string(),
    text: z.string(),
    variables: z.record(z.string(), source),
    enabled: z.boolean(),
    by: z.string(),
    updatedAt: z.iso.datetime(),
  })
  .openapi('NoticeRule', { example: { ...example, by: 'kim', updatedAt: '2026-11-23T02:00:00.000Z' } });

const ruleOf = (row: NoticeRuleRow): z.output<typeof ruleSchema> => ({
  type: row.type,
  templateCode: row.template_code,
  text: row.text,
  variables: row.variables,
  enabled: row.enabled,
  by: row.by,
  updatedAt: row.updated_at.toISOString(),
});

/** Throws when the text has a variable that nothing fills, or one is filled that the text has not. */
function requireVariables({ text, variables }: z.output<typeof ruleBody>): void {
  const names = variablesIn(text);
  const errors = [
    ...names.filter((name) => !Object.hasOwn(variables, name)).map((name) => [name, '본문의 변수에 출처가 없습니다'] as const),
    ...Object.keys(variables)
      .filter((name) => !names.includes(name))
      .map((name) => [name, '본문에 없는 변수입니다'] as const),
  ].map(([name, message]) => ({ path: `variables.${name}`, message }));
  const [first] = errors;
  if (first) throw new Problem('BAD_REQUEST', `${first.path}: ${first.message}`, { errors });
}

/** Rules by which receivers are told (알림톡): one a type of event; none = nobody is told. */
export function noticeRuleRoutes(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  const path = '/api/bo/v1/notice-rules';
  const tags = ['알림톡'];
  app.openapi(
    createRoute({
      method: 'get',
      path,
      summary: '알림톡 규칙',
      tags,
      ...auth('event.read'),
      responses: { 200: jsonAnswer(z.object({ items: z.array(ruleSchema) }), '규칙'), ...problemResponses(400) },
    }),
    async (c) => c.json({ items: (await findNoticeRules(deps.db.query)).map(ruleOf) }, 200),
  );
  storedRoute(app, requests, {
    operation: 'notice-rule',
    route: createRoute({
      method: 'put',
      path,
      summary: '알림톡 규칙 정함: 이벤트 종류마다 하나. 그 뒤에 일어난 일부터 알립니다',
      tags,
      ...auth('event.write'),
      request: { headers: requestHeaders, body: jsonBody(ruleBody) },
      responses: { 200: jsonAnswer(ruleSchema, '저장됨'), ...problemResponses(400, 409, 413, 415, 503) },
    }),
    given: (_c, { body }) => {
      requireVariables(body);
      return {};
    },
    execute: ({ request, body }) =>
      once(deps, request, async (query, { askedAt }) => {
        const saved = await saveNoticeRule(query, body, { by: request.sub, askedAt });
        if (!saved) throw new Problem('SUPERSEDED');
        return { status: 200, body: ruleOf(saved), final: true };
      }),
  });
}
