import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiDeps } from './deps.ts';
import type { Requests } from './requests.ts';
import { sweepStarts } from './starts.ts';

const KEEP_ANSWERED = '48 hours';
const PRUNE_BATCH = 1_000;
const PRUNE_EVERY_MS = 600_000;

/** Answered requests are kept at least 24 h for their keys, then go: their bodies hold personal data. */
async function pruneRequests({ db }: ApiDeps): Promise<number> {
  const gone = await db.query(
    `delete from requests where id in (
       select id from requests where answered_at < now() - interval '${KEEP_ANSWERED}' limit $1 for update skip locked) returning id`,
    [PRUNE_BATCH],
  );
  return gone.length;
}

/**
 * Runs the sweeps until stopped: requests without answer, lines without workflow, old answers. Several API processes may do so
 * at once. `prepare` is tried until it succeeds, before the first sweep. `stop` waits for the one under way.
 */
export function startSweeps(deps: ApiDeps, requests: Requests, prepare: () => Promise<void>): { stop: () => Promise<void> } {
  const stopping = new AbortController();
  let prunedAt = 0;
  let prepared = false;
  const sweep = async (name: string, work: () => Promise<unknown>) => {
    try {
      if (!prepared) await prepare();
      prepared = true;
      await work();
    } catch (error) {
      deps.log.warn({ sweep: name, err: error }, 'a sweep failed, the next one tries again');
    }
  };
  /** An outage leaves many at once. Ends, because what could not be done is due only later, or throws. */
  const untilNone = async (work: () => Promise<number>) => {
    while (!stopping.signal.aborted && (await work()) > 0);
  };
  const pause = () => sleep(deps.config.SWEEP_INTERVAL_MS, undefined, { signal: stopping.signal }).catch(() => {});
  const loop = async () => {
    while (!stopping.signal.aborted) {
      await sweep('requests', () => untilNone(() => requests.sweep()));
      await sweep('starts', () => untilNone(() => sweepStarts(deps)));
      if (Date.now() - prunedAt > PRUNE_EVERY_MS) {
        prunedAt = Date.now();
        await sweep('prune', () => pruneRequests(deps));
      }
      await pause();
    }
  };
  const running = loop();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
