import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandDeps } from '../commands/deps.ts';
import { sweepStarts } from '../commands/start.ts';
import { pruneJobs, pruneUploads } from '../db/bulk-shipments/prune.ts';
import type { Db } from '../db/database.ts';
import { oldestEventId } from '../db/events/list.ts';
import { orderEvents } from '../db/events/order.ts';
import { keepPartitions } from '../db/events/partitions.ts';
import { prunePrints, pruneVerifications } from '../db/packing/prune.ts';
import { pruneRequests } from '../db/requests/write.ts';
import { pruneDeliveries } from '../db/webhooks/finish.ts';
import type { Requests } from './store.ts';

/** The contract promises 24 hours to a key; after twice that an answered request goes, because its body holds personal data. */
const KEEP_ANSWERED = '48 hours';
const PRUNE_BATCH = 1_000;
const KEEP_BULK = '30 days';
const KEEP_PACKING = '30 days';
/** Up to 50,000 rows each. */
const PRUNE_JOBS = 5;
const PRUNE_EVERY_MS = 600_000;

/** Deletes jobs 30 days after their end, half-read ones after a day, and uploads as soon as no repeat can need them. */
export async function pruneBulk({ db }: { db: Db }): Promise<void> {
  await pruneUploads(db.query);
  await pruneJobs(db.query, KEEP_BULK, PRUNE_JOBS);
}

/** Deletes what endpoints were told of events that are no longer kept; returns how many. */
async function pruneWebhooks({ db: { query } }: { db: Db }): Promise<number> {
  const oldest = await oldestEventId(query);
  return oldest === undefined ? 0 : pruneDeliveries(query, oldest);
}

/**
 * Deletes verifications that are over and prints of finished deliveries, thirty days after they began, a page at a time from the oldest
 * on: what has to stay among them is walked past. Returns how many went.
 */
export async function prunePacking({ db: { query } }: { db: Db }, isStopped = () => false, most = PRUNE_BATCH): Promise<number> {
  let deleted = 0;
  for (const prune of [pruneVerifications, prunePrints]) {
    let from: number | null = 0;
    while (from !== null && !isStopped()) {
      const { gone, after } = await prune(query, KEEP_PACKING, from, most);
      deleted += gone;
      from = after;
    }
  }
  return deleted;
}

/**
 * Runs the sweeps until stopped: requests without answer, rows without workflow, what the API's rooms registered by name (`others`),
 * old answers. Several API processes may do so at once. `stop` waits for the sweep in progress.
 */
export function startSweeps(
  deps: CommandDeps & { config: { SWEEP_INTERVAL_MS: number } },
  requests: Requests,
  others: Record<string, () => Promise<number>>,
): { stop: () => Promise<void> } {
  const stopping = new AbortController();
  let prunedAt = 0;
  const sweep = async (name: string, work: () => Promise<unknown>) => {
    try {
      await work();
      deps.metrics.sweepRuns.inc({ sweep: name, outcome: 'ok' });
      deps.metrics.sweepEnded.setToCurrentTime({ sweep: name });
    } catch (error) {
      deps.metrics.sweepRuns.inc({ sweep: name, outcome: 'failed' });
      deps.log.warn({ sweep: name, err: error }, 'a sweep failed, the next one tries again');
    }
  };
  /** Repeats a sweep until nothing is due, because an outage leaves many. Ends, as what fails is due only later, or throws. */
  const untilNone = async (work: () => Promise<number>) => {
    while (!stopping.signal.aborted && (await work()) > 0);
  };
  const pause = () => sleep(deps.config.SWEEP_INTERVAL_MS, undefined, { signal: stopping.signal }).catch(() => {});
  const loop = async () => {
    while (!stopping.signal.aborted) {
      await sweep('requests', () => untilNone(() => requests.sweep()));
      await sweep('starts', () => untilNone(() => sweepStarts(deps)));
      // Whoever reads puts events in order first; this is for the time when nobody reads.
      await sweep('events', () => orderEvents(deps.db));
      for (const [name, work] of Object.entries(others)) await sweep(name, () => untilNone(work));
      if (Date.now() - prunedAt > PRUNE_EVERY_MS) {
        prunedAt = Date.now();
        await sweep('prune', () => pruneRequests(deps.db.query, KEEP_ANSWERED, PRUNE_BATCH));
        await sweep('prune bulk shipments', () => pruneBulk(deps));
        await sweep('event partitions', () => keepPartitions(deps.db));
        await sweep('prune packing', () => prunePacking(deps, () => stopping.signal.aborted));
        await sweep('prune webhooks', () => untilNone(() => pruneWebhooks(deps)));
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
