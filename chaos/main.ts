import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Called, Happened, Told } from './history/history.ts';
import { runChaos } from './run.ts';
import { shortestStory, summary } from './story.ts';
import { startClusterWorld } from './world/cluster.ts';
import { startDevServerWorld } from './world/dev-server.ts';

/** `npm run chaos -- --minutes 10 --seed 7 [--clients 6] [--cluster] [--keep]`. Exit code 1 = the books do not balance. */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    clients: { type: 'string', default: '6' },
    cluster: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
const folder = join(process.env.DATA_DIR || '.data', 'chaos', `${values.cluster ? 'cluster' : 'dev'}-${seed}`);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const say = (text: string) => console.log(`${new Date().toISOString().slice(11, 19)} ${text}`);

const outcome = await runChaos({
  seed,
  minutes: Number(values.minutes),
  clients: Number(values.clients),
  folder,
  settlesWithinMs: 120_000,
  startWorld: values.cluster ? startClusterWorld : startDevServerWorld,
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
  if (!values.keep) rmSync(folder, { recursive: true, force: true });
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
