import { createHash } from 'node:crypto';
import type { MethodCode } from '../../domain/delivery-method.ts';
import { numberOf } from '../../domain/korea.ts';
import type { Order, OrderLine } from '../../domain/order.ts';
import { type DeliveryFee, deliveryFees } from '../../domain/shipping/shipping-fee.ts';
import type { DeliveryLineRow } from '../deliveries/row.ts';
import { findShipping } from '../shipping/terms.ts';
import type { Query } from '../statement.ts';

type BodyLine = OrderLine & { placeNo: number | null; policyNo: number | null };

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
export const orderHash = (body: Order) => createHash('sha256').update(JSON.stringify(body)).digest('hex');

interface AcceptedDelivery {
  deliveryNo: string;
  placeNo: number | null;
  methodCode: MethodCode;
  lineNos: number[];
  shippingFee: DeliveryFee['fee'];
}

/** An order that has just been written: its deliveries as its caller hears of them, and its lines, which wait for their workflows. */
export interface TakenOrder {
  deliveries: AcceptedDelivery[];
  lines: DeliveryLineRow[];
}

/**
 * Takes an order in: order, deliveries with their fees, lines at revision 1 and their first history rows, in one statement, all of it
 * or nothing. Null = the orderNo is there already, whatever its body.
 */
export async function takeOrder(query: Query, body: Order, requestId: string, by: string): Promise<TakenOrder | null> {
  const now = new Date();
  // One too many where a line names the default place and another names none: numbers may have gaps.
  const atMost = new Set(body.lines.map(({ placeNo, methodCode }) => `${placeNo}/${methodCode}`)).size;
  const [{ terms, defaultPlaceNo }, numbers] = await Promise.all([findShipping(query, body.lines), drawNumbers(query, atMost)]);
  const groups = groupLines(
    body.lines.map((line) => ({ ...line, placeNo: line.placeNo ?? defaultPlaceNo, policyNo: line.policyNo ?? null })),
  );
  const fees = deliveryFees(groups, terms, body.receiver.zipCode);
  const deliveries = groups.map(({ placeNo, methodCode, lines }, at) => ({
    deliveryNo: numberOf('D', numbers[at]?.n ?? 0, now),
    placeNo,
    methodCode,
    lineNos: lines.map(({ lineNo }) => lineNo).sort((a, b) => a - b),
    ...(fees[at] as DeliveryFee),
  }));
  const lines = groups.flatMap((group, at) => group.lines.map((line) => ({ ...line, deliveryNo: deliveries[at]?.deliveryNo })));
  const written = await insertOrder(query, body, deliveries, lines, { requestId, by, now });
  if (written.length === 0) return null;
  return {
    deliveries: deliveries.map(({ fee, terms: _, ...delivery }) => ({ ...delivery, shippingFee: fee })),
    lines: written,
  };
}

const drawNumbers = (query: Query, count: number) =>
  query<{ n: number }>(`select nextval('delivery_no_seq') as n from generate_series(1, $1)`, [count], 'order-numbers');

/** Answers the rows of delivery_lines, none when the order is there already. */
function insertOrder(
  query: Query,
  body: Order,
  deliveries: (DeliveryFee & { deliveryNo: string })[],
  lines: (BodyLine & { deliveryNo: string | undefined })[],
  { requestId, by, now }: { requestId: string; by: string; now: Date },
): Promise<DeliveryLineRow[]> {
  const { orderer, receiver } = body;
  return query<DeliveryLineRow>(
    `with taken as (
       insert into orders (order_no, body_hash, channel, ordered_at, orderer_name, orderer_phone, orderer_email, receiver_name,
         receiver_phone, receiver_zip_code, receiver_address1, receiver_address2, receiver_memo)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict do nothing returning order_no, ordered_at
     ), sent as (
       insert into deliveries (delivery_no, order_no, kind, place_no, method_code, ordered_at, fee_policy_no, fee_type, base_fee,
         surcharge, fee, payment, fee_terms)
       select "deliveryNo", order_no, 'order', "placeNo", "methodCode", ordered_at, "policyNo", "feeType", "baseFee", surcharge,
         d.fee, payment, terms
         from taken, jsonb_to_recordset($14) as d ("deliveryNo" text, "placeNo" bigint, "methodCode" text, "policyNo" bigint,
           "feeType" integer, "baseFee" bigint, surcharge bigint, fee bigint, payment text, terms jsonb)
     ), line as (
       select * from taken, jsonb_to_recordset($15) as l ("lineNo" integer, "deliveryNo" text, "productId" bigint, "productName" text,
         "optionName" text, quantity integer, "unitPrice" bigint, "placeNo" bigint, "methodCode" text, "policyNo" bigint)
     ), ordered as (
       insert into order_lines (order_no, line_no, delivery_no, product_id, product_name, option_name, quantity, unit_price, place_no,
         method_code, policy_no)
       select order_no, "lineNo", "deliveryNo", "productId", "productName", "optionName", quantity, "unitPrice", "placeNo",
         "methodCode", "policyNo" from line
     ), waiting as (
       insert into delivery_lines (delivery_no, line_no, order_no, kind, product_id, place_no, method_code, ordered_at, state, revision,
         quantity)
       select "deliveryNo", "lineNo", order_no, 'order', "productId", "placeNo", "methodCode", ordered_at, 'ordered', 1, quantity
         from line returning *
     ), history as (
       insert into delivery_history (delivery_no, line_no, at, by, command, from_state, to_state, revision, request_id, snapshot)
       select delivery_no, line_no, $16, $17, 'order', null, state, revision, $18, null from waiting
     )
     select * from waiting`,
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
      JSON.stringify(deliveries.map(({ fee, ...delivery }) => ({ ...delivery, ...fee }))),
      JSON.stringify(lines),
      now,
      by,
      requestId,
    ],
    'order-intake',
  );
}

/** The order's lines whose workflow is not known to run. */
export const linesToStart = (query: Query, orderNo: string): Promise<DeliveryLineRow[]> =>
  query<DeliveryLineRow>('select * from delivery_lines where order_no = $1 and started_at is null', [orderNo], 'order-to-start');
