import { createRoute, z } from '@hono/zod-openapi';
import { linesOfOrder } from '../../db/deliveries/find.ts';
import { type DeliveryLineRow, partsOfLine } from '../../db/deliveries/row.ts';
import { findOrderFees } from '../../db/shipping/terms.ts';
import { Problem } from '../../domain/problems.ts';
import { orderFee, withQuantities } from '../../domain/shipping/shipping-fee.ts';
import type { Answer, Requests, StoredRequest } from '../../requests/store.ts';
import { partSchema, resultSchema } from '../deliveries/line-commands.ts';
import type { Auth } from '../http/auth.ts';
import { answerOf } from '../http/command-answer.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { type CancellationBody, cancellationBody } from '../http/order-schemas.ts';
import { jsonAnswer, jsonBody, orderNoParam, problemResponses, requestHeaders } from '../http/schemas.ts';
import { storedRoute } from '../http/stored-route.ts';
import { type Asked, type CancellationResult, cancelLines } from './spread-cancellation.ts';

const cancellationAnswer = z
  .object({
    succeeded: z.int(),
    failed: z.int(),
    results: z.array(
      resultSchema.omit({ deliveryNo: true }).extend({
        deliveryNo: z.string().optional(),
        parts: z.array(partSchema).optional().openapi({ description: '분할된 줄이면, 어느 줄에서 몇 개를 취소했는지' }),
      }),
    ),
    feeBefore: z.int().openapi({ description: '이 취소 전에 남아 있던 상품의 배송비 (주문할 때의 정책으로)' }),
    feeAfter: z.int().openapi({ description: '이 취소 뒤에 남은 상품의 배송비 (주문할 때의 정책으로)' }),
  })
  .openapi('CancellationResult', {
    example: {
      succeeded: 1,
      failed: 0,
      results: [{ lineNo: 1, ok: true, state: 'ordered', validQuantity: 1 }],
      feeBefore: 0,
      feeAfter: 2500,
    } as never,
  });

/** 주문취소 from the order system: cancels quantities, and reports the effect on the shipping fee. */
export function cancellationRoutes(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  storedRoute(app, requests, {
    operation: 'cancellation',
    route: createRoute({
      method: 'post',
      path: '/api/order/v1/orders/{orderNo}/cancellations',
      summary: '주문취소: 줄마다 수량 전부 또는 일부',
      tags: ['주문'],
      ...auth('order.write'),
      request: { headers: requestHeaders, params: orderNoParam, body: jsonBody(cancellationBody) },
      responses: { 200: jsonAnswer(cancellationAnswer, '줄마다의 결과'), ...problemResponses(400, 404, 409, 413, 415, 503) },
    }),
    given: (_c, { body: { reason } }) => ({ reason }),
    execute: ({ request, body }) => cancel(deps, request, body),
  });
}

/** A 409 that names the line, as the order system knows it, and the waybill. */
export function alreadyShipped(line: DeliveryLineRow): Problem {
  const { delivery_no: deliveryNo, carrier_code: carrierCode, waybill_no: waybillNo } = line;
  const lineNo = line.root_line_no ?? line.line_no;
  const parcel = waybillNo === null ? '' : `: 택배사 ${carrierCode}, 운송장 ${waybillNo}`;
  const detail = `${lineNo}번 줄(${deliveryNo})이 이미 출고되었습니다${parcel}`;
  return new Problem('ALREADY_SHIPPED', detail, { deliveryNo, lineNo, carrierCode, waybillNo });
}

/** The order's shipping fee before and after these cancellations, regardless of other changes since. */
async function feesOf({ db }: ApiDeps, orderNo: string, asked: Asked[], results: CancellationResult[]) {
  const { deliveries, lines } = await findOrderFees(db.query, orderNo);
  const done = results.flatMap(({ lineNo, ok, validQuantity, parts }) => {
    const line = lines.find((each) => each.lineNo === lineNo);
    const whole = ok ? (asked.find((each) => each.lineNo === lineNo)?.quantity ?? 0) : 0;
    const canceled = parts?.reduce((sum, { quantity }) => sum + quantity, 0) ?? whole;
    return line && validQuantity !== undefined && canceled > 0
      ? [{ line, canceled, since: validQuantity - line.validQuantity }]
      : [];
  });
  const after = withQuantities(
    lines,
    done.map(({ line, since }) => ({ lineNo: line.lineNo, by: since })),
  );
  const before = withQuantities(
    after,
    done.map(({ line, canceled }) => ({ lineNo: line.lineNo, by: canceled })),
  );
  return { feeBefore: orderFee(deliveries, before), feeAfter: orderFee(deliveries, after) };
}

async function cancel(deps: ApiDeps, request: StoredRequest, body: CancellationBody): Promise<Answer> {
  const { query } = deps.db;
  const orderNo = request.params.orderNo ?? '';
  const rows = await linesOfOrder(query, orderNo);
  if (rows.length === 0) throw new Problem('ORDER_NOT_FOUND');
  const results = await cancelLines(deps, request, rows, body.lines);
  const answer = answerOf(results, false);
  const refused = results.find(({ error }) => error?.code === 'ALREADY_SHIPPED');
  if (answer.final && refused && !results.some(({ ok, parts = [] }) => ok || parts.length > 0)) {
    const parts = partsOfLine(await linesOfOrder(query, orderNo), refused.lineNo ?? 0);
    const shipped = parts.find(({ state }) => state === 'shipped' || state === 'delivered') ?? parts[0];
    if (shipped) throw alreadyShipped(shipped);
  }
  const shown = results.map(({ deliveryNo, ...result }) => (deliveryNo === '' ? result : { deliveryNo, ...result }));
  const fees = await feesOf(deps, orderNo, body.lines, results);
  // Not recallable, because the fees are those of this moment.
  return { ...answer, recallable: false, body: { ...(answer.body as object), results: shown, ...fees } };
}
