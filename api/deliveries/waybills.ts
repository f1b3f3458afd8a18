import { createRoute, z } from '@hono/zod-openapi';
import { waybillOwners } from '../../db/deliveries/waybill-owners.ts';
import { judgeWaybill, normalizeWaybill } from '../../domain/carriers.ts';
import type { Requests } from '../../requests/store.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { jsonAnswer, jsonBody, problemResponses, shippingCode } from '../http/schemas.ts';
import { waybillRangeRoutes } from '../shipping/waybill-ranges.ts';
import { carrierRoutes } from './carriers.ts';

const MOST_CHECKED = 500;

const checkBody = z
  .strictObject({
    waybills: z
      .array(z.strictObject({ carrierCode: shippingCode, waybillNo: shippingCode }))
      .min(1)
      .max(MOST_CHECKED),
  })
  .openapi('WaybillCheck', { example: { waybills: [{ carrierCode: '04', waybillNo: '6812-3456-7890' }] } });

const checkAnswer = z
  .object({
    items: z.array(
      z.object({
        carrierCode: z.string(),
        waybillNo: z.string().openapi({ description: '하이픈과 빈칸을 뺀 번호' }),
        usedBy: z
          .object({ deliveryNo: z.string().optional(), pickupNo: z.string().optional() })
          .nullable()
          .openapi({ description: '지금 이 운송장을 쓰는 배송 또는 회수. 합포장이면 먼저 쓴 배송' }),
      }),
    ),
  })
  .openapi('WaybillCheckAnswer', {
    example: { items: [{ carrierCode: '04', waybillNo: '681234567890', usedBy: { deliveryNo: 'D261123000001' } }] },
  });

/**
 * The carriers, their number ranges, and which of some waybills are in use, asked before they are sent; what 출고완료 says to each is
 * decided by it alone.
 */
export function waybillRoutes(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  const { db } = deps;
  carrierRoutes(app, auth);
  waybillRangeRoutes(app, deps, auth, requests);
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/bo/v1/waybills/check',
      summary: '운송장 사용 여부 확인 (500개까지, 보낸 순서대로)',
      description: '읽기만 합니다. 택배사나 번호 형식이 맞지 않는 것은 usedBy가 null입니다.',
      tags: ['배송'],
      ...auth('delivery.read'),
      request: { body: jsonBody(checkBody) },
      responses: { 200: jsonAnswer(checkAnswer, '운송장마다 쓰는 곳'), ...problemResponses(400, 413, 415) },
    }),
    async (c) => {
      const asked = c.req.valid('json').waybills.map(({ carrierCode, waybillNo }) => ({
        carrierCode,
        waybillNo: normalizeWaybill(waybillNo),
      }));
      const usable = asked.filter(({ carrierCode, waybillNo }) => judgeWaybill(carrierCode, waybillNo) === null);
      const owners = usable.length === 0 ? [] : await waybillOwners(db.query, usable);
      const byWaybill = new Map(owners.map((owner) => [`${owner.carrier_code} ${owner.waybill_no}`, owner]));
      const items = asked.map((waybill) => {
        const owner = byWaybill.get(`${waybill.carrierCode} ${waybill.waybillNo}`);
        const usedBy = owner && {
          ...(owner.delivery_no === null ? {} : { deliveryNo: owner.delivery_no }),
          ...(owner.pickup_no === null ? {} : { pickupNo: owner.pickup_no }),
        };
        return { ...waybill, usedBy: usedBy ?? null };
      });
      return c.json({ items }, 200);
    },
  );
}
