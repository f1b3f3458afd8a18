import { ApiError, raw, type Schemas } from '../../api/api.ts';
import { stored } from '../../api/stored.ts';

export type Verification = Schemas['Verification'];
type Result = Schemas['LineResult'];

export const VERIFICATIONS = '/api/bo/v1/verifications';

/** What the bench shows: the parcel in hand, and what the last scan was. */
export interface Bench {
  parcel: Verification | null;
  /** The server refused to ship without a waybill: the next scan is one. */
  needsWaybill: boolean;
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

/** The carrier of a waybill that is scanned because none was given by a range of numbers. */
export const waybillCarrier = (): string => stored('packing.carrier', '04');

/** Ships what was verified; a line whose outcome is not known is asked again under the same key. Answers what was refused. */
export async function shipParcel(parcel: Verification, waybillNo?: string): Promise<NonNullable<Result['error']>[]> {
  const waybill = waybillNo === undefined ? {} : { carrierCode: waybillCarrier(), waybillNo };
  const lines = parcel.lines
    .filter(({ needed }) => needed > 0)
    .map(({ deliveryNo, lineNo }) => ({ deliveryNo, lineNo, ...waybill }));
  if (lines.length === 0) return [];
  const key = `verification-ship-${parcel.verificationId}-${waybillNo ?? ''}`;
  for (let repeat = 0; ; repeat++) {
    const { results } = await post<{ results: Result[] }>('/api/bo/v1/delivery-lines/ship', { lines }, key);
    const refused = results.flatMap(({ error }) => error ?? []);
    if (repeat >= MOST_REPEATS || refused.every(({ code }) => code !== 'COMMAND_PENDING')) return refused;
    await pause(PAUSE_MS * (repeat + 1));
  }
}
