import { setMaxListeners } from 'node:events';
import type { Client } from '@temporalio/client';

export interface TimeLimit {
  /** Runs calls of the client; rejects when the time is over. */
  run: <T>(client: Client, work: () => Promise<T>) => Promise<T>;
  isOver: () => boolean;
  clear: () => void;
}

/**
 * Limits calls of a client to this many ms. Cancelling alone does not do it, because the client's retries sleep up to 5 s in a row,
 * 20 s in all, without checking. The deadline is for them: without it a call cancelled during such a sleep would still arrive later,
 * when its line may have been refused to the same caller already.
 */
export function timeLimit(ms: number): TimeLimit {
  const abort = new AbortController();
  setMaxListeners(0, abort.signal);
  const over = Promise.withResolvers<never>();
  over.promise.catch(() => {});
  const deadline = Date.now() + ms;
  const timer = setTimeout(() => {
    abort.abort();
    over.reject(new Error(`no answer within ${ms} ms`));
  }, ms);
  return {
    run: (client, work) =>
      Promise.race([client.withDeadline(deadline, () => client.withAbortSignal(abort.signal, work)), over.promise]),
    isOver: () => abort.signal.aborted,
    clear: () => clearTimeout(timer),
  };
}
