import type { Fault, Pickup, PickupKind, PickupState, ReasonCode } from '../../domain/pickups/pickup.ts';

/** A row of pickups as `select *` gives it. */
export interface PickupRow {
  pickup_no: string;
  claim_no: string;
  order_no: string;
  original_delivery_no: string;
  exchange_delivery_no: string | null;
  kind: PickupKind;
  converted_from_exchange: boolean;
  state: PickupState;
  held: boolean;
  hold_reason: string | null;
  revision: number;
  carrier_code: string | null;
  waybill_no: string | null;
  tracking_level: number | null;
  arrived_at: Date | null;
  requested_at: Date;
  instructed_at: Date | null;
  confirmed_at: Date | null;
  completed_at: Date | null;
  finished_at: Date | null;
  started_at: Date | null;
  pickup_name: string;
  pickup_phone: string;
  pickup_zip_code: string;
  pickup_address1: string;
  pickup_address2: string | null;
  pickup_memo: string | null;
  collection_fee: number;
  fee_before: number;
  fee_after: number;
  updated_at: Date;
}

/** A row of pickup_items. */
export interface PickupItemRow {
  pickup_no: string;
  line_no: number;
  product_id: number;
  product_name: string;
  option_name: string | null;
  quantity: number;
  reason_code: ReasonCode;
  reason: string | null;
  exchange_product_id: number | null;
  exchange_product_name: string | null;
  exchange_option_name: string | null;
  restock: number | null;
  dispose: number | null;
  fault: Fault | null;
}

const iso = (at: Date | null) => at?.toISOString() ?? null;

/** The row as the machine's pickup: what `allowedCommands` is drawn from and what a workflow starts with. */
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
