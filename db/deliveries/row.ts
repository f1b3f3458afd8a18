import type { DeliveryLine } from '../../domain/deliveries/line.ts';
import type { Row } from '../statement.ts';

export type DeliveryLineRow = Row<'delivery_lines'>;

const iso = (at: Date | null) => at?.toISOString() ?? null;

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
  };
}
