import { isDay } from '../korea.ts';
import type { DeliveryInput } from './commands.ts';
import type { DeliveryLine } from './line.ts';

type Line = DeliveryLine;

/** Why a parcel leaves later than it should (발송지연안내). */
export const delayReasons = {
  STOCK: '재고 부족',
  CUSTOMER: '고객 요청',
  MADE_TO_ORDER: '주문제작',
  OVERSEAS: '해외배송',
  OTHER: '기타',
} as const;
export type DelayReason = keyof typeof delayReasons;

export const isDelayReason = (text: string | undefined): text is DelayReason =>
  text !== undefined && Object.hasOwn(delayReasons, text);

/** A promise goes at most this many days ahead. */
export const MOST_DELAY_DAYS = 90;

/**
 * A notice needs a day of the calendar and a known reason. Whether the day is still to come is asked once, of the request, by the day it
 * was made: one that is done late, after midnight, is done as it was meant.
 */
export const judgeDelay = (_line: Line, { expectedOn, reasonCode }: DeliveryInput) =>
  typeof expectedOn === 'string' && isDay(expectedOn) && isDelayReason(reasonCode) ? null : 'BAD_REQUEST';

/** What the buyer was told, and when. */
export const delayOf = (_line: Line, { expectedOn, reasonCode }: DeliveryInput, at: string): Partial<Line> => ({
  delayExpectedOn: expectedOn ?? null,
  delayReasonCode: isDelayReason(reasonCode) ? reasonCode : null,
  delayNoticedAt: at,
});
