import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import pRetry from 'p-retry';
import { Counter, collectDefaultMetrics, Registry } from 'prom-client';
import { createActivities } from '../activities/index.ts';
import { openDb } from '../db/database.ts';
import { forgetWorker, markPolling } from '../db/operations/workers.ts';
import { batchConfig } from '../process/config/batches.ts';
import { databaseConfig } from '../process/config/database.ts';
import { readConfig } from '../process/config/reading.ts';
import { temporalConfig, temporalOptions } from '../process/config/temporal.ts';
import { trackerConfig } from '../process/config/tracker.ts';
import { workerConfig } from '../process/config/worker.ts';
import { createLog } from '../process/log.ts';
import { registerSearchAttributes } from '../process/search-attributes.ts';
import { createTemporalClient } from '../process/temporal.ts';
import { workflowBundle } from './bundle.ts';
import { createWorker } from './create.ts';
import { openFastPath } from './fast-path/open.ts';
import { startPolling } from './polling.ts';
import { relayMetrics } from './relay/metrics.ts';
import { relaySettings, startRelay } from './relay/relay.ts';
import { ensureSchedules } from './schedules.ts';
import { termsOf, trackingOf } from './tracking.ts';

/** `npm run worker`: the production entry of the worker. Waits for Temporal at start; reports in `workers` that it polls. */
const HEARTBEAT_MS = 1_000;
const CONNECT_EVERY_MS = 200;
const PROBE_MS = 1_000;

const { config, temporal, database, tracker, batches } = readConfig({
  config: workerConfig,
  temporal: temporalConfig,
  database: databaseConfig,
  tracker: trackerConfig,
  batches: batchConfig,
});
const log = createLog('worker', process.env);
const registry = new Registry();
collectDefaultMetrics({ register: registry });
const repairs = new Counter({
  name: 'projection_repairs_total',
  help: 'Rows found ahead of or behind their workflow and rewritten',
  labelNames: ['kind'],
  registers: [registry],
});
const erased = new Counter({
  name: 'personal_data_erased_total',
  help: 'Orders whose people, callbacks whose original body, and access records that were erased at the end of their term',
  labelNames: ['kind'],
  registers: [registry],
});

Runtime.install({
  logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
    log[level === 'ERROR' ? 'error' : 'warn']({ sdk: true, workflowId: meta?.workflowId, err: meta?.error }, message);
  }),
  shutdownSignals: [],
});

let stopping = false;
const connect = async (): Promise<NativeConnection> => {
  for (let tries = 0; ; tries++) {
    try {
      // Histories are short and the server is near, so compression costs both sides more than it saves.
      return await NativeConnection.connect({ ...temporalOptions(temporal), grpcCompression: { codec: 'none' } });
    } catch (error) {
      if (tries % 50 === 0) log.warn({ address: temporal.TEMPORAL_ADDRESS, err: error }, 'waiting for Temporal');
      await sleep(CONNECT_EVERY_MS);
    }
  }
};
/** What workflows need on the server, which may come back from a backup without it. */
const equip = () =>
  pRetry(
    async () => {
      await registerSearchAttributes(commander.client.connection.operatorService, temporal.TEMPORAL_NAMESPACE);
      await ensureSchedules(commander.client, temporal.TASK_QUEUE, batches);
    },
    {
      retries: Number.POSITIVE_INFINITY,
      minTimeout: CONNECT_EVERY_MS,
      maxTimeout: 5_000,
      shouldRetry: () => !stopping,
      onFailedAttempt: ({ error }) => log.warn({ err: error }, 'search attributes and Schedules are not ensured yet'),
    },
  );
let isNew = true;

const db = openDb({
  url: database.DATABASE_URL,
  poolSize: config.WORKER_POOL_SIZE,
  transactionTimeout: 3_000,
  queryTimeout: 3_500,
  byIndex: true,
});
// For updates from a pickup to delivery lines; connects at first use.
const commander = createTemporalClient(temporal);
const prober = createTemporalClient(temporal, { interceptors: [] });
const activities = createActivities({
  db,
  client: commander.client,
  log,
  onRepair: (kind) => repairs.inc({ kind }),
  bulkConcurrency: config.BULK_CONCURRENCY,
  tracking: trackingOf(tracker, batches),
  terms: termsOf(batches),
  onErased: (kind, count) => erased.inc({ kind }, count),
});
const fast = await openFastPath({ watchdog: true });
if (!fast.on) log.warn({ why: fast.why }, 'workflows run without the fast path');
// Bundled once, because a worker started on Temporal's return must poll at once.
const bundlePath = config.WORKFLOW_BUNDLE ?? (await workflowBundle());
const polling = await startPolling({
  log,
  probe: () =>
    prober.client.withDeadline(Date.now() + PROBE_MS, () =>
      prober.client.workflowService.describeNamespace({ namespace: temporal.TEMPORAL_NAMESPACE }),
    ),
  create: async () => {
    const connection = await connect();
    // The first worker waits for this; one started on Temporal's return does not, because commands are waiting.
    if (isNew) await equip();
    else equip().catch((error: unknown) => log.error({ err: error }, 'search attributes and Schedules are not ensured'));
    isNew = false;
    const worker = await createWorker({
      connection,
      namespace: temporal.TEMPORAL_NAMESPACE,
      taskQueue: temporal.TASK_QUEUE,
      activities,
      config,
      bundlePath,
      onFastPath: fast.on,
    });
    return { worker, close: () => connection.close() };
  },
});

relayMetrics(db, registry, log);
const relay = startRelay({ db, client: prober.client, log, settings: relaySettings(config, tracker) });

const id = randomUUID();
const heartbeat = setInterval(() => {
  if (polling.state() !== 'RUNNING') return;
  markPolling(db.query, id, temporal.TASK_QUEUE).catch((error: unknown) =>
    log.warn({ err: error }, 'no heartbeat: PostgreSQL does not answer'),
  );
}, HEARTBEAT_MS);

const http = createServer(async ({ url }, response) => {
  if (url === '/metrics') response.writeHead(200, { 'content-type': registry.contentType }).end(await registry.metrics());
  else response.writeHead(polling.state() === 'RUNNING' ? 200 : 503).end(polling.state());
});
if (config.WORKER_PORT !== undefined) http.listen(config.WORKER_PORT);

const stop = (signal: string) => {
  if (stopping) return;
  stopping = true;
  log.info({ signal }, 'stopping');
  polling.shutdown();
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(signal));

log.info({ taskQueue: temporal.TASK_QUEUE, namespace: temporal.TEMPORAL_NAMESPACE }, 'polling');
try {
  await polling.ended;
} finally {
  clearInterval(heartbeat);
  await relay.stop();
  await forgetWorker(db.query, id).catch(() => {});
  await commander.close();
  await prober.close();
  await db.close();
}
process.exit(0);
