import { quantile } from '../measure/stats.ts';
import { connectSide, type LoadLine, type OnceCommand, type Side, type SideConfig } from './sides.ts';

/*
 * `node bench/harness/load.ts CONFIG`: the program that loads one side. Ours and the floor have one process each, so that the
 * generator's own work is the same for both and disturbs neither the other side nor the measuring. It ends with its parent.
 */
export type LoadTask =
  /** Replaces the current lines by new ones, each order with `perOrder` of them. */
  | { kind: 'open'; lines: number; perOrder: number; concurrency: number }
  /** One command of the cycle to the next line in turn, `count` times. */
  | { kind: 'commands'; count: number; concurrency: number }
  /** This command to the next lines, which are not used again. */
  | { kind: 'once'; command: OnceCommand; count: number; concurrency: number }
  /** Replaces the current load by confirmed pickups, each for a line of its own. */
  | { kind: 'pickups'; pickups: number; concurrency: number }
  /** `count` lines in all, orders of `perOrder` of them, each order's lines commanded together. */
  | { kind: 'lifecycles'; count: number; perOrder: number; concurrency: number };

export interface LoadResult {
  count: number;
  elapsedMs: number;
  p50: number;
  p95: number;
  p99: number;
  /** CPU of this process, the generator itself. */
  cpuMs: number;
}

export type LoadReply = { ready: true } | { result: LoadResult } | { error: string };

/** Runs `work` `count` times, at most `concurrency` at once; stops at the first failure. */
async function closedLoop(count: number, concurrency: number, work: () => Promise<void>): Promise<number[]> {
  const took: number[] = [];
  let begun = 0;
  const one = async () => {
    while (begun < count) {
      begun++;
      const from = performance.now();
      await work();
      took.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, one));
  return took;
}

function tasksOf(side: Side) {
  // First in, first out, so that every line gets its turn and none has two commands at once.
  let queue: LoadLine[] = [];
  const next = () => {
    const line = queue.shift();
    if (!line) throw new Error('fewer lines than commands at once');
    return line;
  };
  return (task: LoadTask): Promise<number[]> => {
    switch (task.kind) {
      case 'open':
        queue = [];
        return closedLoop(Math.ceil(task.lines / task.perOrder), task.concurrency, async () => {
          queue.push(...(await side.start(task.perOrder)));
        });
      case 'pickups':
        queue = [];
        return closedLoop(task.pickups, task.concurrency, async () => {
          queue.push(await side.startPickup());
        });
      case 'commands':
        return closedLoop(task.count, task.concurrency, async () => {
          const line = next();
          await side.cycle(line);
          queue.push({ ...line, visits: line.visits + 1 });
        });
      case 'once':
        return closedLoop(task.count, task.concurrency, () => side.once(task.command, next()));
      case 'lifecycles':
        return closedLoop(Math.ceil(task.count / task.perOrder), task.concurrency, async () => {
          await side.lifecycle(await side.start(task.perOrder));
        });
      default:
        return task satisfies never;
    }
  };
}

// Sent by generators.ts of this folder.
const side = await connectSide(JSON.parse(process.argv[2] ?? '') as SideConfig);
const run = tasksOf(side);
const tell = (reply: LoadReply) => process.send?.(reply);
process.on('disconnect', () => process.exit(0));
process.on('message', async (message) => {
  const task = message as LoadTask;
  const cpu = process.cpuUsage();
  const from = performance.now();
  try {
    const took = await run(task);
    const elapsedMs = performance.now() - from;
    const { user, system } = process.cpuUsage(cpu);
    const count = task.kind === 'lifecycles' ? task.count : took.length;
    const cpuMs = (user + system) / 1000;
    const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => quantile(took, share)) as [number, number, number];
    tell({ result: { count, elapsedMs, p50, p95, p99, cpuMs } });
  } catch (error) {
    tell({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
tell({ ready: true });
