import { CancelledFailure } from '@temporalio/activity';
import pLimit from 'p-limit';
import pThrottle from 'p-throttle';
import type { Db } from '../db/database.ts';
import { raiseException } from '../db/tracking/raise-exception.ts';
import { trackableCarriers } from '../domain/carriers.ts';
import { DELIVERED_LEVEL, isRecycled } from '../domain/tracking.ts';
import type { Tracker, TrackingAnswer } from '../tracker/client.ts';
import {
  type BatchCounts,
  type BatchError,
  type BatchRun,
  type DueLine,
  type DueWaybill,
  MOST_BATCH_ERRORS,
} from '../workflows/messages/batches.ts';
import type { ActivityDeps } from './deps.ts';
import { beating } from './heartbeat.ts';

const AT_ONCE = 16;
/** After so many questions in a row without an answer the tracker is away. */
const AWAY_AFTER = 32;

export interface Questions {
  run: BatchRun;
  waybills: DueWaybill[];
}

export interface Answers {
  /** Shipped lines of parcels that the tracker calls delivered. */
  lines: DueLine[];
  /** Lines of the waybills that were answered; those in `lines` are examined only. */
  counts: BatchCounts;
  errors: BatchError[];
  /** Set when asking on is useless: quota, key, tracker away. */
  stopped: BatchError | null;
}

type Outcome = Exclude<TrackingAnswer['outcome'], 'stop'>;

interface Answered {
  id: number;
  asked_outcome: Outcome;
  asked_scan_at: Date | null;
}

const quotaUsedUp: BatchError = { code: 'QUOTA', message: '오늘의 조회 건수(DELIVERY_TRACKING_DAILY_QUOTA)를 모두 사용했습니다' };

/** Takes so many of today's questions (Seoul) as are left, `wanted` at most. */
async function takeQuota(db: Db, quota: number | null, wanted: number): Promise<number> {
  if (quota === null) return wanted;
  return db.transaction(async (query) => {
    const rows = await query<{ day: string; asked: number }>(
      `insert into tracking_questions (day, asked) values ((now() at time zone 'Asia/Seoul')::date, 0)
       on conflict (day) do update set asked = tracking_questions.asked returning day::text, asked`,
    );
    const { day = '', asked = 0 } = rows[0] ?? {};
    const taken = Math.max(0, Math.min(wanted, quota - asked));
    await query('update tracking_questions set asked = asked + $2 where day = $1::date', [day, taken]);
    return taken;
  });
}

/**
 * Asks the tracker one question per waybill and keeps each answer before the next step, so that a repeat after a crash asks
 * only what was not answered (docs/sources/requirements.md#batches-2).
 */
