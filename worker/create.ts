import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import { type ActivityInterceptorsFactory, type NativeConnection, Worker } from '@temporalio/worker';
import type { Activities } from '../activities/index.ts';
import type { WorkerConfig } from '../process/config/worker.ts';
import { workflowCacheSize } from './cache-size.ts';
import type { Version } from './versioning/version.ts';

/** Workflows live in this process's own heap, or in the SDK's thread, whose heap has the same limit. */
const cacheSize = ({ WORKFLOW_CACHE, WORKER_SLOTS }: WorkerConfig) =>
  workflowCacheSize({
    asked: WORKFLOW_CACHE,
    slots: WORKER_SLOTS,
    memory: Math.min(totalmem(), process.constrainedMemory() || totalmem()),
    heap: getHeapStatistics().heap_size_limit,
  });

export interface WorkerParts {
  connection: NativeConnection;
  namespace: string;
  taskQueue: string;
  activities: Activities;
  config: WorkerConfig;
  /** Path of the workflow bundle. */
  bundlePath: string;
  /** Whether this process uses the fast path; from `openFastPath`. */
  onFastPath: boolean;
  /** Of activities alone: an interceptor of workflow code would write histories that do not replay without it. */
  spans?: ActivityInterceptorsFactory[];
  /** Null = it takes the tasks that Temporal gives to no version. */
  version?: Version | null;
}

/** Creates the worker with the measured settings (docs/sources/facts.md#settings-that-matter), on the fast path if it is on. */
export function createWorker({
  connection,
  namespace,
  taskQueue,
  activities,
  config,
  bundlePath,
  onFastPath,
  spans = [],
  version = null,
}: WorkerParts): Promise<Worker> {
  return Worker.create({
    connection,
    namespace,
    taskQueue,
    activities,
    interceptors: { activity: spans },
    workflowBundle: { codePath: bundlePath },
    // Runs workflows in the worker's own thread.
    debugMode: onFastPath,
    maxConcurrentWorkflowTaskExecutions: config.WORKER_SLOTS,
    maxConcurrentLocalActivityExecutions: config.WORKER_SLOTS,
    maxCachedWorkflows: cacheSize(config),
    workflowTaskPollerBehavior: { type: 'autoscaling' },
    // Lines, pickups and plans live for months and move on; what is short says that it is pinned (workflows/pinned.ts).
    ...(version && {
      workerDeploymentOptions: { version, useWorkerVersioning: true, defaultVersioningBehavior: 'AUTO_UPGRADE' },
    }),
    // How long a command waits when its worker has just gone.
    stickyQueueScheduleToStartTimeout: '1s',
    shutdownGraceTime: '2s',
    shutdownForceTime: '4s',
  });
}
