import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { createPace } from '../commands/pace.ts';
import { openDb } from '../db/database.ts';
import { apiConfig } from '../process/config/api.ts';
import { databaseConfig } from '../process/config/database.ts';
import { readConfig } from '../process/config/reading.ts';
import { temporalConfig } from '../process/config/temporal.ts';
import { tracingConfig } from '../process/config/tracing.ts';
import { trackerConfig } from '../process/config/tracker.ts';
import { webhookConfig } from '../process/config/webhooks.ts';
import { startEnsuring } from '../process/ensuring.ts';
import { createLastLog, createLog } from '../process/log.ts';
import { databaseMetrics } from '../process/metrics/database.ts';
import { certificateMetrics, clientMetrics } from '../process/metrics/temporal.ts';
import { SEARCH_ATTRIBUTES, searchAttributesIn } from '../process/search-attributes.ts';
import { createTemporalClient } from '../process/temporal.ts';
import { messageSpans } from '../process/tracing/messages.ts';
import { openTracing } from '../process/tracing/open.ts';
import { startSweeps } from '../requests/sweeps.ts';
import { createApp } from './app.ts';
import { createMetrics } from './http/metrics.ts';
import { waitingMetrics } from './operations/waiting.ts';
import { sweepWorkBatches } from './packing/finish-batches.ts';
import { sweepClaims } from './pickups/claim-release.ts';

/** Longer than proxies keep a connection (60 s), so that none is closed here while a request is on its way. */
const IDLE_MS = 75_000;

/** `npm run api`: the production entry of the HTTP API and its sweeps. */
const { config, temporal, database, tracker, webhooks, traces } = readConfig({
  config: apiConfig,
  temporal: temporalConfig,
  database: databaseConfig,
  tracker: trackerConfig,
  webhooks: webhookConfig,
  traces: tracingConfig,
});
const log = createLog('api', process.env);
const metrics = createMetrics();
const { watch, ...watched } = databaseMetrics(metrics.registry);
const tracing = await openTracing('api', traces);
const db = openDb({
  url: database.DATABASE_URL,
  poolSize: config.API_POOL_SIZE,
  transactionTimeout: 10_000,
  queryTimeout: 10_000,
  byIndex: true,
  ...watched,
});
watch(db.connections);
waitingMetrics(db, metrics.registry, log);
certificateMetrics(metrics.registry, temporal);
const { client, close } = createTemporalClient(temporal, {
  onCall: clientMetrics(metrics.registry),
  spans: tracing.isOn ? [messageSpans(tracing)] : [],
});
const leaving = new AbortController();
const deps = {
  db,
  temporal: client,
  taskQueue: temporal.TASK_QUEUE,
  config,
  tracker,
  webhooks,
  log,
  metrics,
  pace: createPace({ db, log }),
  tracing,
  stopping: leaving.signal,
};
const { app, requests } = createApp(deps);
const server = serve(
  { fetch: app.fetch, hostname: config.HOST, port: config.PORT, serverOptions: { keepAliveTimeout: IDLE_MS } },
  ({ address, port }) => log.info({ address, port }, 'listening'),
) as Server;
const sweeps = startSweeps(deps, requests, { claims: () => sweepClaims(deps), 'work batches': () => sweepWorkBatches(deps) });
const ensuring = startEnsuring(log, { [SEARCH_ATTRIBUTES]: searchAttributesIn(client) });

let stopping = false;
const stop = async (signal: string) => {
  if (stopping) return;
  stopping = true;
  log.info({ signal }, 'stopping');
  leaving.abort();
  setTimeout(() => process.exit(1), 10_000).unref();
  // Kept-alive connections that are busy now would otherwise stay open for IDLE_MS after their answer.
  const closing = setInterval(() => server.closeIdleConnections(), 50);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  clearInterval(closing);
  ensuring.stop();
  await sweeps.stop();
  await requests.answersStored();
  await close();
  await db.close();
  await tracing.stop();
  process.exit(0);
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(signal));
server.on('error', (error) => {
  createLastLog('api', process.env).fatal({ err: error }, `cannot listen on ${config.HOST}:${config.PORT}`);
  process.exit(1);
});
