import { CancelledFailure } from '@temporalio/activity';
import pLimit from 'p-limit';
import pRetry from 'p-retry';
import pThrottle from 'p-throttle';
import { countOutcomes, failingRegistrations } from '../db/tracking/registration-counts.ts';
import { beginAttempt, dueWaybills, isOurs, keepAttempt, parcelOf, type Unregistered } from '../db/tracking/registrations.ts';
import type { Registration } from '../domain/tracking.ts';
import { registrationCodes } from '../tracker/client.ts';
import { type BatchCounts, type BatchError, type BatchRun, MOST_BATCH_ERRORS } from '../workflows/messages/batches.ts';
import type { ActivityDeps } from './deps.ts';
import { beating } from './heartbeat.ts';

const PAGE = 200;
const AT_ONCE = 16;
/** After this many failures in a row the tracker counts as away, and the run ends. */
const AWAY_AFTER = 32;

export interface RegistrationPage {
  run: BatchRun;
  /** Epoch ms until which this run repeats failures; null = nothing has failed yet. */
  retryUntil: number | null;
}

export interface RegistrationPageResult {
  more: boolean;
  retryUntil: number | null;
  /** Set when the tracker is away: the reason why the run ends. */
  away: string | null;
}

class NotYet extends Error {}

/** Registers a page of open waybills, each once; every attempt is a row of 주문배송정보연동이력, written before it is made. */
export function createRegistration({ db, tracking }: Pick<ActivityDeps, 'db' | 'tracking'>) {
  const { tracker, provider: by, rowAgeSeconds, retryMs } = tracking;
  const register = pThrottle({ limit: tracking.ratePerSecond, interval: 1_000 })(tracker.register);

  /** One attempt; null = another run makes it. Throws NotYet when it should be repeated. */
  const attempt = async (waybill: Unregistered, runKey: string, mayRepeat: () => boolean, signal: AbortSignal) => {
    const parcel = parcelOf(waybill);
    const id = await beginAttempt(db, waybill, { key: runKey, by, request: tracker.shownRequest(parcel) });
    if (id === null) return null;
    const result = await register(parcel, signal);
    const outcome = await judge(id, parcel, result);
    const last = outcome !== 'failed' || !mayRepeat();
    await db.transaction((query) => keepAttempt(query, waybill, { id, outcome, result, runKey, last }));
    if (!last) throw new NotYet(result.reason);
    return { outcome, reason: result.reason };
  };

  const judge = async (id: number, parcel: ReturnType<typeof parcelOf>, { outcome }: Registration) => {
    if (outcome === 'again') return 'failed';
    if (outcome !== 'known') return outcome;
    return (await isOurs(db, id, parcel)) ? 'registered' : 'refused';
  };

  const registerAll = async (due: Unregistered[], { run, retryUntil: given }: RegistrationPage, signal: AbortSignal) => {
    const limit = pLimit(AT_ONCE);
    let retryUntil = given;
    let inARow = 0;
    let away: string | null = null;
    const one = async (waybill: Unregistered) => {
      if (away !== null) return;
      signal.throwIfAborted();
      const mayRepeat = () => {
        retryUntil ??= Date.now() + retryMs;
        return Date.now() < retryUntil;
      };
      const done = await pRetry(() => attempt(waybill, run.key, mayRepeat, signal), {
        // `mayRepeat` ends it.
        retries: Number.POSITIVE_INFINITY,
        minTimeout: 500,
        maxTimeout: 5_000,
        signal,
        shouldRetry: ({ error }) => error instanceof NotYet,
      });
      inARow = done?.outcome === 'failed' ? inARow + 1 : 0;
      if (done && inARow >= AWAY_AFTER) away = done.reason;
    };
    const settled = await Promise.allSettled(due.map((waybill) => limit(() => one(waybill))));
    if (signal.aborted) throw new CancelledFailure('the worker leaves');
    const thrown = settled.find((each) => each.status === 'rejected');
    if (thrown) throw thrown.reason;
    return { retryUntil, away };
  };

  return {
    async registerPage(page: RegistrationPage): Promise<RegistrationPageResult> {
      return beating(async (signal) => {
        const due = await dueWaybills(db, page.run.key, rowAgeSeconds, PAGE);
        const { retryUntil, away } = await registerAll(due, page, signal);
        return { more: due.length === PAGE && away === null, retryUntil, away };
      });
    },

    /** A run's counts so far, from the rows it wrote, so that they are exact even after a crash. */
    async countRegistrations({ key }: BatchRun): Promise<{ counts: BatchCounts; errors: BatchError[] }> {
      const counted = await countOutcomes(db.query, key);
      const failing = await failingRegistrations(db.query, key, MOST_BATCH_ERRORS);
      const of = (outcome: (typeof counted)[number]['outcome']) => counted.find((each) => each.outcome === outcome)?.count ?? 0;
      const [succeeded, failed] = [of('registered'), of('failed') + of('refused')];
      return {
        counts: { examined: succeeded + failed, succeeded, failed, skipped: 0 },
        errors: failing.map(({ waybill_no: waybillNo, e_code, reason }) => ({
          code: e_code ?? 'NO_ANSWER',
          message: registrationCodes[e_code ?? ''] ?? reason ?? '응답을 받지 못했습니다',
          waybillNo,
        })),
      };
    },
  };
}
