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
  order: Omit<Order, 'lines'>;
  bodyHash: string;
  deliveries: readonly (DeliveryFee & { deliveryNo: string; placeNo: number | null; methodCode: MethodCode })[];
  lines: readonly (OrderLine & Deadline & { deliveryNo: string })[];
}

/**
 * Writes a whole order, each line at revision 1 with its first history row. Returns the rows of delivery_lines; none when the order
 * exists already.
 */
export function insertOrder(
  query: Query,
  { order, bodyHash, deliveries, lines }: NewOrder,
  { requestId, by, now }: { requestId: string; by: string; now: Date },
): Promise<DeliveryLineRow[]> {
  const { orderer, receiver } = order;
  const flat = deliveries.map(({ fee, ...delivery }) => ({ ...delivery, ...fee }));
  return query(
    named(
      'order-intake',
      sql<DeliveryLineRow>`with taken as (
        insert into orders (order_no, body_hash, channel, ordered_at, orderer_name, orderer_phone, orderer_email, receiver_name,
          receiver_phone, receiver_zip_code, receiver_address1, receiver_address2, receiver_memo, notices)
        values (${order.orderNo}, ${bodyHash}, ${order.channel}, ${order.orderedAt}, ${orderer.name}, ${orderer.phone}, ${orderer.email},
          ${receiver.name}, ${receiver.phone}, ${receiver.zipCode}, ${receiver.address1}, ${receiver.address2}, ${receiver.memo},
          ${order.notices ?? true})
        on conflict do nothing returning order_no, ordered_at
      ), sent as (
        insert into deliveries (delivery_no, order_no, kind, place_no, method_code, ordered_at, fee_policy_no, fee_type, base_fee,
          surcharge, fee, payment, fee_terms)
        select "deliveryNo", order_no, 'order', "placeNo", "methodCode", ordered_at, "policyNo", "feeType", "baseFee", surcharge,
          d.fee, payment, terms
          from taken, jsonb_to_recordset(${json(flat)}) as d ("deliveryNo" text, "placeNo" bigint, "methodCode" text,
            "policyNo" bigint, "feeType" integer, "baseFee" bigint, surcharge bigint, fee bigint, payment text, terms jsonb)
      ), line as (
        select * from taken, jsonb_to_recordset(${json(lines)}) as l ("lineNo" integer, "deliveryNo" text, "productId" bigint,
          "productName" text, "optionName" text, quantity integer, "unitPrice" bigint, "placeNo" bigint, "methodCode" text,
          "policyNo" bigint, "dispatchPolicyNo" bigint, "requestedDispatchOn" date, "dueOn" date, "dueBy" text, terms jsonb)
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
          ...{ command: 'order', type: 'delivery.ordered', at: sql`${now}`, by: sql`${by}` },
          ...{ revision: sql`w.revision`, requestId: sql`${requestId}` },
        },
        sql`from waiting w`,
      )}
      select * from waiting`,
    ),
  );
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
