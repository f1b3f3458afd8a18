import type { DeliveryLine, LineKey } from '../../domain/deliveries/line.ts';
import type { Row } from '../statement.ts';

export type DeliveryLineRow = Row<'delivery_lines'>;

const iso = (at: Date | null) => at?.toISOString() ?? null;

/** The number of another line, where a row names one. */
export const lineKeyOf = (deliveryNo: string | null, lineNo: number | null): LineKey | null =>
  deliveryNo === null || lineNo === null ? null : { deliveryNo, lineNo };

/** The row as a line for the machine: `allowedCommands` is computed from it and a workflow starts with it. */
export function toDeliveryLine(row: DeliveryLineRow): DeliveryLine {
  return {
    deliveryNo: row.delivery_no,
    lineNo: row.line_no,
    orderNo: row.order_no,
    kind: row.kind,
    productId: row.product_id,
    methodCode: row.method_code,
    state: row.state,
    revision: row.revision,
    quantity: row.quantity,
    canceled: row.canceled,
    returned: row.returned,
    claims: row.claims,
    carrierCode: row.carrier_code,
    waybillNo: row.waybill_no,
    trackingLevel: row.tracking_level,
    instructedAt: iso(row.instructed_at),
    releasedAt: iso(row.released_at),
    shippedAt: iso(row.shipped_at),
    deliveredAt: iso(row.delivered_at),
    stockoutExpectedAt: iso(row.stockout_expected_at),
    autoClear: row.auto_clear,
    delayExpectedOn: row.delay_expected_on,
    delayReasonCode: row.delay_reason_code,
    delayNoticedAt: iso(row.delay_noticed_at),
    finishedAt: iso(row.finished_at),
    splitFrom: lineKeyOf(row.split_from_delivery_no, row.split_from_line_no),
    lastSplit: row.last_split,
  };
}

/** A line that the order system knows by this number and its parts, the line first; nothing for the number of a part. */
export const partsOfLine = (rows: DeliveryLineRow[], lineNo: number): DeliveryLineRow[] =>
  rows.filter((row) => (row.root_line_no ?? row.line_no) === lineNo).sort((a, b) => a.line_no - b.line_no);

/** The row of this line among these. */
export const rowOfLine = (rows: DeliveryLineRow[], { deliveryNo, lineNo }: LineKey): DeliveryLineRow | undefined =>
  rows.find((row) => row.delivery_no === deliveryNo && row.line_no === lineNo);
