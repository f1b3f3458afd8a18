import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { z } from 'zod';
import { openDb } from '../../db/database.ts';
import { backUp, restore, sizeOf } from './backup.ts';
import { balance } from './books.ts';
import { give, startClients } from './commands.ts';
import { loadLines } from './load.ts';
import { postgresTools } from './postgres-tools.ts';
import { placeIn, type Running, start } from './stacks.ts';

/**
 * `npm run rehearse:restore -- --lines 1000 [--cluster] [--all] [--keep]`: loads lines, backs up PostgreSQL and Temporal while clients work,
 * restores both in another place, rebuilds what was written since the backup began (`--all`: every row), and balances the books.
 * Prints how long each took. Exit code 1: they do not balance.
 */
const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '1000' },
    cluster: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
});
const { data: count } = z.coerce.number().int().min(100).max(5_000_000).safeParse(values.lines);
if (count === undefined) {
  console.error(`--lines: a whole number from 100 to 5,000,000, not ${values.lines}`);
  process.exit(64);
}
const QUANTITY_A_LINE = 2;
const COMMANDS_AFTER = 50;
const WARM_UP_COMMANDS = 20;
/** A command may have been on its way when the backup began. */
const ON_ITS_WAY_MS = 60_000;

const folder = mkdtempSync(join(tmpdir(), 'delivery-rehearsal-'));
const begun = performance.now();
const say = (text: string): void => console.log(`${((performance.now() - begun) / 1000).toFixed(0).padStart(6)} s  ${text}`);
const figures: [string, string][] = [];
const noted = (what: string, ms: number, more = ''): void => {
  figures.push([what, `${(ms / 1000).toFixed(1)} s${more}`]);
  say(`${what}: ${(ms / 1000).toFixed(1)} s${more}`);
};
const timed = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
  const startedAt = performance.now();
  const result = await work();
  noted(what, performance.now() - startedAt);
  return result;
};
const megabytes = (bytes: number): string => ` (${(bytes / 1e6).toFixed(1)} MB)`;

/** Works with both stores of a running stack. */
async function withStores<T>(
  { databaseUrl, temporalAddress }: Running,
  work: (stores: { db: ReturnType<typeof openDb>; temporal: Client }) => Promise<T>,
): Promise<T> {
  const db = openDb({ url: databaseUrl });
  const connection = await Connection.connect({ address: temporalAddress });
  try {
    return await work({ db, temporal: new Client({ connection }) });
  } finally {
    await connection.close();
    await db.close();
  }
}

const tools = await postgresTools(say);
const backup = { folder: join(folder, 'backup'), tools, onPostgres: values.cluster };
const running: Running[] = [];
try {
  const first = await placeIn(join(folder, 'first'));
  const original = await timed('start', () => start(first, values.cluster));
  running.push(original);
  const lines = await timed(`load ${count.toLocaleString('en')} lines`, () =>
    withStores(original, (stores) => loadLines({ ...stores, taskQueue: 'delivery-back-office' }, count, say)),
  );

  const clients = startClients(original, lines);
  while (clients.ledger.length < Math.min(WARM_UP_COMMANDS, count)) await new Promise((resolve) => setTimeout(resolve, 50));
  const before = [...clients.ledger];
  const since = new Date(Date.now() - ON_ITS_WAY_MS).toISOString();
  const saved = await backUp(backup, original.databaseUrl, first.settings);
  await clients.stop();
  const size = sizeOf(backup);
  noted("back up Temporal's", saved.temporal, megabytes(size.temporal));
  noted('back up ours', saved.ours, megabytes(size.ours));
  say(`${clients.ledger.length - before.length} commands were answered meanwhile`);
  await original.stop();
  running.pop();

  const second = await placeIn(join(folder, 'second'));
  const restored = await restore(second.keeper, backup, second.settings);
  noted("restore Temporal's", restored.temporal);
  noted('restore ours', restored.ours);
  const again = await timed('start on the restored data', () => start(second, values.cluster));
  running.push(again);
  const rows = values.all ? [] : ['--changed-since', since];
  const rebuilt = await timed('rebuild', () => again.run('worker/rebuild/main.ts', rows));
  for (const line of rebuilt.lines.slice(-3)) say(line);
  const checked = await timed('rebuild once more, only looking', () =>
    again.run('worker/rebuild/main.ts', ['--dry-run', ...rows]),
  );

  const quantity = count * QUANTITY_A_LINE;
  const accounts = await withStores(again, (stores) => balance({ ...stores, lines: count, quantity, before }));
  const clean = checked.code === 0 && checked.lines.slice(-3).every((line) => line.includes(' 0 to repair, 0 left'));
  accounts.push({ what: 'rows are as their workflows', holds: clean, seen: checked.lines.slice(-3).join('; ') });
  // The last lines have been touched by nobody.
  const told = [];
  for (const line of lines.slice(-COMMANDS_AFTER)) told.push(await give(again, line, 'instruct'));
  const done = told.filter((each) => 'revision' in each).length;
  accounts.push({ what: 'commands are done as before', holds: done === told.length, seen: `${done} of ${told.length}` });

  for (const { what, holds, seen } of accounts) say(`${holds ? '✓' : '✗'} ${what}: ${seen}`);
  const kind = values.cluster ? 'Temporal on PostgreSQL' : 'Temporal on its SQLite file';
  console.log(`\n${count.toLocaleString('en')} lines, ${kind}, ${cpus().length} cores`);
  for (const [what, figure] of figures) console.log(`  ${what.padEnd(34)}${figure}`);
  const balanced = accounts.every(({ holds }) => holds);
  console.log(balanced ? 'The books balance.' : 'The books do NOT balance.');
  process.exitCode = balanced ? 0 : 1;
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  for (const stack of running) await stack.stop();
  if (values.keep) console.log(`kept: ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
}
process.exit();
