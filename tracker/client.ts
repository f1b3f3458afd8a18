import { z } from 'zod';
import { isNestedTooDeep } from '../domain/nesting.ts';
import { cut, xmlText } from '../domain/safe-text.ts';
import { DELIVERED_LEVEL, type Parcel, type Registration } from '../domain/tracking.ts';
import { callbackToken } from './callback-token.ts';

/** The tracker's settings (docs/sources/requirements.md#tracker-settings) from the configuration. */
export interface TrackerOptions {
  DELIVERY_API_EXTERNAL_URL: string;
  DELIVERY_API_URL: string;
  DELIVERY_API_TIER: string;
  DELIVERY_API_KEY: string;
  DELIVERY_API_TYPE: string;
  DELIVERY_TRACKING_PATH: string;
  DELIVERY_TRACKING_METHOD: 'POST' | 'GET';
  DELIVERY_REGISTER_PATH: string;
  DELIVERY_CALLBACK_PATH: string;
  DELIVERY_API_TIMEOUT_MS: number;
  TRACKING_CALLBACK_SECRET: string;
}

/** The tracker's answer about a waybill. `limited` = 105, daily limit of this waybill; `stop` = 101, 102, 103: stop asking. */
export type TrackingAnswer =
  | { outcome: 'delivered' | 'moving' | 'unknown'; lastScanAt: string | null }
  | { outcome: 'limited' | 'again' | 'stop'; code: string; reason: string };

/** The client of SweetTracker's wire (docs/sources/facts.md#sweettracker-wire). It throws only when `signal` is aborted. */
export interface Tracker {
  register: (parcel: Parcel, signal: AbortSignal) => Promise<Registration>;
  ask: (parcel: Omit<Parcel, 'fid'>, signal: AbortSignal) => Promise<TrackingAnswer>;
  /** The registration's form fields as they may be stored: without key and callback token. */
  shownRequest: (parcel: Parcel) => Record<string, string>;
}

const MOST_ANSWER_BYTES = 1_000_000;
const MOST_REASON = 200;

const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((value) => value === 'true')]);
const code = z.union([z.string(), z.number()]).nullish();
const registerAnswer = z.object({ success: flag.optional(), e_code: code, e_message: z.string().nullish() });
/** Meaning of the codes. The tracker's own message is free text, so it stays in PostgreSQL; these reasons go to Temporal too. */
export const registrationCodes: Record<string, string> = {
  '01': '필수 값이 없습니다',
  '02': '유효하지 않은 운송장번호입니다',
  '03': '이미 등록된 운송장번호입니다',
  '04': '추적을 지원하지 않는 택배사입니다',
  '99': '추적 시스템 오류입니다',
};
const trackingCodes: Record<string, string> = {
  '101': '추적 시스템의 키가 유효하지 않습니다',
  '102': '추적 시스템의 키가 만료되었습니다',
  '103': '추적 시스템의 조회 건수를 모두 사용했습니다',
  '105': '이 운송장의 하루 조회 횟수를 넘었습니다',
};
const UNKNOWN_CODE = '추적 시스템이 오류로 답했습니다';

const REFUSED = new Set(['01', '02', '04']);
const KNOWN = '03';

