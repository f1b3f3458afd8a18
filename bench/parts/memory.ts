import type { Bench, Part } from '../harness/bench.ts';
import { costOf, othersOf, type Stack, withStack } from '../harness/stack.ts';
import { residentMb } from '../measure/cpu.ts';
import { short } from '../measure/stats.ts';

const PER_ORDER = 2;
const CONCURRENCY = 16;

/** (d) Memory of API and worker with many live lines in the worker's cache, and how fast orders are taken in. */
export const memoryPart: Part = {
  key: 'memory',
  title: 'Live lines: memory and starts',
  run: (bench) => withStack(bench.servers, { slots: 500, cache: 10_000 }, (stack) => measure(bench, stack)),
};

async function measure({ report, sizes }: Bench, stack: Stack): Promise<void> {
  const pids = { api: stack.api.child.pid, worker: stack.worker.pid };
  const resident = () => ({ api: residentMb(pids.api), worker: residentMb(pids.worker) });
  const before = resident();
  const { liveLines: lines } = sizes;
  const run = await stack.run('ours', { kind: 'open', lines, perOrder: PER_ORDER, concurrency: CONCURRENCY });
  const seconds = run.elapsedMs / 1000;
  await stack.settle();
  const after = resident();
  report.say(
    `${lines} lines in ${run.count} orders of ${PER_ORDER}: ${short(lines / seconds)} starts/s at ${CONCURRENCY}, p50 ${short(run.p50)} ms`,
  );
  report.say(`CPU an order ${costOf([run])} · others used ${othersOf([run])}`);
  for (const name of ['api', 'worker'] as const) {
    const each = ((after[name] - before[name]) * 1024) / lines;
    report.say(
      `${name}: ${short(before[name])} MB at start, ${short(after[name])} MB with ${lines} live lines (${short(each)} KB a line)`,
    );
  }
}
