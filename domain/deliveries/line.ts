import type { MethodCode } from '../delivery-method.ts';
import type { DelayReason } from './delay.ts';

/** docs/sources/requirements.md#delivery-2: the states of an order line's delivery. */
export const deliveryStates = {
  ordered: '주문완료',
  instructed: '배송지시',
  released: '출고지시',
  awaitingShipment: '출고대기',
  shipped: '출고완료',
  delivered: '배송완료',
  canceled: '주문취소',
} as const;

export type DeliveryState = keyof typeof deliveryStates;
export type DeliveryKind = 'order' | 'exchange';

/** A claim's hold on a line's quantity, by pickupNo. */
export interface Claim {
  quantity: number;
  /** settled = returned, off the valid quantity; exchanged = another line was sent for it, so it cannot be claimed again. */
  status: 'reserved' | 'released' | 'settled' | 'exchanged';
}

/** A delivery line's number. */
export interface LineKey {
  deliveryNo: string;
  lineNo: number;
}

/** A part that was split off a line (분할), as it was then. */
export interface SplitPart extends LineKey {
  state: DeliveryState;
  validQuantity: number;
}

/** One order line's delivery. Numbers and codes only, because it travels through Temporal. Instants are ISO strings. */
export interface DeliveryLine {
  deliveryNo: string;
  lineNo: number;
  orderNo: string;
  kind: DeliveryKind;
  productId: number;
  methodCode: MethodCode;
  state: DeliveryState;
  revision: number;
  /** As ordered, without what was split off; `validQuantity` is what is left of it. */
  quantity: number;
  canceled: number;
  returned: number;
  claims: Record<string, Claim>;
  carrierCode: string | null;
  waybillNo: string | null;
  /** Highest tracker level that mattered to the line (2 = first movement, 6 = delivered), null before. */
  trackingLevel: number | null;
  instructedAt: string | null;
  releasedAt: string | null;
  shippedAt: string | null;
  deliveredAt: string | null;
  stockoutExpectedAt: string | null;
  autoClear: boolean;
  /** 발송지연안내: the day (YYYY-MM-DD) the buyer was told, why, and when; null = none was given. */
  delayExpectedOn: string | null;
  delayReasonCode: DelayReason | null;
  delayNoticedAt: string | null;
  finishedAt: string | null;
  /** The line that this one was split off; null = it is no part. Never changes. */
  splitFrom: LineKey | null;
  /** What was split off last, and by which revision of this line. */
  lastSplit: (SplitPart & { revision: number }) | null;
}

/** A line as it was written before it could carry a delay notice or be split, in a run's argument, with the fields it lacks. */
export const wholeLine = (line: DeliveryLine): DeliveryLine => ({
  ...{ delayExpectedOn: null, delayReasonCode: null, delayNoticedAt: null, splitFrom: null, lastSplit: null },
  ...line,
});

/** 유효수량 = ordered − canceled − returned. */
export function validQuantity(line: Pick<DeliveryLine, 'quantity' | 'canceled' | 'returned'>): number {
  return line.quantity - line.canceled - line.returned;
}

/** What a command's caller learns about a line. */
export interface LineOutcome {
  state: DeliveryState;
  revision: number;
  validQuantity: number;
  /** What this command has split off. */
  newLine?: SplitPart;
}

/** The outcome of the command that wrote this revision of the line. */
export function lineOutcome(line: DeliveryLine): LineOutcome {
  const { state, revision, lastSplit } = line;
  const outcome = { state, revision, validQuantity: validQuantity(line) };
  if (lastSplit?.revision !== revision) return outcome;
  const { revision: _, ...newLine } = lastSplit;
  return { ...outcome, newLine };
}

const claimedQuantity = (line: Pick<DeliveryLine, 'claims'>, status: Claim['status']): number =>
  Object.values(line.claims).reduce((sum, claim) => sum + (claim.status === status ? claim.quantity : 0), 0);

/** Quantity held by open claims; the line does not close while there is any. */
export const reservedQuantity = (line: Pick<DeliveryLine, 'claims'>): number => claimedQuantity(line, 'reserved');

/** The quantity that a new claim may still ask for. */
export function claimableQuantity(line: DeliveryLine): number {
  return validQuantity(line) - reservedQuantity(line) - claimedQuantity(line, 'exchanged');
}

/** When the line closes: `openDays` after delivery; null while it is not delivered or a claim on it is open. */
export function closesAt(line: DeliveryLine, openDays: number): string | null {
  if (line.state !== 'delivered' || line.deliveredAt === null || line.finishedAt !== null || reservedQuantity(line) > 0)
    return null;
  return new Date(Date.parse(line.deliveredAt) + openDays * 86_400_000).toISOString();
}

/** Closes the line by time: it is finished and keeps its state. */
export function closeLine(line: DeliveryLine, at: string): DeliveryLine {
  return { ...line, revision: line.revision + 1, finishedAt: at };
}
