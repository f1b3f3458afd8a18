/** SweetTracker's levels (facts.md, wire): 1–6 along the way, -99 = a scan that failed. */
export const trackingLevels = {
  1: '배송준비',
  2: '집화완료',
  3: '배송중',
  4: '지점도착',
  5: '배송출발',
  6: '배송완료',
  '-99': '스캔오류',
} as const;

export const MOVING_LEVEL = 2;
export const DELIVERED_LEVEL = 6;
export const SCAN_ERROR_LEVEL = -99;

/** A number that carriers give again: its last scan is older than this before our shipping. */
const RECYCLED_AFTER_HOURS = 24;

export function levelName(level: number): string {
  return (trackingLevels as Record<string, string>)[String(level)] ?? `단계 ${level}`;
}

export function isTrackingLevel(level: number): boolean {
  return Object.hasOwn(trackingLevels, String(level));
}

/** What matters to a line that has seen `seen`: its first movement and its delivery; the timeline comes from the journal. */
export function mattersToLine(level: number, seen: number | null): boolean {
  const before = seen ?? 0;
  if (level >= DELIVERED_LEVEL) return before < DELIVERED_LEVEL;
  return level >= MOVING_LEVEL && before < MOVING_LEVEL;
}

/** The level-6 scan of an earlier parcel that had the same number. Instants in ms. */
export function isRecycled(level: number, scannedAt: number, shippedAt: number): boolean {
  return level >= DELIVERED_LEVEL && shippedAt - scannedAt > RECYCLED_AFTER_HOURS * 3_600_000;
}

/** Why a person has to look at a waybill. */
export const exceptionKinds = {
  'unknown-number': '모르는 배송번호의 추적 정보',
  'waybill-mismatch': '배송번호와 다른 운송장의 추적 정보',
  'scan-error': '택배사 스캔 오류',
  'line-canceled': '취소되었거나 출고 전인 주문내역의 추적 정보',
  'registration-refused': '운송장 등록 거절',
  'registration-failed': '운송장 등록이 계속 실패함',
  'recycled-number': '예전에 쓰인 운송장번호의 배송완료',
  'no-first-scan': '출고 후 첫 스캔이 없음',
  'not-moving': '이동이 멈춤',
} as const;
export type ExceptionKind = keyof typeof exceptionKinds;
