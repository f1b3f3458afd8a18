import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { isGrpcCancelledError, isGrpcDeadlineError } from '@temporalio/client';
import type { State, Worker } from '@temporalio/worker';
import type { Logger } from 'pino';

const PROBE_EVERY_MS = 500;
const PROBE_REFUSED_MS = 100;
/** The SDK's pollers pause about as long as they have been refused, up to 10 s; below this duration they recover by themselves. */
const REFUSED_MS = 2_000;
/** After this long without an answer the connection may be dead too (the SDK gives it up after 45 s of silence). */
const SILENT_MS = 60_000;
/** A stop waits no longer for a worker that is about to begin: the server may have gone again, or take the connection and not answer. */
const GIVE_UP_MS = 2_000;

/** The time was over, which a server says as CANCELLED when it is the first to see it. */
const hasNoAnswer = (error: unknown): boolean => isGrpcDeadlineError(error) || isGrpcCancelledError(error);

/** A worker together with its own connection. */
export interface Poller {
  worker: Pick<Worker, 'run' | 'shutdown' | 'getState'>;
  close: () => Promise<void>;
}

export interface PollingOptions {
  create: () => Promise<Poller>;
  /** Sends Temporal a cheap request without retries; rejects when there is no answer in time. */
  probe: () => Promise<unknown>;
  log: Logger;
}

export interface Polling {
  state: () => State;
  /** Resolves after `shutdown`, rejects when the worker fails. */
  ended: Promise<void>;
  shutdown: () => void;
}

/**
 * Keeps one worker polling. When Temporal is away, the worker is shut down while it is away: if its polls were canceled only after
 * Temporal's return, the server might still give one of them a task, lost until its time-out. A new worker starts on the return.
 */
export async function startPolling({ create, probe, log }: PollingOptions): Promise<Polling> {
  const stopping = new AbortController();
  const begin = async () => {
    const poller = await create();
    const ended = poller.worker.run();
    // Its rejection is handled below, when its turn comes.
    ended.catch(() => {});
    return { ...poller, ended, successor: undefined as PromiseWithResolvers<void> | undefined };
  };
  let current = await begin();

  const finish = () => {
    current.successor = Promise.withResolvers();
    if (current.worker.getState() === 'RUNNING') current.worker.shutdown();
  };

  const watch = async () => {
    let answeredAt = performance.now();
    let refusedAt: number | undefined;
    while (!stopping.signal.aborted) {
      const away = refusedAt !== undefined || current.successor !== undefined;
      await sleep(away ? PROBE_REFUSED_MS : PROBE_EVERY_MS, undefined, { signal: stopping.signal }).catch(() => {});
      try {
        await probe();
        const { successor } = current;
        if (successor && !stopping.signal.aborted) {
          log.warn({ awayMs: Math.round(performance.now() - answeredAt) }, 'Temporal is back: a fresh worker begins');
          current = await begin();
          if (stopping.signal.aborted) current.worker.shutdown();
          successor.resolve();
        }
        answeredAt = performance.now();
        refusedAt = undefined;
      } catch (error) {
        const now = performance.now();
        // A busy server only answers slowly; it counts as away when it refuses, or is silent for long.
        if (!hasNoAnswer(error)) refusedAt ??= now;
        const isAway = now - (refusedAt ?? now) > REFUSED_MS || now - answeredAt > SILENT_MS;
        if (isAway && !current.successor && !stopping.signal.aborted) {
          log.warn({ err: error }, 'Temporal is away: the worker finishes what it has in hand');
          finish();
        }
      }
    }
    current.successor?.resolve();
  };

  const givenUp = once(stopping.signal, 'abort').then(() => sleep(GIVE_UP_MS));
  const run = async () => {
    for (;;) {
      const running = current;
      try {
        await running.ended;
      } catch (error) {
        if (!running.successor) throw error;
        log.warn({ err: error }, 'the worker that was replaced did not end cleanly');
      }
      await running.close();
      if (running.successor) await Promise.race([running.successor.promise, givenUp]);
      if (running === current) return;
    }
  };

  void watch();
  return {
    state: () => current.worker.getState(),
    ended: run().finally(() => stopping.abort()),
    shutdown: () => {
      stopping.abort();
      if (current.worker.getState() === 'RUNNING') current.worker.shutdown();
    },
  };
}
