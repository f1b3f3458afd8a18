/** 발송정책의 종류, as the ESM wire names them. */
export const dispatchTypes = { A: '당일', B: '순차', C: '해외', D: '요청일', E: '주문제작', F: '미정' } as const;
export type DispatchType = keyof typeof dispatchTypes;

/** When a dispatch policy (발송정책) wants a parcel to leave. */
export interface DispatchPolicy {
  dispatchPolicyNo: number;
  dispatchType: DispatchType;
  /** Types B, C, E: open days after the day of payment, 1–30; null of the others. */
  readyDays: number | null;
  /** Type A: the cut-off in Seoul, HH:mm in steps of 30 minutes; null of the others. */
  closeTime: string | null;
}

/** Whose day it is: a policy's, the channel's own, or the day the buyer asked for. */
export const dueBys = { policy: '정책', channel: '판매채널', requested: '요청일' } as const;
export type DispatchDueBy = keyof typeof dueBys;

/** What a line's day was reckoned from, kept as it was at that time. */
export interface DispatchTerms {
  policy: DispatchPolicy | null;
  /** The place whose calendar counted; null = that of all places. */
  placeNo: number | null;
  /** The day the buyer asked for, YYYY-MM-DD. */
  requestedOn: string | null;
  /** The instant of payment. */
  paidAt: string;
}
