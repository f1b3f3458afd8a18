import { availableParallelism, loadavg, totalmem } from 'node:os';
import { batchParts } from './bulk/batches.ts';
import { bulkPart } from './bulk/bulk.ts';
import { manyDuePart } from './bulk/many-due.ts';
import type { Bench, Part } from './harness/bench.ts';
import { type Servers, startServers } from './harness/servers.ts';
import { sizes } from './harness/sizes.ts';
import { intakePart } from './intake/intake.ts';
import { createReport } from './measure/report.ts';
import { callbackPart } from './parts/callbacks.ts';
import { commandParts, splitPart } from './parts/commands.ts';
import { exportPart } from './parts/export.ts';
import { fastPathParts } from './parts/fast-path.ts';
import { growthPart } from './parts/growth.ts';
import { historyPart } from './parts/history.ts';
import { sheetPart } from './parts/large-sheet.ts';
import { lifecyclePart } from './parts/lifecycles.ts';
import { listPart } from './parts/lists.ts';
import { memoryPart } from './parts/memory.ts';
import { openLinesPart } from './parts/open-lines.ts';
import { pickupPart } from './parts/pickups.ts';
import { quotePart } from './parts/quotes.ts';
import { stackPart, startingPart } from './parts/starting.ts';
import { topologyPart } from './parts/topology.ts';
import { tailsPart } from './tails/tails.ts';
import { webhookPart } from './webhooks/webhooks.ts';

/** The parts that `npm run bench` measures, in a quarter of an hour. */
const everyday: Part[] = [
  historyPart,
  intakePart,
  ...commandParts,
  tailsPart,
  splitPart,
  lifecyclePart,
  pickupPart,
  memoryPart,
  listPart,
  exportPart,
  quotePart,
  startingPart,
];
/** Whole batches and sheets of ten thousand rows: minutes each, so they run only on request. */
const long: Part[] = [callbackPart, ...batchParts, bulkPart, sheetPart, openLinesPart, webhookPart, stackPart];
/** Many minutes or hours of loading, and a cluster a figure: only by name. */
const growing: Part[] = [growthPart, topologyPart, manyDuePart];
const parts = [...everyday, ...fastPathParts, ...long, ...growing];

const LEAST_ROUNDS = 2;
const report = createReport();
let running: Servers | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => void (running?.stop() ?? Promise.resolve()).finally(() => process.exit(130)));

/** `npm run bench`: runs the everyday parts, or those in `BENCH_PARTS` (`long`, `all`), and prints the results. */
async function main(): Promise<void> {
  const chosen = chosenParts(process.env.BENCH_PARTS || 'everyday');
  const memory = Math.round(totalmem() / 2 ** 30);
  const load = loadavg()[0]?.toFixed(2);
  report.title(`Benchmark on ${availableParallelism()} cores, ${memory} GB, Node ${process.version}; load before it ${load}`);
  if (process.env.BENCH_QUICK === '1') report.say('BENCH_QUICK: tiny sizes, the figures mean nothing');
  running = await startServers((text) => report.say(text));
  void running.keeper.lost.then(() => fail(new Error('the keeper of the servers has ended')));
  const bench: Bench = { servers: running, report, sizes, rounds };
  for (const part of chosen) {
    report.title(part.title);
    await part.run(bench);
  }
  report.summary();
}

function chosenParts(wanted: string): Part[] {
  const groups: Record<string, Part[]> = {
    everyday,
    'fast-path-all': fastPathParts,
    long,
    all: [...everyday, ...fastPathParts, ...long],
  };
  const keys = wanted.split(',');
  const known = keys.every((wish) => parts.some(({ key }) => key === wish));
  const chosen = groups[wanted] ?? (known ? parts.filter(({ key }) => keys.includes(key)) : []);
  if (chosen.length > 0) return chosen;
  throw new Error(`BENCH_PARTS: ${Object.keys(groups).join(', ')}, or some of ${parts.map(({ key }) => key).join(', ')}`);
}

async function rounds(count: number, seconds: number, work: (round: number) => Promise<void>): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  for (let round = 0; round < count; round++) {
    if (round >= LEAST_ROUNDS && performance.now() > deadline)
      return report.say(`only ${round} of ${count} rounds: the machine is slow, and the bench ends within its time`);
    await work(round);
  }
}

function fail(error: unknown): void {
  console.error(error);
  process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  fail(error);
} finally {
  await running?.stop();
}
report.say(`took ${Math.round(performance.now() / 1000)} s`);
process.exit();
