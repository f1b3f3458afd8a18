/** SweetTracker's levels (docs/sources/facts.md#sweettracker-wire): 1–6 along the way, -99 = a scan that failed. */
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

/** Carriers reuse numbers: a last scan older than this before our shipping belongs to an earlier parcel. */
const RECYCLED_AFTER_HOURS = 24;

export function levelName(level: number): string {
  return (trackingLevels as Record<string, string>)[String(level)] ?? `단계 ${level}`;
}

export function isTrackingLevel(level: number): boolean {
  return Object.hasOwn(trackingLevels, String(level));
}

/** The level to show: the higher of the row's and its waybill's; null if there is none yet. */
export function shownLevel(...levels: (number | null | undefined)[]): number | null {
  return Math.max(0, ...levels.map((level) => level ?? 0)) || null;
}

/** Whether a line whose level is `seen` needs this scan: only its first movement and its delivery; the journal has the rest. */
export function mattersToLine(level: number, seen: number | null): boolean {
  const before = seen ?? 0;
  if (level >= DELIVERED_LEVEL) return before < DELIVERED_LEVEL;
  return level >= MOVING_LEVEL && before < MOVING_LEVEL;
}

/** True for the level-6 scan of an earlier parcel that had the same number. Instants in ms. */
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
  'waybill-range-low': '운송장 대역이 얼마 남지 않음',
} as const;
export type ExceptionKind = keyof typeof exceptionKinds;

/** A shipped line or an instructed pickup that waits for its parcel. `since` = when it was shipped or instructed, in ms. */
export interface Awaiting {
  seen: number | null;
  since: number;
}

/** What is known about the number and the waybill in a callback. */
export interface ScanFacts<Carrier extends Awaiting> {
  level: number;
  scannedAt: number;
  /** The number is one of our deliveries or pickups. */
  numberKnown: boolean;
  /** That delivery or pickup has, or had, this waybill. */
  waybillKnown: boolean;
  /** A line or pickup has this waybill now. */
  open: boolean;
  /** It was called off: its line was canceled or moved back before 출고완료, or its pickup was withdrawn. */
  calledOff: boolean;
  awaiting: Carrier[];
}

/** Result of a scan: who is told about it, why a person has to look (or null), and whether it changes the waybill's level. */
export interface Verdict<Carrier> {
  tell: Carrier[];
  exception: ExceptionKind | null;
  moves: boolean;
}

/** Judges one scan; pure. A late or repeated scan, or one of an earlier waybill, is kept in the timeline and changes nothing. */
export function judgeScan<Carrier extends Awaiting>(scan: ScanFacts<Carrier>): Verdict<Carrier> {
  const { level, awaiting } = scan;
  const nothing = (exception: ExceptionKind | null): Verdict<Carrier> => ({ tell: [], exception, moves: false });
  if (!scan.numberKnown) return nothing('unknown-number');
  if (!scan.waybillKnown) return nothing('waybill-mismatch');
  if (!scan.open) return nothing(scan.calledOff ? 'line-canceled' : null);
  if (level === SCAN_ERROR_LEVEL) return nothing('scan-error');
  const fresh = awaiting.filter(({ since }) => !isRecycled(level, scan.scannedAt, since));
  return {
    tell: fresh.filter(({ seen }) => mattersToLine(level, seen)),
    exception: fresh.length < awaiting.length ? 'recycled-number' : null,
    moves: fresh.length > 0 || awaiting.length === 0,
  };
}

export interface Parcel {
  fid: string;
  carrierCode: string;
  waybillNo: string;
}

/** Result of one registration. `again` = 99, an unknown code or no usable answer; `known` = 03, perhaps registered by us before. */
export interface Registration {
  outcome: 'registered' | 'known' | 'refused' | 'again';
  eCode: string | null;
  /** The answer, shortened; null when there was no usable one. */
  answer: { success: boolean; e_code: string | null; e_message: string } | null;
  reason: string;
}
