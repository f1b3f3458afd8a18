import type { DeliveryState, LineKey } from '../deliveries/line.ts';
import type { ProblemCode } from '../problems.ts';

/** In the history of a line: its products were scanned (검품). It changes no state, and is told to nobody outside. */
export const VERIFY = 'verify';

/** How a parcel was found: by its delivery, to be shipped when it is complete, or by the waybill it was shipped under. */
export type ParcelBy = 'delivery' | 'waybill';

/** A line of a parcel, with what has been scanned of it. */
export interface ParcelLine extends LineKey {
  state: DeliveryState;
  validQuantity: number;
  trackingLevel: number | null;
  barcode: string;
  counted: number;
  /** Since it was released. */
  isVerified: boolean;
}

/** A parcel of which nothing is to be scanned, and why. */
export type ParcelBlock = Extract<
  ProblemCode,
  'PARCEL_CANCELED' | 'PARCEL_SHIPPED' | 'PARCEL_STOCKOUT' | 'PARCEL_UNRELEASED' | 'PARCEL_VERIFIED'
>;
export type ScanCode = ParcelBlock | Extract<ProblemCode, 'SCAN_WRONG_PRODUCT' | 'SCAN_TOO_MANY' | 'SCAN_NOT_NEEDED'>;

/** From this level on the carrier has it. */
const MOVING = 2;

const isThere = ({ validQuantity }: ParcelLine) => validQuantity > 0;
const isIn = (...states: DeliveryState[]) => {
  return (line: ParcelLine) => isThere(line) && states.includes(line.state);
};

/** Whether a line belongs into the parcel that is packed now. */
export const isPacked = (line: ParcelLine, by: ParcelBy): boolean =>
  isIn(by === 'delivery' ? 'released' : 'shipped')(line) && (by === 'delivery' || (line.trackingLevel ?? 0) < MOVING);

/** Why the parcel cannot be packed as it is; null = it can. A parcel that lacks a line is not packed without it. */
export function blockOf(lines: readonly ParcelLine[], by: ParcelBy): ParcelBlock | null {
  const packed = lines.filter((line) => isPacked(line, by));
  if (by === 'delivery' && lines.some(isIn('awaitingShipment'))) return 'PARCEL_STOCKOUT';
  if (by === 'delivery' && lines.some(isIn('ordered', 'instructed'))) return 'PARCEL_UNRELEASED';
  if (packed.length === 0) return lines.some(isIn('shipped', 'delivered')) ? 'PARCEL_SHIPPED' : 'PARCEL_CANCELED';
  return by === 'waybill' && packed.every((line) => line.isVerified) ? 'PARCEL_VERIFIED' : null;
}

/** Whether exactly what belongs into the parcel was scanned. What was canceled after it was scanned has to come out: never complete. */
export const isComplete = (lines: readonly ParcelLine[], by: ParcelBy): boolean =>
  blockOf(lines, by) === null && lines.every((line) => line.counted === (isPacked(line, by) ? line.validQuantity : 0));

/** The line that a scanned product counts for, or why it does not belong into the parcel. */
export function judgeScan(lines: readonly ParcelLine[], by: ParcelBy, barcode: string): LineKey | ScanCode {
  const block = blockOf(lines, by);
  if (block) return block;
  const same = lines.filter((line) => line.barcode === barcode);
  if (same.length === 0) return 'SCAN_WRONG_PRODUCT';
  const packed = same.filter((line) => isPacked(line, by));
  if (packed.length === 0) return 'SCAN_NOT_NEEDED';
  const line = packed.find(({ counted, validQuantity }) => counted < validQuantity);
  return line ? { deliveryNo: line.deliveryNo, lineNo: line.lineNo } : 'SCAN_TOO_MANY';
}
