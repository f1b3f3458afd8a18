import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';

const ATTEMPT_MS = 10_000;
const PAUSE_FIRST_MS = 200;
const PAUSE_MOST_MS = 15_000;

/** One attempt to have it on the server; it gives up at `deadline` (ms since 1970) and throws when it is not there. */
export type Ensure = (deadline: number) => Promise<void>;

export interface Ensuring {
  /** What is not known to be there: not ensured yet, or failing since. */
  missing: () => string[];
  /** Ensures everything once more, for a server that may have come back from a backup without it. */
  again: () => void;
  stop: () => void;
}

/**
 * Ensures things on a server that some work needs, but not all of it: each thing by itself and beside everything else, repeated with
 * growing pauses until it is there. Whoever needs one that is missing is refused by the server and tries again.
 */
export function startEnsuring(log: Logger, things: Record<string, Ensure>): Ensuring {
  const missing = new Set(Object.keys(things));
  let round = new AbortController();
  const ensure = async (name: string, attempt: Ensure, { signal }: AbortController) => {
    for (let pause = PAUSE_FIRST_MS; !signal.aborted; pause = Math.min(2 * pause, PAUSE_MOST_MS)) {
      try {
        await attempt(Date.now() + ATTEMPT_MS);
        if (missing.delete(name)) log.info({ ensured: name }, 'ensured');
        return;
      } catch (error) {
        if (signal.aborted) return;
        missing.add(name);
        log.warn({ missing: name, err: error }, 'not ensured yet, other work goes on meanwhile');
      }
      await sleep(pause, undefined, { signal }).catch(() => {});
    }
  };
  const begin = () => {
    for (const [name, attempt] of Object.entries(things)) void ensure(name, attempt, round);
  };
  begin();
  return {
    missing: () => [...missing],
    again: () => {
      round.abort();
      round = new AbortController();
      begin();
    },
    stop: () => round.abort(),
  };
}
