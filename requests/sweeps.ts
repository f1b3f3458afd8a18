import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandDeps } from '../commands/deps.ts';
import { sweepStarts } from '../commands/start.ts';
import type { Db } from '../db/database.ts';
import type { Requests } from './store.ts';

const KEEP_ANSWERED = '48 hours';
const PRUNE_BATCH = 1_000;
const KEEP_BULK = '30 days';
/** Up to 50,000 rows each. */
const PRUNE_JOBS = 5;
const PRUNE_EVERY_MS = 600_000;

/** Answered requests are kept at least 24 h for their keys, then go: their bodies hold personal data. */
async function pruneRequests({ db }: { db: Db }): Promise<number> {
  const gone = await db.query(
    `delete from requests where id in (
       select id from requests where answered_at < now() - interval '${KEEP_ANSWERED}'
         and not exists (select from bulk_shipments b where b.start_request_id = requests.id and b.finished_at is null)
       limit $1 for update skip locked) returning id`,
    [PRUNE_BATCH],
  );
  return gone.length;
}

/** Jobs go 30 days after their end, what a crash left half read after a day, uploads as soon as no repeat can need them. */
export async function pruneBulk({ db }: { db: Db }): Promise<void> {
  await db.query(`delete from bulk_uploads where created_at < now() - interval '1 day'`);
  await db.query(
    `delete from bulk_shipments where id in (
       select id from bulk_shipments where state <> 'running' and coalesce(finished_at, created_at) < now() - interval '${KEEP_BULK}' limit $1)`,
    [PRUNE_JOBS],
  );
  await db.query(`delete from bulk_shipments where state = 'reading' and created_at < now() - interval '1 day'`);
  await db.query(`delete from command_pace where at < now() - interval '1 hour'`);
}

/**
 * Runs the sweeps until stopped: requests without answer, lines without workflow, old answers. Several API processes may do so
 * at once. `prepare` is tried until it succeeds, before the first sweep. `stop` waits for the one under way.
 */
export function startSweeps(
  deps: CommandDeps & { config: { SWEEP_INTERVAL_MS: number } },
  requests: Requests,
  prepare: () => Promise<void>,
): { stop: () => Promise<void> } {
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
        await sweep('prune bulk shipments', () => pruneBulk(deps));
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
