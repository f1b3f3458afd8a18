import type { CommandInput } from '../machine.ts';
import type { Parcel } from '../tracking.ts';

export type DeliveryCommand =
  | 'instruct'
  | 'release'
  | 'ship'
  | 'deliver'
  | 'report-stockout'
  | 'clear-stockout'
  | 'cancel'
  | 'correct-waybill'
  | 'undo'
  | 'reopen'
  | 'track'
  | 'reserve-claim'
  | 'release-claim'
  | 'settle-return'
  | 'settle-exchange';

export interface DeliveryInput extends CommandInput {
  carrierCode?: string | undefined;
  waybillNo?: string | undefined;
  combine?: boolean | undefined;
  quantity?: number | undefined;
  expectedAt?: string | undefined;
  autoClear?: boolean | undefined;
  pickupNo?: string | undefined;
  level?: number | undefined;
  /** The parcel that is meant; absent = whichever the line has. */
  parcel?: Pick<Parcel, 'carrierCode' | 'waybillNo'> | undefined;
}

export type DeliveryCode =
  | 'LINE_FINISHED'
  | 'WAYBILL_REQUIRED'
  | 'CARRIER_UNKNOWN'
  | 'WAYBILL_INVALID'
  | 'ALREADY_MOVING'
  | 'ALREADY_SHIPPED'
  | 'CLAIM_OPEN'
  | 'QUANTITY_EXCEEDED'
  | 'NOT_CLAIMABLE'
  | 'CLAIM_SETTLED'
  | 'REVISION_CONFLICT';
