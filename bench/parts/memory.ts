import type { Bench, Part } from '../harness/bench.ts';
import { costOf, othersOf, settleAll, startOurs } from '../harness/stack.ts';
import { residentMb } from '../measure/cpu.ts';
import { short, spreadOf } from '../measure/stats.ts';

/** Target of issue 24, point 7. */
const WORKER_MB = 700;
const PER_ORDER = 20;
const ORDERS_AT_ONCE = 4;
const COMMANDS_AT_ONCE = 50;

/** (d) Memory of API and worker with many lines: freshly ordered, and after each has had a command. */
export const memoryPart: Part = {
  key: 'memory',
  title: 'Live lines: memory of API and worker',
  run: (bench) => workerMemory(bench, 'worker'),
};

/** Measures a worker that may keep all lines in its cache. */
export async function workerMemory({ servers, report, sizes }: Bench, title: string, environment: NodeJS.ProcessEnv = {}) {
  const count = sizes.cachedLines;
  const ours = await startOurs(servers, { slots: 500, cache: count + 500 }, environment);
  const pids = { worker: ours.worker.pid, api: ours.api.child.pid };
  const resident = () => ({ worker: residentMb(pids.worker), api: residentMb(pids.api) });
  const before = resident();
  const show = (what: string) => {
    const now = resident();
    for (const name of ['worker', 'api'] as const) {
      const each = ((now[name] - before[name]) * 1024) / count;
      report.say(
        `  ${name}: ${short(before[name])} MB at start, ${short(now[name])} MB with ${count} lines ${what} (${short(each)} KB a line)`,
      );
    }
    report.target(`${title}: memory, ${count} lines ${what}`, spreadOf([now.worker]), { atMost: WORKER_MB }, ' MB');
  };
  try {
    const started = await ours.run({ kind: 'open', lines: count, perOrder: PER_ORDER, concurrency: ORDERS_AT_ONCE });
    await settleAll(servers, [ours]);
    report.say(
      `${count} lines in ${started.count} orders: ${short((count * 1000) / started.elapsedMs)} lines/s · CPU an order ${costOf([started])} · others used ${othersOf([started])}`,
    );
    show('freshly ordered');
    await ours.run({ kind: 'commands', count, concurrency: COMMANDS_AT_ONCE });
    await settleAll(servers, [ours]);
    show('that had a command');
  } finally {
    await ours.stop();
  }
}