const trackingError = z.object({ status: z.literal(false), code });
/** 101 and 102: our key is refused; 103: quota used up. */
const STOPS = new Set(['101', '102', '103']);
const NOT_SCANNED = '104';
const WAYBILL_LIMIT = '105';
const level = z.coerce.number().int().optional().catch(undefined);
const trackingInfo = z.object({
  result: z.literal('Y'),
  level,
  complete: z.boolean().optional().catch(undefined),
  completeYN: z.string().optional().catch(undefined),
  trackingDetails: z
    .array(z.object({ time: z.coerce.number().positive().max(8.64e15).optional().catch(undefined), level }))
    .nullish(),
});

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MOST_ANSWER_BYTES) throw new Error('the answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The tracker's words as PostgreSQL can store them: no NUL, no half a letter. */
const kept = (text: string) => cut(xmlText(text), MOST_REASON);

/** fetch reports only that it failed; the reason is in its cause. */
function why(error: unknown): string {
  if (!(error instanceof Error)) return kept(String(error));
  if (error instanceof z.ZodError) return 'the answer has not the form of an answer';
  const cause =
    error.cause instanceof Error ? error.cause.message || ('code' in error.cause ? String(error.cause.code) : '') : '';
  return kept(`${error.message}${cause ? `: ${cause}` : ''}`);
}

export function createTracker(config: TrackerOptions): Tracker {
  const callbackUrl = (fid: string) => {
    const url = new URL(config.DELIVERY_API_EXTERNAL_URL + config.DELIVERY_CALLBACK_PATH);
    url.searchParams.set('token', callbackToken(config.TRACKING_CALLBACK_SECRET, fid));
    return url.href;
  };
  const form = ({ fid, carrierCode, waybillNo }: Parcel) => ({
    num: waybillNo,
    code: carrierCode,
    fid,
    tier: config.DELIVERY_API_TIER,
    type: config.DELIVERY_API_TYPE,
  });
  const call = async (path: string, signal: AbortSignal, init: RequestInit, query: Record<string, string> = {}) => {
    const url = new URL(config.DELIVERY_API_URL + path);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    // Covers the whole answer, to its last byte: a tracker may hang in the middle of it.
    const within = AbortSignal.any([signal, AbortSignal.timeout(config.DELIVERY_API_TIMEOUT_MS)]);
    const response = await fetch(url, { ...init, redirect: 'error', signal: within });
    const text = await textOf(response);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    if (isNestedTooDeep(text)) throw new Error('the answer is nested too deep');
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw new Error('the answer is not JSON');
    }
  };

  return {
    shownRequest: form,
    register: async (parcel, signal) => {
      const body = new URLSearchParams({
        ...form(parcel),
        callback_url: callbackUrl(parcel.fid),
        key: config.DELIVERY_API_KEY,
      });
      try {
        const given = registerAnswer.parse(await call(config.DELIVERY_REGISTER_PATH, signal, { method: 'POST', body }));
        const eCode =
          given.e_code == null || given.e_code === '' ? null : cut(xmlText(String(given.e_code)).padStart(2, '0'), 10);
        const message = kept(given.e_message ?? '');
        const success = given.success === true;
        const outcome = success ? 'registered' : eCode === KNOWN ? 'known' : REFUSED.has(eCode ?? '') ? 'refused' : 'again';
        const reason = `${eCode ?? ''} ${registrationCodes[eCode ?? ''] ?? UNKNOWN_CODE}`.trim();
        return { outcome, eCode, answer: { success, e_code: eCode, e_message: message }, reason };
      } catch (error) {
        signal.throwIfAborted();
        return { outcome: 'again', eCode: null, answer: null, reason: why(error) };
      }
    },
    ask: async ({ carrierCode, waybillNo }, signal) => {
      const question = { t_key: config.DELIVERY_API_KEY, t_code: carrierCode, t_invoice: waybillNo };
      const headers = { 'content-type': 'application/json' };
      const path = config.DELIVERY_TRACKING_PATH;
      try {
        const answer =
          config.DELIVERY_TRACKING_METHOD === 'GET'
            ? await call(path, signal, {}, question)
            : await call(path, signal, { method: 'POST', body: JSON.stringify(question), headers });
        const { data: refused } = trackingError.safeParse(answer);
        if (refused) {
          const errorCode = cut(xmlText(String(refused.code ?? '')), 10);
          if (errorCode === NOT_SCANNED) return { outcome: 'unknown', lastScanAt: null };
          const outcome = STOPS.has(errorCode) ? 'stop' : errorCode === WAYBILL_LIMIT ? 'limited' : 'again';
          return { outcome, code: errorCode, reason: trackingCodes[errorCode] ?? UNKNOWN_CODE };
        }
        const info = trackingInfo.parse(answer);
        const scans = info.trackingDetails ?? [];
        // The array's order is not reliable, so the newest scan is the one with the latest time.
        const times = scans.flatMap(({ time }) => (time === undefined ? [] : [time]));
        const levels = [info.level ?? 0, ...scans.map((scan) => scan.level ?? 0)];
        const highest = Math.max(...levels);
        const delivered = (info.level ?? highest) >= DELIVERED_LEVEL || info.completeYN === 'Y' || info.complete === true;
        const lastScanAt = times.length > 0 ? new Date(Math.max(...times)).toISOString() : null;
        return { outcome: delivered ? 'delivered' : highest > 0 ? 'moving' : 'unknown', lastScanAt };
      } catch (error) {
        signal.throwIfAborted();
        return { outcome: 'again', code: 'NO_ANSWER', reason: why(error) };
      }
    },
  };
}
