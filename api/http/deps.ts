import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Pace } from '../../commands/pace.ts';
import type { Tracing } from '../../commands/tracing.ts';
import type { Db } from '../../db/database.ts';
import type { ApiConfig } from '../../process/config/api.ts';
import type { TrackerConfig } from '../../process/config/tracker.ts';
import type { WebhookConfig } from '../../process/config/webhooks.ts';
import type { Metrics } from './metrics.ts';
import type { Wire } from './wires.ts';

/** Dependencies of the API; created by main.ts or by a test. */
export interface ApiDeps {
  db: Db;
  temporal: Client;
  taskQueue: string;
  config: ApiConfig;
  tracker: TrackerConfig;
  webhooks: WebhookConfig;
  log: Logger;
  metrics: Metrics;
  /** How long admins' single commands wait at present; a bulk shipment slows down by it. */
  pace: Pace;
  tracing: Tracing;
  /** Aborted when the process shuts down: endless answers (event streams) then end. */
  stopping?: AbortSignal | undefined;
}

/** Who asks, from the token's claims. */
export interface Caller {
  sub: string;
  permissions: ReadonlySet<string>;
  memberId: number | null;
}

export interface ApiEnv {
  /** `wire` is absent on our own routes; `storing` is the operation of a request that is to be stored. */
  Variables: { caller: Caller; traceId: string; wire?: Wire; secureHeadersNonce?: string; storing?: string };
}

export type App = OpenAPIHono<ApiEnv>;
