import { setMaxListeners } from 'node:events';
import type { Client } from '@temporalio/client';

export interface TimeLimit {
  /** Runs calls of the client until the time is over, then rejects. */
  run: <T>(client: Client, work: () => Promise<T>) => Promise<T>;
  isOver: () => boolean;
  clear: () => void;
}

/**
 * So many ms for calls of a client, and no more: cancelling alone is not enough, because its retries sleep up to 5 s in a row,
 * 20 s in all, without looking. A call cancelled while it slept may still arrive later; ids make that harmless.
 */
export function timeLimit(ms: number): TimeLimit {
  const abort = new AbortController();
  setMaxListeners(0, abort.signal);
  const over = Promise.withResolvers<never>();
  over.promise.catch(() => {});
  const timer = setTimeout(() => {
    abort.abort();
    over.reject(new Error(`no answer within ${ms} ms`));
  }, ms);
  return {
    run: (client, work) => Promise.race([client.withAbortSignal(abort.signal, work), over.promise]),
    isOver: () => abort.signal.aborted,
    clear: () => clearTimeout(timer),
  };
}
