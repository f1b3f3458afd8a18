import { sql } from 'kysely';
import { build, type Query } from '../statement.ts';

type Asked = { delivery_no: string; line_no: number; at: number };

/** Exactly these lines, in this order, with their products and their orders' personal data. */
export function linesWithPeople(query: Query, keys: readonly (readonly [deliveryNo: string, lineNo: number])[]) {
  const deliveryNos = keys.map(([deliveryNo]) => deliveryNo);
  const lineNos = keys.map(([, lineNo]) => lineNo);
  const asked = sql<Asked>`unnest(${deliveryNos}::text[], ${lineNos}::int[]) with ordinality`;
  return query(
    build
      .selectFrom(asked.as<'k'>(sql`k (delivery_no, line_no, at)`))
      .innerJoin('delivery_lines as l', (on) =>
        on.onRef('l.delivery_no', '=', 'k.delivery_no').onRef('l.line_no', '=', 'k.line_no'),
      )
      .innerJoin('order_lines as p', (on) => on.onRef('p.order_no', '=', 'l.order_no').onRef('p.line_no', '=', 'l.line_no'))
      .innerJoin('orders as o', 'o.order_no', 'l.order_no')
      .selectAll('l')
      .select(['p.product_name', 'p.option_name', 'p.unit_price'])
      .select(['o.receiver_name', 'o.receiver_phone', 'o.receiver_zip_code', 'o.receiver_address1', 'o.receiver_address2'])
      .select(['o.receiver_memo', 'o.orderer_name', 'o.orderer_phone'])
      .orderBy('k.at'),
  );
}
