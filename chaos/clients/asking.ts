import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { History } from '../history/history.ts';
import type { Manner } from './stories.ts';

/** A request as it may be sent again and again, always the same. */
export interface Wish {
  key: string;
  act: string;
  method: 'POST' | 'PUT';
  path: string;
  body: unknown;
  respondAsync?: boolean;
}

/** What came of it, as far as its client knows. */
export interface Heard {
  status: number;
  body: Json;
}

/** An answer of the API, of which each caller reads what it needs. */
// biome-ignore lint/suspicious/noExplicitAny: the books judge the values, whatever they are
export type Json = any;

export interface AskingOptions {
  urls: string[];
  token: string;
  history: History;
  /** Nobody begins another try. */
  leaving: AbortSignal;
}

export interface Asking {
  /** Sends a wish in this manner; undefined = the client never learned what came of it. */
  ask: (client: string, wish: Wish, manner: Manner) => Promise<Heard | undefined>;
  /** Asks about it once more, also after the run. */
  again: (key: string) => Promise<Heard | undefined>;
  /** Keys of wishes whose outcome no caller has heard. */
  unheard: () => string[];
}

const LONGEST_MS = 12_000;
const IMPATIENT_MS = 1_000;
const PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 3_000;
export const newKey = (): string => randomUUID();

/** A sheet is a wish whose body is a file. */
export const isSheet = (body: unknown): body is { sheet: string; fileName: string } =>
  typeof body === 'object' && body !== null && 'sheet' in body;

/** Whether nothing can change about an answer any more. */
export function isFinal({ status, body }: { status?: number | undefined; body?: Json }): boolean {
  if (status === undefined || status === 503 || status === 502 || status === 429) return false;
  if (status === 409 && body?.code === 'IDEMPOTENCY_KEY_BUSY') return false;
  // Of `Prefer: respond-async` only what was not taken is named.
  const results: { error?: { code: string } }[] = body?.results ?? body?.rejected ?? [];
  return !results.some(({ error }) => error?.code === 'COMMAND_PENDING');
}

/** HTTP clients that send through any of these addresses, and write down what they ask and hear. */
export function createAsking({ urls, token, history, leaving }: AskingOptions): Asking {
  const wishes = new Map<string, Wish>();
  const heardOf = new Set<string>();
  let turn = 0;

  const send = async (wish: Wish, ms: number): Promise<Heard | undefined> => {
    const { key, method, path, body, respondAsync } = wish;
    const headers: Record<string, string> = { authorization: `Bearer ${token}`, 'idempotency-key': key };
    if (respondAsync) headers.prefer = 'respond-async';
    if (!isSheet(body)) headers['content-type'] = 'application/json';
    const url = urls[turn++ % urls.length];
    try {
      const sent = isSheet(body) ? formOf(body) : JSON.stringify(body);
      const response = await fetch(`${url}${path}`, { method, headers, body: sent, signal: AbortSignal.timeout(ms) });
      const text = await response.text();
      const heard = { status: response.status, body: text === '' ? null : JSON.parse(text) };
      history.note({ kind: 'told', key, ...heard });
      if (isFinal(heard)) heardOf.add(key);
      return heard;
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : '';
      history.note({ kind: 'told', key, error: `${error instanceof Error ? error.message : error} ${cause}`.trim() });
      return undefined;
    }
  };

  const patiently = async (wish: Wish): Promise<Heard | undefined> => {
    for (let pause = PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const heard = await send(wish, LONGEST_MS);
      if (heard && isFinal(heard)) return heard;
      if (leaving.aborted) return undefined;
      await sleep(pause, undefined, { signal: leaving }).catch(() => {});
    }
  };

  return {
    ask: async (client, wish, manner) => {
      wishes.set(wish.key, wish);
      const { key, act, method, path, body } = wish;
      history.note({ kind: 'asked', key, client, act, method, path, body });
      if (manner === 'impatient') {
        const heard = await send(wish, IMPATIENT_MS);
        return heard && isFinal(heard) ? heard : undefined;
      }
      if (manner === 'double') await Promise.all([send(wish, LONGEST_MS), send(wish, LONGEST_MS)]);
      return patiently(wish);
    },
    again: async (key) => {
      const wish = wishes.get(key);
      return wish && send(wish, LONGEST_MS);
    },
    unheard: () => [...wishes.keys()].filter((key) => !heardOf.has(key)),
  };
}

function formOf({ sheet, fileName }: { sheet: string; fileName: string }): FormData {
  const form = new FormData();
  form.append('file', new Blob([sheet]), fileName);
  return form;
}
