import { sql } from 'kysely';
import { numberOf } from '../../domain/korea.ts';
import { notedLines } from '../events/noted.ts';
import { build, type Query } from '../statement.ts';
import { setExchangeDeadlines } from './exchange-deadlines.ts';

/** The order and delivery of a pickup. */
export async function originOf(query: Query, pickupNo: string) {
  const pickups = await query(
    build.selectFrom('pickups').select(['order_no', 'original_delivery_no']).where('pickup_no', '=', pickupNo),
  );
  return pickups[0];
}

/** Locks the order's row, because its next line numbers are assigned under this lock. */
export async function lockOrder(query: Query, orderNo: string): Promise<void> {
  await query(build.selectFrom('orders').select(sql`1`.as('locked')).where('order_no', '=', orderNo).forUpdate());
}

/** The delivery already created for a pickup's exchange. */
export async function exchangeOf(query: Query, pickupNo: string): Promise<string | undefined> {
  const known = await query(build.selectFrom('deliveries').select('delivery_no').where('pickup_no', '=', pickupNo));
  return known[0]?.delivery_no;
}

/** The lines of an exchange's delivery, for starting their workflows. */
export const exchangeLines = (query: Query, deliveryNo: string) =>
  query(build.selectFrom('delivery_lines').selectAll().where('delivery_no', '=', deliveryNo).orderBy('line_no'));

/**
 * Inserts an exchange's delivery with its lines and their history, and returns its number. Place, method and fee terms are those of
 * the original; products may be replaced by those that the claim asked for, or 반품중교환 has agreed on. Undefined = there is no such
 * original delivery.
 */
export async function insertExchangeDelivery(
  query: Query,
  pickupNo: string,
  { order_no: orderNo, original_delivery_no: originalDeliveryNo }: { order_no: string; original_delivery_no: string },
): Promise<string | undefined> {
  const sequences = await query(sql<{ n: number }>`select nextval('delivery_no_seq') as n`);
  const deliveryNo = numberOf('D', sequences[0]?.n ?? 0, new Date());
  const made = await query(sql<{ delivery_no: string }>`
    insert into deliveries (delivery_no, order_no, kind, place_no, method_code, ordered_at, pickup_no, fee_terms)
    select ${deliveryNo}, order_no, 'exchange', place_no, method_code, now(), ${pickupNo}, fee_terms
      from deliveries where delivery_no = ${originalDeliveryNo} returning delivery_no`);
  if (made.length === 0) return undefined;
  await query(sql`
    insert into order_lines (order_no, line_no, delivery_no, product_id, product_name, option_name, quantity, unit_price,
                             place_no, method_code, policy_no, dispatch_policy_no, requested_dispatch_on)
    select o.order_no, (select max(line_no) from order_lines where order_no = ${orderNo}) + row_number() over (order by i.line_no),
           ${deliveryNo}, coalesce(x.product_id, i.product_id), coalesce(x.product_name, i.product_name),
           case when x.product_id is null then i.option_name else x.option_name end,
           i.quantity, o.unit_price, o.place_no, o.method_code, o.policy_no, o.dispatch_policy_no, o.requested_dispatch_on
      from pickup_items i join pickups p on p.pickup_no = i.pickup_no
      join order_lines o on o.order_no = ${orderNo} and o.line_no = i.line_no
      cross join lateral (
        select i.converted_product_id, i.converted_product_name, i.converted_option_name where p.converted_from_return
        union all
        select i.exchange_product_id, i.exchange_product_name, i.exchange_option_name where not p.converted_from_return
      ) as x (product_id, product_name, option_name)
     where i.pickup_no = ${pickupNo}`);
  await query(sql`
    insert into delivery_lines (delivery_no, line_no, order_no, kind, product_id, place_no, method_code, ordered_at, state,
                                revision, quantity)
    select l.delivery_no, l.line_no, l.order_no, 'exchange', l.product_id, l.place_no, l.method_code, d.ordered_at, 'ordered',
           1, l.quantity
      from order_lines l join deliveries d on d.delivery_no = l.delivery_no where l.delivery_no = ${deliveryNo}`);
  const first = {
    ...{ command: 'order', type: 'delivery.ordered', at: sql`now()`, by: sql`${pickupNo}` },
    ...{ revision: sql`l.revision`, requestId: sql`'exchange-' || ${pickupNo}::text` },
  };
  const lines = sql`from delivery_lines l where l.delivery_no = ${deliveryNo}`;
  await query(sql`with ${notedLines(sql`l`, first, lines)} select id from noted`);
  await setExchangeDeadlines(query, pickupNo, deliveryNo);
  return deliveryNo;
}
