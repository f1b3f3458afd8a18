import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { kst, type Parcel, type ParcelOptions, type Scan } from './model.ts';
import { hashOf, sceneryOf, stationOf } from './scenery.ts';

/** The fields of a callback as SweetTracker names them, every value a string. */
export function callbackFields(
  { num, code, registration }: Pick<Parcel, 'num' | 'code' | 'registration'>,
  scan: Pick<Scan, 'level' | 'at' | 'where'>,
  courierField: 'courier_code' | 'comcode',
): Record<string, string> {
  const { receiver, address, sender } = sceneryOf(num);
  const station = stationOf(num, scan.level);
  return {
    secret_value: '',
    fid: registration?.fid ?? '',
    invoice_no: num,
    level: String(scan.level),
    time_trans: kst(scan.at),
    // The tracker cannot have seen a scan before it knew the waybill.
    time_sweet: kst(Math.max(scan.at, registration?.at ?? scan.at)),
    where: scan.where ?? station.where,
    telno_office: station.office,
    telno_man: station.mobile,
    details: station.kind,
    recv_addr: address,
    recv_name: receiver,
    send_name: sender,
    man: station.man,
    estmate: station.estimate,
    [courierField]: code,
  };
}

/** A body in one of the two encodings that callbacks use. */
export function encode(fields: Record<string, unknown>, as: 'form' | 'json'): { body: string; contentType: string } {
  if (as === 'json') return { body: JSON.stringify(fields), contentType: 'application/json;charset=UTF-8' };
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields))
    form.append(name, typeof value === 'string' ? value : JSON.stringify(value));
  return { body: form.toString(), contentType: 'application/x-www-form-urlencoded;charset=UTF-8' };
}

/** SweetTracker accepts only `{"code":true,"message":"success"}` as an acknowledgement. */
export function isAcknowledged(status: number, text: string): boolean {
  if (status !== 200) return false;
  try {
    const reply: unknown = JSON.parse(text);
    return (
      typeof reply === 'object' &&
      reply !== null &&
      'code' in reply &&
      'message' in reply &&
      reply.code === true &&
      reply.message === 'success'
    );
  } catch {
    return false;
  }
}

/** The levels to send now: with `outOfOrder` an odd level waits for the even one above it. */
export function told(scan: Scan, held: readonly Scan[], last: number, options: ParcelOptions): { now: Scan[]; held: Scan[] } {
  if (!options.outOfOrder || scan.level >= last || scan.level % 2 === 0) return { now: [scan, ...held], held: [] };
  return { now: [], held: [...held, scan] };
}

/** 0.8 to 1.2, so that parcels that started together do not all move at the same moment. */
export const jitterOf = (num: string, level: number): number => 0.8 + (hashOf(`${num}/${level}`) % 401) / 1000;

const REPLY_LIMIT = 16_384;

export interface Reply {
  status: number;
  /** Cut off after 16 KiB. */
  text: string;
}

export interface Poster {
  /** Rejects when there is no complete reply within `timeoutMs`. */
  post: (url: URL, body: string, contentType: string, timeoutMs: number) => Promise<Reply>;
  /** Aborts the requests in progress. */
  close: () => void;
}

/** Posts over kept-alive connections. */
export function createPoster(): Poster {
  const plain = new HttpAgent({ keepAlive: true });
  const secure = new HttpsAgent({ keepAlive: true });
  return {
    post: (url, body, contentType, timeoutMs) =>
      new Promise((resolve, reject) => {
        const options = {
          method: 'POST',
          headers: {
            'content-type': contentType,
            'content-length': Buffer.byteLength(body),
            'user-agent': 'SweetTracker-Simulator',
          },
        };
        const request =
          url.protocol === 'https:'
            ? httpsRequest(url, { ...options, agent: secure })
            : httpRequest(url, { ...options, agent: plain });
        const timer = setTimeout(() => request.destroy(new Error(`no reply within ${timeoutMs} ms`)), timeoutMs);
        request.on('close', () => clearTimeout(timer));
        request.on('error', reject);
        request.on('response', (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => {
            if (text.length < REPLY_LIMIT) text += chunk;
          });
          response.on('error', reject);
          response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
        });
        request.end(body);
      }),
    close: () => {
      plain.destroy();
      secure.destroy();
    },
  };
}
