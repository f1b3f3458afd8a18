import { sql } from 'kysely';
import type { WaitingPlace } from '../../workflows/messages/assembly-plan.ts';
import { isWaiting } from '../deliveries/line.ts';
import { available } from '../record/stock.ts';
import type { Query, Row } from '../statement.ts';

/**
 * A line that waits for stock; `fits` = the available quantity is enough for it and all lines before it on this page. A part that was
 * split off waiting may have no workflow yet.
 */
type WaitingLine = Pick<Row<'delivery_lines'>, 'delivery_no' | 'line_no' | 'started_at'> & { ordered_at: string; fits: boolean };

/**
 * A page of lines that wait for a product and continue as soon as it is there (`autoClear`), oldest order first. `ordered_at` is
 * text, because a Date would lose its microseconds and the next page continues after it. No line waits for a product that is not
 * for orders, whatever its number.
 */
export const waitingLines = (query: Query, shippingProductId: number, after: WaitingPlace | null, most: number) =>
  query(sql<WaitingLine>`
    select w.delivery_no, w.line_no, w.started_at, to_char(w.ordered_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as ordered_at,
           sum(w.valid_quantity) over (order by w.ordered_at, w.delivery_no, w.line_no) <= p.available as fits
      from (select ${available('s')} as available from shipping_products s
             where s.shipping_product_id = ${shippingProductId} and s.for_orders) p,
           (select * from delivery_lines where product_id = ${shippingProductId} and ${isWaiting} and auto_clear
               and (${after?.orderedAt ?? null}::timestamptz is null
                    or (ordered_at, delivery_no, line_no)
                       > (${after?.orderedAt ?? null}::timestamptz, ${after?.deliveryNo ?? null}::text, ${after?.lineNo ?? null}::int))
             order by ordered_at, delivery_no, line_no limit ${most}) w
     order by w.ordered_at, w.delivery_no, w.line_no`);
