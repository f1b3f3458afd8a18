import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import pLimit from 'p-limit';
import type { Logger } from 'pino';
import { signalWorkflow } from '../../commands/workflow-calls.ts';
import type { Db } from '../../db/database.ts';
import { isRefused } from '../../db/errors.ts';
import { type Carrier, type Done, finishRows, type JournalRow, knownOf, leaseRows, putOff } from '../../db/tracking/journal.ts';
import { raiseSilent, type SilenceSettings } from '../../db/tracking/silence.ts';
import { judgeScan } from '../../domain/tracking.ts';
import type { TrackerConfig } from '../../process/config/tracker.ts';
import type { WorkerConfig } from '../../process/config/worker.ts';
import { deliveryWorkflowId } from '../../workflows/messages/delivery.ts';
import { TRACK_SIGNAL } from '../../workflows/messages/names.ts';
import { pickupWorkflowId } from '../../workflows/messages/pickup.ts';
import { scanRequestId, type TrackMessage } from '../../workflows/messages/track.ts';

const AT_ONCE = 32;
const BATCH = 200;
const SIGNAL_MS = 3_000;
/** Pause after an error of PostgreSQL or Temporal. */
const PAUSE_MS = 1_000;

export interface RelaySettings extends SilenceSettings {
  /** How often an idle relay checks the journal. */
  intervalMs: number;
  silenceIntervalMs: number;
  /** DELIVERY_API_PROVIDER: the name in histories. */
  by: string;
}

/** The relay's settings from the worker's and the tracker's configuration. */
export const relaySettings = (config: WorkerConfig, tracker: TrackerConfig): RelaySettings => ({
  intervalMs: config.TRACKING_RELAY_INTERVAL_MS,
  silenceIntervalMs: config.TRACKING_SILENCE_INTERVAL_MS,
  noScanDays: config.TRACKING_NO_SCAN_DAYS,
  stalledDays: config.TRACKING_STALLED_DAYS,
  by: tracker.DELIVERY_API_PROVIDER,
});

export interface RelayOptions {
  db: Db;
  /** Without retries, because a failed signal is repeated with its row. */
  client: Client;
  log: Logger;
  /** Counted when PostgreSQL refuses what the relay wants to store. */
  onDataRefused: (operation: string) => void;
  settings: RelaySettings;
}

/**
 * Passes the tracker's callbacks on to workflows: leases journal rows, judges them, signals the lines and pickups concerned and
 * stores the result. Several may run at once. A signal sent twice (a relay killed before it stored the result) has one effect,
 * because a workflow accepts only a level above its own. A scan that no longer fits when the workflow comes to it is handed back and
 * judged again (db/tracking/hand-back.ts). `stop` waits for the current batch.
 */
export function startRelay(options: RelayOptions): { stop: () => Promise<void> } {
  const { db, log, settings, onDataRefused } = options;
  const stopping = new AbortController();
  const pause = (ms: number) => sleep(ms, undefined, { signal: stopping.signal }).catch(() => {});
  const loop = async (name: string, everyMs: number, work: () => Promise<'more' | 'none' | 'trouble'>) => {
    while (!stopping.signal.aborted) {
      const found = await work().catch((error: unknown) => {
        if (isRefused(error)) onDataRefused(`relay:${name}`);
        log.warn({ relay: name, err: error }, 'the relay will try again');
        return 'trouble' as const;
      });
      if (found !== 'more') await pause(found === 'none' ? everyMs : Math.max(PAUSE_MS, everyMs));
    }
  };
  const running = [
    loop('journal', settings.intervalMs, () => relayBatch(options)),
    loop('silence', settings.silenceIntervalMs, () => raiseSilent(db, settings)),
  ];
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

/** One batch; `trouble` = some rows had to be postponed. */
async function relayBatch({ db, client, log, settings }: RelayOptions): Promise<'more' | 'none' | 'trouble'> {
  const rows = await leaseRows(db, BATCH);
  if (rows.length === 0) return 'none';
  const known = new Map((await knownOf(db, rows)).map((each) => [each.id, each]));
  const limit = pLimit(AT_ONCE);
  let away: unknown;
  const tell = (row: JournalRow, carrier: Carrier) =>
    limit(async () => {
      // One signal that hangs is enough to know that Temporal is away: the other rows wait for their next turn.
      if (away !== undefined) throw away;
      try {
        await signal(client, row, carrier, settings.by);
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) away = error;
        throw error;
      }
    });

  const one = async (row: JournalRow): Promise<Done | null> => {
    const about = known.get(row.id);
    // Deleted by hand in the meantime: nothing is left to finish.
    if (!about) return null;
    const verdict = judgeScan({
      level: row.level,
      scannedAt: row.scanned_at.getTime(),
      numberKnown: about.delivery_no !== null || about.pickup_no !== null,
      waybillKnown: about.carrier_code !== null,
      open: about.waybill_id !== null,
      calledOff: about.called_off,
      awaiting: about.awaiting,
    });
    await Promise.all(verdict.tell.map((carrier) => tell(row, carrier)));
    const outcome = verdict.exception ?? (verdict.tell.length > 0 ? 'applied' : 'kept');
    return { row, known: about, outcome, moves: verdict.moves };
  };
  const results = await Promise.allSettled(rows.map(one));
  const done = results.flatMap((result) => (result.status === 'fulfilled' && result.value ? [result.value] : []));
  if (done.length > 0) await finishRows(db, done);
  const failed = rows.filter((_, at) => results[at]?.status === 'rejected');
  if (failed.length === 0) return rows.length === BATCH ? 'more' : 'none';
  const reason = results.find((result) => result.status === 'rejected')?.reason;
  log.warn({ rows: failed.length, err: reason }, 'callbacks could not be passed on, they will be tried again');
  await putOff(db, failed);
  return 'trouble';
}

/** Signals one workflow. If it has ended, the row is checked again: it is finished, or `rebuild` restarts the workflow. */
async function signal(client: Client, row: JournalRow, carrier: Carrier, by: string): Promise<void> {
  const { carrierCode, waybillNo, deliveryNo, lineNo, pickupNo } = carrier;
  const message: TrackMessage = { requestId: scanRequestId(row.id), carrierCode, waybillNo, level: row.level, by };
  const id = pickupNo === null ? deliveryWorkflowId(deliveryNo ?? '', lineNo ?? 0) : pickupWorkflowId(pickupNo);
  const told = await client.withDeadline(Date.now() + SIGNAL_MS, () => signalWorkflow(client, id, TRACK_SIGNAL, message));
  if (told.kind === 'ended') throw told.error;
}
