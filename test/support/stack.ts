import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Runtime, type Worker } from '@temporalio/worker';
import { SignJWT } from 'jose';
import { type Logger, pino } from 'pino';
import { createActivities } from '../../activities/index.ts';
import { createApp } from '../../api/app.ts';
import { permissions as allPermissions } from '../../api/http/auth.ts';
import type { ApiDeps } from '../../api/http/deps.ts';
import { createMetrics } from '../../api/http/metrics.ts';
import { createPace } from '../../commands/pace.ts';
import { startParts } from '../../commands/start.ts';
import { untraced } from '../../commands/tracing.ts';
import { type Db, openDb } from '../../db/database.ts';
import { apiConfig } from '../../process/config/api.ts';
import { batchConfig } from '../../process/config/batches.ts';
import type { Environment } from '../../process/config/reading.ts';
import { trackerConfig } from '../../process/config/tracker.ts';
import { webhookConfig } from '../../process/config/webhooks.ts';
import { workerConfig } from '../../process/config/worker.ts';
import type { Requests } from '../../requests/store.ts';
import { createWorker } from '../../worker/create.ts';
import { openFastPath } from '../../worker/fast-path/open.ts';
import { relaySettings, startRelay } from '../../worker/relay/relay.ts';
import { termsOf, trackingOf } from '../../worker/tracking.ts';
import { createDatabase } from './database.ts';
import { type Http, httpOf } from './http.ts';
import { PATIENCE_MS } from './patience.ts';
import { testServers } from './servers.ts';

/** Of a worker whose activities erase nothing that counts. */
export const keepsAll = { terms: termsOf(batchConfig({})), onErased: () => {}, onOverdue: () => {}, onDataRefused: () => {} };

/** Of the tracker, where a test names none: nothing listens there. */
export const trackingFor = (environment: Environment = {}) => {
  const given = {
    TRACKING_CALLBACK_SECRET: CALLBACK_SECRET,
    DELIVERY_API_URL: 'http://127.0.0.1:9',
    BATCH_ROW_AGE_SECONDS: '0',
    ...environment,
  };
  const keys = { DELIVERY_API_EXTERNAL_URL: 'http://127.0.0.1:9', DELIVERY_API_TIER: 'test', DELIVERY_API_KEY: 'test-key' };
  return trackingOf(trackerConfig({ ...keys, ...given }), batchConfig(given));
};

export const SECRET = 'a-secret-for-tests-that-is-long-enough-0123456789';
export const CALLBACK_SECRET = 'a-callback-secret-for-tests-long-enough-0123456789';

/** One test file's own world: database, task queue, worker and API over real HTTP. */
export interface Stack extends Http {
  url: string;
  db: Db;
  databaseUrl: string;
  temporal: Client;
  taskQueue: string;
  deps: ApiDeps;
  requests: Requests;
  repairs: string[];
  /** What lines refused to settle or release: `settlement code`. */
  claimRefusals: string[];
  /** Activities whose data PostgreSQL refused. */
  dataRefused: string[];
  token: (permissions?: readonly string[], claims?: Record<string, unknown>) => Promise<string>;
  /** Stops the worker as a deployment would; `startWorker` brings a new one on the same queue. */
  stopWorker: () => Promise<void>;
  startWorker: () => Promise<void>;
  stop: () => Promise<void>;
}

/** A HS256 token for the test secret: one hour, all permissions but `pii.read` unless told otherwise. */
export async function signToken(permissions: readonly string[], claims: Record<string, unknown> = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ sub: 'kim', permissions, exp: now + 3600, ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(SECRET));
}

export const withoutPii = allPermissions.filter((name) => name !== 'pii.read');

/** The SDK's runtime, once per test file. */
let installed = false;

/**
 * Starts one; `environment` overrides the API's and worker's configuration. Call `stop` in afterAll. Where nothing is left to a
 * workflow, `hasWorker: false` saves the second that a worker takes to start.
 */
