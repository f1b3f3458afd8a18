import { Webhook } from 'standardwebhooks';
import type { Endpoint } from '../../db/webhooks/distribute.ts';
import type { Told } from '../../db/webhooks/finish.ts';
import { LEASE_SECONDS, type WaitingEvent } from '../../db/webhooks/take.ts';
import { webhookBody } from '../../domain/events/body.ts';
import { pauseAfter } from '../../domain/events/webhook.ts';
import { aboutWebhook, type Sealer } from '../../process/sealed.ts';
import type { Posted, Poster } from './post.ts';

/** A run over a line begins no further event after this: with its last attempt it ends long before the lease does. */
const RUN_MS = (LEASE_SECONDS * 1000) / 3;
/** After so many attempts without a success between them an endpoint is asked by one line at a time, so long apart. */
const FAILURES_UNTIL_SLOW = 20;
const SLOW_EVERY_MS = 1_000;

/** One endpoint of one sender: how many lines are on their way, and when it may be asked again. */
export interface Lane {
  endpoint: Endpoint;
  busy: number;
  /** Attempts that failed since the last success. */
  failures: number;
  /** Of performance.now(). */
  pausedUntil: number;
  /** A success that is not written yet. */
  succeededAt: Date | null;
  /** When a success was last written. */
  markedAt: number;
  /** The write of its health that was begun last. */
  marked: Promise<void>;
}

export const newLane = (endpoint: Endpoint): Lane => ({
  endpoint,
  busy: 0,
  failures: endpoint.failing_since ? FAILURES_UNTIL_SLOW : 0,
  pausedUntil: 0,
  succeededAt: null,
  markedAt: Number.NEGATIVE_INFINITY,
  marked: Promise.resolve(),
});

/** How many further lines an endpoint may be sent now. */
export function freeOf(lane: Lane, concurrency: number): number {
  if (performance.now() < lane.pausedUntil) return 0;
  return (lane.failures < FAILURES_UNTIL_SLOW ? concurrency : 1) - lane.busy;
}

export interface Run {
  /** What became of the last event; of those before it is stored already. */
  told: Told | null;
  nextIn: number | null;
  /** The endpoint wants no more (410). */
  gone: boolean;
  succeeded: number;
  failed: number;
  /** The last attempt failed. */
  isFailing: boolean;
}

interface Means {
  poster: Poster;
  sealer: Sealer;
  stopping: AbortSignal;
}

/**
 * Tells the events of one line, in order, until one fails: it is tried again later, and those behind it wait. One whose attempts are
 * all over is left to a person, and the next one is told. `goesOn` is asked before each event. What became of one is stored before the next
 * is sent, so that after a crash the last one alone comes again.
 */
export async function runLine(
  lane: Lane,
  events: WaitingEvent[],
  { goesOn, store, ...means }: Means & { goesOn: () => boolean; store: (told: Told) => Promise<void> },
): Promise<Run> {
  const run: Run = { told: null, nextIn: null, gone: false, succeeded: 0, failed: 0, isFailing: false };
  const until = performance.now() + RUN_MS;
  for (const event of events) {
    if (!goesOn() || performance.now() > until) return { ...run, nextIn: 0 };
    if (run.told) await store(run.told);
    run.told = null;
    const at = new Date();
    let posted: Posted;
    try {
      posted = await tell(lane.endpoint, event, at, means);
    } catch {
      // Called off in the middle: it may have arrived, so it comes once more.
      return { ...run, nextIn: 0 };
    }
    const { retryAfter, ...answer } = posted;
    const attempt = { at: at.toISOString(), ...answer };
    const tries = event.tries + 1;
    const told = (state: Told['state']) => {
      run.told = { eventId: event.event_id, state, tries, attempt };
    };
    const { status } = posted;
    if (status !== null && status >= 200 && status < 300) {
      told('succeeded');
      run.succeeded++;
      run.isFailing = false;
      lane.failures = 0;
      continue;
    }
    run.failed++;
    run.isFailing = true;
    lane.failures++;
    if (lane.failures >= FAILURES_UNTIL_SLOW) lane.pausedUntil = performance.now() + SLOW_EVERY_MS;
    const asksToWait = (status === 429 || status === 503) && retryAfter > 0;
    const pause = pauseAfter(tries, { chance: Math.random(), ...(asksToWait && { retryAfter }) });
    // The receiver asks for quiet, so all lines leave him alone; capped as that of a single event is.
    if (asksToWait) lane.pausedUntil = performance.now() + Math.min(retryAfter, pause ?? SLOW_EVERY_MS) * 1000;
    told(pause === null || event.type === null ? 'failed' : 'waiting');
    if (status === 410) return { ...run, gone: true, nextIn: 0 };
    if (pause !== null && event.type !== null) return { ...run, nextIn: pause };
  }
  return run;
}

async function tell(endpoint: Endpoint, event: WaitingEvent, at: Date, { poster, sealer, stopping }: Means): Promise<Posted> {
  const nothing = { status: null, ms: 0, answer: null, retryAfter: 0 };
  // Dropped with its day while the endpoint was disabled.
  if (event.type === null) return { ...nothing, error: 'EVENT_GONE' };
  let secrets: string[];
  try {
    const about = aboutWebhook(endpoint.id);
    secrets = [endpoint.secret, endpoint.old_secret].flatMap((sealed) => (sealed ? [sealer.unseal(sealed, about)] : []));
  } catch {
    return { ...nothing, error: 'SECRET_UNREADABLE' };
  }
  const id = String(event.event_id);
  const body = webhookBody({ ...event, type: event.type });
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'delivery-back-office',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  };
  return poster.post(endpoint.url, headers, body, stopping);
}
