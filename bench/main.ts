import { availableParallelism, loadavg, totalmem } from 'node:os';
import { batchParts } from './batches.ts';
import type { Bench, Part } from './bench.ts';
import { bulkPart } from './bulk.ts';
import { callbackPart } from './callbacks.ts';
import { commandParts } from './commands.ts';
import { historyPart } from './history.ts';
import { sheetPart } from './large-sheet.ts';
import { lifecyclePart } from './lifecycles.ts';
import { listPart } from './lists.ts';
import { memoryPart } from './memory.ts';
import { pickupPart } from './pickups.ts';
import { quotePart } from './quotes.ts';
import { createReport } from './report.ts';
import { type Servers, startServers } from './servers.ts';
import { sizes } from './sizes.ts';

const parts: Part[] = [
  historyPart,
  ...commandParts,
  lifecyclePart,
  pickupPart,
  memoryPart,
  listPart,
  callbackPart,
  ...batchParts,
  quotePart,
  bulkPart,
  sheetPart,
];

const LEAST_ROUNDS = 2;
const report = createReport();
let running: Servers | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => void (running?.stop() ?? Promise.resolve()).finally(() => process.exit(130)));

/** `npm run bench`: runs every part, or those in `BENCH_PARTS`, and prints what came out. Fails only when something breaks. */
async function main(): Promise<void> {
  const wanted = process.env.BENCH_PARTS?.split(',');
  const chosen = parts.filter(({ key }) => !wanted || wanted.includes(key));
  if (chosen.length === 0) throw new Error(`BENCH_PARTS: one or more of ${parts.map(({ key }) => key).join(', ')}`);
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
