import { totalmem } from 'node:os';
import { type NativeConnection, Worker } from '@temporalio/worker';
import type { Activities } from '../activities/index.ts';
import type { WorkerConfig } from '../process/config/worker.ts';

/** 280 KB set aside for a cached workflow (5,000 new lines took 76 each); a quarter of the memory at most, and never below the task slots. */
const cacheSize = ({ WORKFLOW_CACHE, WORKER_SLOTS }: WorkerConfig) =>
  Math.max(
    WORKER_SLOTS,
    WORKFLOW_CACHE ?? Math.min(20_000, Math.floor(Math.min(totalmem(), process.constrainedMemory() || totalmem()) / 4 / 280_000)),
  );

export interface WorkerParts {
  connection: NativeConnection;
  namespace: string;
  taskQueue: string;
  activities: Activities;
  config: WorkerConfig;
  /** Path of the workflow bundle. */
  bundlePath: string;
  /** Whether this process is on the fast path, as `openFastPath` says. */
  onFastPath: boolean;
}

/** The worker with the settings that were measured (docs/sources/facts.md#settings-that-matter); its workflows on the fast path where it is on. */
export function createWorker({
  connection,
  namespace,
  taskQueue,
  activities,
  config,
  bundlePath,
  onFastPath,
}: WorkerParts): Promise<Worker> {
  return Worker.create({
    connection,
    namespace,
    taskQueue,
    activities,
    workflowBundle: { codePath: bundlePath },
    // Workflows then run in the worker's own thread.
    debugMode: onFastPath,
    maxConcurrentWorkflowTaskExecutions: config.WORKER_SLOTS,
    maxConcurrentLocalActivityExecutions: config.WORKER_SLOTS,
    maxCachedWorkflows: cacheSize(config),
    workflowTaskPollerBehavior: { type: 'autoscaling' },
    // So long a command waits whose worker has just gone.
    stickyQueueScheduleToStartTimeout: '1s',
    shutdownGraceTime: '2s',
    shutdownForceTime: '4s',
  });
}
