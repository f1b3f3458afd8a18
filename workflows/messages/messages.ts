import type { AssemblyPlan, PlanInput, PlanState } from '../../domain/assembly.ts';
import type { DeliveryCommand, DeliveryInput } from '../../domain/deliveries/commands.ts';
import type { DeliveryLine, DeliveryState } from '../../domain/deliveries/line.ts';
import type { Actor } from '../../domain/machine.ts';
import type { PickupInput } from '../../domain/pickups/commands.ts';
import type { Pickup, PickupKind, PickupState } from '../../domain/pickups/pickup.ts';

/** Names, ids and shapes of everything that is said to a workflow. No personal data and no free text travels in any of them. */
export const DEFAULT_TASK_QUEUE = 'delivery-back-office';

/** Registered before anything else starts; set at the start of a run only (an upsert per step costs a sixth of all CPU). */
export const searchAttributes = { deliveryNo: 'DeliveryNo', orderNo: 'OrderNo', pickupNo: 'PickupNo', kind: 'Kind' } as const;

export const DELIVERY_WORKFLOW = 'delivery';
export const deliveryWorkflowId = (deliveryNo: string, lineNo: number): string => `delivery-${deliveryNo}-${lineNo}`;

export const SUBMIT_SIGNAL = 'submit';
export const TRACK_SIGNAL = 'track';
export const STATE_QUERY = 'state';

export interface LineSettings {
  /** Days a delivered line stays open for claims. */
  openDays: number;
  /** History length at which the run continues as new; absent = when Temporal suggests it. */
  continueAsNewAfter?: number | undefined;
}

/** Argument of the delivery workflow; `seen` and `journey` are carried through continue-as-new. */
export interface DeliveryStart {
  line: DeliveryLine;
  settings: LineSettings;
  seen?: [string, Outcome][];
  journey?: string[];
}

/** How a line's workflow is started, as plain data: whoever starts one gives it these. */
export const deliveryStartOptions = (line: DeliveryLine, settings: LineSettings) => ({
  workflowId: deliveryWorkflowId(line.deliveryNo, line.lineNo),
  args: [{ line, settings }] as [DeliveryStart],
  staticSummary: `배송 ${line.deliveryNo} · ${line.lineNo}번 줄 · 주문 ${line.orderNo}`,
  staticDetails: `상품 ${line.productId} · 수량 ${line.quantity} · 배송방법 ${line.methodCode} · ${line.kind}`,
  attributes: {
    [searchAttributes.deliveryNo]: line.deliveryNo,
    [searchAttributes.orderNo]: line.orderNo,
    [searchAttributes.kind]: 'delivery',
  },
});

/** A command to a line, as an update under the command's own name. `by` is absent when the stored request knows it. */
export interface DeliveryMessage extends DeliveryInput {
  requestId: string;
  actor: Actor;
  by?: string | undefined;
}

/** The same as a signal, also by hand from the Temporal UI, where only `command` is needed. */
export type SubmitMessage = Partial<DeliveryMessage> & { command: string };

/** What the tracker saw of a waybill; acts only on a line that carries it now. */
export interface TrackMessage {
  requestId: string;
  carrierCode: string;
  waybillNo: string;
  level: number;
  /** Who the history names; absent = the tracker. */
  by?: string | undefined;
}

/** A `track` signal may be sent by hand too, and no signal, however odd, may stop a row's life. */
export const isTrackMessage = (sent: unknown): sent is TrackMessage =>
  typeof sent === 'object' &&
  sent !== null &&
  'requestId' in sent &&
  typeof sent.requestId === 'string' &&
  'level' in sent &&
  Number.isInteger(sent.level) &&
  (!('by' in sent) || typeof sent.by === 'string');

/** What a command's caller gets back. */
export interface Outcome {
  state: DeliveryState;
  revision: number;
  validQuantity: number;
}

/** What `record` writes: the line as decided, and the history row's facts. */
export interface RecordEntry {
  line: DeliveryLine;
  from: DeliveryState;
  command: DeliveryCommand | 'close' | string;
  requestId: string;
  actor: Actor;
  by?: string | undefined;
  at: string;
  combine?: boolean | undefined;
  /** Set when the command was refused: a history row is written, the line is not. */
  refused?: string | undefined;
}

/**
 * `{}` written · `line` this request had written this revision before: take its line · `repeated` it had been done at an
 * earlier revision: its outcome, nothing changes · `refused` rolled back whole.
 */
export interface RecordResult {
  line?: DeliveryLine;
  repeated?: Outcome;
  refused?: string;
}

export const PICKUP_WORKFLOW = 'pickup';
export const pickupWorkflowId = (pickupNo: string): string => `pickup-${pickupNo}`;

export interface PickupSettings {
  /** The tracker's "delivered" confirms the pickup instead of only marking that it arrived. */
  autoConfirm: boolean;
  continueAsNewAfter?: number | undefined;
  /** For the delivery lines that an exchange starts. */
  line: LineSettings;
}

