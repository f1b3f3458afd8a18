import { totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type NativeConnection, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import type { Activities } from '../activities/index.ts';
import type { WorkerConfig } from '../config.ts';

export const workflowsPath = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));

/** About 160 KB a cached workflow; a quarter of the memory at most, and never below the task slots. */
const cacheSize = ({ WORKFLOW_CACHE, WORKER_SLOTS }: WorkerConfig) =>
  Math.max(WORKER_SLOTS, WORKFLOW_CACHE ?? Math.min(20_000, Math.floor(totalmem() / 4 / 160_000)));

export interface WorkerParts {
  connection: NativeConnection;
  namespace: string;
  taskQueue: string;
  activities: Activities;
  config: WorkerConfig;
  /** Built before, so that tests bundle once. */
  bundle?: WorkflowBundleOption;
}

/** The worker with the settings that were measured (facts.md, "Settings that matter"). */
export function createWorker({ connection, namespace, taskQueue, activities, config, bundle }: WorkerParts): Promise<Worker> {
  return Worker.create({
    connection,
    namespace,
    taskQueue,
    activities,
    ...(bundle ? { workflowBundle: bundle } : { workflowsPath }),
    maxConcurrentWorkflowTaskExecutions: config.WORKER_SLOTS,
    maxConcurrentLocalActivityExecutions: config.WORKER_SLOTS,
    maxCachedWorkflows: cacheSize(config),
    workflowTaskPollerBehavior: { type: 'autoscaling' },
    stickyQueueScheduleToStartTimeout: '2s',
    shutdownGraceTime: '2s',
    shutdownForceTime: '4s',
  });
}
