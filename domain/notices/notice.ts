import { type DeliveryEvent, type EventType, eventTypes, type PickupEvent } from '../events/types.ts';

/** Types of events of which a receiver can be told: those of lines and pickups, which have an order. */
export type NoticeType = DeliveryEvent | PickupEvent;
export const isNoticeType = (type: string): type is NoticeType =>
  Object.hasOwn(eventTypes, type) && (type.startsWith('delivery.') || type.startsWith('pickup.'));
export const noticeTypes = (Object.keys(eventTypes) as EventType[]).filter(isNoticeType);

/** Where a notice (알림톡) stands. `unknown`: it was handed to the provider and nobody knows whether it was taken; a person decides. */
export const noticeStates = {
  waiting: '대기',
  sending: '보내는 중',
  sent: '보냄',
  skipped: '보내지 않음',
  failed: '실패',
  unknown: '결과 모름',
} as const;
export type NoticeState = keyof typeof noticeStates;

/** Why a notice is not sent, or was not: our own reasons. A provider's codes stand beside them (`solapi:1062`). */
export const noticeReasons = {
  TAKEN_BACK: '이벤트가 취소됨',
  UNDONE: '그 뒤에 처리가 취소됨',
  TOO_OLD: '너무 오래된 이벤트',
  NOT_WANTED: '알리지 않기로 한 주문',
  NO_ORDER: '주문이 없음',
  NO_MOBILE: '보낼 수 있는 휴대전화번호가 없음',
  NO_RULE: '규칙이 꺼졌거나 없음',
  VALUE_MISSING: '변수에 넣을 값이 없음',
  TOO_LONG: '1,000자가 넘음',
  NO_ANSWER: '보냈으나 답을 받지 못함',
  NOT_REACHED: '발송사에 연결할 수 없음',
} as const;
export type NoticeReason = keyof typeof noticeReasons;

/** A person may send again what has ended without being sent. */
export const isResendable = (state: NoticeState): boolean => state === 'failed' || state === 'unknown' || state === 'skipped';

/** How often a message is tried that the provider has surely not taken: over five hours and more, then a person is asked. */
export const MOST_ATTEMPTS = 6;

/** Pause before the next attempt, after so many were made. */
export const pauseBeforeNext = (firstMs: number, attemptsLeft: number): number =>
  firstMs * 4 ** Math.max(0, MOST_ATTEMPTS - attemptsLeft - 1);
