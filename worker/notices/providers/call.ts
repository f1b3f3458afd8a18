import { request as http, type IncomingMessage } from 'node:http';
import { request as https } from 'node:https';
import type { Sent } from './port.ts';

const MOST_ANSWER_BYTES = 100_000;

/** An answer of a provider: its status, and its body if that is JSON. */
export interface Answered {
  status: number;
  body: unknown;
}

/** A code as it may be stored and logged; a provider's answer could hold anything, also a number. */
export const codeOf = (code: unknown): string =>
  (typeof code === 'string' || typeof code === 'number') &&
  /^-?[A-Za-z0-9_]{1,40}$/.test(String(code)) &&
  !/\d{7}/.test(String(code))
    ? String(code)
    : 'OTHER';

/** The provider's number of a message, if it looks like one. */
export const messageIdOf = (id: unknown): string =>
  (typeof id === 'string' || typeof id === 'number') && /^[\w-]{1,64}$/.test(String(id)) ? String(id) : '';

/** What is posted. */
export interface Posted {
  url: string;
  headers: Record<string, string>;
  body: string;
  timeoutMs: number;
}

/**
 * Posts a message, over a connection of its own. Without an answer it is `later` only where there never was a connection, which `fetch`
 * does not say of one that takes too long; everything else (time is up, the connection broke, an answer that is too long) may have reached
 * the provider. Follows no redirect, which would take name and phone along.
 */
export function post({ url, headers, body, timeoutMs }: Posted): Promise<Answered | Sent> {
  return new Promise((resolve) => {
    const isTls = url.startsWith('https:');
    let isConnected = false;
    const length = String(Buffer.byteLength(body));
    const call = (isTls ? https : http)(url, { method: 'POST', agent: false, headers: { ...headers, 'content-length': length } });
    const timer = setTimeout(() => call.destroy(new Error('time is up')), timeoutMs);
    const end = (outcome: Answered | Sent) => {
      clearTimeout(timer);
      call.destroy();
      resolve(outcome);
    };
    const lost = () => end(isConnected ? { kind: 'unknown', code: 'NO_ANSWER' } : { kind: 'later', code: 'NOT_REACHED' });
    call.once('socket', (socket) =>
      socket.once(isTls ? 'secureConnect' : 'connect', () => {
        isConnected = true;
      }),
    );
    call.once('response', (response) => {
      textOf(response).then((text) => end({ status: response.statusCode ?? 0, body: jsonOf(text) }), lost);
    });
    // Also when time is up or the server hangs up; after an answer it changes nothing.
    call.on('error', lost);
    call.end(body);
  });
}

/** What a status says by itself; undefined = the body has to say it. */
export function byStatus({ status }: Answered): Sent | undefined {
  // Nothing of a message is wrong: our key, our balance, or how much we send.
  if (status === 401 || status === 402 || status === 403 || status === 429) return { kind: 'later', code: String(status) };
  if (status === 503) return { kind: 'later', code: String(status) };
  if (status >= 500) return { kind: 'unknown', code: String(status) };
  return undefined;
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response) {
    size += chunk.length;
    if (size > MOST_ANSWER_BYTES) throw new Error('the answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
