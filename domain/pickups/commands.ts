import type { CommandInput } from '../machine.ts';
import type { Fault } from './pickup.ts';

export interface Inspection {
  lineNo: number;
  restock: number;
  dispose: number;
  fault?: Fault | undefined;
}

/** The product that an item's exchange sends; absent = the same one again. */
export interface Exchange {
  lineNo: number;
  exchangeProductId?: number | undefined;
}

export interface PickupInput extends CommandInput {
  carrierCode?: string | undefined;
  waybillNo?: string | undefined;
  items?: Inspection[] | undefined;
  exchanges?: Exchange[] | undefined;
  exchangeDeliveryNo?: string | undefined;
  level?: number | undefined;
}

export type PickupCommand =
  | 'instruct'
  | 'confirm'
  | 'complete'
  | 'convert-to-return'
  | 'convert-to-exchange'
  | 'refuse'
  | 'withdraw'
  | 'hold'
  | 'resume'
  | 'track';

export type PickupCode =
  | 'PICKUP_FINISHED'
  | 'PICKUP_HELD'
  | 'KIND_NOT_EXCHANGE'
  | 'KIND_NOT_RETURN'
  | 'LINE_NOT_FOUND'
  | 'QUANTITY_MISMATCH'
  | 'WAYBILL_REQUIRED'
  | 'CARRIER_UNKNOWN'
  | 'WAYBILL_INVALID'
  | 'TRANSITION_NOT_ALLOWED';
