import { sql } from 'kysely';
import type { MethodCode } from '../../domain/delivery-method.ts';
import type { Deadline } from '../../domain/dispatch/deadline.ts';
import type { Order, OrderLine } from '../../domain/order.ts';
import type { DeliveryFee } from '../../domain/shipping/shipping-fee.ts';
import type { DeliveryLineRow } from '../deliveries/row.ts';
import { notedLines } from '../events/noted.ts';
import { build, instant, json, named, type Query } from '../statement.ts';

/** Consecutive numbers for deliveries. They may have gaps. */
export async function drawNumbers(query: Query, count: number): Promise<number[]> {
  const statement = sql<{ n: number }>`select nextval('delivery_no_seq') as n from generate_series(1, ${count})`;
  return (await query(named('order-numbers', statement))).map(({ n }) => n);
}

/** The parts of an order; each line has its delivery. */
export interface NewOrder {
  order: Order;
  bodyHash: string;
  deliveries: readonly (DeliveryFee & { deliveryNo: string; placeNo: number | null; methodCode: MethodCode })[];
  lines: readonly (OrderLine & Deadline & { deliveryNo: string })[];
}

/** Who writes an order: the request and its caller. */
export interface Writer {
  requestId: string;
  by: string;
}

/** An order to be written, and by whom. */
export type WrittenOrder = NewOrder & Writer;

/**
 * Writes whole orders, each line at revision 1 with its first history row, in one statement. Returns each order's rows of
 * delivery_lines; undefined when that order exists already, or is earlier in the list. Orders are written in the order of their numbers:
 * two lists that share some wait for each other and do not lock each other out.
 */
export async function insertOrders(query: Query, orders: readonly WrittenOrder[]): Promise<(DeliveryLineRow[] | undefined)[]> {
  const first = [...new Map(orders.toReversed().map((each) => [each.order.orderNo, each])).values()];
  first.sort((a, b) => (a.order.orderNo < b.order.orderNo ? -1 : 1));
  const heads = first.map(({ order: { orderer, receiver, lines: _, ...order }, bodyHash, requestId, by }) => ({
    ...{ ...order, notices: order.notices ?? true, bodyHash, requestId, by },
    ...{ ordererName: orderer.name, ordererPhone: orderer.phone, ordererEmail: orderer.email },
    ...{ receiverName: receiver.name, receiverPhone: receiver.phone, zipCode: receiver.zipCode },
    ...{ address1: receiver.address1, address2: receiver.address2, memo: receiver.memo },
  }));
  const sent = first.flatMap(({ order: { orderNo }, deliveries }) =>
    deliveries.map(({ fee, ...delivery }) => ({ ...delivery, ...fee, orderNo })),
  );
  const lines = first.flatMap(({ order: { orderNo }, lines }) => lines.map((line) => ({ ...line, orderNo })));
  const rows = await query(
    named(
      'order-intake',
      sql<DeliveryLineRow>`with asked as (
        select * from jsonb_to_recordset(${json(heads)}) as o ("orderNo" text, "bodyHash" text, channel text, "orderedAt" timestamptz,
          "ordererName" text, "ordererPhone" text, "ordererEmail" text, "receiverName" text, "receiverPhone" text, "zipCode" text,
          address1 text, address2 text, memo text, notices boolean, "requestId" text, by text)
      ), taken as (
        insert into orders (order_no, body_hash, channel, ordered_at, orderer_name, orderer_phone, orderer_email, receiver_name,
          receiver_phone, receiver_zip_code, receiver_address1, receiver_address2, receiver_memo, notices)
        select "orderNo", "bodyHash", channel, "orderedAt", "ordererName", "ordererPhone", "ordererEmail", "receiverName",
          "receiverPhone", "zipCode", address1, address2, memo, notices from asked
        on conflict do nothing returning order_no, ordered_at
      ), sent as (
        insert into deliveries (delivery_no, order_no, kind, place_no, method_code, ordered_at, fee_policy_no, fee_type, base_fee,
          surcharge, fee, payment, fee_terms)
        select "deliveryNo", order_no, 'order', "placeNo", "methodCode", ordered_at, "policyNo", "feeType", "baseFee", surcharge,
          d.fee, payment, terms
          from taken join jsonb_to_recordset(${json(sent)}) as d ("orderNo" text, "deliveryNo" text, "placeNo" bigint,
            "methodCode" text, "policyNo" bigint, "feeType" integer, "baseFee" bigint, surcharge bigint, fee bigint, payment text,
            terms jsonb) on "orderNo" = order_no
      ), line as (
        select * from taken join jsonb_to_recordset(${json(lines)}) as l ("orderNo" text, "lineNo" integer, "deliveryNo" text,
          "productId" bigint, "productName" text, "optionName" text, quantity integer, "unitPrice" bigint, "placeNo" bigint,
          "methodCode" text, "policyNo" bigint, "dispatchPolicyNo" bigint, "requestedDispatchOn" date, "dueOn" date, "dueBy" text,
          terms jsonb) on "orderNo" = order_no
      ), ordered as (
        insert into order_lines (order_no, line_no, delivery_no, product_id, product_name, option_name, quantity, unit_price, place_no,
          method_code, policy_no, dispatch_policy_no, requested_dispatch_on)
        select order_no, "lineNo", "deliveryNo", "productId", "productName", "optionName", quantity, "unitPrice", "placeNo",
          "methodCode", "policyNo", "dispatchPolicyNo", "requestedDispatchOn" from line
      ), waiting as (
        insert into delivery_lines (delivery_no, line_no, order_no, kind, product_id, place_no, method_code, ordered_at, state, revision,
          quantity, dispatch_due_on, dispatch_due_by, dispatch_terms)
        select "deliveryNo", "lineNo", order_no, 'order', "productId", "placeNo", "methodCode", ordered_at, 'ordered', 1, quantity,
          "dueOn", "dueBy", terms
          from line returning *
      ),
      ${notedLines(
        sql`w`,
        {
          ...{ command: 'order', type: 'delivery.ordered', at: sql`${new Date()}`, by: sql`a.by` },
          ...{ revision: sql`w.revision`, requestId: sql`a."requestId"` },
        },
        // In the order of the lines: so their history is shown.
        sql`from waiting w join asked a on a."orderNo" = w.order_no order by w.order_no, w.line_no`,
      )}
      select * from waiting`,
    ),
  );
  const written = Map.groupBy(rows, (row) => row.order_no);
  return orders.map((each) => (first.includes(each) ? written.get(each.order.orderNo) : undefined));
}

