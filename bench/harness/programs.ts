import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { permissions } from '../../api/http/auth.ts';
import type { Child } from '../../local/keeper/keeper.ts';
import { freePort } from '../../local/servers/ports.ts';
import { lastLines } from '../../local/servers/progress.ts';
import { signToken } from '../../local/servers/secrets.ts';
import { programArgs } from '../../local/servers/servers.ts';
import { cpuMs } from '../measure/cpu.ts';
import type { DatabaseName, Servers } from './servers.ts';

/** Settings for both workers, ours and the floor's. */
export interface WorkerSettings {
  slots: number;
  cache: number;
}

export interface RunningApi {
  child: Child;
  url: string;
}

const SECRET = 'a-secret-of-the-bench-that-is-long-enough-0123456789';
export const CALLBACK_SECRET = 'a-callback-secret-of-the-bench-long-enough-0123456789';
const QUEUES = { product: 'bench', floor: 'bench-floor', lists: 'bench-lists' } as const;
const STARTS_WITHIN_MS = 60_000;

export const queueOf = (name: DatabaseName): string => QUEUES[name];

/** A token with every permission, as an admin's. */
export const benchToken = () => signToken({ secret: SECRET, sub: 'bench', name: '측정', permissions, hours: 2 });

/** The API, from its production entry. */
export async function startApi(servers: Servers, database: 'product' | 'lists', queue = queueOf(database)): Promise<RunningApi> {
  const port = await freePort();
  // An answer that is too slow for a person is a result here, not a failure.
  const environment = { PORT: String(port), AUTH_JWT_SECRET: SECRET, COMMAND_TIMEOUT_MS: '60000', TASK_QUEUE: queue };
  const child = await start(servers, `api-${database}`, 'api/main.ts', database, environment);
  const url = `http://127.0.0.1:${port}`;
  await until(servers, child, `api-${database}`, async () => (await fetch(`${url}/healthz`)).ok);
  return { child, url };
}

/** The worker, from its production entry. */
export async function startWorker(
  servers: Servers,
  { slots, cache }: WorkerSettings,
  more: NodeJS.ProcessEnv = {},
  queue = queueOf('product'),
): Promise<Child> {
  const never = '0 0 1 1 *';
  const batches = { WAYBILL_REGISTRATION_CRON: never, AUTO_COMPLETE_CRON: never, BATCH_ROW_AGE_SECONDS: '0' };
  const environment = { WORKER_SLOTS: String(slots), WORKFLOW_CACHE: String(cache), TASK_QUEUE: queue, ...batches, ...more };
  const polls = () => servers.db.product.query(sql`select 1 from workers where task_queue = ${queue}`);
  await servers.db.product.query(sql`delete from workers where task_queue = ${queue}`);
  const child = await start(servers, 'worker', 'worker/main.ts', 'product', environment);
  await until(servers, child, 'worker', async () => (await polls()).length > 0);
  return child;
}

/** The floor's worker: bare, with the same settings. Its log says when it polls. */
export async function startFloorWorker(servers: Servers, { slots, cache }: WorkerSettings): Promise<Child> {
  const environment = { FLOOR_SLOTS: String(slots), FLOOR_CACHE: String(cache), FLOOR_POOL: '20' };
  const child = await start(servers, 'floor', 'bench/floor/floor.ts', 'floor', environment);
  await until(servers, child, 'floor', async () => lastLines(logOf(servers, 'floor'), 1)[0] === `polling ${child.pid}`);
  return child;
}

/** The floor of the callbacks: a bare handler on a table of the same shape. */
export async function startFloorCallback(servers: Servers): Promise<RunningApi> {
  const port = await freePort();
  const child = await start(servers, 'floor-callback', 'bench/floor/floor-callback.ts', 'floor', {
    PORT: String(port),
    FLOOR_POOL: '20',
  });
  const url = `http://127.0.0.1:${port}`;
  await until(servers, child, 'floor-callback', async () => (await fetch(url, { method: 'POST', body: 'x' })).status === 503);
  return { child, url };
}

/** Waits until these processes are idle, at most `ms`: starting workflows continues after the requests were answered. */
export async function settle(pids: readonly number[], ms = 20_000): Promise<void> {
  const deadline = performance.now() + ms;
  for (let quiet = 0; quiet < 2 && performance.now() < deadline; ) {
    const before = pids.reduce((sum, pid) => sum + cpuMs(pid), 0);
    await sleep(400);
    const used = pids.reduce((sum, pid) => sum + cpuMs(pid), 0) - before;
    quiet = used <= 40 ? quiet + 1 : 0;
  }
}

const logOf = ({ folder }: Servers, name: string) => join(folder, `${name}.log`);

function start(servers: Servers, name: string, entry: string, database: DatabaseName, environment: NodeJS.ProcessEnv) {
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^(TEMPORAL|WORKER|AUTH|API|DELIVERY)_/.test(key)),
  );
  return servers.keeper.spawn({
    name,
    command: process.execPath,
    args: [...(process.env.BENCH_NODE_ARGS?.split(' ') ?? []), ...programArgs(entry)],
    cwd: join(import.meta.dirname, '..', '..'),
    env: {
      ...clean,
      DATABASE_URL: servers.urlOf(database),
      TEMPORAL_ADDRESS: servers.temporalAddress,
      TASK_QUEUE: queueOf(database),
      TRACKING_CALLBACK_SECRET: CALLBACK_SECRET,
      ...environment,
    },
    logFile: logOf(servers, name),
  });
}

async function until(servers: Servers, child: Child, name: string, ready: () => Promise<boolean>): Promise<void> {
  let ended = false;
  void child.exited.then(() => {
    ended = true;
  });
  const deadline = performance.now() + STARTS_WITHIN_MS;
  while (!(await ready().catch(() => false))) {
    if (ended || performance.now() > deadline)
      throw new Error(`${name} did not start:\n${lastLines(logOf(servers, name), 15).join('\n')}`);
    await sleep(50);
  }
}
