import { readdirSync, readFileSync } from 'node:fs';
import type { SourceMap } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { workflowBundle } from '../worker/bundle.ts';
import type { LoadTask } from './harness/load.ts';
import { startServers } from './harness/servers.ts';
import { costOf, type Measured, type SideName, type Stack, startStack } from './harness/stack.ts';
import { threadCpu } from './measure/cpu.ts';
import { profileName, type ThreadProfile } from './measure/cpu-profile.ts';
import { bundleMap, type Frame, framesOf } from './measure/frames.ts';
import { short } from './measure/stats.ts';

const usage = 'npm run profile -- [warm|lifecycles|cold] [--side ours|floor] [--count 2000] [--concurrency 50] [--top 25]';
const LINES = 256;
const WRITTEN_WITHIN_MS = 20_000;

interface Options {
  kind: string;
  side: SideName;
  count: number;
  concurrency: number;
  top: number;
}

function optionsOf(): Options {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      side: { type: 'string', default: 'ours' },
      count: { type: 'string', default: '2000' },
      concurrency: { type: 'string', default: '50' },
      top: { type: 'string', default: '25' },
    },
  });
  const [kind = 'warm'] = positionals;
  const { side } = values;
  if (!['warm', 'lifecycles', 'cold'].includes(kind) || (side !== 'ours' && side !== 'floor')) throw new Error(usage);
  return { kind, side, count: Number(values.count), concurrency: Number(values.concurrency), top: Number(values.top) };
}

/** `npm run profile`: CPU of API, worker and, without the fast path, its workflow thread under load, function by function. */
async function main(): Promise<void> {
  const { kind, side, count, concurrency, top } = optionsOf();
  process.env.BENCH_NODE_ARGS = `--import ${join(import.meta.dirname, 'measure', 'cpu-profile.ts')}`;
  const servers = await startServers(console.log);
  process.env.PROFILE_FOLDER = servers.folder;
  try {
    const cold = { slots: LINES / 4, cache: LINES / 2 };
    const stack = await startStack(servers, kind === 'cold' ? cold : { slots: 500, cache: 5_000 });
    const task = (count: number): LoadTask =>
      kind === 'lifecycles' ? { kind, count, perOrder: 1, concurrency } : { kind: 'commands', count, concurrency };
    if (kind !== 'lifecycles') await stack.run(side, { kind: 'open', lines: LINES, perOrder: 16, concurrency: 2 });
    await stack.run(side, task(kind === 'lifecycles' ? Math.ceil(count / 4) : LINES * 4));
    await stack.settle();
    const pids = side === 'ours' ? [stack.api.child.pid, stack.worker.pid] : [stack.floorWorker.pid];
    const programOf = (pid: number) => (pid === stack.api.child.pid ? 'API' : 'worker');
    const before = pids.map(threadCpu);
    const run = await profiled(stack, side, task(count), pids);
    console.log(`${kind}, ${side}, ${concurrency} at once: ${short((count * 1000) / run.elapsedMs)}/s, p50 ${short(run.p50)} ms`);
    console.log(`CPU each ${costOf([run])}`);
    for (const [at, pid] of pids.entries()) {
      const threads = [...threadCpu(pid)].map(([name, ms]) => [name, (ms - (before[at]?.get(name) ?? 0)) / count] as const);
      const shown = threads.sort((a, b) => b[1] - a[1]).map(([name, ms]) => `${name} ${ms.toFixed(2)}`);
      console.log(`threads of ${programOf(pid)}: ${shown.join(', ')} ms`);
    }
    const bundle = bundleMap(await workflowBundle());
    const hasThread = side === 'floor' || process.env.WORKFLOW_FAST_PATH === 'off';
    for (const pid of pids)
      for (const thread of await threadsOf(servers.folder, pid, hasThread && programOf(pid) === 'worker' ? 2 : 1))
        show(programOf(pid), thread, count, top, bundle);
    await stack.stop();
  } finally {
    await servers.stop();
  }
}

async function profiled(stack: Stack, side: SideName, task: LoadTask, pids: number[]): Promise<Measured> {
  const toggle = () => {
    for (const pid of pids) process.kill(pid, 'SIGUSR2');
  };
  toggle();
  try {
    return await stack.run(side, task);
  } finally {
    toggle();
  }
}

/** The profiles that the threads of a process wrote; waits for at least `least` of them. */
async function threadsOf(folder: string, pid: number, least: number): Promise<ThreadProfile[]> {
  const deadline = performance.now() + WRITTEN_WITHIN_MS;
  for (;;) {
    const names = readdirSync(folder).filter((name) => name.startsWith(profileName(pid)));
    if (names.length >= least) {
      await sleep(500);
      return names.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as ThreadProfile);
    }
    if (performance.now() > deadline) throw new Error(`process ${pid} wrote ${names.length} of ${least} profiles`);
    await sleep(100);
  }
}

function show(
  program: string,
  { thread, cpuMs, processMs, profile }: ThreadProfile,
  count: number,
  top: number,
  bundle: SourceMap,
) {
  const frames = framesOf(profile, bundle);
  const busy = frames.reduce((sum, { ms }) => sum + ms, 0);
  const each = (ms: number) => `${short(ms / count)} ms`;
  const whole = processMs > 0 ? ` of the process's ${each(processMs)}` : '';
  console.log(`\n${program}, ${thread.replace(/.*[\\/]/, '')} thread: ${each(cpuMs)}${whole} of CPU each; busy ${each(busy)}`);
  const line = (ms: number, text: string) => console.log(`  ${((100 * ms) / busy).toFixed(1).padStart(5)} %  ${text}`);
  const groups = Map.groupBy(frames, ({ group }) => group);
  const sums = [...groups].map(([group, of]): [string, number] => [group, of.reduce((sum, { ms }) => sum + ms, 0)]);
  for (const [group, ms] of sums.sort((a, b) => b[1] - a[1]).slice(0, 14)) line(ms, group);
  console.log('  ——');
  for (const { ms, name, at } of frames.slice(0, top) satisfies Frame[]) line(ms, `${name}  ${at}`);
}

await main();
process.exit();
