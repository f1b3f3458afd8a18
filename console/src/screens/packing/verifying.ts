import { ApiError, raw, type Schemas } from '../../api/api.ts';
import { stored } from '../../api/stored.ts';

export type Verification = Schemas['Verification'];
type Result = Schemas['LineResult'];

export const VERIFICATIONS = '/api/bo/v1/verifications';

/** What the bench shows: the parcel in hand, and what the last scan was. */
export interface Bench {
  parcel: Verification | null;
  /** What the next scan answers, where the parcel cannot leave without it: the waybill that goes on it, or which carrier's. */
  asks: 'waybill' | 'carrier' | null;
  told: { right: boolean; text: string } | null;
}

const PAUSE_MS = 400;
const MOST_REPEATS = 8;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** It may have been done: the same call under the same key tells. */
const isUnknown = (error: unknown) =>
  error instanceof ApiError && (error.status === 0 || error.status >= 500 || error.code === 'IDEMPOTENCY_KEY_BUSY');

/** Sends a change, again and again under its key while its outcome is not known; so a scan counts once. */
async function post<Answer>(path: string, body: object, key: string): Promise<Answer> {
  for (let repeat = 0; ; repeat++) {
    try {
      const response = await raw(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify(body),
      });
      return (await response.json()) as Answer;
    } catch (error) {
      if (!isUnknown(error) || repeat >= MOST_REPEATS) throw error;
      await pause(PAUSE_MS * (repeat + 1));
    }
  }
}

export const openParcel = (number: string, takeOver: boolean) =>
  post<Verification>(`${VERIFICATIONS}/open`, { number, takeOver }, crypto.randomUUID());

export const scanProduct = (id: number, barcode: string) => {
  const scanId = crypto.randomUUID();
  return post<Schemas['VerificationScanned']>(`${VERIFICATIONS}/${id}/scan`, { scanId, barcode }, scanId);
};

export const closeParcel = (id: number) => post<unknown>(`${VERIFICATIONS}/${id}/close`, {}, `verification-close-${id}`);

/** The carrier that was picked on the bench; empty = none. */
export const pickedCarrier = (): string => stored('packing.carrier', '');

/** The carrier of a waybill that is scanned because none was given by a range of numbers. */
export const waybillCarrier = (): string => pickedCarrier() || '04';

/** Whose next number a parcel takes: the only carrier of its place, else the one picked; null = nobody has picked yet. */
export const drawingCarrier = ({ carriers }: Verification): string | null =>
  carriers.length === 1 ? (carriers[0] ?? null) : pickedCarrier() || null;

/** Lines whose goods are in the box: they are shipped, and the same ones when it is asked again. */
export const scannedLines = ({ lines }: Verification) =>
  lines.filter(({ counted }) => counted > 0).map(({ deliveryNo, lineNo }) => ({ deliveryNo, lineNo }));

/**
 * Ships what was verified, under a waybill that was scanned or the next number of its place. Its key is the parcel's, so that asking
 * again after a reload, or from another window, finds what was done; what was refused is asked anew with `isAnew`.
 */
export async function shipParcel(parcel: Verification, waybillNo?: string, isAnew = false): Promise<Result[]> {
  const carrierCode = waybillNo === undefined ? drawingCarrier(parcel) : waybillCarrier();
  const draws = parcel.isParcel && parcel.carriers.length > 0 && carrierCode !== null;
  const waybill = waybillNo !== undefined ? { carrierCode, waybillNo } : draws ? { carrierCode, autoWaybill: true } : {};
  const lines = scannedLines(parcel).map((line) => ({ ...line, ...waybill }));
  const said = waybillNo ?? (draws ? carrierCode : '');
  const key = `verification-ship-${parcel.verificationId}-${isAnew ? crypto.randomUUID() : said}`;
  for (let repeat = 0; ; repeat++) {
    const { results } = await post<{ results: Result[] }>('/api/bo/v1/delivery-lines/ship', { lines }, key);
    if (repeat >= MOST_REPEATS || results.every(({ error }) => error?.code !== 'COMMAND_PENDING')) return results;
    await pause(PAUSE_MS * (repeat + 1));
  }
}
