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

/** A number that carriers give again: its last scan is older than this before our shipping. */
const RECYCLED_AFTER_HOURS = 24;

export function levelName(level: number): string {
  return (trackingLevels as Record<string, string>)[String(level)] ?? `단계 ${level}`;
}

export function isTrackingLevel(level: number): boolean {
  return Object.hasOwn(trackingLevels, String(level));
}

/** The level to show: the higher of a row's own and its waybill's, null before any. */
export function shownLevel(...levels: (number | null | undefined)[]): number | null {
  return Math.max(0, ...levels.map((level) => level ?? 0)) || null;
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

/** What still waits for its parcel: a shipped line, an instructed pickup. `since` = when it was shipped or instructed, in ms. */
export interface Awaiting {
  seen: number | null;
  since: number;
}

/** What is known of the number and the waybill that a callback names. */
export interface ScanFacts<Carrier extends Awaiting> {
  level: number;
  scannedAt: number;
  /** The number is a delivery or a pickup of ours. */
  numberKnown: boolean;
  /** That delivery or pickup carries this waybill, or did. */
  waybillKnown: boolean;
  /** Somebody carries it now. */
  open: boolean;
  /** It was taken back: its line was canceled or is before 출고완료 again, its pickup was withdrawn. */
  calledOff: boolean;
  awaiting: Carrier[];
}

/** What a scan does: whom it is told to, why a person has to look (or null), and whether it moves the waybill's level. */
export interface Verdict<Carrier> {
  tell: Carrier[];
  exception: ExceptionKind | null;
  moves: boolean;
}

/** Judges one scan, purely. What is late, repeated or about an earlier waybill is kept in the timeline and does nothing. */
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

/** What became of one registration. `again` = 99, an unknown code or no proper answer; `known` = 03, perhaps by us. */
export interface Registration {
  outcome: 'registered' | 'known' | 'refused' | 'again';
  eCode: string | null;
  /** What came, shortened; null when no proper answer did. */
  answer: { success: boolean; e_code: string | null; e_message: string } | null;
  reason: string;
}
