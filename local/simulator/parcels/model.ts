import type { NoticeEntry } from '../notices/model.ts';
import type { Behaviours } from './behaviours.ts';
import { carriers } from './carriers.ts';
import type { Journal } from './journal.ts';

/** Names of the levels, by number. */
export const LEVEL_NAMES = ['', '배송준비', '집화완료', '배송중', '지점도착', '배송출발', '배송완료'] as const;
export const DELIVERED = 6;
export const SCAN_ERROR = -99;

/** One scan of a parcel, and the result of its callback. */
export interface Scan {
  level: number;
  /** Epoch milliseconds. */
  at: number;
  /** A place other than the one derived from the parcel's number. */
  where?: string | undefined;
  /** `none`: there is nobody to call back. `gaveUp`: no attempt was acknowledged. */
  pushed: 'none' | 'pending' | 'acknowledged' | 'gaveUp';
}

export interface Parcel {
  code: string;
  num: string;
  /** The first accepted registration; null until then. */
  registration: { fid: string; callbackUrl: string; at: number } | null;
  /** Registered by another customer of the tracker, who gets no callbacks here: a registration is answered 03. */
  strangers: boolean;
  /** The clock moves it even without a registration. */
  moves: boolean;
  scans: Scan[];
}

/** How one waybill behaves; absent options come from `Settings.defaults`. */
export interface ParcelOptions {
  /** It never has a scan: trackingInfo answers 104, no callbacks. */
  neverScanned?: boolean | undefined;
  /** The clock moves it at most to this level. */
  stopAt?: number | undefined;
  /** Steps take this many times as long. */
  pace?: number | undefined;
  /** Callbacks are sent this long after the scan. */
  pushDelayMs?: number | undefined;
  /** Extra copies of every callback, sent at once. */
  duplicates?: number | undefined;
  /** Levels 1, 3 and 5 are sent only after 2, 4 and 6. */
  outOfOrder?: boolean | undefined;
  /** There are scans but no callbacks. */
  silent?: boolean | undefined;
  /** A callback of level -99 follows the one of this level. */
  scanErrorAfter?: number | undefined;
  body?: 'form' | 'json' | undefined;
  courierField?: 'courier_code' | 'comcode' | undefined;
  /** Overrides fields of trackingInfo's answer. */
  tracking?: Record<string, unknown> | undefined;
}

export interface Settings {
  /** Multiplies the parcel clock: 1 = a level about every 20 s. */
  speed: number;
  paused: boolean;
  /** Applies to every wire request; the parcel clock stops meanwhile. */
  outage: 'off' | 'drop' | '503' | 'hang';
  /** The error that trackingInfo answers for every key. */
  keyRefused: 'off' | '101' | '102';
  /** Questions per day in all before 103, and for one waybill before 105; null = no limit. */
  quotaPerDay: number | null;
  perWaybillPerDay: number | null;
  /** `counters` keeps no single requests and callbacks. */
  keepLog: 'full' | 'counters';
  /** Entries kept of each log. */
  logLimit: number;
  /** A callback without the right reply is repeated after each of these pauses. */
  retryPausesMs: number[];
  /** How long a callback waits for its reply. */
  replyTimeoutMs: number;
  defaults: ParcelOptions;
  /** trackingInfo's answer for an unknown number: null = 104, else as if scanned up to `level`, at `at` or just now. */
  unknownWaybills: { level: number; at?: number | undefined } | null;
}

export const presetSettings = (speed: number): Settings => ({
  speed,
  paused: false,
  outage: 'off',
  keyRefused: 'off',
  quotaPerDay: null,
  perWaybillPerDay: null,
  keepLog: 'full',
  logLimit: 20_000,
  retryPausesMs: [1_000, 3_000, 10_000, 30_000, 60_000, 180_000, 600_000],
  replyTimeoutMs: 10_000,
  defaults: {},
  unknownWaybills: null,
});

export const keyOf = (code: string, num: string): string => `${code}:${num}`;

/** The parcel's level; 0 before its first scan. */
export const levelOf = ({ scans }: Parcel): number => Math.max(0, ...scans.map((scan) => scan.level));

/** All data of one simulator. */
export interface World {
  settings: Settings;
  /** By carrier and number (`keyOf`). */
  readonly parcels: Map<string, Parcel>;
  /** By number alone, set before or after the parcel is known. */
  readonly options: Map<string, ParcelOptions>;
  readonly journal: Journal;
  readonly behaviours: Behaviours;
  /** Messages (알림톡) that a provider has taken, oldest first. */
  readonly notices: NoticeEntry[];
  readonly now: () => number;
  /** Called when parcels or options differ from what was saved. */
  readonly changed: () => void;
}

export const optionsOf = ({ settings, options }: World, num: string): ParcelOptions => ({
  ...settings.defaults,
  ...options.get(num),
});

/** The parcel with this number; without a carrier the first one that has it. */
export function findParcel({ parcels }: World, num: string, code?: string): Parcel | undefined {
  if (code !== undefined) return parcels.get(keyOf(code, num));
  for (const { Code } of carriers) {
    const found = parcels.get(keyOf(Code, num));
    if (found) return found;
  }
  return undefined;
}

const KST_MS = 9 * 3_600_000;

/** `yyyy-MM-dd HH:mm:ss` in Korea, the wire's format for times. */
export const kst = (at: number): string => new Date(at + KST_MS).toISOString().slice(0, 19).replace('T', ' ');

/** The day in Korea; daily limits count by it. */
export const kstDay = (at: number): string => kst(at).slice(0, 10);
