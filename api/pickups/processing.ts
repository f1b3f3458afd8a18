import { createRoute, z } from '@hono/zod-openapi';
import { pickupsByNo } from '../../db/pickups/find.ts';
import type { PickupCommand, PickupInput } from '../../domain/pickups/commands.ts';
import { pickupMachine } from '../../domain/pickups/machine.ts';
import type { Requests } from '../../requests/store.ts';
import type { Auth, Permission } from '../http/auth.ts';
import { answerOf } from '../http/command-answer.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { businessNo, commandHeaders, jsonBody, lineNo, optionalText, shippingCode } from '../http/schemas.ts';
import { storedRoute, wantsAsync } from '../http/stored-route.ts';
import { commandPickups, pickupResponses, uniquePickups } from './commands.ts';
import { conversionRoute } from './conversion.ts';

const count = z.int().min(0).max(9_999);
const inspection = z.object({ lineNo, restock: count, dispose: count, fault: z.enum(['buyer', 'seller']).optional() });

const commandBody = z
  .object({
    pickups: uniquePickups(
      z.object({
        pickupNo: businessNo,
        carrierCode: shippingCode.nullish(),
        waybillNo: shippingCode.nullish(),
        revision: z.int().min(1).optional(),
        items: z.array(inspection).min(1).max(200).optional(),
      }),
    ),
    reason: optionalText(1_000),
  })
  .openapi('PickupCommand', {
    example: {
      pickups: [{ pickupNo: 'P261123000001', items: [{ lineNo: 1, restock: 1, dispose: 0, fault: 'seller' }] }],
    } as never,
  });

/** Commands of the back office and their routes' names in the requirements (docs/sources/requirements.md#회수처리). */
const boCommands = [
  ['instruct', '회수지시처리: 반품접수·교환접수 → 회수지시 (운송장은 선택)'],
  ['confirm', '회수 상태 업데이트: 회수지시 → 회수확인'],
  ['complete', '회수 상태 업데이트: 회수확인 → 회수완료 (줄마다 재입고·폐기 수량과 귀책)'],
  ['convert-to-return', '교환중반품처리 (사유 필요)'],
  ['refuse', '반품불가처리 (사유 필요)'],
  ['withdraw', '접수철회 (사유 필요)'],
  ['hold', '보류 (사유 필요)'],
  ['resume', '보류해제'],
] as const satisfies [PickupCommand, string][];

/** 회수지시처리, 회수 상태 업데이트, 교환중반품처리, 반품중교환처리, 반품불가처리, 접수철회, 보류. */
export function pickupCommandRoutes(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  for (const [command, summary] of boCommands) {
    storedRoute(app, requests, {
      operation: `pickup:${command}`,
      route: createRoute({
        method: 'post',
        path: `/api/bo/v1/pickups/${command}`,
        summary,
        tags: ['회수'],
        ...auth(pickupMachine.commands[command].permission as Permission),
        request: { headers: commandHeaders, body: jsonBody(commandBody) },
        responses: pickupResponses,
      }),
      given: (c, { body: { reason } }) => ({ reason, respondAsync: wantsAsync(c) }),
      execute: async ({ request, body: { pickups, reason } }) => {
        const rows = await pickupsByNo(
          deps.db.query,
          pickups.map((each) => each.pickupNo),
        );
        const byNo = new Map(rows.map((row) => [row.pickup_no, row]));
        const asks = pickups.map(({ pickupNo, carrierCode, waybillNo, revision, items }) => {
          const input: PickupInput = {
            revision,
            carrierCode: carrierCode ?? undefined,
            waybillNo: waybillNo ?? undefined,
            items,
            hasReason: reason !== null,
          };
          return { key: pickupNo, row: byNo.get(pickupNo), input };
        });
        return answerOf(await commandPickups(deps, request, command, 'admin', asks), request.respondAsync);
      },
    });
  }
  conversionRoute(app, deps, auth, requests);
}
