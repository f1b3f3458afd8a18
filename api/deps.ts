import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { ApiConfig, TrackerConfig } from '../config.ts';
import type { Db } from '../db/orm.ts';
import type { Metrics } from './metrics.ts';

/** What the API needs of the world; made by server.ts or by a test. */
export interface ApiDeps {
  db: Db;
  temporal: Client;
  taskQueue: string;
  config: ApiConfig;
  tracker: TrackerConfig;
  log: Logger;
  metrics: Metrics;
}

/** Who asks, from the token's claims. */
export interface Caller {
  sub: string;
  permissions: ReadonlySet<string>;
  memberId: number | null;
}

export interface ApiEnv {
  Variables: { caller: Caller; traceId: string };
}

export type App = OpenAPIHono<ApiEnv>;
