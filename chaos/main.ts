import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../process/config/reading.ts';
import type { Called, Happened, Told } from './history/history.ts';
import { type ChaosOptions, newFolder, readOptions } from './options.ts';
import { runChaos } from './run.ts';
import { shortestStory, summary } from './story.ts';
import { startClusterWorld } from './world/cluster.ts';
import { startDevServerWorld } from './world/dev-server.ts';

/**
 * `npm run chaos -- --minutes 10 --seed 7 [--clients 6] [--cluster] [--keep]`. Exit code 1 = the books do not balance, 64 = no such
 * options.
 */
const EX_USAGE = 64;
const { minutes, seed, clients, cluster, keep } = optionsOrExit();
const folder = newFolder(join(process.env.DATA_DIR || '.data', 'chaos'), `${cluster ? 'cluster' : 'dev'}-${seed}`);
const say = (text: string) => console.log(`${new Date().toISOString().slice(11, 19)} ${text}`);

const outcome = await runChaos({
  seed,
  minutes,
  clients,
  folder,
  settlesWithinMs: 120_000,
  startWorld: cluster ? startClusterWorld : startDevServerWorld,
  say,
});
const { findings, happened, ledgers, faults, restarts, settledMs, began } = outcome;
const restarted = Object.entries(restarts).map(([name, times]) => `${name} ${times}`);
say(`${countOf(happened)}, ${faults.length} faults, started again: ${restarted.join(', ')}`);
say(
  `settled ${(settledMs / 1000).toFixed(1)} s after the last fault; ${ledgers.lines.length} lines, ${ledgers.pickups.length} pickups`,
);
if (findings.length === 0) {
  say('the books balance');
  if (!keep) rmSync(folder, { recursive: true, force: true });
} else {
  say(`the books do not balance: ${summary(findings)}; the run is kept in ${folder}`);
  console.log(shortestStory(findings, happened, ledgers, began));
  process.exitCode = 1;
}

function countOf(events: readonly Happened[]): string {
  const told = events.filter((event): event is Told & { at: number } => event.kind === 'told');
  const called = events.filter((event): event is Called & { at: number } => event.kind === 'called');
  const asked = events.filter(({ kind }) => kind === 'asked').length;
  const lost = told.filter(({ status }) => status === undefined).length;
  return `${asked} wishes, ${told.length} answers (${lost} lost), ${called.filter(({ acknowledged }) => acknowledged).length} callbacks taken`;
}

function optionsOrExit(): ChaosOptions {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exit(EX_USAGE);
  }
}
