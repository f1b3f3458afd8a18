import { sql } from 'kysely';
import type { DeliveryState } from '../../domain/deliveries/line.ts';
import { type ParcelBy, VERIFY } from '../../domain/packing/verification.ts';
import { anyDeliveryNumbered } from '../numbers.ts';
import { labelPrintsOf } from '../printing/find.ts';
import type { Query } from '../statement.ts';

/** A parcel by its number: of a delivery, or of a waybill. */
export interface Parcel {
  by: ParcelBy;
  number: string;
}

export interface ParcelLineRow {
  delivery_no: string;
  line_no: number;
  product_id: number;
  product_name: string;
  option_name: string | null;
  barcode: string | null;
  state: DeliveryState;
  valid_quantity: number;
  carrier_code: string | null;
  waybill_no: string | null;
  tracking_level: number | null;
  place_no: number | null;
  method_code: string;
  counted: number;
  verified: boolean;
  label_prints: number;
}

/** The delivery with this number, as people write it (`numberKey` of domain/text.ts). */
export async function deliveryNumbered(query: Query, key: string): Promise<string | undefined> {
  const [row] = await query(
    sql<{ delivery_no: string }>`select delivery_no from deliveries where delivery_no = ${anyDeliveryNumbered([key])} limit 1`,
  );
  return row?.delivery_no;
}

/**
 * The lines of a parcel, and how often each was scanned in this verification (null = none is open). `offset 0`: the few rows of a
 * delivery's history are read by the index of deliveries, whatever else is asked of them.
 */
export const linesOfParcel = (query: Query, { by, number }: Parcel, verificationId: number | null): Promise<ParcelLineRow[]> =>
  query(sql<ParcelLineRow>`
    select l.delivery_no, l.line_no, l.product_id, p.product_name, p.option_name, s.barcode, l.state, l.valid_quantity,
           l.carrier_code, l.waybill_no, l.tracking_level, l.place_no, l.method_code, ${labelPrintsOf('l')} as label_prints,
           (select count(*) from verification_scans c where c.verification_id = ${verificationId}
               and c.delivery_no = l.delivery_no and c.line_no = l.line_no) as counted,
           exists (select from (select * from delivery_history h where h.delivery_no = l.delivery_no and h.at >= l.released_at offset 0) h
                    where h.line_no = l.line_no and h.command = ${VERIFY} and h.voided_at is null) as verified
      from delivery_lines l
      join order_lines p on p.order_no = l.order_no and p.line_no = l.line_no
      left join shipping_products s on s.shipping_product_id = l.product_id and s.for_orders
     where ${by === 'delivery' ? sql`l.delivery_no = ${number}` : sql`l.waybill_no = ${number}`}
     order by l.delivery_no, l.line_no`);
