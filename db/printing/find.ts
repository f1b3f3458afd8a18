import { type RawBuilder, sql } from 'kysely';
import type { LineKey } from '../../domain/deliveries/line.ts';
import type { PrintedLine } from '../../domain/printing/print.ts';
import { anyOf } from '../lists.ts';
import { build, type Query } from '../statement.ts';

/** A line that is to be printed, or all lines of a delivery. */
export interface AskedLine {
  deliveryNo: string;
  lineNo: number | null;
}

/** These lines in the order in which they were asked for, each once and at most `most`, without their people. */
export async function linesToPrint(query: Query, asked: readonly AskedLine[], most: number): Promise<PrintedLine[]> {
  const deliveryNos = asked.map(({ deliveryNo }) => deliveryNo);
  const lineNos = asked.map(({ lineNo }) => lineNo);
  const wanted = sql<LineKey & { delivery_no: string; line_no: number; at: number }>`(
    select l.delivery_no, l.line_no, min(t.at) as at
      from unnest(${deliveryNos}::text[], ${lineNos}::integer[]) with ordinality as t (delivery_no, line_no, at)
      join delivery_lines l on l.delivery_no = t.delivery_no and (t.line_no is null or l.line_no = t.line_no)
     group by l.delivery_no, l.line_no)`;
  const rows = await query(
    build
      .selectFrom(wanted.as('w'))
      .innerJoin('delivery_lines as l', (on) =>
        on.onRef('l.delivery_no', '=', 'w.delivery_no').onRef('l.line_no', '=', 'w.line_no'),
      )
      .innerJoin('order_lines as p', (on) => on.onRef('p.order_no', '=', 'l.order_no').onRef('p.line_no', '=', 'l.line_no'))
      .leftJoin('shipping_places as s', 's.place_no', 'l.place_no')
      .select(['l.delivery_no', 'l.line_no', 'l.order_no', 'l.state', 'l.valid_quantity', 'l.product_id', 'l.method_code'])
      .select(['l.carrier_code', 'l.waybill_no', 'p.product_name', 'p.option_name', 's.place_no', 's.place_name'])
      .orderBy('w.at')
      .orderBy('l.line_no')
      .limit(most),
  );
  return rows.map((row) => ({
    deliveryNo: row.delivery_no,
    lineNo: row.line_no,
    orderNo: row.order_no,
    state: row.state,
    quantity: row.valid_quantity,
    productId: row.product_id,
    productName: row.product_name,
    optionName: row.option_name,
    methodCode: row.method_code,
    carrierCode: row.carrier_code,
    waybillNo: row.waybill_no,
    placeNo: row.place_no,
    placeName: row.place_name,
  }));
}

/** The orders of what is printed, with the people who ordered and receive it. */
export const ordersToPrint = (query: Query, orderNos: readonly string[]) =>
  query(build.selectFrom('orders').selectAll().where('order_no', '=', anyOf(orderNos)));

/** Where parcels come from: these places, and the one that stands in for lines without one. */
export const sendersToPrint = (query: Query, placeNos: readonly number[]) =>
  query(
    build
      .selectFrom('shipping_places')
      .select(['place_no', 'place_name', 'zip_code', 'addr1', 'addr2', 'is_default'])
      .where((place) => place.or([place('place_no', '=', anyOf(placeNos)), place('is_default', '=', true)])),
  );

/** How often the label of a line's waybill has been printed. */
export const labelPrintsOf = (line: string): RawBuilder<number> =>
  sql<number>`(select coalesce(max(n.copy), 0) from prints n where n.waybill_no = ${sql.ref(`${line}.waybill_no`)}
     and n.carrier_code = ${sql.ref(`${line}.carrier_code`)})`;

/** Prints of a delivery, the newest first, at most `most`. */
export const printsOf = (query: Query, deliveryNo: string, most: number) =>
  query(
    build
      .selectFrom('prints')
      .select(['kind', 'at', 'by', 'copy', 'carrier_code', 'waybill_no'])
      .where('delivery_no', '=', deliveryNo)
      .orderBy('id', 'desc')
      .limit(most),
  );
