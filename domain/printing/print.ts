import type { DeliveryState, LineKey } from '../deliveries/line.ts';
import type { MethodCode } from '../delivery-method.ts';

/** What the packing bench prints. */
export const printKinds = { 'picking-list': '피킹 리스트', 'packing-list': '패킹 리스트', label: '운송장 라벨' } as const;
export type PrintKind = keyof typeof printKinds;

/** Papers of labels: a roll with one to a page, a sheet with four to a page. */
export const labelPapers = { '100x150': '라벨 100×150 mm', A4: 'A4 4칸 (99.1×139 mm)' } as const;
export type LabelPaper = keyof typeof labelPapers;

/** A line as it is printed, without the people of its order. */
export interface PrintedLine extends LineKey {
  orderNo: string;
  state: DeliveryState;
  /** What is left of it after cancellations and returns. */
  quantity: number;
  productId: number;
  productName: string;
  optionName: string | null;
  methodCode: MethodCode;
  carrierCode: string | null;
  waybillNo: string | null;
  /** Its shipping place; null = none is registered under its number, or it has none. */
  placeNo: number | null;
  placeName: string | null;
}

/** Why a line is not on the paper. */
export const leftOutReasons = {
  canceled: '취소·반품',
  held: '결품 (출고대기)',
  unreleased: '출고지시 전',
  shipped: '이미 출고',
  delivered: '이미 배송완료',
  'not-a-parcel': '택배 아님',
  'no-waybill': '운송장 없음',
} as const;
export type LeftOutReason = keyof typeof leftOutReasons;

const isGone = ({ state, quantity }: PrintedLine): boolean => state === 'canceled' || quantity === 0;

/** Picked is what has been released and has not left: another pass would take goods of a parcel that is on its way. */
export function notPicked(line: PrintedLine): LeftOutReason | null {
  if (isGone(line)) return 'canceled';
  switch (line.state) {
    case 'awaitingShipment':
      return 'held';
    case 'ordered':
    case 'instructed':
      return 'unreleased';
    case 'shipped':
    case 'delivered':
      return 'shipped';
    default:
      return null;
  }
}

/** What is in the parcel: all that is neither canceled nor waiting for stock. */
export function notPacked(line: PrintedLine): LeftOutReason | null {
  if (isGone(line)) return 'canceled';
  return line.state === 'awaitingShipment' ? 'held' : null;
}

/** A label is stuck on a parcel that is to leave, so it has a waybill and has not arrived. */
export function notLabelled(line: PrintedLine): LeftOutReason | null {
  const reason = notPacked(line);
  if (reason !== null) return reason;
  if (line.state === 'delivered') return 'delivered';
  if (line.methodCode !== '10') return 'not-a-parcel';
  return line.carrierCode === null || line.waybillNo === null ? 'no-waybill' : null;
}

/** A line that is not on the paper, as it is told to people. */
export interface LeftOut extends LineKey {
  productName: string;
  reason: LeftOutReason;
}

/** These lines apart: what is printed, and what is not and why. */
export function sorted(lines: readonly PrintedLine[], judge: (line: PrintedLine) => LeftOutReason | null) {
  const printed: PrintedLine[] = [];
  const leftOut: LeftOut[] = [];
  for (const line of lines) {
    const reason = judge(line);
    if (reason === null) printed.push(line);
    else leftOut.push({ deliveryNo: line.deliveryNo, lineNo: line.lineNo, productName: line.productName, reason });
  }
  return { printed, leftOut };
}
