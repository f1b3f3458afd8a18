import { join } from 'node:path';
import type { Child, Keeper } from '../keeper/keeper.ts';
import { assertPortFree } from './ports.ts';
import { startPostgres, withClient } from './postgres.ts';
import { lastLines, progress, timed } from './progress.ts';
import type { Settings } from './settings.ts';
import { startTemporal } from './temporal.ts';
import { temporalExecutable } from './temporal-executable.ts';
import { healTemporal } from './temporal-heal.ts';

/** Called with every child that must live as long as the stack, and its log file, whose last lines are shown if it dies. */
export type Watch = (child: Child, title: string, logFile: string) => void;

const repository = join(import.meta.dirname, '..', '..');
const inRepository = (path: string): string => join(repository, path);

/** Throws one error for all ports of the stack that are taken already, and of these more. */
export async function assertPorts(settings: Settings, more: [name: string, port: number][] = []): Promise<void> {
  const needed: [string, number, string?][] = [['PORT', settings.PORT, settings.HOST], ...more];
  if (!settings.DATABASE_URL) needed.push(['PG_PORT', settings.PG_PORT]);
  if (!settings.TEMPORAL_ADDRESS) {
    needed.push(['TEMPORAL_PORT', settings.TEMPORAL_PORT], ['TEMPORAL_UI_PORT', settings.TEMPORAL_UI_PORT]);
    if (settings.TEMPORAL_METRICS_PORT) needed.push(['TEMPORAL_METRICS_PORT', settings.TEMPORAL_METRICS_PORT]);
  }
  if (!settings.DELIVERY_API_URL) needed.push(['SIMULATOR_PORT', settings.SIMULATOR_PORT]);
  const results = await Promise.allSettled(needed.map((each) => assertPortFree(...each)));
  const lines = results.flatMap((result) => (result.status === 'rejected' ? String(result.reason.message) : []));
  if (lines.length > 0) throw new Error(lines.join('\n'));
}

/** The URL of the configured PostgreSQL, or of the embedded one; migrates its schema to the newest version. */
export async function databaseUrl(keeper: Keeper, settings: Settings, watch: Watch): Promise<string> {
  const { files, PG_PORT, DATABASE_URL } = settings;
  const logFile = join(files.logs, 'postgres.log');
  if (DATABASE_URL) {
    await migrate(keeper, settings, DATABASE_URL);
    return DATABASE_URL;
  }
  const { url, child } = await timed(`PostgreSQL(${PG_PORT})`, () =>
    startPostgres(keeper, { dataDir: files.postgres, port: PG_PORT, logFile }),
  );
  watch(child, 'PostgreSQL', logFile);
  await prepareOwn(keeper, settings, url);
  return url;
}

/** Migrates a database on which none of our programs run yet. */
export async function prepareOwn(keeper: Keeper, settings: Settings, url: string): Promise<void> {
  await migrate(keeper, settings, url);
  // A worker killed a moment ago still counts as polling there, and /readyz would believe it.
  await withClient(url, (client) => client.query('delete from workers'));
}

/** The address of the configured Temporal, or of the embedded one. */
export async function temporalAddress(keeper: Keeper, settings: Settings, watch: Watch): Promise<string> {
  const { files, TEMPORAL_PORT, TEMPORAL_UI_PORT, TEMPORAL_NAMESPACE, TEMPORAL_ADDRESS } = settings;
  if (TEMPORAL_ADDRESS) return TEMPORAL_ADDRESS;
  const executable = await temporalExecutable(keeper, progress);
  const logFile = join(files.logs, 'temporal.log');
  const start = () =>
    startTemporal(keeper, {
      executable,
      port: TEMPORAL_PORT,
      uiPort: TEMPORAL_UI_PORT,
      metricsPort: settings.TEMPORAL_METRICS_PORT,
      dbFile: files.temporalDb,
      namespace: TEMPORAL_NAMESPACE,
      logFile,
    });
  const server = await timed(`Temporal(${TEMPORAL_PORT}, UI ${TEMPORAL_UI_PORT})`, start);
  const onRestart = () => progress('Temporal의 데이터베이스 연결이 막혀 Temporal을 다시 시작합니다');
  const exited = healTemporal(server, { namespace: TEMPORAL_NAMESPACE, start, onRestart });
  watch({ ...server.child, exited }, 'Temporal', logFile);
  return server.address;
}

/** Starts one of our own programs and leaves it running. */
export async function startProgram(
  keeper: Keeper,
  { files }: Settings,
  watch: Watch,
  program: { name: string; title: string; entry: string; env: NodeJS.ProcessEnv },
): Promise<void> {
  const { name, title, entry, env } = program;
  const logFile = join(files.logs, `${name}.log`);
  const child = await keeper.spawn({ name, ...node(entry), env, logFile });
  watch(child, title, logFile);
}

async function migrate(keeper: Keeper, { files }: Settings, url: string): Promise<void> {
  const logFile = join(files.logs, 'migrate.log');
  await timed('데이터베이스 마이그레이션', async () => {
    const env = { ...process.env, DATABASE_URL: url };
    const child = await keeper.spawn({ name: 'migrate', ...node('db/migrate.ts'), env, logFile });
    const { code, signal } = await child.exited;
    if (code !== 0) throw new Error(`마이그레이션 실패 (${signal ?? code}):\n${lastLines(logFile, 15).join('\n')}`);
  });
}

const preloads: Record<string, string> = { 'worker/main.ts': 'worker/fast-path/preload.ts' };

/** Node's arguments for a program of ours, as its npm script has them. */
export function programArgs(entry: string): string[] {
  const preload = preloads[entry];
  return [...(preload ? ['--import', inRepository(preload)] : []), inRepository(entry)];
}

/** What the keeper starts for a program of ours. */
export function node(entry: string): { command: string; args: string[]; cwd: string } {
  return { command: process.execPath, args: programArgs(entry), cwd: repository };
}
