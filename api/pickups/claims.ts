import { createRoute } from '@hono/zod-openapi';
import { pickupsOfClaim } from '../../db/pickups/find.ts';
import { Problem } from '../../domain/problems.ts';
import type { Answer, Requests, StoredRequest } from '../../requests/store.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { jsonAnswer, jsonBody, problemResponses, requestHeaders } from '../http/schemas.ts';
import { storedRoute } from '../http/stored-route.ts';
import { openClaim } from './claim-opening.ts';
import { claimAnswer, claimBody, claimNoParam, withdrawalAnswer, withdrawBody } from './claim-schemas.ts';
import { commandPickups } from './commands.ts';

/** 반품·교환 접수 and its withdrawal, from the order system. */
export function claimRoutes(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  const write = { tags: ['주문'], ...auth('order.write') };

  storedRoute(app, requests, {
    operation: 'claim',
    route: createRoute({
      method: 'post',
      path: '/api/order/v1/claims',
      summary: '반품·교환 접수: 관련 배송마다 회수 하나',
      ...write,
      request: { headers: requestHeaders, body: jsonBody(claimBody) },
      responses: {
        201: jsonAnswer(claimAnswer, '접수됨'),
        200: jsonAnswer(claimAnswer, '같은 접수가 이미 있음'),
        ...problemResponses(400, 404, 409, 413, 415, 503),
      },
    }),
    execute: ({ request, body }) => openClaim(deps, request, body),
  });

  storedRoute(app, requests, {
    operation: 'claim-withdraw',
    route: createRoute({
      method: 'post',
      path: '/api/order/v1/claims/{claimNo}/withdraw',
      summary: '반품취소·교환취소: 회수확인 전의 회수를 철회',
      ...write,
      request: { headers: requestHeaders, params: claimNoParam, body: jsonBody(withdrawBody) },
      responses: { 200: jsonAnswer(withdrawalAnswer, '철회됨'), ...problemResponses(400, 404, 409, 413, 415, 503) },
    }),
    given: (_c, { body: { reason } }) => ({ reason: reason ?? '주문 시스템의 접수 취소' }),
    execute: ({ request }) => withdrawClaim(deps, request),
  });
}

/** Withdraws the claim's pickups that are not confirmed yet; 409 when there are none. */
async function withdrawClaim(deps: ApiDeps, request: StoredRequest): Promise<Answer> {
  const claimNo = request.params.claimNo ?? '';
  const rows = await pickupsOfClaim(deps.db.query, claimNo);
  if (rows.length === 0) throw new Problem('CLAIM_NOT_FOUND');
  const asks = rows.map((row) => ({ key: row.pickup_no, row, input: { hasReason: true } }));
  const results = await commandPickups(deps, request, 'withdraw', 'order', asks);
  if (results.some(({ error }) => error?.code === 'COMMAND_PENDING')) throw new Problem('COMMAND_PENDING');
  if (!results.some(({ ok }) => ok)) throw new Problem('TRANSITION_NOT_ALLOWED', '철회할 수 있는 회수가 없습니다', { results });
  return {
    status: 200,
    body: { claimNo, succeeded: results.filter(({ ok }) => ok).length, failed: results.filter(({ ok }) => !ok).length, results },
    final: true,
  };
}
