import { randomUUID } from 'node:crypto';
import type { Http, SendOptions } from '../../support/http.ts';
import { cancel, command, type LineOverrides, placeOrder } from '../../support/scenes/orders.ts';

export const VERIFICATIONS = '/api/bo/v1/verifications';

export const openParcel = async (api: Http, number: string, more: object = {}, options?: SendOptions) =>
  (await api.post(`${VERIFICATIONS}/open`, { number, ...more }, options)).body;

/** One scan of a product; `scanId` is the scanner's own. */
export const scan = (api: Http, id: number, barcode: string, scanId: string = randomUUID(), options?: SendOptions) =>
  api.post(`${VERIFICATIONS}/${id}/scan`, { scanId, barcode }, options);

/** Scans all of these; answers the last. */
export async function scanAll(api: Http, id: number, barcodes: readonly string[]) {
  let last: any;
  for (const barcode of barcodes) last = (await scan(api, id, barcode)).body;
  return last;
}

/** A released delivery, whose lines are these. */
export async function releasedParcel(api: Http, lines: LineOverrides[]) {
  const placed = await placeOrder(api, lines);
  const deliveryNo = placed[0]?.deliveryNo ?? '';
  for (const name of ['instruct', 'release']) await command(api, name, [{ deliveryNo }]);
  return {
    deliveryNo,
    lines: placed,
    /** Cancels the first of them; without a number all. */
    cancel: async (count = placed.length) => {
      const { status, body } = await cancel(
        api,
        placed.slice(0, count).map(({ orderNo, lineNo }, at) => ({ orderNo, lineNo, quantity: lines[at]?.quantity ?? 2 })),
      );
      if (status !== 200) throw new Error(JSON.stringify(body));
    },
  };
}

/** `SCAN_…` or true, needed and counted of each line. */
export const outcome = ({ ok, error, verification }: any) => [
  error?.code ?? ok,
  ...verification.lines.map(({ counted, needed }: any) => `${counted}/${needed}`),
];