/** The order's lines, locked until the end of the transaction. */
export const lockLinesOfOrder = (query: Query, orderNo: string): Promise<DeliveryLineRow[]> =>
  query(
    build
      .selectFrom('delivery_lines')
      .selectAll()
      .where('order_no', '=', orderNo)
      .orderBy('delivery_no')
      .orderBy('line_no')
      .forUpdate(),
  );

/** Writes the order's receiver, and returns the time; undefined = a receiver that was asked for later is there. */
export async function updateReceiver(
  query: Query,
  orderNo: string,
  receiver: Order['receiver'],
  askedAt: string,
): Promise<Date | undefined> {
  const changed = await query(
    build
      .updateTable('orders')
      .set({
        receiver_name: receiver.name,
        receiver_phone: receiver.phone,
        receiver_zip_code: receiver.zipCode,
        receiver_address1: receiver.address1,
        receiver_address2: receiver.address2,
        receiver_memo: receiver.memo,
        // A person again: the next erasure finds the order.
        people_erased_at: null,
        receiver_asked_at: instant(askedAt),
        updated_at: sql<Date>`now()`,
      })
      .where('order_no', '=', orderNo)
      .where((eb) => eb.or([eb('receiver_asked_at', 'is', null), eb('receiver_asked_at', '<=', instant(askedAt))]))
      .returning('updated_at'),
  );
  if (changed.length === 0) return undefined;
  // The lists show the new name, so the lines must appear to readers that filter by `updatedFrom`.
  await query(build.updateTable('delivery_lines').set({ updated_at: sql<Date>`now()` }).where('order_no', '=', orderNo));
  return changed[0]?.updated_at;
}
