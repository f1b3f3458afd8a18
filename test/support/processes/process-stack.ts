import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { type Db, openDb } from '../../../db/database.ts';
import { type Child, type Keeper, startKeeper } from '../../../local/keeper/keeper.ts';
import { freePort, lastingPorts } from '../../../local/servers/ports.ts';
import { startPostgres } from '../../../local/servers/postgres.ts';
import { programArgs } from '../../../local/servers/servers.ts';
import { startTemporal } from '../../../local/servers/temporal.ts';
import type { Environment } from '../../../process/config/reading.ts';
import { cronAtNoTime } from '../clock.ts';
import { createDatabase, spreadNumbers } from '../database.ts';
import { type Http, httpOf } from '../http.ts';
import { testServers } from '../servers.ts';
import { CALLBACK_SECRET, eventually, SECRET, signToken, withoutPii } from '../stack.ts';
import { notOurs, type Server, serverOf, type Victim, victimOf } from './victims.ts';

const repository = join(import.meta.dirname, '..', '..', '..');

export interface ApiProcess extends Victim, Http {
  url: string;
  /** Resolves when it has ended, however. */
  exited: Child['exited'];
  logFile: string;
}

export interface WorkerProcess extends Victim {
  /** Of its state and `/metrics`. */
  url: string;
  exited: Child['exited'];
  logFile: string;
}

/** Real processes: `worker/main.ts` and `api/main.ts`, on servers of their own where a test asks for them. */
export interface ProcessStack {
  db: Db;
  databaseUrl: string;
  /** The test's own client, on no gate. */
  temporal: Client;
  temporalAddress: string;
  /** Of Temporal's own `/metrics`, when it is this stack's own. */
  temporalMetrics: string | undefined;
  taskQueue: string;
  folder: string;
  /** On a port of its own, or `PORT`. Resolves when it listens (and with `waitReady`, which is the default, when /readyz finds everything). */
  startApi: (environment?: Environment, waitReady?: boolean) => Promise<ApiProcess>;
  /** Resolves when it polls (without `waitPolling` when it answers at all). */
  startWorker: (environment?: Environment, waitPolling?: boolean) => Promise<WorkerProcess>;
  /** PostgreSQL and Temporal, when they are this stack's own. */
  postgres: Server;
  temporalServer: Server;
  stop: () => Promise<void>;
}

export interface ProcessStackOptions {
  /** Own servers; without, the ones all tests share. Temporal's is on a file, so that it can be killed. */
  own?: ('postgres' | 'temporal')[];
  /** For every API and worker. */
  environment?: Environment;
}

const RECONNECT_SOON = { 'grpc.initial_reconnect_backoff_ms': 50, 'grpc.max_reconnect_backoff_ms': 200 };

