import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { forgetWorker, markPolling } from '../db/operations/workers.ts';
import type { Query } from '../db/statement.ts';

const EVERY_MS = 1_000;

export interface HeartbeatOptions {
  query: Query;
  taskQueue: string;
  log: Logger;
  isPolling: () => boolean;
  missing: () => string[];
}

export interface Heartbeat {
  /** Whether PostgreSQL took the last one. */
  isHeard: () => boolean;
  stop: () => Promise<void>;
}

/** Reports in `workers` every second that this worker polls and what it lacks; `/readyz` of the API reads it. */
export function startHeartbeat({ query, taskQueue, log, isPolling, missing }: HeartbeatOptions): Heartbeat {
  const id = randomUUID();
  let isHeard = true;
  const timer = setInterval(() => {
    if (!isPolling()) return;
    markPolling(query, id, taskQueue, missing()).then(
      () => {
        isHeard = true;
      },
      (error: unknown) => {
        isHeard = false;
        log.warn({ err: error }, 'no heartbeat: PostgreSQL does not answer');
      },
    );
  }, EVERY_MS);
  return {
    isHeard: () => isHeard,
    stop: async () => {
      clearInterval(timer);
      await forgetWorker(query, id).catch(() => {});
    },
  };
}
