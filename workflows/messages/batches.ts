import { DEFAULT_TASK_QUEUE } from './names.ts';

/** The batches by their ids, which are also their Schedules', with the workflow that each starts. */
export const batchWorkflows = { 'auto-complete': 'autoComplete', 'waybill-registration': 'waybillRegistration' } as const;
export type BatchId = keyof typeof batchWorkflows;
export const BATCH_TIME_ZONE = 'Asia/Seoul';

/** A namespace may hold the Schedules of several deployments: those of a task queue with another name carry it. */
export const batchScheduleId = (batch: BatchId, taskQueue: string): string =>
  taskQueue === DEFAULT_TASK_QUEUE ? batch : `${batch}-${taskQueue}`;

export type BatchTrigger = 'schedule' | 'manual';

/** One run of a batch; `key` marks what it wrote, through continue-as-new and retries. */
export interface BatchRun {
  key: string;
  batch: BatchId;
  workflowId: string;
  runId: string;
  /** PostgreSQL's clock, its text. */
  startedAt: string;
}

/** Lines (or waybills, of a registration) that a run looked at, and what became of them. */
export interface BatchCounts {
  examined: number;
  succeeded: number;
  failed: number;
  skipped: number;
}

/** Why something was not done. Numbers, codes and sentences of ours; nothing personal. */
export interface BatchError {
  code: string;
  message: string;
  deliveryNo?: string;
  lineNo?: number;
  waybillNo?: string;
}

/** Argument of both batch workflows. `cron` is told for whoever reads the Schedule. */
export interface BatchStart {
  batch: BatchId;
  trigger: BatchTrigger;
  cron?: string;
  by?: string;
  /** Set through continue-as-new. */
  run?: BatchRun;
  retryUntil?: number | null;
  progress?: AutoCompleteProgress;
}

/** How far an auto-complete run has come. */
export interface AutoCompleteProgress {
  phase: 'parcels' | 'others';
  /** The last key of the page before; null = from the beginning. */
  after: [string, number] | null;
  counts: BatchCounts;
  errors: BatchError[];
}

/** A line that is to be delivered; `level` when the tracker said so. */
export interface DueLine {
  deliveryNo: string;
  lineNo: number;
  level?: number;
}
export interface DueWaybill {
  id: number;
  carrierCode: string;
  waybillNo: string;
}
export const MOST_BATCH_ERRORS = 100;
