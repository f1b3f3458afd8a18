import { continueAsNew, proxyActivities, setWorkflowOptions, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import {
  type AutoCompleteProgress,
  type BatchCounts,
  type BatchError,
  type BatchRun,
  type BatchStart,
  type DueLine,
  MOST_BATCH_ERRORS,
  type PageDone,
} from './messages/batches.ts';
import { pinned } from './pinned.ts';

/** Pages worked off in one run; then the workflow continues as new, so that its history stays short. */
const PAGES = 20;

const retry = { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '10s' } as const;
const { beginRun, reportRun, countRegistrations, dueWaybillPage, dueOtherPage, erasePage, overduePage } =
  proxyActivities<Activities>({
    startToCloseTimeout: '15s',
    retry,
  });
const { registerPage, askParcels, deliverLines } = proxyActivities<Activities>({
  startToCloseTimeout: '1h',
  heartbeatTimeout: '10s',
  retry,
});

/** Opens the run's row; null = another run of this batch is in progress. */
async function openRun({ batch, trigger, by, run }: BatchStart): Promise<BatchRun | null> {
  if (run) return run;
  const { workflowId, firstExecutionRunId: runId } = workflowInfo();
  const facts = { key: `batch-${runId}`, batch, workflowId, runId };
  const startedAt = await beginRun({ ...facts, trigger, by });
  return startedAt === null ? null : { ...facts, startedAt };
}

/** 자동운송장등록배치 (docs/sources/requirements.md#batches-5): registers every open waybill the tracker does not know, page by page. */
export async function waybillRegistration(start: BatchStart): Promise<void> {
  const run = await openRun(start);
  if (run === null) return;
  let retryUntil = start.retryUntil ?? null;
  for (let pages = 0; pages < PAGES; pages++) {
    const page = await registerPage({ run, retryUntil });
    retryUntil = page.retryUntil;
    const { counts, errors } = await countRegistrations(run);
    const away: BatchError[] =
      page.away === null ? [] : [{ code: 'TRACKER_AWAY', message: `추적 시스템 응답 없음: ${page.away}` }];
    await reportRun({ ...run, counts, errors: [...away, ...errors].slice(0, MOST_BATCH_ERRORS), finished: !page.more });
    if (!page.more) return;
  }
  await continueAsNew<typeof waybillRegistration>({ ...start, run, retryUntil });
}

const none: BatchCounts = { examined: 0, succeeded: 0, failed: 0, skipped: 0 };
const sum = (a: BatchCounts, b: BatchCounts): BatchCounts => ({
  examined: a.examined + b.examined,
  succeeded: a.succeeded + b.succeeded,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

/** 자동배송완료배치 (docs/sources/requirements.md#batches-1): parcels the tracker reports delivered, then lines of other methods. */
export async function autoComplete(start: BatchStart): Promise<void> {
  const run = await openRun(start);
  if (run === null) return;
  let progress: AutoCompleteProgress = start.progress ?? { phase: 'parcels', after: null, counts: none, errors: [] };
  const add = (counts: BatchCounts, errors: BatchError[]) => {
    progress = {
      ...progress,
      counts: sum(progress.counts, counts),
      errors: [...progress.errors, ...errors].slice(0, MOST_BATCH_ERRORS),
    };
  };
  const deliver = async (lines: DueLine[]) => {
    if (lines.length === 0) return;
    const { counts, errors } = await deliverLines({ run, lines });
    add(counts, errors);
  };

  for (let pages = 0; pages < PAGES; pages++) {
    const { phase, after } = progress;
    let next: AutoCompleteProgress['after'];
    if (phase === 'parcels') {
      const page = await dueWaybillPage({ run, after });
      next = page.next;
      if (page.items.length > 0) {
        const { lines, counts, errors, stopped } = await askParcels({ run, waybills: page.items });
        add(counts, stopped === null ? errors : [stopped, ...errors]);
        await deliver(lines);
        if (stopped !== null) next = null;
      }
    } else {
      const page = await dueOtherPage({ run, after });
      next = page.next;
      add({ ...none, examined: page.items.length }, []);
      await deliver(page.items);
    }
    const finished = phase === 'others' && next === null;
    await reportRun({ ...run, counts: progress.counts, errors: progress.errors, finished });
    if (finished) return;
    progress = { ...progress, after: next, phase: next === null ? 'others' : phase };
  }
  await continueAsNew<typeof autoComplete>({ ...start, run, progress });
}

/** Works pages off until none is left; each counts itself into the run's row. */
async function pageByPage(start: BatchStart, workOff: (run: BatchRun) => Promise<PageDone>): Promise<void> {
  const run = await openRun(start);
  if (run === null) return;
  for (let pages = 0; pages < PAGES; pages++) {
    const { counts, more } = await workOff(run);
    if (more) continue;
    await reportRun({ ...run, counts, errors: [], finished: true });
    return;
  }
  await continueAsNew<(start: BatchStart) => Promise<void>>({ ...start, run });
}

/** 개인정보 파기 (docs/operating.md#personal-data): until nothing has reached the end of its term. */
export const erasePersonalData = (start: BatchStart): Promise<void> => pageByPage(start, erasePage);

/** Marks the lines that have not left by their day (docs/operating.md#dispatch-deadlines), each once. */
export const markOverdue = (start: BatchStart): Promise<void> => pageByPage(start, overduePage);

setWorkflowOptions(pinned, waybillRegistration);
setWorkflowOptions(pinned, autoComplete);
setWorkflowOptions(pinned, erasePersonalData);
setWorkflowOptions(pinned, markOverdue);
