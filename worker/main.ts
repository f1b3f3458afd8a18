import { setTimeout as sleep } from 'node:timers/promises';
import { getHeapStatistics } from 'node:v8';
import { NativeConnection, TransportError } from '@temporalio/worker';
import { createActivities } from '../activities/index.ts';
import { startParts } from '../commands/start.ts';
import { openDb } from '../db/database.ts';
import { batchConfig } from '../process/config/batches.ts';
import { databaseConfig } from '../process/config/database.ts';
import { readConfig } from '../process/config/reading.ts';
import { temporalConfig, temporalOptions } from '../process/config/temporal.ts';
import { tracingConfig } from '../process/config/tracing.ts';
import { trackerConfig } from '../process/config/tracker.ts';
import { workerConfig } from '../process/config/worker.ts';
import { startEnsuring } from '../process/ensuring.ts';
import { createLog } from '../process/log.ts';
import { databaseMetrics } from '../process/metrics/database.ts';
import { certificateMetrics, clientMetrics } from '../process/metrics/temporal.ts';
import { SEARCH_ATTRIBUTES, searchAttributesIn } from '../process/search-attributes.ts';
import { createTemporalClient } from '../process/temporal.ts';
import { activitySpans } from '../process/tracing/activities.ts';
import { messageSpans } from '../process/tracing/messages.ts';
import { openTracing } from '../process/tracing/open.ts';
import { besideConfigs, startBeside } from './beside.ts';
import { fingerprint, workflowBundle } from './bundle.ts';
import { fitting } from './cache-size.ts';
import { createWorker } from './create.ts';
import { openFastPath } from './fast-path/open.ts';
import { serveHealth } from './health.ts';
import { startHeartbeat } from './heartbeat.ts';
import { createWorkerMetrics } from './metrics.ts';
import { type Poller, type Polling, startPolling } from './polling.ts';
import { openQuarantine } from './quarantine/quarantine.ts';
import { installRuntime } from './runtime.ts';
import { SCHEDULES, schedulesIn } from './schedules.ts';
import { settingsOf } from './tracking.ts';
import { OWN_VERSION, ownVersionIn, succeed } from './versioning/own-version.ts';
import { routingOf, type Standing } from './versioning/routing.ts';
import { versionOf } from './versioning/version.ts';
import { createWorkers } from './versioning/workers.ts';

/**
 * `npm run worker`: the production entry of the worker. It polls as soon as Temporal's front door and the workflow bundle allow;
 * everything else goes on beside that and waits for nothing: beside.ts, what Temporal has to have, the heartbeat, health and metrics.
 */
const CONNECT_EVERY_MS = 200;
const LOG_EVERY_TRIES = 50;
const PROBE_MS = 1_000;

const { config, temporal, database, tracker, batches, traces, ...besides } = readConfig({
  config: workerConfig,
  temporal: temporalConfig,
  database: databaseConfig,
  tracker: trackerConfig,
  batches: batchConfig,
  ...besideConfigs,
  traces: tracingConfig,
});
const log = createLog('worker', process.env);
const version = versionOf(config, temporal.TASK_QUEUE, fingerprint);
const { registry, counted } = createWorkerMetrics();
const { watch, ...watched } = databaseMetrics(registry);
const sdkMetrics = await installRuntime(log, { measured: config.WORKER_PORT !== undefined });
const tracing = await openTracing('worker', traces);

const db = openDb({
  url: database.DATABASE_URL,
  poolSize: config.WORKER_POOL_SIZE,
  transactionTimeout: 3_000,
  queryTimeout: 3_500,
  byIndex: true,
  ...watched,
});
watch(db.connections);
certificateMetrics(registry, temporal);
const client = { onCall: clientMetrics(registry), spans: tracing.isOn ? [messageSpans(tracing)] : [] };
// For updates from a pickup to delivery lines; connects at first use.
const commander = createTemporalClient(temporal, client);
const prober = createTemporalClient(temporal, { ...client, retries: false });

let polling: Polling | undefined;
const isPolling = () => polling?.state() === 'RUNNING';
const makesCurrent = config.WORKER_MAKE_CURRENT === 'on';
const ensuring = startEnsuring(log, {
  [SEARCH_ATTRIBUTES]: searchAttributesIn(prober.client),
  [SCHEDULES]: schedulesIn(prober.client, temporal.TASK_QUEUE, batches),
  ...(makesCurrent && { [OWN_VERSION]: ownVersionIn(prober.client, version) }),
});
let standing: Standing = 'unversioned';
const missing = () => [...new Set([...ensuring.missing(), ...(standing === 'waiting' ? [OWN_VERSION] : [])])];
// A version that waits leaves commands without an answer, however well it polls.
const isWorking = () => isPolling() && standing !== 'waiting';
const heartbeat = startHeartbeat({ query: db.query, taskQueue: temporal.TASK_QUEUE, log, isPolling: isWorking, missing });
const beside = startBeside({ ...counted, db, client: prober.client, log, registry, config, tracker, ...besides });
if (config.WORKER_PORT !== undefined)
  serveHealth(config.WORKER_PORT, {
    isPolling,
    hasTheLines: () => standing === 'unversioned' || standing === 'current',
    missing: () => [...(isPolling() ? [] : ['temporal']), ...(heartbeat.isHeard() ? [] : ['postgresql']), ...missing()],
    registry,
    sdkMetrics,
    log,
  });

const leave = async () => {
  ensuring.stop();
  await beside.stop();
  await heartbeat.stop();
  await Promise.all([commander.close(), prober.close()]);
  await db.close();
  await tracing.stop();
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
  startParts: (parts) => startParts({ db, temporal: commander.client, taskQueue: temporal.TASK_QUEUE, config }, parts),
  ...settingsOf(config, tracker, batches),
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
const { TEMPORAL_NAMESPACE: namespace, TASK_QUEUE: taskQueue } = temporal;
const soon = <T>(ask: () => Promise<T>) => prober.client.withDeadline(Date.now() + PROBE_MS, ask);
const onLook = makesCurrent ? succeed({ client: prober.client, version, taskQueue, log, again: ensuring.again }) : () => {};
const spans = tracing.isOn ? [activitySpans(tracing)] : [];
let isFirst = true;
const workerOn = async (connection: NativeConnection): Promise<Poller> => {
  const parts = { connection, namespace, taskQueue, activities, config, bundlePath, onFastPath: fast.on, spans };
  const worker = await createWorkers({
    version,
    create: (version) => createWorker({ ...parts, version }),
    look: () => soon(() => routingOf(prober.client, taskQueue)),
    onLook: (found, routing) => {
      if (found !== standing)
        log[found === 'waiting' ? 'warn' : 'info']({ ...version, standing: found }, 'the standing of this version');
      standing = found;
      onLook(found, routing);
    },
    log,
  });
  // Temporal has come back, perhaps from a backup.
  if (!isFirst) ensuring.again();
  isFirst = false;
  // A worker that was still being created when the process had to end may hold it.
  const close = () => connection.close().catch((error: unknown) => log.warn({ err: error }, 'the connection did not close'));
  return { worker, close };
};
polling = await startPolling({
  log,
  probe: () => soon(() => prober.client.workflowService.describeNamespace({ namespace })),
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
log.info({ taskQueue, namespace, ...version }, 'polling');
if (stopping) polling.shutdown();
try {
  await polling.ended;
} catch (error) {
  log.fatal({ err: error }, 'the worker has failed');
  process.exitCode = 1;
}
await quarantine.stop();
await leave();
