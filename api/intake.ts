import { createHash } from 'node:crypto';
import type { DeliveryLineRow } from '../db/delivery-line.row.ts';
import type { Query } from '../db/orm.ts';
import { findShipping } from '../db/shipping.search.ts';
import type { MethodCode } from '../domain/delivery.ts';
import { numberOf } from '../domain/numbers.ts';
import { deliveryFees } from '../domain/order-fee.ts';
import type { OrderBody } from './order-schemas.ts';

type BodyLine = OrderBody['lines'][number] & { placeNo: number | null; policyNo: number | null };

interface Group {
  placeNo: number | null;
  methodCode: MethodCode;
  lines: BodyLine[];
}

/** Lines grouped into deliveries by (placeNo, methodCode), in the order they come. */
function groupLines(lines: BodyLine[]): Group[] {
  const groups = new Map<string, Group>();
  for (const line of lines) {
    const { placeNo } = line;
    const key = `${placeNo}/${line.methodCode}`;
    const group = groups.get(key) ?? { placeNo, methodCode: line.methodCode, lines: [] };
    group.lines.push(line);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** What identifies an order's content: the same body again is the same order. */
export const orderHash = (body: OrderBody) => createHash('sha256').update(JSON.stringify(body)).digest('hex');

/**
 * Writes order, deliveries with their fees, lines at revision 1 and their first history rows; in one transaction with the caller's other work.
 * False = the orderNo is there already, whatever its body.
 */
export async function insertOrder(query: Query, body: OrderBody, requestId: string, by: string, now: Date): Promise<boolean> {
  const { orderer, receiver } = body;
  const inserted = await query(
    `insert into orders (order_no, body_hash, channel, ordered_at, orderer_name, orderer_phone, orderer_email, receiver_name,
       receiver_phone, receiver_zip_code, receiver_address1, receiver_address2, receiver_memo)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict do nothing returning order_no`,
    [
      body.orderNo,
      orderHash(body),
      body.channel,
      body.orderedAt,
      orderer.name,
      orderer.phone,
      orderer.email,
      receiver.name,
      receiver.phone,
      receiver.zipCode,
      receiver.address1,
      receiver.address2,
      receiver.memo,
    ],
    'order-insert',
  );
  if (inserted.length === 0) return false;
  const { terms, defaultPlaceNo } = await findShipping(query, body.lines);
  const groups = groupLines(
    body.lines.map((line) => ({ ...line, placeNo: line.placeNo ?? defaultPlaceNo, policyNo: line.policyNo ?? null })),
  );
  const fees = deliveryFees(groups, terms, receiver.zipCode);
  const sequences = await query<{ n: number }>(
    `select nextval('delivery_no_seq') as n from generate_series(1, $1)`,
    [groups.length],
    'order-numbers',
  );
  const deliveries = groups.map((group, at) => ({ ...group, deliveryNo: numberOf('D', sequences[at]?.n ?? 0, now) }));
  await query(
    `insert into deliveries (delivery_no, order_no, kind, place_no, method_code, ordered_at, fee_policy_no, fee_type, base_fee, surcharge,
       fee, payment, fee_terms)
     select delivery_no, $1, 'order', place_no, method_code, $2, "policyNo", "feeType", "baseFee", surcharge, fee, payment, terms
       from jsonb_to_recordset($3) as d (delivery_no text, place_no bigint, method_code text, "policyNo" bigint, "feeType" integer,
                                         "baseFee" bigint, surcharge bigint, fee bigint, payment text, terms jsonb)`,
    [
      body.orderNo,
      body.orderedAt,
      JSON.stringify(
        deliveries.map((each, at) => ({
          delivery_no: each.deliveryNo,
          place_no: each.placeNo,
          method_code: each.methodCode,
          ...fees[at]?.fee,
          terms: fees[at]?.terms,
        })),
      ),
    ],
    'order-deliveries',
  );
  const lines = deliveries.flatMap((delivery) => delivery.lines.map((line) => ({ ...line, deliveryNo: delivery.deliveryNo })));
  await insertLines(query, body, lines);
  await query(
    `insert into delivery_history (delivery_no, line_no, at, by, command, from_state, to_state, revision, request_id, snapshot)
     select delivery_no, line_no, $2, $3, 'order', null, state, revision, $4, null from delivery_lines where order_no = $1`,
    [body.orderNo, now, by, requestId],
    'order-history',
  );
  return true;
}

async function insertLines(query: Query, body: OrderBody, lines: (BodyLine & { deliveryNo: string })[]): Promise<void> {
  const rows = lines.map((line) => ({
    delivery_no: line.deliveryNo,
    line_no: line.lineNo,
    product_id: line.productId,
    product_name: line.productName,
    option_name: line.optionName,
    quantity: line.quantity,
    unit_price: line.unitPrice,
    place_no: line.placeNo,
    method_code: line.methodCode,
    policy_no: line.policyNo,
  }));
  await query(
    `insert into order_lines (order_no, line_no, delivery_no, product_id, product_name, option_name, quantity, unit_price, place_no, method_code, policy_no)
     select $1, line_no, delivery_no, product_id, product_name, option_name, quantity, unit_price, place_no, method_code, policy_no
       from jsonb_to_recordset($2) as l (line_no int, delivery_no text, product_id bigint, product_name text, option_name text,
                                         quantity int, unit_price bigint, place_no bigint, method_code text, policy_no bigint)`,
    [body.orderNo, JSON.stringify(rows)],
    'order-lines',
  );
  await query(
    `insert into delivery_lines (delivery_no, line_no, order_no, kind, product_id, place_no, method_code, ordered_at, state, revision, quantity)
     select delivery_no, line_no, order_no, 'order', product_id, place_no, method_code, $2, 'ordered', 1, quantity
       from order_lines where order_no = $1`,
    [body.orderNo, body.orderedAt],
    'order-delivery-lines',
  );
}

/** The order's lines whose workflow is not known to run. */
export const linesToStart = (query: Query, orderNo: string): Promise<DeliveryLineRow[]> =>
  query<DeliveryLineRow>('select * from delivery_lines where order_no = $1 and started_at is null', [orderNo], 'order-to-start');
