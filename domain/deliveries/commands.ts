import type { CommandInput } from '../machine.ts';
import type { Parcel } from '../tracking.ts';
import type { DeliveryLine } from './line.ts';

export type DeliveryCommand =
  | 'instruct'
  | 'release'
  | 'ship'
  | 'deliver'
  | 'report-stockout'
  | 'clear-stockout'
  | 'split'
  | 'merge'
  | 'absorb'
  | 'notify-delay'
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
  /** Without a waybill, the next one of the place's number range is drawn when the row is written. */
  autoWaybill?: boolean | undefined;
  quantity?: number | undefined;
  expectedAt?: string | undefined;
  autoClear?: boolean | undefined;
  /** The day (YYYY-MM-DD in Seoul) that the buyer is told, and why; the reason's text stays in the stored request. */
  expectedOn?: string | undefined;
  reasonCode?: string | undefined;
  pickupNo?: string | undefined;
  level?: number | undefined;
  /** The parcel that is meant; absent = whichever the line has. */
  parcel?: Pick<Parcel, 'carrierCode' | 'waybillNo'> | undefined;
  /** The part that is taken back, as it ends. */
  part?: DeliveryLine | undefined;
}

export type DeliveryCode =
  | 'LINE_FINISHED'
  | 'BAD_REQUEST'
  | 'DELAY_NOTICED'
  | 'WAYBILL_REQUIRED'
  | 'CARRIER_UNKNOWN'
  | 'WAYBILL_INVALID'
  | 'ALREADY_MOVING'
  | 'ALREADY_SHIPPED'
  | 'CLAIM_OPEN'
  | 'QUANTITY_EXCEEDED'
  | 'MERGE_NOT_POSSIBLE'
  | 'NOT_CLAIMABLE'
  | 'CLAIM_SETTLED'
  | 'REVISION_CONFLICT';
