import { createRoute, z } from '@hono/zod-openapi';
import type { DeliveryLineRow } from '../../db/deliveries/row.ts';
import { findOrderFees } from '../../db/shipping/terms.ts';
import { Problem } from '../../domain/problems.ts';
import { orderFee, withQuantities } from '../../domain/shipping/shipping-fee.ts';
import type { Answer, Requests, StoredRequest } from '../../requests/store.ts';
import { commandLines, type LineResult } from '../deliveries/line-commands.ts';
import { resultSchema } from '../deliveries/lines.ts';
import type { Auth } from '../http/auth.ts';
import { answerOf } from '../http/command-answer.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { type CancellationBody, cancellationBody } from '../http/order-schemas.ts';
import { jsonAnswer, jsonBody, orderNoParam, problemResponses, requestHeaders } from '../http/schemas.ts';
import { storedAnswer } from '../http/stored-answer.ts';

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

/** 주문취소 from the order system: quantities canceled, and what that does to the shipping fee. */
export function cancellationRoutes(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  requests.register('cancellation', (request) => cancel(deps, request));
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/order/v1/orders/{orderNo}/cancellations',
      summary: '주문취소: 줄마다 수량 전부 또는 일부',
      tags: ['주문'],
      ...auth('order.write'),
      request: { headers: requestHeaders, params: orderNoParam, body: jsonBody(cancellationBody) },
      responses: { 200: jsonAnswer(cancellationAnswer, '줄마다의 결과'), ...problemResponses(400, 404, 409, 413, 415, 503) },
    }),
    (c) => {
      const body = c.req.valid('json');
      return storedAnswer(c, requests, 'cancellation', { body, params: c.req.valid('param'), reason: body.reason }) as never;
    },
  );
}

/** 409 that names the line and its waybill. */
export const alreadyShipped = (line: DeliveryLineRow) =>
  new Problem(
    'ALREADY_SHIPPED',
    line.waybill_no === null
      ? `${line.line_no}번 줄(${line.delivery_no})이 이미 출고되었습니다`
      : `${line.line_no}번 줄(${line.delivery_no})이 이미 출고되었습니다: 택배사 ${line.carrier_code}, 운송장 ${line.waybill_no}`,
    { deliveryNo: line.delivery_no, lineNo: line.line_no, carrierCode: line.carrier_code, waybillNo: line.waybill_no },
  );

/** The order's shipping fee before and after what these results have canceled, whatever else has happened since. */
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

async function cancel(deps: ApiDeps, request: StoredRequest): Promise<Answer> {
  const body: CancellationBody = cancellationBody.parse(request.body);
  const orderNo = request.params.orderNo ?? '';
  const rows = await deps.db.query<DeliveryLineRow>('select * from delivery_lines where order_no = $1', [orderNo]);
  if (rows.length === 0) throw new Problem('ORDER_NOT_FOUND');
  const targets = body.lines.map(({ lineNo, quantity }) => {
    const row = rows.find((line) => line.line_no === lineNo);
    return { deliveryNo: row?.delivery_no ?? '', lineNo, row, input: { quantity, hasReason: body.reason !== null } };
  });
  const results = await commandLines(deps, request, 'cancel', 'order', targets);
  const answer = answerOf(results, false);
  const shippedAt = results.findIndex(({ error }) => error?.code === 'ALREADY_SHIPPED');
  if (shippedAt >= 0 && !results.some(({ ok }) => ok)) {
    const shipped = await deps.db.query<DeliveryLineRow>('select * from delivery_lines where order_no = $1 and line_no = $2', [
      orderNo,
      results[shippedAt]?.lineNo,
    ]);
    if (answer.final && shipped[0]) throw alreadyShipped(shipped[0]);
  }
  const shown = results.map(({ deliveryNo, ...result }) => (deliveryNo === '' ? result : { deliveryNo, ...result }));
  const fees = await feesOf(deps, orderNo, body.lines, results);
  // The fees are those of this moment.
  return { ...answer, recallable: false, body: { ...(answer.body as object), results: shown, ...fees } };
}
