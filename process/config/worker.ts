import { z } from 'zod';
import { count, port, text } from './fields.ts';
import { line } from './lines.ts';
import { type Environment, parse } from './reading.ts';

const worker = line.extend({
  WORKER_POOL_SIZE: count(1).default(20),
  WORKER_SLOTS: count(10).default(500),
  WORKFLOW_CACHE: count(10).optional(),
  WORKER_PORT: port.optional(),
  /** Path of a prebuilt workflow bundle, for example in an image. */
  WORKFLOW_BUNDLE: text.optional(),
  /** Only checked here; worker/fast-path/preload.ts reads it before anything else is loaded. */
  WORKFLOW_FAST_PATH: z.enum(['on', 'off']).default('on'),
  /** How long the tasks of a workflow whose code has taken a worker fail at once. */
  WORKFLOW_QUARANTINE_MS: count(1).default(600_000),
  /** This worker's version on Temporal (worker/versioning): by default the task queue, and what the workflow code contains. */
  WORKER_DEPLOYMENT: z
    .string()
    .regex(/^(?!__)[\w-]{1,200}$/)
    .optional(),
  WORKER_BUILD_ID: z
    .string()
    .regex(/^(?!__)[\w.+-]{1,200}$/)
    .optional(),
  /** Whether it makes its version current by itself, where there is one version at a time. */
  WORKER_MAKE_CURRENT: z.enum(['on', 'off']).default('off'),
  WORKFLOW_STACK_TRACES: z.enum(['on', 'off']).default('off'),
  /** Rows of a bulk shipment processed at once; fewer while admins' commands wait. */
  BULK_CONCURRENCY: count(1).default(16),
  /** How often an idle relay looks for callbacks, and for parcels without any news. */
  TRACKING_RELAY_INTERVAL_MS: count(10).default(200),
  TRACKING_SILENCE_INTERVAL_MS: count(100).default(60_000),
  TRACKING_NO_SCAN_DAYS: z.coerce.number().positive().default(3),
  TRACKING_STALLED_DAYS: z.coerce.number().positive().default(10),
});

export type WorkerConfig = z.infer<typeof worker>;
export const workerConfig = (environment: Environment): WorkerConfig => parse(worker, environment);
