import { createRoute, z } from '@hono/zod-openapi';
import { pickupsByNo } from '../../db/pickups/find.ts';
import { noteExchanges } from '../../db/pickups/write.ts';
import { pickupMachine } from '../../domain/pickups/machine.ts';
import type { Requests } from '../../requests/store.ts';
import type { Auth, Permission } from '../http/auth.ts';
import { answerOf } from '../http/command-answer.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { uniqueLines } from '../http/order-schemas.ts';
import { businessNo, commandHeaders, jsonBody, lineNo, optionalText } from '../http/schemas.ts';
import { storedRoute, wantsAsync } from '../http/stored-route.ts';
import { exchangeTo } from './claim-schemas.ts';
import { commandPickups, pickupResponses, uniquePickups } from './commands.ts';

const command = 'convert-to-exchange';

const conversionBody = z
  .object({
    pickups: uniquePickups(
      z.object({
        pickupNo: businessNo,
        revision: z.int().min(1).optional(),
        items: uniqueLines(z.object({ lineNo, exchangeTo: exchangeTo.nullish() }), 200).optional(),
      }),
    ),
    reason: optionalText(1_000),
  })
  .openapi('PickupConversion', {
    example: {
      pickups: [
        {
          pickupNo: 'P261123000001',
          items: [{ lineNo: 1, exchangeTo: { productId: 43898, productName: '캠핑 의자', optionName: '베이지' } }],
        },
      ],
      reason: '고객이 교환을 원함',
    } as never,
  });

/** 반품중교환처리: a return that has arrived becomes an exchange, for the same products or for those named here. */
export function conversionRoute(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  storedRoute(app, requests, {
    operation: `pickup:${command}`,
    route: createRoute({
      method: 'post',
      path: `/api/bo/v1/pickups/${command}`,
      summary: '반품중교환처리 (사유 필요, 줄마다 교환할 상품은 선택: 없으면 같은 상품)',
      tags: ['회수'],
      ...auth(pickupMachine.commands[command].permission as Permission),
      request: { headers: commandHeaders, body: jsonBody(conversionBody) },
      responses: pickupResponses,
    }),
    given: (c, { body: { reason } }) => ({ reason, respondAsync: wantsAsync(c) }),
    execute: async ({ request, body: { pickups, reason } }) => {
      const named = pickups.flatMap(({ pickupNo, items = [] }) =>
        items.flatMap((item) => (item.exchangeTo ? [{ pickupNo, lineNo: item.lineNo, exchangeTo: item.exchangeTo }] : [])),
      );
      if (named.length > 0) await noteExchanges(deps.db.query, request.id, named);
      const rows = await pickupsByNo(
        deps.db.query,
        pickups.map(({ pickupNo }) => pickupNo),
      );
      const byNo = new Map(rows.map((row) => [row.pickup_no, row]));
      const asks = pickups.map(({ pickupNo, revision, items = [] }) => {
        const exchanges = items.map((item) => ({ lineNo: item.lineNo, exchangeProductId: item.exchangeTo?.productId }));
        return { key: pickupNo, row: byNo.get(pickupNo), input: { revision, exchanges, hasReason: reason !== null } };
      });
      return answerOf(await commandPickups(deps, request, command, 'admin', asks), request.respondAsync);
    },
  });
}
