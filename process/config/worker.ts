import { z } from 'zod';
import { count, port, text } from './fields.ts';
import { type Environment, parse } from './reading.ts';

const worker = z.object({
  WORKER_POOL_SIZE: count(1).default(20),
  WORKER_SLOTS: count(10).default(500),
  WORKFLOW_CACHE: count(10).optional(),
  WORKER_PORT: port.optional(),
  /** A workflow bundle made beforehand, as an image may carry one. */
  WORKFLOW_BUNDLE: text.optional(),
  /** Checked here, read by worker/fast-path/preload.ts before anything is loaded. */
  WORKFLOW_FAST_PATH: z.enum(['on', 'off']).default('on'),
  WORKFLOW_STACK_TRACES: z.enum(['on', 'off']).default('off'),
  /** Rows of a bulk shipment in flight; half of it while admins' commands wait. */
  BULK_CONCURRENCY: count(1).default(16),
  /** How often an idle relay looks for callbacks, and for parcels that nothing is heard of. */
  TRACKING_RELAY_INTERVAL_MS: count(10).default(200),
  TRACKING_SILENCE_INTERVAL_MS: count(100).default(60_000),
  TRACKING_NO_SCAN_DAYS: z.coerce.number().positive().default(3),
  TRACKING_STALLED_DAYS: z.coerce.number().positive().default(10),
});

export type WorkerConfig = z.infer<typeof worker>;
export const workerConfig = (environment: Environment): WorkerConfig => parse(worker, environment);
