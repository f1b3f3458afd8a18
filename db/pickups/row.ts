import type { Pickup } from '../../domain/pickups/pickup.ts';
import type { Row } from '../statement.ts';

export type PickupRow = Row<'pickups'>;
export type PickupItemRow = Row<'pickup_items'>;

const iso = (at: Date | null) => at?.toISOString() ?? null;

/** What an item's exchange sends: as 반품중교환 has agreed it, or else as the claim asked for it; null = the same product. */
export function exchangeOf({ converted_from_return }: Pick<PickupRow, 'converted_from_return'>, item: PickupItemRow) {
  const [productId, productName, optionName] = converted_from_return
    ? [item.converted_product_id, item.converted_product_name, item.converted_option_name]
    : [item.exchange_product_id, item.exchange_product_name, item.exchange_option_name];
  return productId === null ? null : { productId, productName: productName ?? '', optionName };
}

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
    convertedFromReturn: row.converted_from_return,
    state: row.state,
    held: row.held,
    revision: row.revision,
    items: items.map((item) => {
      const exchange = exchangeOf(row, item);
      return {
        lineNo: item.line_no,
        productId: item.product_id,
        quantity: item.quantity,
        reasonCode: item.reason_code,
        ...(exchange === null ? {} : { exchangeProductId: exchange.productId }),
        restock: item.restock,
        dispose: item.dispose,
        fault: item.fault,
      };
    }),
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