/** Starts the servers that were asked for; API and worker are started by the test. Call `stop` at the end. */
export async function startProcesses({ own = [], environment = {} }: ProcessStackOptions = {}): Promise<ProcessStack> {
  const folder = mkdtempSync(join(tmpdir(), 'delivery-fault-'));
  const keeper = await startKeeper({ runFile: join(folder, 'run.json') });
  const [database, temporalServer] = await Promise.all([
    own.includes('postgres') ? ownPostgres(keeper, folder) : createDatabase().then((made) => ({ ...made, server: notOurs })),
    own.includes('temporal')
      ? ownTemporal(keeper, folder)
      : { address: testServers().temporalAddress, metrics: undefined, server: notOurs },
  ]);
  const db = openDb({ url: database.url, queryTimeout: 3_000 });
  const connection = Connection.lazy({ address: temporalServer.address, channelArgs: RECONNECT_SOON });
  const common: Environment = {
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: temporalServer.address,
    TASK_QUEUE: database.name,
    AUTH_JWT_SECRET: SECRET,
    LOG_LEVEL: 'info',
    API_POOL_SIZE: '5',
    WORKER_POOL_SIZE: '10',
    WORKER_SLOTS: '50',
    WORKFLOW_CACHE: '200',
    SWEEP_INTERVAL_MS: '200',
    TRACKING_CALLBACK_SECRET: CALLBACK_SECRET,
    BATCH_ROW_AGE_SECONDS: '0',
    // Batches run when a test says so.
    WAYBILL_REGISTRATION_CRON: cronAtNoTime().cron,
    AUTO_COMPLETE_CRON: cronAtNoTime().cron,
    PERSONAL_DATA_CRON: cronAtNoTime().cron,
    OVERDUE_CRON: cronAtNoTime().cron,
    ...environment,
  };
  const token = await signToken(withoutPii);
  let started = 0;

  const program = async (name: string, entry: string, more: Environment) => {
    const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
    const env = { PATH, HOME, NODE_COMPILE_CACHE, ...common, ...more };
    const logFile = join(folder, `${name}-${++started}.log`);
    const spec = { name, command: process.execPath, args: programArgs(entry), cwd: repository, env, logFile };
    const child = await keeper.spawn(spec);
    return { child, logFile, victim: victimOf(() => child) };
  };

  return {
    db,
    databaseUrl: database.url,
    temporal: new Client({ connection }),
    temporalAddress: temporalServer.address,
    temporalMetrics: temporalServer.metrics,
    taskQueue: database.name,
    folder,
    startApi: async (more = {}, waitReady = true) => {
      const port = more.PORT ?? String(await freePort());
      const { child, logFile, victim } = await program('api', 'api/main.ts', { PORT: port, ...more });
      const url = `http://127.0.0.1:${port}`;
      await answers(child, `${url}/${waitReady ? 'readyz' : 'healthz'}`);
      return { ...victim, url, exited: child.exited, logFile, ...httpOf(url, token) };
    },
    startWorker: async (more = {}, waitPolling = true) => {
      const port = String(await freePort());
      const { child, logFile, victim } = await program('worker', 'worker/main.ts', { WORKER_PORT: port, ...more });
      const url = `http://127.0.0.1:${port}`;
      await answers(child, url, waitPolling);
      return { ...victim, url, exited: child.exited, logFile };
    },
    postgres: database.server,
    temporalServer: temporalServer.server,
    stop: async () => {
      await connection.close();
      await keeper.stop();
      await db.close().catch(() => {});
      await database.drop();
      if (process.env.KEEP_LOGS === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** While an own server is away, nothing else may answer on its port. */
async function ownPostgres(keeper: Keeper, folder: string) {
  const [port = 0] = await lastingPorts(1);
  const options = { dataDir: join(folder, 'postgres'), port, settings: ['synchronous_commit=on'] };
  const running = await startPostgres(keeper, options);
  const db = openDb({ url: running.url });
  await db.migrator.up();
  await db.close();
  await spreadNumbers(running.url);
  const server = serverOf(running.child, () => startPostgres(keeper, options));
  return { name: `own-${port}`, url: running.url, server, drop: async () => {} };
}

async function ownTemporal(keeper: Keeper, folder: string) {
  const [port = 0, metricsPort = 0] = await lastingPorts(2);
  const options = {
    executable: testServers().temporalExecutable,
    port,
    metricsPort,
    dbFile: join(folder, 'temporal.db'),
    logFile: join(folder, 'temporal.log'),
  };
  const running = await startTemporal(keeper, options);
  const metrics = `http://127.0.0.1:${metricsPort}/metrics`;
  return { address: running.address, metrics, server: serverOf(running.child, () => startTemporal(keeper, options)) };
}

/** Waits for a 200, or any answer; throws at once when the process has ended instead. */
async function answers(child: Child, url: string, wantsOk = true): Promise<void> {
  let ended = '';
  void child.exited.then(({ code, signal }) => {
    ended = `${child.name} has ended: ${signal ?? code}`;
  });
  const ok = await eventually(async () => ended || (await fetch(url, { signal: AbortSignal.timeout(3_000) })).ok || !wantsOk);
  if (ok !== true) throw new Error(ok);
}
