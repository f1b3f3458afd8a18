import { sql } from 'kysely';
import type { DeliveryLineRow } from '../deliveries/row.ts';
import { build, named, type Query, type Row } from '../statement.ts';

/** An order with its orderer and receiver. */
export async function findOrder(query: Query, orderNo: string): Promise<Row<'orders'> | undefined> {
  return (await query(build.selectFrom('orders').selectAll().where('order_no', '=', orderNo)))[0];
}

/** The hash of an order's content; undefined = there is no such order. */
export async function hashOfOrder(query: Query, orderNo: string): Promise<string | undefined> {
  return (await query(build.selectFrom('orders').select('body_hash').where('order_no', '=', orderNo)))[0]?.body_hash;
}

/** The deliveries of an order when it was accepted, in the order of their creation: no exchange, no part of a line. */
export const deliveriesAsAccepted = (query: Query, orderNo: string): Promise<(Row<'deliveries'> & { line_nos: number[] })[]> =>
  query(
    named(
      'order-accepted',
      sql<Row<'deliveries'> & { line_nos: number[] }>`
        select d.*, array(select line_no from order_lines l where l.order_no = d.order_no and l.delivery_no = d.delivery_no
                           order by line_no) as line_nos
          from deliveries d where d.order_no = ${orderNo} and d.kind = 'order' and d.split_from_delivery_no is null
         order by length(d.delivery_no), d.delivery_no`,
    ),
  );

/** Whether this request wrote the order. */
export async function isWrittenBy(query: Query, orderNo: string, requestId: string): Promise<boolean> {
  const rows = await query(
    build
      .selectFrom('delivery_history as h')
      .innerJoin('delivery_lines as l', (on) =>
        on.onRef('l.delivery_no', '=', 'h.delivery_no').onRef('l.line_no', '=', 'h.line_no'),
      )
      .select('l.line_no')
      .where('h.request_id', '=', requestId)
      .where('h.command', '=', 'order')
      .where('l.order_no', '=', orderNo)
      .limit(1),
  );
  return rows.length > 0;
}

/** The order's lines that are not marked as started. */
export const linesToStart = (query: Query, orderNo: string): Promise<DeliveryLineRow[]> =>
  query(
    named(
      'order-to-start',
      sql<DeliveryLineRow>`select * from delivery_lines where order_no = ${orderNo} and started_at is null`,
    ),
  );
