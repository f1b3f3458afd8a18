import { CancelledFailure } from '@temporalio/activity';
import pLimit from 'p-limit';
import pThrottle from 'p-throttle';
import { answeredSince, dueParcelLines, keepAnswer, restingWaybills, takeQuestions } from '../db/tracking/questions.ts';
import { raiseException } from '../db/tracking/raise-exception.ts';
import { trackableCarriers } from '../domain/carriers.ts';
import { DELIVERED_LEVEL, isRecycled } from '../domain/tracking.ts';
import type { Tracker } from '../tracker/client.ts';
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
/** After this many questions in a row without an answer the tracker counts as away. */
const AWAY_AFTER = 32;

export interface Questions {
  run: BatchRun;
  waybills: DueWaybill[];
}

export interface Answers {
  /** Shipped lines of parcels that the tracker reports as delivered. */
  lines: DueLine[];
  /** Lines of the waybills that were answered; those in `lines` are counted only as examined here. */
  counts: BatchCounts;
  errors: BatchError[];
  /** Set when further questions are useless: quota used up, key refused, tracker away. */
  stopped: BatchError | null;
}

const idsOf = (waybills: DueWaybill[]) => waybills.map(({ id }) => id);

const quotaUsedUp: BatchError = { code: 'QUOTA', message: '오늘의 조회 건수(DELIVERY_TRACKING_DAILY_QUOTA)를 모두 사용했습니다' };

/**
 * Asks the tracker one question per waybill and stores each answer before the next step, so that a repeat after a crash asks only
 * what was not answered (docs/sources/requirements.md#batches-2).
 */
export function createAskParcels({ db, tracking }: Pick<ActivityDeps, 'db' | 'tracking'>) {
  const { untrackedAfterDays, rowAgeSeconds } = tracking;
  const throttled = pThrottle({ limit: tracking.ratePerSecond, interval: 1_000 })(tracking.tracker.ask);

  /** How many of `wanted` questions today's quota allows. */
  const quotaFor = async (wanted: number): Promise<number> => {
    const { dailyQuota } = tracking;
    return dailyQuota === null ? wanted : db.transaction((query) => takeQuestions(query, dailyQuota, wanted));
  };

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
      await keepAnswer(db.query, id, answer.outcome, 'lastScanAt' in answer ? answer.lastScanAt : null);
    };
    const settled = await Promise.allSettled(waybills.map((waybill) => limit(() => one(waybill))));
    if (signal.aborted) throw new CancelledFailure('the worker leaves');
    const thrown = settled.find((each) => each.status === 'rejected');
    if (thrown) throw thrown.reason;
    return { errors, stopped: stopped as BatchError | null };
  };

  const answered = async ({ run, waybills }: Questions) =>
    new Map((await answeredSince(db.query, idsOf(waybills), run.startedAt)).map((row) => [row.id, row]));

  const sort = async (questions: Questions, resting: Set<number>): Promise<Pick<Answers, 'lines' | 'counts'>> => {
    const outcomes = await answered(questions);
    const byId = new Map(questions.waybills.map((waybill) => [waybill.id, waybill]));
    const counts: BatchCounts = { examined: 0, succeeded: 0, failed: 0, skipped: 0 };
    const lines: DueLine[] = [];
    for (const line of await dueParcelLines(db.query, idsOf(questions.waybills), { rowAgeSeconds, untrackedAfterDays })) {
      const { waybill_id, delivery_no: deliveryNo, line_no: lineNo, shipped_at } = line;
      const waybill = byId.get(waybill_id);
      const answer = outcomes.get(waybill_id);
      const tracked = waybill !== undefined && trackableCarriers.includes(waybill.carrierCode);
      if (!waybill || (tracked && !answer && !resting.has(waybill_id))) continue;
      counts.examined++;
      const { carrierCode, waybillNo, id: waybillId } = waybill;
      const due: DueLine = { deliveryNo, lineNo, parcel: { carrierCode, waybillNo } };
      if (!tracked) lines.push(due);
      else if (answer?.asked_outcome === 'again') counts.failed++;
      else if (answer?.asked_outcome !== 'delivered') counts.skipped++;
      else if (answer.asked_scan_at && shipped_at && isRecycled(DELIVERED_LEVEL, +answer.asked_scan_at, +shipped_at)) {
        counts.skipped++;
        const facts = { kind: 'recycled-number', fid: deliveryNo, deliveryNo, carrierCode, waybillNo, waybillId } as const;
        await raiseException(db.query, facts);
      } else lines.push({ ...due, level: DELIVERED_LEVEL });
    }
    return { lines, counts };
  };

  return async function askParcels(questions: Questions): Promise<Answers> {
    return beating(async (signal) => {
      const done = await answered(questions);
      const rows = await restingWaybills(db.query, idsOf(questions.waybills));
      const resting = new Set(rows.map(({ id }) => id));
      const open = questions.waybills.filter(
        ({ id, carrierCode }) => !done.has(id) && !resting.has(id) && trackableCarriers.includes(carrierCode),
      );
      const may = await quotaFor(open.length);
      const { errors, stopped } = await askAll(open.slice(0, may), throttled, signal);
      return { ...(await sort(questions, resting)), errors, stopped: stopped ?? (may < open.length ? quotaUsedUp : null) };
    });
  };
}
