import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';
import { cut } from '../../domain/safe-text.ts';
import { cleanText } from '../../domain/text.ts';

const TIMEOUT_MS = 15_000;
/** Of an answer so much is looked at; one that is longer than the second is hung up on. */
const MOST_BYTES = 4_096;
const MOST_DRAINED = 65_536;
const MOST_LETTERS = 500;

/** What came of one attempt. `error`: why there is no answer; a code, never a text from outside. */
export interface Posted {
  status: number | null;
  ms: number;
  answer: string | null;
  error: string | null;
  /** Seconds that the receiver asks to wait for; 0 = it asks for nothing. */
  retryAfter: number;
}

export interface PostOptions {
  /** Also http, and addresses that are not public. */
  allowPrivate: boolean;
  /** Only tests give one: a name server that changes its mind. */
  lookup?: LookupFunction | undefined;
}

/** Posts to endpoints outside; connections are kept and used again. */
export interface Poster {
  /** Never throws, but when `stopping` is aborted. */
  post: (url: string, headers: Record<string, string>, body: string, stopping: AbortSignal) => Promise<Posted>;
  close: () => void;
}

/**
 * Addresses are checked at each connection, after the name is looked up, so that a name which has moved to a private address since it
 * was registered reaches nothing; redirects are not followed.
 */
export function createPoster({ allowPrivate, lookup }: PostOptions): Poster {
  const options = { keepAlive: true, allowPrivateIPAddress: allowPrivate, ...(lookup && { lookup }) };
  const agents = { 'http:': new RequestFilteringHttpAgent(options), 'https:': new RequestFilteringHttpsAgent(options) };
  const send = (url: URL, headers: Record<string, string>, body: string, signal: AbortSignal, again: boolean): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const [program, agent] = url.protocol === 'https:' ? [https, agents['https:']] : [http, agents['http:']];
      const request = program.request(url, { method: 'POST', agent, headers, signal }, (answer) => {
        const chunks: Buffer[] = [];
        let size = 0;
        answer.on('data', (chunk: Buffer) => {
          if (size < MOST_BYTES) chunks.push(chunk.subarray(0, MOST_BYTES));
          size += chunk.length;
          if (size > MOST_DRAINED) answer.destroy();
        });
        // What came counts, also when the rest of the body does not.
        answer.on('error', () => {});
        answer.on('close', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: textOf(chunks) }));
      });
      request.on('error', (error: NodeJS.ErrnoException) => {
        // The receiver hung up on an idle connection just when it was used again: that is no answer of his.
        if (request.reusedSocket && error.code === 'ECONNRESET' && again) resolve(send(url, headers, body, signal, false));
        else reject(error);
      });
      request.end(body);
    });
  return {
    post: async (address, headers, body, stopping) => {
      const url = new URL(address);
      const failed = (error: string, ms = 0): Posted => ({ status: null, ms, answer: null, error, retryAfter: 0 });
      if (url.protocol !== 'https:' && !allowPrivate) return failed('HTTPS_REQUIRED');
      const length = String(Buffer.byteLength(body));
      const began = performance.now();
      const took = () => Math.round(performance.now() - began);
      const ending = new AbortController();
      const end = () => ending.abort();
      const timer = setTimeout(end, TIMEOUT_MS);
      stopping.addEventListener('abort', end, { once: true });
      try {
        const all = { ...headers, 'content-length': length, 'accept-encoding': 'identity' };
        const { status, headers: got, text } = await send(url, all, body, ending.signal, true);
        const error = status >= 300 && status < 400 ? 'REDIRECTED' : null;
        return { status, ms: took(), answer: text, error, retryAfter: waitOf(got['retry-after']) };
      } catch (error) {
        stopping.throwIfAborted();
        return failed(ending.signal.aborted ? 'TIMEOUT' : codeOf(error), took());
      } finally {
        clearTimeout(timer);
        stopping.removeEventListener('abort', end);
      }
    },
    close: () => {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
}

const textOf = (chunks: Buffer[]): string => cut(cleanText(Buffer.concat(chunks).toString('utf8')), MOST_LETTERS);

/** Seconds or a date, as HTTP has them. */
function waitOf(header: string | undefined): number {
  if (header === undefined) return 0;
  const seconds = /^\d{1,9}$/.test(header.trim()) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : 0;
}

function codeOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code)) return code;
  return /^DNS lookup .* is not allowed/.test(message ?? '') ? 'ADDRESS_NOT_ALLOWED' : 'CONNECTION_FAILED';
}