export async function startStack(
  environment: Environment = {},
  { log = pino({ level: process.env.TEST_LOG_LEVEL ?? 'silent' }), hasWorker = true }: { log?: Logger; hasWorker?: boolean } = {},
): Promise<Stack> {
  const servers = testServers();
  const { name, url: databaseUrl, drop } = await createDatabase();
  const db = openDb({ url: databaseUrl, byIndex: true });
  if (!installed) Runtime.install({ logger: { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} } });
  installed = true;
  const connection = await Connection.connect({ address: servers.temporalAddress });
  const native = await NativeConnection.connect({ address: servers.temporalAddress });
  const temporal = new Client({ connection });
  const taskQueue = name;
  const config = apiConfig({ AUTH_JWT_SECRET: SECRET, COMMAND_TIMEOUT_MS: String(PATIENCE_MS), ...environment });
  const tracker = trackerConfig({ TRACKING_CALLBACK_SECRET: CALLBACK_SECRET, ...environment });
  const webhooks = webhookConfig({ TRACKING_CALLBACK_SECRET: CALLBACK_SECRET, ...environment });
  const pace = createPace({ db, log });
  const told = { log, metrics: createMetrics(), tracing: untraced };
  const deps: ApiDeps = { db, temporal, taskQueue, config, tracker, webhooks, pace, ...told };
  const { app, requests } = createApp(deps);
  // As in production: on a busy machine a shorter one closes connections just when a client uses them again.
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0, serverOptions: { keepAliveTimeout: 75_000 } });
  await new Promise<void>((resolve) => server.once('listening', () => resolve()));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const repairs: string[] = [];
  const claimRefusals: string[] = [];
  const dataRefused: string[] = [];
  const tracking = trackingFor(environment);
  const settings = workerConfig({ WORKER_SLOTS: '50', WORKFLOW_CACHE: '200', TRACKING_RELAY_INTERVAL_MS: '50', ...environment });
  const activities = createActivities({
    db,
    client: temporal,
    log,
    bulkConcurrency: settings.BULK_CONCURRENCY,
    startParts: (parts) => startParts(deps, parts),
    onRepair: (kind) => repairs.push(kind),
    onClaimRefused: (settlement, code) => claimRefusals.push(`${settlement} ${code}`),
    tracking,
    terms: termsOf(batchConfig(environment)),
    onErased: () => {},
    onOverdue: () => {},
    onDataRefused: (operation) => dataRefused.push(operation),
  });
  let running: { worker: Worker; ended: Promise<void>; relay: { stop: () => Promise<void> } } | undefined;
  const startWorker = async () => {
    const worker = await createWorker({
      connection: native,
      namespace: 'default',
      taskQueue,
      activities,
      config: settings,
      bundlePath: servers.bundlePath,
      onFastPath: (await openFastPath({ watchdog: null })).on,
    });
    const relay = startRelay({ ...keepsAll, db, client: temporal, log, settings: relaySettings(settings, tracker) });
    running = { worker, ended: worker.run(), relay };
  };
  const stopWorker = async () => {
    running?.worker.shutdown();
    await Promise.all([running?.ended, running?.relay.stop()]);
    running = undefined;
  };
  if (hasWorker) await startWorker();

  return {
    url,
    db,
    databaseUrl,
    temporal,
    taskQueue,
    deps,
    requests,
    repairs,
    claimRefusals,
    dataRefused,
    ...httpOf(url, await signToken(withoutPii)),
    token: (permissions = withoutPii, claims) => signToken(permissions, claims),
    stopWorker,
    startWorker,
    stop: async () => {
      await stopWorker();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await requests.answersStored();
      await connection.close();
      await native.close();
      await db.close();
      await drop();
    },
  };
}

/** Between two looks: a tenth of what was waited already, so that a long wait is noticed soon enough and costs little. */
const pauseAfter = (waitedMs: number): number => Math.min(Math.max(waitedMs / 10, 25), 250);

/** Waits for a condition instead of sleeping: the first truthy answer of `look`. */
export async function eventually<T>(look: () => Promise<T | false | null | undefined>): Promise<T> {
  const start = performance.now();
  let last: unknown;
  for (;;) {
    try {
      const found = await look();
      if (found) return found;
      last = found;
    } catch (error) {
      last = error;
    }
    const waitedMs = performance.now() - start;
    if (waitedMs > PATIENCE_MS)
      throw new Error(`not within ${PATIENCE_MS} ms: ${last instanceof Error ? last.message : JSON.stringify(last)}`);
    await new Promise((resolve) => setTimeout(resolve, pauseAfter(waitedMs)));
  }
}
