import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import type { Keeper } from '../../local/keeper/keeper.ts';
import { startPostgres, withClient } from '../../local/servers/postgres.ts';
import type { Settings } from '../../local/servers/settings.ts';

const run = promisify(execFile);
const OURS = 'delivery';
const TEMPORALS = ['temporal', 'temporal_visibility'];
const SQLITE = 'temporal.db';

export interface Backup {
  folder: string;
  /** Where pg_dump and pg_restore are. */
  tools: string;
  /** Temporal keeps its data in PostgreSQL, as in production, and not in the dev server's file. */
  onPostgres: boolean;
}

/**
 * Backs up both while they work: **first Temporal's, then ours**. So what is commanded meanwhile is in ours and not in Temporal's, and
 * `rebuild` takes such rows back with a mark in their history. The other way round a workflow would be ahead of a history that lacks
 * its steps. Returns how many ms each took.
 */
export async function backUp({ folder, tools, onPostgres }: Backup, databaseUrl: string, settings: Settings) {
  mkdirSync(folder, { recursive: true });
  const dump = (name: string) =>
    run(join(tools, 'pg_dump'), [
      ...['--format=directory', '--jobs=2', '--compress=1', '--file', join(folder, name)],
      ...['--dbname', databaseOf(databaseUrl, name)],
    ]);
  const temporal = await took(async () => {
    if (onPostgres) for (const name of TEMPORALS) await dump(name);
    // One transaction reads it, beside the server's writes.
    else
      withSqlite(settings.files.temporalDb, (file) => file.exec(`vacuum into '${join(folder, SQLITE).replaceAll("'", "''")}'`));
  });
  const ours = await took(() => dump(OURS));
  return { temporal, ours };
}

/** Makes the data folder of a stack that has not started yet from a backup. Returns how many ms each took. */
export async function restore(keeper: Keeper, { folder, tools, onPostgres }: Backup, settings: Settings) {
  const { files, PG_PORT } = settings;
  const { url, child } = await startPostgres(keeper, { dataDir: files.postgres, port: PG_PORT, database: OURS });
  const fill = async (name: string) => {
    const target = databaseOf(url, name);
    await run(join(tools, 'pg_restore'), ['--jobs=2', '--no-owner', '--exit-on-error', '--dbname', target, join(folder, name)]);
    // A restored table has no statistics until it is analysed, and is searched without its indexes.
    await withClient(target, (client) => client.query('analyze'));
  };
  const ours = await took(() => fill(OURS));
  const temporal = await took(async () => {
    if (!onPostgres) {
      mkdirSync(dirname(files.temporalDb), { recursive: true });
      copyFileSync(join(folder, SQLITE), files.temporalDb);
      writeFileSync(`${files.temporalDb}.complete`, '');
      return;
    }
    for (const name of TEMPORALS) {
      await withClient(url, (client) => client.query(`create database ${name}`));
      await fill(name);
    }
  });
  await child.stop(60_000);
  return { temporal, ours };
}

/** Bytes of a backup's part. */
export function sizeOf({ folder, onPostgres }: Backup): { temporal: number; ours: number } {
  const size = (path: string): number => {
    const stat = statSync(path);
    return stat.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + size(join(path, name)), 0) : stat.size;
  };
  const temporal = (onPostgres ? TEMPORALS : [SQLITE]).reduce((sum, name) => sum + size(join(folder, name)), 0);
  return { temporal, ours: size(join(folder, OURS)) };
}

const databaseOf = (url: string, name: string): string => url.replace(/\/[^/]*$/, `/${name}`);

function withSqlite(path: string, work: (file: DatabaseSync) => void): void {
  // Temporal's schema writes some of its literals with double quotes.
  const file = new DatabaseSync(path, { timeout: 60_000, enableDoubleQuotedStringLiterals: true });
  try {
    work(file);
  } finally {
    file.close();
  }
}

async function took(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