export interface PickupStart {
  pickup: Pickup;
  settings: PickupSettings;
  seen?: [string, PickupOutcome][];
  journey?: string[];
}

export const pickupStartOptions = (pickup: Pickup, settings: PickupSettings) => ({
  workflowId: pickupWorkflowId(pickup.pickupNo),
  args: [{ pickup, settings }] as [PickupStart],
  staticSummary: `회수 ${pickup.pickupNo} · 주문 ${pickup.orderNo} · 배송 ${pickup.originalDeliveryNo}`,
  staticDetails: pickup.items.map((item) => `${item.lineNo}번 줄 · 상품 ${item.productId} · ${item.quantity}개`).join('\n'),
  attributes: {
    [searchAttributes.pickupNo]: pickup.pickupNo,
    [searchAttributes.orderNo]: pickup.orderNo,
    [searchAttributes.deliveryNo]: pickup.originalDeliveryNo,
    [searchAttributes.kind]: 'pickup',
  },
});

export interface PickupMessage extends PickupInput {
  requestId: string;
  actor: Actor;
  by?: string | undefined;
}

export interface PickupOutcome {
  state: PickupState;
  revision: number;
  kind: PickupKind;
  exchangeDeliveryNo: string | null;
}

/** What `recordPickup` writes and answers; as RecordEntry and RecordResult. */
export interface PickupEntry {
  pickup: Pickup;
  from: PickupState;
  command: string;
  requestId: string;
  actor: Actor;
  by?: string | undefined;
  at: string;
  refused?: string | undefined;
}
export interface PickupResult {
  pickup?: Pickup;
  repeated?: PickupOutcome;
  refused?: string;
}

/** What a pickup asks of the delivery lines it concerns. */
export type ClaimSettlement = 'settle-return' | 'settle-exchange' | 'release-claim';

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
export const BULK_WORKFLOW = 'bulkShipment';
export const bulkWorkflowId = (jobId: string): string => `bulk-${jobId}`;

export interface BulkStart {
  jobId: string;
  continueAsNewAfter?: number | undefined;
}

export const bulkStartOptions = (jobId: string, continueAsNewAfter: number | undefined) => ({
  workflowId: bulkWorkflowId(jobId),
  args: [{ jobId, continueAsNewAfter }] as [BulkStart],
  staticSummary: `출고완료 일괄 ${jobId}`,
  staticDetails: '검증된 행을 묶음으로 나누어 출고완료합니다. 행과 결과는 PostgreSQL에 있습니다.',
  attributes: { [searchAttributes.kind]: 'bulk' },
});

/** How far a chunk brought its job. */
export interface ChunkResult {
  /** There may be rows left to ship. */
  more: boolean;
  /** Somebody canceled the job: no further chunk. */
  canceled: boolean;
  processed: number;
  valid: number;
}

export const PLAN_WORKFLOW = 'assemblyPlan';
export const planWorkflowId = (assemblyPlanUid: number): string => `plan-${assemblyPlanUid}`;

export interface PlanSettings {
  continueAsNewAfter?: number | undefined;
}

export interface PlanStart {
  plan: AssemblyPlan;
  settings: PlanSettings;
  seen?: [string, PlanOutcome][];
  journey?: string[];
  /** Where clearing stockouts goes on, of a plan that was completed in an earlier run. */
  after?: WaitingPlace | null;
}

export const planStartOptions = (plan: AssemblyPlan, settings: PlanSettings) => ({
  workflowId: planWorkflowId(plan.assemblyPlanUid),
  args: [{ plan, settings }] as [PlanStart],
  staticSummary: `상품가공 계획 ${plan.assemblyPlanUid} · 가공품 ${plan.shippingProductId} · ${plan.planQuantity}개`,
  staticDetails: `가공품 ID ${plan.assemblyProductUid} · 기한 ${plan.dueAt}`,
  attributes: { [searchAttributes.kind]: 'plan' },
});

export interface PlanMessage extends PlanInput {
  requestId: string;
  actor: Actor;
  by?: string | undefined;
}

export interface PlanOutcome {
  state: PlanState;
  revision: number;
  completedQuantity: number | null;
}

/** What `recordPlan` writes and answers; as RecordEntry and RecordResult. */
export interface PlanEntry {
  plan: AssemblyPlan;
  from: PlanState;
  command: string;
  requestId: string;
  actor: Actor;
  by?: string | undefined;
  at: string;
  refused?: string | undefined;
}
export interface PlanResult {
  plan?: AssemblyPlan;
  repeated?: PlanOutcome;
  refused?: string;
}

/** A place among the lines that wait for a product, oldest order first. */
export interface WaitingPlace {
  orderedAt: string;
  deliveryNo: string;
  lineNo: number;
}
export interface Clearing {
  assemblyPlanUid: number;
  shippingProductId: number;
  after: WaitingPlace | null;
}
