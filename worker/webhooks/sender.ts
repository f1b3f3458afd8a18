import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { together } from '../../db/batching.ts';
import type { Db } from '../../db/database.ts';
import { isRefused } from '../../db/errors.ts';
import { lastEventId } from '../../db/events/list.ts';
import { orderEvents } from '../../db/events/order.ts';
import { distribute, enabledWebhooks, openReplays, replay } from '../../db/webhooks/distribute.ts';
import { type Finished, finishLines, markFailure, markSuccess, storeTold, type ToldTo } from '../../db/webhooks/finish.ts';
import { type Taken, takeLines, type WaitingEvent, waitingEvents } from '../../db/webhooks/take.ts';
import type { Sealer } from '../../process/sealed.ts';
import { freeOf, type Lane, newLane, type Run, runLine } from './lane.ts';
import { createPoster, type PostOptions } from './post.ts';

const IDLE_MS = 200;
/** Pause after an error of PostgreSQL. */
const PAUSE_MS = 1_000;
const MARK_EVERY_MS = 3_000;
/** What is on its way when the process has to end gets so long to come back. */
const LEAVE_MS = 3_000;

export interface WebhookOptions extends PostOptions {
  db: Db;
  log: Logger;
  sealer: Sealer;
  /** Lines that one endpoint is sent at once, by this sender. */
  concurrency: number;
  onAttempts: (outcome: 'succeeded' | 'failed', count: number) => void;
  onDataRefused: (operation: string) => void;
}

/**
 * Sends events to the endpoints outside: hands them out, takes lines that are due, and tells each line's events in order. Several may run
 * at once; what one that died had taken is taken by another when its lease ends. An event may come twice, never not at all
 * (docs/reliability.md). Endpoints share nothing but the loop that asks the database, and it waits for no receiver.
 */
export function startWebhooks(options: WebhookOptions): { stop: () => Promise<void> } {
  const { db, log, sealer, concurrency, onAttempts, onDataRefused } = options;
  const poster = createPoster(options);
  const lanes = new Map<number, Lane>();
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();
  const calledOff = new AbortController();
  let wake = () => {};
  const finish = together((lines: Finished[]) => finishLines(db, lines), { most: 200 });
  const store = together((told: ToldTo[]) => storeTold(db.query, told), { most: 200 });

  const runOne = async (lane: Lane, taken: Taken, events: WaitingEvent[]): Promise<void> => {
    const { id } = lane.endpoint;
    const goesOn = () => !stopping.signal.aborted && lanes.get(id) === lane;
    const means = { poster, sealer, stopping: calledOff.signal };
    let run: Run;
    try {
      run = await runLine(lane, events, { ...means, goesOn, store: (told) => store({ webhookId: id, ...told }) });
    } finally {
      // Also when PostgreSQL is away: the line comes again when its lease ends, and the endpoint must not count as busy for ever.
      lane.busy--;
      wake();
    }
    // First, so that an endpoint that is gone is disabled before anybody can take its line again.
    await mark(lane, run);
    const { told, nextIn } = run;
    await finish({ webhookId: id, ...taken, told, nextIn });
  };
  /** One after another for an endpoint, so that what is written last is what came last. */
  const inTurn = (lane: Lane, write: () => Promise<void>): Promise<void> => {
    lane.marked = lane.marked.catch(() => {}).then(write);
    return lane.marked;
  };
  const mark = (lane: Lane, run: Run): Promise<void> => {
    onAttempts('succeeded', run.succeeded);
    onAttempts('failed', run.failed);
    return inTurn(lane, () => markNow(lane, run));
  };
  const markNow = async (lane: Lane, { succeeded, isFailing, gone }: Run): Promise<void> => {
    const { id } = lane.endpoint;
    if (succeeded > 0) lane.succeededAt = new Date();
    if (isFailing) {
      lane.markedAt = Number.NEGATIVE_INFINITY;
      lane.succeededAt = null;
      await markFailure(db.query, id, gone);
    } else await markDue(lane);
    if (gone) log.warn({ webhook: id }, 'an endpoint answers that it is gone (410): it is disabled');
  };

  /** Under load a success is written every few seconds, the last one a little later (by a round). */
  const markDue = async (lane: Lane): Promise<void> => {
    const { succeededAt } = lane;
    if (!succeededAt || performance.now() - lane.markedAt < MARK_EVERY_MS) return;
    lane.markedAt = performance.now();
    lane.succeededAt = null;
    await markSuccess(db.query, lane.endpoint.id, succeededAt);
  };

  /** Takes what is due for one endpoint and sets it going. */
  const fill = async (lane: Lane): Promise<void> => {
    const free = freeOf(lane, concurrency);
    if (free <= 0) return;
    const { id } = lane.endpoint;
    const taken = await takeLines(db.query, id, free);
    if (taken.length === 0) return;
    const subjects = taken.map(({ subject }) => subject);
    const events = Map.groupBy(await waitingEvents(db.query, id, subjects), ({ subject }) => subject);
    for (const line of taken) {
      lane.busy++;
      const one = runOne(lane, line, events.get(line.subject) ?? []).catch(failed);
      running.add(one);
      void one.finally(() => running.delete(one));
    }
  };
  const failed = (error: unknown) => {
    if (isRefused(error)) onDataRefused('webhooks');
    log.warn({ err: error }, 'the sender of webhooks will try again');
  };

  /** One look at everything; whether there is more to hand out at once. */
  const round = async (): Promise<boolean> => {
    const endpoints = await enabledWebhooks(db.query);
    for (const id of lanes.keys()) if (!endpoints.some((each) => each.id === id)) lanes.delete(id);
    if (endpoints.length === 0) return false;
    await orderEvents(db);
    const last = await lastEventId(db.query);
    let more = false;
    for (const endpoint of endpoints) {
      const lane = lanes.get(endpoint.id) ?? newLane(endpoint);
      lanes.set(endpoint.id, Object.assign(lane, { endpoint }));
      if (endpoint.told_until < last) more = (await distribute(db, endpoint.id, last)) || more;
    }
    for (const { id } of await openReplays(db.query)) more = (await replay(db, id)) || more;
    await Promise.all([...lanes.values()].map((lane) => Promise.all([fill(lane), inTurn(lane, () => markDue(lane))])));
    return more;
  };

  const loop = async () => {
    while (!stopping.signal.aborted) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const more = await round().catch(async (error: unknown) => {
        failed(error);
        await sleep(PAUSE_MS, undefined, { signal: stopping.signal }).catch(() => {});
        return true;
      });
      if (!more) await Promise.race([woken, sleep(IDLE_MS, undefined, { signal: stopping.signal }).catch(() => {})]);
    }
  };
  const looping = loop();
  return {
    stop: async () => {
      stopping.abort();
      await looping;
      const late = setTimeout(() => calledOff.abort(), LEAVE_MS);
      await Promise.all(running);
      clearTimeout(late);
      poster.close();
    },
  };
}
