import type { DeliveryInput } from '../../domain/deliveries/commands.ts';
import { DEFAULT_TASK_QUEUE } from './names.ts';

/** The workflow of each batch; the batch ids are also the ids of their Schedules. */
export const batchWorkflows = {
  'auto-complete': 'autoComplete',
  'waybill-registration': 'waybillRegistration',
  'personal-data': 'erasePersonalData',
  'dispatch-overdue': 'markOverdue',
} as const;
export type BatchId = keyof typeof batchWorkflows;
/** Those of the list `GET /batches`, whose clients know these two; the others are asked for by their id. */
export const listedBatches = ['auto-complete', 'waybill-registration'] as const satisfies BatchId[];
export const BATCH_TIME_ZONE = 'Asia/Seoul';

/** Several deployments may share a namespace: for a task queue other than the default, its name is part of the Schedule's id. */
export const batchScheduleId = (batch: BatchId, taskQueue: string): string =>
  taskQueue === DEFAULT_TASK_QUEUE ? batch : `${batch}-${taskQueue}`;

export type BatchTrigger = 'schedule' | 'manual';

/** One run of a batch. `key` marks what this run wrote; it stays the same through continue-as-new and retries. */
export interface BatchRun {
  key: string;
  batch: BatchId;
  workflowId: string;
  runId: string;
  /** PostgreSQL's time, as text. */
  startedAt: string;
}

/** How many lines (in a registration, waybills) a run looked at, and their results. */
export interface BatchCounts {
  examined: number;
  succeeded: number;
  failed: number;
  skipped: number;
}

/** A page of a batch that goes on until none is left. */
export interface PageDone {
  /** Of the whole run. */
  counts: BatchCounts;
  more: boolean;
}

/** Why something was not done. Only numbers, codes and our own sentences; nothing personal. */
export interface BatchError {
  code: string;
  message: string;
  deliveryNo?: string;
  lineNo?: number;
  waybillNo?: string;
}

/** Argument of every batch workflow. `cron` is there only to be read in the Schedule. */
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

/** How far an auto-complete run has got. */
export interface AutoCompleteProgress {
  phase: 'parcels' | 'others';
  /** The last key of the previous page; null = start. */
  after: [string, number] | null;
  counts: BatchCounts;
  errors: BatchError[];
}

/** A line to be marked delivered, with the parcel that was asked about; `level` when the tracker reported it. */
export interface DueLine {
  deliveryNo: string;
  lineNo: number;
  level?: number;
  parcel?: DeliveryInput['parcel'];
}
export interface DueWaybill {
  id: number;
  carrierCode: string;
  waybillNo: string;
}
export const MOST_BATCH_ERRORS = 100;
