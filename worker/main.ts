import { setTimeout as sleep } from 'node:timers/promises';
import { getHeapStatistics } from 'node:v8';
import { DefaultLogger, NativeConnection, Runtime, TransportError } from '@temporalio/worker';
import { createActivities } from '../activities/index.ts';
import { openDb } from '../db/database.ts';
import { batchConfig } from '../process/config/batches.ts';
import { databaseConfig } from '../process/config/database.ts';
import { readConfig } from '../process/config/reading.ts';
import { temporalConfig, temporalOptions } from '../process/config/temporal.ts';
import { trackerConfig } from '../process/config/tracker.ts';
import { workerConfig } from '../process/config/worker.ts';
import { startEnsuring } from '../process/ensuring.ts';
import { createLog } from '../process/log.ts';
import { SEARCH_ATTRIBUTES, searchAttributesIn } from '../process/search-attributes.ts';
import { createTemporalClient } from '../process/temporal.ts';
import { workflowBundle } from './bundle.ts';
import { fitting } from './cache-size.ts';
import { createWorker } from './create.ts';
import { openFastPath } from './fast-path/open.ts';
import { serveHealth } from './health.ts';
import { startHeartbeat } from './heartbeat.ts';
import { createWorkerMetrics } from './metrics.ts';
import { type Poller, type Polling, startPolling } from './polling.ts';
import { openQuarantine } from './quarantine/quarantine.ts';
import { relayMetrics } from './relay/metrics.ts';
import { relaySettings, startRelay } from './relay/relay.ts';
import { SCHEDULES, schedulesIn } from './schedules.ts';
import { termsOf, trackingOf } from './tracking.ts';

/**
 * `npm run worker`: the production entry of the worker. It polls as soon as Temporal's front door and the workflow bundle allow;
 * everything else goes on beside that and waits for nothing: relay, what Temporal has to have, the heartbeat, health and metrics.
 */
const CONNECT_EVERY_MS = 200;
const LOG_EVERY_TRIES = 50;
const PROBE_MS = 1_000;

const { config, temporal, database, tracker, batches } = readConfig({
  config: workerConfig,
  temporal: temporalConfig,
  database: databaseConfig,
  tracker: trackerConfig,
  batches: batchConfig,
});
const log = createLog('worker', process.env);
const { registry, counted } = createWorkerMetrics();

Runtime.install({
  logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
    log[level === 'ERROR' ? 'error' : 'warn']({ sdk: true, workflowId: meta?.workflowId, err: meta?.error }, message);
  }),
  shutdownSignals: [],
});

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

let polling: Polling | undefined;
const isPolling = () => polling?.state() === 'RUNNING';
const ensuring = startEnsuring(log, {
  [SEARCH_ATTRIBUTES]: searchAttributesIn(prober.client),
  [SCHEDULES]: schedulesIn(prober.client, temporal.TASK_QUEUE, batches),
});
const { missing } = ensuring;
const heartbeat = startHeartbeat({ query: db.query, taskQueue: temporal.TASK_QUEUE, log, isPolling, missing });
relayMetrics(db, registry, log);
const { onDataRefused } = counted;
const relay = startRelay({ db, client: prober.client, log, onDataRefused, settings: relaySettings(config, tracker) });
if (config.WORKER_PORT !== undefined)
  serveHealth(config.WORKER_PORT, {
    isPolling,
    missing: () => [...(isPolling() ? [] : ['temporal']), ...(heartbeat.isHeard() ? [] : ['postgresql']), ...missing()],
    registry,
  });

const leave = async () => {
  ensuring.stop();
  await relay.stop();
  await heartbeat.stop();
  await commander.close();
  await prober.close();
  await db.close();
  process.exit();
};
let stopping = false;
const stop = (signal: string) => {
  if (stopping) return;
  stopping = true;
  log.info({ signal }, 'stopping');
  if (polling) polling.shutdown();
  else void leave();
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(signal));

const activities = createActivities({
  db,
  client: commander.client,
  log,
  ...counted,
  bulkConcurrency: config.BULK_CONCURRENCY,
  tracking: trackingOf(tracker, batches),
  terms: termsOf(batches),
});
const quarantine = await openQuarantine({ db, databaseUrl: database.DATABASE_URL, registry, log });
const fast = await openFastPath({
  watchdog: new URL('./quarantine/witness.ts', import.meta.url),
  refusal: quarantine.refusal,
});
const fits = fitting(getHeapStatistics().heap_size_limit);
if ((config.WORKFLOW_CACHE ?? 0) > fits)
  log.warn({ asked: config.WORKFLOW_CACHE, fits }, 'WORKFLOW_CACHE may be too much for the heap: see --max-old-space-size');
if (!fast.on) log.warn({ why: fast.why }, 'workflows run without the fast path');
// Bundled once, because a worker started on Temporal's return must poll at once.
const bundlePath = config.WORKFLOW_BUNDLE ?? (await workflowBundle());
let isFirst = true;
const workerOn = async (connection: NativeConnection): Promise<Poller> => {
  const worker = await createWorker({
    connection,
    namespace: temporal.TEMPORAL_NAMESPACE,
    taskQueue: temporal.TASK_QUEUE,
    activities,
    config,
    bundlePath,
    onFastPath: fast.on,
  });
  // Temporal has come back, perhaps from a backup.
  if (!isFirst) ensuring.again();
  isFirst = false;
  return { worker, close: () => connection.close() };
};
polling = await startPolling({
  log,
  probe: () =>
    prober.client.withDeadline(Date.now() + PROBE_MS, () =>
      prober.client.workflowService.describeNamespace({ namespace: temporal.TEMPORAL_NAMESPACE }),
    ),
  create: async () => {
    for (let tries = 0; ; tries++) {
      let connection: NativeConnection | undefined;
      try {
        // Histories are short and the server is near, so compression costs both sides more than it saves.
        connection = await NativeConnection.connect({ ...temporalOptions(temporal), grpcCompression: { codec: 'none' } });
        return await workerOn(connection);
      } catch (error) {
        await connection?.close();
        // Anything else of a worker is a fault of ours, as a bundle that does not load.
        if (connection && !(error instanceof TransportError)) throw error;
        if (tries % LOG_EVERY_TRIES === 0) log.warn({ address: temporal.TEMPORAL_ADDRESS, err: error }, 'waiting for Temporal');
        if (stopping) throw error;
        await sleep(CONNECT_EVERY_MS);
      }
    }
  },
});
log.info({ taskQueue: temporal.TASK_QUEUE, namespace: temporal.TEMPORAL_NAMESPACE }, 'polling');
if (stopping) polling.shutdown();
try {
  await polling.ended;
} catch (error) {
  log.fatal({ err: error }, 'the worker has failed');
  process.exitCode = 1;
}
await quarantine.stop();
await leave();
