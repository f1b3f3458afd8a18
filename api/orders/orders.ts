import { createRoute, z } from '@hono/zod-openapi';
import { createMark, type Mark, startLines } from '../../commands/start.ts';
import { timeLimit } from '../../commands/time-limit.ts';
import type { DeliveryLineRow } from '../../db/deliveries/row.ts';
import { deliveriesAsAccepted, hashOfOrder, isWrittenBy, linesToStart } from '../../db/orders/find.ts';
import { createIntake, orderHash } from '../../db/orders/intake.ts';
import { lockLinesOfOrder, updateReceiver } from '../../db/orders/write.ts';
import { itemsOfPickups, pickupsOfOrder } from '../../db/pickups/list.ts';
import { Problem } from '../../domain/problems.ts';
import { oldZipCodeMark } from '../../domain/shipping/postal-areas.ts';
import { textsAsSent } from '../../domain/text.ts';
import { once } from '../../requests/in-transaction.ts';
import type { Answer, Requests, StoredRequest } from '../../requests/store.ts';
import { shippingFeeOf } from '../deliveries/delivery-row.ts';
import { detailsOf } from '../deliveries/detail.ts';
import { ordererSchema, PERSONAL_FIELDS, peopleOf, shownReceiverSchema } from '../deliveries/people.ts';
import { isMasked, maskingQuery, recordAccess } from '../http/access.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { type OrderBody, orderAnswer, orderBody, receiverSchema } from '../http/order-schemas.ts';
import { jsonAnswer, jsonBody, orderNoParam, problemResponses, requestHeaders } from '../http/schemas.ts';
import { storedRoute } from '../http/stored-route.ts';
import { pickupRow, pickupRowSchema } from '../pickups/rows.ts';
import { alreadyShipped } from './cancellations.ts';
import { orderDeliverySchema, withParts } from './parts.ts';

type Receiver = z.output<typeof receiverSchema>;

const receiverChanged = z
  .object({ orderNo: z.string(), updatedAt: z.iso.datetime() })
  .openapi({ example: { orderNo: 'S20261123-0001', updatedAt: '2026-11-23T01:00:00.000Z' } });

const orderDetail = z
  .object({
    order: z.object({
      orderNo: z.string(),
      orderedAt: z.iso.datetime(),
      channel: z.string().nullable(),
      notices: z.boolean().openapi({ description: '받는 분에게 알림톡을 보내는지' }),
      masked: z.boolean(),
      orderer: ordererSchema,
      receiver: shownReceiverSchema,
    }),
    deliveries: z.array(orderDeliverySchema),
    pickups: z.array(pickupRowSchema),
  })
  .openapi('OrderDetail');

