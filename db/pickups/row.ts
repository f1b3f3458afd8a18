import type { Pickup } from '../../domain/pickups/pickup.ts';
import type { Row } from '../statement.ts';

export type PickupRow = Row<'pickups'>;
export type PickupItemRow = Row<'pickup_items'>;

const iso = (at: Date | null) => at?.toISOString() ?? null;

/** The row as a pickup for the machine: `allowedCommands` is computed from it and a workflow starts with it. */
export function toPickup(row: PickupRow, items: PickupItemRow[]): Pickup {
  return {
    pickupNo: row.pickup_no,
    claimNo: row.claim_no,
    orderNo: row.order_no,
    originalDeliveryNo: row.original_delivery_no,
    exchangeDeliveryNo: row.exchange_delivery_no,
    kind: row.kind,
    convertedFromExchange: row.converted_from_exchange,
    state: row.state,
    held: row.held,
    revision: row.revision,
    items: items.map((item) => ({
      lineNo: item.line_no,
      productId: item.product_id,
      quantity: item.quantity,
      reasonCode: item.reason_code,
      ...(item.exchange_product_id === null ? {} : { exchangeProductId: item.exchange_product_id }),
      restock: item.restock,
      dispose: item.dispose,
      fault: item.fault,
    })),
    carrierCode: row.carrier_code,
    waybillNo: row.waybill_no,
    trackingLevel: row.tracking_level,
    arrivedAt: iso(row.arrived_at),
    instructedAt: iso(row.instructed_at),
    confirmedAt: iso(row.confirmed_at),
    completedAt: iso(row.completed_at),
    finishedAt: iso(row.finished_at),
  };
}
