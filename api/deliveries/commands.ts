import { createRoute, z } from '@hono/zod-openapi';
import { storedAtOf } from '../../db/requests/find.ts';
import type { DeliveryCommand } from '../../domain/deliveries/commands.ts';
import { deliveryMachine } from '../../domain/deliveries/machine.ts';
import type { Actor } from '../../domain/machine.ts';
import type { Requests } from '../../requests/store.ts';
import type { Auth, Permission } from '../http/auth.ts';
import { answerOf } from '../http/command-answer.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { commandHeaders, jsonAnswer, jsonBody, problemResponses } from '../http/schemas.ts';
import { storedRoute, wantsAsync } from '../http/stored-route.ts';
import {
  batchBody,
  type CommandBody,
  commandBody,
  delayBody,
  mergeBody,
  partBody,
  refuseDay,
  shipBody,
  splitBody,
} from './command-body.ts';
import { commandLines, resultSchema } from './line-commands.ts';
import { createFindShipped, createFindTargets, isToldOf } from './targets.ts';

const resultsSchema = z.object({ succeeded: z.int(), failed: z.int(), results: z.array(resultSchema) }).openapi('LineResults');
const acceptedSchema = z
  .object({ accepted: z.int(), rejected: z.array(resultSchema) })
  .openapi('Accepted', { example: { accepted: 2, rejected: [] } });

/** Commands of the back office and their routes' names in the requirements (docs/sources/requirements.md#배송처리). */
const boCommands = [
  ['instruct', '배송처리: 주문완료 → 배송지시'],
  ['release', '배송처리: 배송지시 → 출고지시'],
  ['ship', '배송처리: 출고지시 → 출고완료 (택배는 택배사와 운송장 필요; quantity가 적으면 나머지는 분할)', shipBody],
  ['deliver', '배송처리: 출고완료 → 배송완료'],
  ['report-stockout', '결품처리: 출고지시 → 출고대기 (결품등록, 사유 필요; quantity가 적으면 그만큼만 분할)', partBody],
  ['clear-stockout', '결품처리: 출고대기 → 출고지시 (결품해제)'],
  ['split', '분할: 수량의 일부를 같은 상태의 새 배송으로 나눔', splitBody],
  ['merge', '분할취소: 분할한 줄을 원래 줄로 되돌림', mergeBody],
  ['notify-delay', '발송지연안내: 출고 전에 한 번, 새 발송예정일과 사유를 안내로 남깁니다 (사유 필요)', delayBody],
  ['correct-waybill', '운송장정정 (사유 필요)'],
  ['undo', '처리취소: 한 단계 되돌림 (사유 필요)'],
  ['reopen', '배송완료취소: 배송완료 → 출고완료 (사유 필요)'],
] as const satisfies [DeliveryCommand, string, z.ZodType<CommandBody>?][];

/** 배송처리, 결품처리, 운송장정정, 처리취소, and the order side's 배송완료지시배치. */
export function lineCommandRoutes(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  const findAny = createFindTargets(deps.db.query);
  const findShipped = createFindShipped(deps.db.query);

  const command = (
    path: string,
    name: DeliveryCommand,
    actor: Actor,
    permission: Permission,
    summary: string,
    body: z.ZodType<CommandBody>,
  ) => {
    const findTargets = name === 'ship' ? findShipped : findAny;
    storedRoute(app, requests, {
      operation: `${actor}:${name}`,
      route: createRoute({
        method: 'post',
        path,
        summary,
        tags: [actor === 'batch' ? '주문' : '배송'],
        ...auth(permission),
        request: { headers: commandHeaders, body: jsonBody(body) },
        responses: {
          200: jsonAnswer(resultsSchema, '줄마다의 결과'),
          202: jsonAnswer(acceptedSchema, '접수됨 (Prefer: respond-async)'),
          ...problemResponses(400, 409, 413, 415, 503),
        },
      }),
      given: (c, { body: { reason } }) => ({ reason, respondAsync: wantsAsync(c) }),
      ahead: findTargets,
      execute: async ({ request, body, ahead }) => {
        if (body.expectedOn !== undefined) refuseDay(body.expectedOn, await storedAtOf(deps.db.query, request.id));
        const targets = await (ahead ?? findTargets(body, isToldOf(request, name)));
        const results = await commandLines(deps, request, name, actor, targets);
        const answer = answerOf(results, request.respondAsync);
        // At the time of a repeat, a delivery without lineNo may mean other lines.
        const isNamed = body.lines.every(({ lineNo }) => lineNo !== undefined);
        return { ...answer, recallable: answer.recallable === true && isNamed };
      },
    });
  };
  for (const [name, summary, body = commandBody] of boCommands)
    command(
      `/api/bo/v1/delivery-lines/${name}`,
      name,
      'admin',
      deliveryMachine.commands[name].permission as Permission,
      summary,
      body,
    );
  command('/api/order/v1/delivery-lines/deliver', 'deliver', 'batch', 'order.write', '배송완료지시배치', batchBody);
}