/** For the shop's order system: take an order, show it, change its receiver. */
export function orderRoutes(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  const { db } = deps;
  const intake = createIntake(db.query);
  const markStarted = createMark(deps);
  const write = { tags: ['주문'], ...auth('order.write') };

  storedRoute(app, requests, {
    operation: 'order',
    route: createRoute({
      method: 'post',
      path: '/api/order/v1/orders',
      summary: '주문 접수: (출하지, 배송방법)별 배송과 주문내역마다 워크플로',
      ...write,
      request: { headers: requestHeaders, body: jsonBody(orderBody) },
      responses: {
        201: jsonAnswer(orderAnswer, '접수됨'),
        200: jsonAnswer(orderAnswer, '같은 주문이 이미 접수되어 있음'),
        ...problemResponses(400, 409, 413, 415, 503),
      },
    }),
    ahead: (body) => intake.terms(body),
    execute: async ({ request, body, ahead }) => {
      const taken = await intake.take(body, { requestId: request.id, by: request.sub }, ahead);
      if (taken) {
        await startAll(deps, request, taken.lines, markStarted);
        const mark = oldZipCodeMark(body.receiver.zipCode);
        const answer = { orderNo: body.orderNo, ...mark, deliveries: taken.deliveries };
        return { status: 201, body: answer, final: true, recallable: true };
      }
      const known = await hashOfOrder(db.query, body.orderNo);
      // An order that was taken before texts were cleaned is known by the hash of what was sent.
      if (known !== orderHash(body) && known !== orderHash(textsAsSent(body, request.body))) throw new Problem('ORDER_EXISTS');
      await startAll(deps, request, await linesToStart(db.query, body.orderNo), markStarted);
      // A repeat after a crash finds its own order; its caller must still get the first answer.
      const first = request.attempts > 1 && (await isWrittenBy(db.query, body.orderNo, request.id));
      return { status: first ? 201 : 200, body: await acceptedOrder(deps, body), final: true, recallable: first };
    },
  });

  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/order/v1/orders/{orderNo}',
      summary: '주문 조회',
      tags: ['주문'],
      ...auth('delivery.read'),
      request: { params: orderNoParam, query: z.strictObject(maskingQuery) },
      responses: { 200: jsonAnswer(orderDetail, '주문과 배송'), ...problemResponses(400, 404, 503) },
    }),
    async (c) => {
      const { orderNo } = c.req.valid('param');
      const asked = c.req.valid('query');
      const mask = isMasked(c, asked);
      const found = await detailsOf(deps, { orderNo }, mask);
      if (!found) throw new Problem('ORDER_NOT_FOUND');
      if (!mask) await recordAccess(deps, c, { subject: orderNo, fields: PERSONAL_FIELDS, reason: asked.reason });
      const { order, details } = found;
      const { channel, notices } = order;
      const orderedAt = order.ordered_at.toISOString();
      const head = { orderNo, orderedAt, channel, notices, masked: mask, ...peopleOf(order, mask) };
      return c.json({ order: head, deliveries: withParts(details), pickups: await pickupsOf(deps, orderNo) }, 200);
    },
  );

  storedRoute(app, requests, {
    operation: 'receiver',
    route: createRoute({
      method: 'put',
      path: '/api/order/v1/orders/{orderNo}/receiver',
      summary: '받는 분 변경 (출고 전까지)',
      ...write,
      request: { headers: requestHeaders, params: orderNoParam, body: jsonBody(receiverSchema) },
      responses: {
        200: jsonAnswer(receiverChanged, '변경됨'),
        ...problemResponses(400, 404, 409, 413, 415, 503),
      },
    }),
    execute: ({ request, body }) => changeReceiver(deps, request, body),
  });
}

async function pickupsOf({ db }: ApiDeps, orderNo: string) {
  const rows = await pickupsOfOrder(db.query, orderNo);
  const items = await itemsOfPickups(
    db.query,
    rows.map((row) => row.pickup_no),
  );
  return rows.map((row) => pickupRow(row, items.get(row.pickup_no) ?? []));
}

/** Starts every line's workflow before answering; if Temporal is away, the answer is pending and the sweep starts them. */
async function startAll(deps: ApiDeps, request: StoredRequest, rows: DeliveryLineRow[], mark: Mark): Promise<void> {
  if (rows.length === 0) return;
  const time = timeLimit(deps.config.COMMAND_TIMEOUT_MS);
  try {
    await time.run(deps.temporal, () => startLines(deps, rows, mark));
  } catch (error) {
    deps.log.warn({ reqId: request.traceId, orderNo: rows[0]?.order_no, err: error }, 'an order waits for its workflows');
    throw new Problem('COMMAND_PENDING');
  } finally {
    time.clear();
  }
}

async function acceptedOrder({ db }: ApiDeps, { orderNo, receiver }: OrderBody): Promise<z.output<typeof orderAnswer>> {
  const deliveries = await deliveriesAsAccepted(db.query, orderNo);
  return {
    orderNo,
    ...oldZipCodeMark(receiver.zipCode),
    deliveries: deliveries.map((delivery) => ({
      deliveryNo: delivery.delivery_no,
      placeNo: delivery.place_no,
      methodCode: delivery.method_code,
      lineNos: delivery.line_nos,
      shippingFee: shippingFeeOf(delivery),
    })),
  };
}

/** Locks the rows, so that no line can be shipped to the old receiver while the new one is written. */
async function changeReceiver(deps: ApiDeps, request: StoredRequest, receiver: Receiver): Promise<Answer> {
  const orderNo = request.params.orderNo ?? '';
  return once(deps, request, async (query, { askedAt }) => {
    const lines = await lockLinesOfOrder(query, orderNo);
    if (lines.length === 0) throw new Problem('ORDER_NOT_FOUND');
    const shipped = lines.find((line) => line.state === 'shipped' || line.state === 'delivered');
    if (shipped) throw alreadyShipped(shipped);
    const updatedAt = await updateReceiver(query, orderNo, receiver, askedAt);
    if (!updatedAt) throw new Problem('SUPERSEDED');
    return { status: 200, body: { orderNo, updatedAt: updatedAt.toISOString() }, final: true };
  });
}
