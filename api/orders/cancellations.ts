import { createRoute, z } from '@hono/zod-openapi';
import { findLine, linesOfOrder } from '../../db/deliveries/find.ts';
import type { DeliveryLineRow } from '../../db/deliveries/row.ts';
import { findOrderFees } from '../../db/shipping/terms.ts';
import { Problem } from '../../domain/problems.ts';
import { orderFee, withQuantities } from '../../domain/shipping/shipping-fee.ts';
import type { Answer, Requests, StoredRequest } from '../../requests/store.ts';
import { commandLines, type LineResult, resultSchema } from '../deliveries/line-commands.ts';
import type { Auth } from '../http/auth.ts';
import { answerOf } from '../http/command-answer.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { type CancellationBody, cancellationBody } from '../http/order-schemas.ts';
import { jsonAnswer, jsonBody, orderNoParam, problemResponses, requestHeaders } from '../http/schemas.ts';
import { storedRoute } from '../http/stored-route.ts';

const cancellationAnswer = z
  .object({
    succeeded: z.int(),
    failed: z.int(),
    results: z.array(resultSchema.omit({ deliveryNo: true }).extend({ deliveryNo: z.string().optional() })),
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

/** A 409 that names the line and its waybill. */
export const alreadyShipped = (line: DeliveryLineRow) =>
  new Problem(
    'ALREADY_SHIPPED',
    line.waybill_no === null
      ? `${line.line_no}번 줄(${line.delivery_no})이 이미 출고되었습니다`
      : `${line.line_no}번 줄(${line.delivery_no})이 이미 출고되었습니다: 택배사 ${line.carrier_code}, 운송장 ${line.waybill_no}`,
    { deliveryNo: line.delivery_no, lineNo: line.line_no, carrierCode: line.carrier_code, waybillNo: line.waybill_no },
  );

/** The order's shipping fee before and after these cancellations, regardless of other changes since. */
async function feesOf({ db }: ApiDeps, orderNo: string, asked: CancellationBody['lines'], results: LineResult[]) {
  const { deliveries, lines } = await findOrderFees(db.query, orderNo);
  const done = results.flatMap(({ lineNo, ok, validQuantity }) => {
    const line = lines.find((each) => each.lineNo === lineNo);
    const canceled = asked.find((each) => each.lineNo === lineNo)?.quantity ?? 0;
    return line && ok && validQuantity !== undefined ? [{ line, canceled, since: validQuantity - line.validQuantity }] : [];
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
  const orderNo = request.params.orderNo ?? '';
  const rows = await linesOfOrder(deps.db.query, orderNo);
  if (rows.length === 0) throw new Problem('ORDER_NOT_FOUND');
  const targets = body.lines.map(({ lineNo, quantity }) => {
    const row = rows.find((line) => line.line_no === lineNo);
    return { deliveryNo: row?.delivery_no ?? '', lineNo, row, input: { quantity, hasReason: body.reason !== null } };
  });
  const results = await commandLines(deps, request, 'cancel', 'order', targets);
  const answer = answerOf(results, false);
  const refused = results.find(({ error }) => error?.code === 'ALREADY_SHIPPED');
  if (refused && !results.some(({ ok }) => ok)) {
    const shipped = await findLine(deps.db.query, refused.deliveryNo, refused.lineNo ?? 0);
    if (answer.final && shipped) throw alreadyShipped(shipped);
  }
  const shown = results.map(({ deliveryNo, ...result }) => (deliveryNo === '' ? result : { deliveryNo, ...result }));
  const fees = await feesOf(deps, orderNo, body.lines, results);
  // Not recallable, because the fees are those of this moment.
  return { ...answer, recallable: false, body: { ...(answer.body as object), results: shown, ...fees } };
}