export function createAskParcels({ db, tracking }: ActivityDeps) {
  const { untrackedAfterDays, rowAgeSeconds } = tracking;
  const throttled = pThrottle({ limit: tracking.ratePerSecond, interval: 1_000 })(tracking.tracker.ask);

  const keep = (id: number, answer: { outcome: Outcome; lastScanAt: string | null }) =>
    db.query(
      `update waybills set asked_at = now(), asked_outcome = $2, asked_scan_at = $3,
           ask_after = case when $2 = 'limited' then date_trunc('day', now(), 'Asia/Seoul') + interval '1 day' end,
           moved_at = case when $3::timestamptz > opened_at - interval '1 day' then greatest(moved_at, $3) else moved_at end,
           tracking_level = case when $3::timestamptz > opened_at - interval '1 day' then coalesce(tracking_level, 1) else tracking_level end
        where id = $1`,
      [id, answer.outcome, answer.lastScanAt],
      'waybill-asked',
    );

  const askAll = async (waybills: DueWaybill[], ask: Tracker['ask'], signal: AbortSignal) => {
    const limit = pLimit(AT_ONCE);
    const errors: BatchError[] = [];
    let stopped: BatchError | null = null;
    let inARow = 0;
    const one = async ({ id, carrierCode, waybillNo }: DueWaybill) => {
      if (stopped !== null) return;
      signal.throwIfAborted();
      const answer = await ask({ carrierCode, waybillNo }, signal);
      if (answer.outcome === 'stop') {
        stopped = { code: answer.code, message: answer.reason };
        return;
      }
      const silent = answer.outcome === 'again';
      inARow = silent ? inARow + 1 : 0;
      const trouble = 'code' in answer ? { code: answer.code, message: answer.reason } : null;
      if (trouble && errors.length < MOST_BATCH_ERRORS) errors.push({ ...trouble, waybillNo });
      if (trouble && inARow >= AWAY_AFTER) stopped = trouble;
      await keep(id, { outcome: answer.outcome, lastScanAt: 'lastScanAt' in answer ? answer.lastScanAt : null });
    };
    const settled = await Promise.allSettled(waybills.map((waybill) => limit(() => one(waybill))));
    if (signal.aborted) throw new CancelledFailure('the worker leaves');
    const thrown = settled.find((each) => each.status === 'rejected');
    if (thrown) throw thrown.reason;
    return { errors, stopped: stopped as BatchError | null };
  };

  const answered = async ({ run, waybills }: Questions) =>
    new Map(
      (
        await db.query<Answered>(
          'select id, asked_outcome, asked_scan_at from waybills where id = any($1) and asked_at >= $2::timestamptz',
          [waybills.map(({ id }) => id), run.startedAt],
        )
      ).map((row) => [row.id, row]),
    );

  const linesOf = (waybills: DueWaybill[]) =>
    db.query<{ waybill_id: number; delivery_no: string; line_no: number; shipped_at: Date | null }>(
      `select w.id as waybill_id, l.delivery_no, l.line_no, l.shipped_at from waybills w
         join delivery_lines l on l.waybill_no = w.waybill_no and l.carrier_code = w.carrier_code
        where w.id = any($1) and w.closed_at is null and l.state = 'shipped' and l.method_code = '10'
          and l.updated_at <= now() - interval '1 second' * $2
          and (w.carrier_code = any($3) or l.shipped_at < now() - interval '1 day' * $4::float8)`,
      [waybills.map(({ id }) => id), rowAgeSeconds, trackableCarriers, untrackedAfterDays],
    );

  const sort = async (questions: Questions, resting: Set<number>): Promise<Pick<Answers, 'lines' | 'counts'>> => {
    const outcomes = await answered(questions);
    const byId = new Map(questions.waybills.map((waybill) => [waybill.id, waybill]));
    const counts: BatchCounts = { examined: 0, succeeded: 0, failed: 0, skipped: 0 };
    const lines: DueLine[] = [];
    for (const line of await linesOf(questions.waybills)) {
      const { waybill_id, delivery_no: deliveryNo, line_no: lineNo, shipped_at } = line;
      const waybill = byId.get(waybill_id);
      const answer = outcomes.get(waybill_id);
      const tracked = waybill !== undefined && trackableCarriers.includes(waybill.carrierCode);
      if (!waybill || (tracked && !answer && !resting.has(waybill_id))) continue;
      counts.examined++;
      if (!tracked) lines.push({ deliveryNo, lineNo });
      else if (answer?.asked_outcome === 'again') counts.failed++;
      else if (answer?.asked_outcome !== 'delivered') counts.skipped++;
      else if (answer.asked_scan_at && shipped_at && isRecycled(DELIVERED_LEVEL, +answer.asked_scan_at, +shipped_at)) {
        counts.skipped++;
        const { carrierCode, waybillNo, id: waybillId } = waybill;
        const facts = { kind: 'recycled-number', fid: deliveryNo, deliveryNo, carrierCode, waybillNo, waybillId } as const;
        await raiseException(db.query, facts);
      } else lines.push({ deliveryNo, lineNo, level: DELIVERED_LEVEL });
    }
    return { lines, counts };
  };

  return async function askParcels(questions: Questions): Promise<Answers> {
    return beating(async (signal) => {
      const done = await answered(questions);
      const rows = await db.query<{ id: number }>('select id from waybills where id = any($1) and ask_after > now()', [
        questions.waybills.map(({ id }) => id),
      ]);
      const resting = new Set(rows.map(({ id }) => id));
      const open = questions.waybills.filter(
        ({ id, carrierCode }) => !done.has(id) && !resting.has(id) && trackableCarriers.includes(carrierCode),
      );
      const may = await takeQuota(db, tracking.dailyQuota, open.length);
      const { errors, stopped } = await askAll(open.slice(0, may), throttled, signal);
      return { ...(await sort(questions, resting)), errors, stopped: stopped ?? (may < open.length ? quotaUsedUp : null) };
    });
  };
}
