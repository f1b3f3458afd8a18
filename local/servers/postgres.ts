import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Child, Keeper } from '../keeper/keeper.ts';
import { identify, STOP_LAST } from '../keeper/processes.ts';
import { asUser, postgresBinary, postgresUser } from './postgres-program.ts';
import { lastLines } from './progress.ts';

export interface PostgresOptions {
  /** Holds the cluster, its password and, unless `logFile` is given, its log. */
  dataDir: string;
  port: number;
  /** Created if absent; `delivery` by default. */
  database?: string;
  /** Additional `name=value` settings, which override ours; tests turn fsync off. */
  settings?: string[];
  logFile?: string;
}

export interface RunningPostgres {
  /** With user and password; for `DATABASE_URL`. */
  url: string;
  port: number;
  child: Child;
}

/** A killed backend must stop the server (and with it the stack), not leave it half alive. */
const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'restart_after_crash=off',
  'shared_buffers=256MB',
  'max_connections=200',
  'synchronous_commit=on',
  // Statements and error details contain personal data.
  'log_min_error_statement=panic',
  'log_error_verbosity=terse',
  // When a client is killed during a long statement, its backend ends too.
  'client_connection_check_interval=1s',
  'timezone=UTC',
  'log_timezone=UTC',
];
const START_MS = 60_000;
/** How long a start waits until the backends of a killed server have released its shared memory. */
const STILL_IN_USE_MS = 8_000;

/** Creates the cluster in `dataDir` unless it exists; a killed attempt leaves nothing that counts as one. Takes about a second. */
export async function initPostgres(keeper: Keeper, { dataDir }: Pick<PostgresOptions, 'dataDir'>): Promise<void> {
  const { cluster, passwordFile } = layout(dataDir);
  if (existsSync(cluster)) return;
  mkdirSync(dataDir, { recursive: true });
  for (const name of readdirSync(dataDir)) if (name.startsWith('new-')) rmSync(join(dataDir, name), { recursive: true });
  const user = postgresUser(cluster);
  const unfinished = join(resolve(dataDir), `new-${process.pid}`);
  mkdirSync(unfinished, { mode: 0o700 });
  writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  if (user) for (const path of [unfinished, passwordFile]) chownSync(path, user.uid, user.gid);
  const args = ['--pgdata', unfinished, '--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const lines: string[] = [];
  const initdb = await keeper.spawn({
    name: 'initdb',
    ...asUser(user, postgresBinary('initdb'), [...args, ...locale, '--no-instructions'], [dataDir]),
    env: environment(),
    cwd: '/',
    onLine: (line) => lines.push(line),
  });
  const { code } = await initdb.exited;
  if (code !== 0) throw new Error(`initdb has failed:\n${lines.slice(-10).join('\n')}`);
  renameSync(unfinished, cluster);
}

/**
 * Starts PostgreSQL on 127.0.0.1 and waits until a connection works; creates cluster and database first if they are absent. Also
 * works on the data of a killed server. Throws with the last lines of the server's log when it does not start.
 */
export async function startPostgres(keeper: Keeper, options: PostgresOptions): Promise<RunningPostgres> {
  const { dataDir, port, database = 'delivery', settings = [], logFile = join(dataDir, 'postgres.log') } = options;
  await initPostgres(keeper, { dataDir });
  const { cluster, passwordFile } = layout(dataDir);
  const password = readFileSync(passwordFile, 'utf8').trim();
  const url = (name: string) => `postgresql://postgres:${password}@127.0.0.1:${port}/${name}`;
  const flags = [...SETTINGS, ...settings].flatMap((setting) => ['-c', setting]);
  const server = asUser(
    postgresUser(cluster),
    postgresBinary('postgres'),
    ['-D', cluster, '-p', String(port), ...flags],
    [dataDir],
  );
  const deadline = performance.now() + STILL_IN_USE_MS;
  for (;;) {
    const env = environment(unrelatedLockHolder(cluster));
    const stop = { stopSignal: 'SIGINT', stopOrder: STOP_LAST } as const;
    const child = await keeper.spawn({ name: 'postgres', ...server, env, cwd: '/', logFile, ...stop });
    if (await answers(url('postgres'), child)) {
      await createDatabase(url('postgres'), database);
      return { url: url(database), port, child };
    }
    const words = lastLines(logFile, 10).join('\n');
    if (!words.includes('still in use') || performance.now() > deadline) throw new Error(`PostgreSQL did not start:\n${words}`);
    await sleep(300);
  }
}

function layout(dataDir: string): { cluster: string; passwordFile: string } {
  return { cluster: join(resolve(dataDir), 'cluster'), passwordFile: join(resolve(dataDir), 'password') };
}

/** The caller's PG* variables and locale must not reach the server. */
function environment(grandparent?: number): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C', ...(grandparent && { PG_GRANDPARENT_PID: String(grandparent) }) };
}

/**
 * A killed server leaves postmaster.pid. Its pid may belong to another program by now, which PostgreSQL would take for a running
 * server. PostgreSQL ignores a pid that it is told is its grandparent's, and still checks the shared memory.
 */
function unrelatedLockHolder(cluster: string): number | undefined {
  const lock = join(cluster, 'postmaster.pid');
  if (!existsSync(lock)) return undefined;
  const holder = identify(Number(readFileSync(lock, 'utf8').split('\n')[0]));
  if (holder?.command.includes(cluster)) throw new Error(`PostgreSQL (process ${holder.pid}) already runs on ${cluster}`);
  return holder?.pid;
}

/** True once the server accepts a connection, false when it has ended. */
async function answers(url: string, child: Child): Promise<boolean> {
  let ended = false;
  void child.exited.then(() => {
    ended = true;
  });
  const deadline = performance.now() + START_MS;
  while (!ended) {
    try {
      await withClient(url, (client) => client.query('select 1'));
      return true;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(50);
    }
  }
  return false;
}

async function createDatabase(url: string, name: string): Promise<void> {
  await withClient(url, async (client) => {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  });
}

/** Runs `work` with one connection. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000 });
  // When the server dies while the client is idle, this process must not crash.
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}
