import { setTimeout as sleep } from 'node:timers/promises';
import type { State, Worker } from '@temporalio/worker';
import type { Logger } from 'pino';

const PROBE_EVERY_MS = 500;
const PROBE_REFUSED_MS = 100;
/** The SDK's pollers sleep about as long as they have been refused, up to 10 s: after less than this they are back in time. */
const REFUSED_MS = 2_000;
/** After so long without an answer the connections may be dead as well (the SDK gives one up after 45 s of silence). */
const SILENT_MS = 60_000;
const DEADLINE_EXCEEDED = 4;

/** A worker with its own connection. */
export interface Poller {
  worker: Pick<Worker, 'run' | 'shutdown' | 'getState'>;
  close: () => Promise<void>;
}

export interface PollingOptions {
  create: () => Promise<Poller>;
  /** Asks Temporal something cheap, without retries; rejects when it does not answer in time. */
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
 * Keeps one worker polling. One whose Temporal is away is told to finish while it is away: of pollers that are called off after
 * its return, the server may still give one a task, which is then lost until its time-out. A fresh worker begins with the return.
 */
export async function startPolling({ create, probe, log }: PollingOptions): Promise<Polling> {
  const stopping = new AbortController();
  const begin = async () => {
    const poller = await create();
    const ended = poller.worker.run();
    // Looked at when its turn comes, below.
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
        // A busy server is slow to answer; only one that refuses, or a long silence, is away.
        if ((error as { code?: unknown }).code !== DEADLINE_EXCEEDED) refusedAt ??= now;
        const isAway = now - (refusedAt ?? now) > REFUSED_MS || now - answeredAt > SILENT_MS;
        if (isAway && !current.successor && !stopping.signal.aborted) {
          log.warn({ err: error }, 'Temporal is away: the worker finishes what it has in hand');
          finish();
        }
      }
    }
    current.successor?.resolve();
  };

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
      await running.successor?.promise;
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
