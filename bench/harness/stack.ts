import type { Child } from '../../local/keeper/keeper.ts';
import { freePort } from '../../local/servers/ports.ts';
import { cpuMs, machineCpu } from '../measure/cpu.ts';
import { commitsOf } from './commits.ts';
import { type Generator, startGenerator } from './generators.ts';
import type { LoadResult, LoadTask } from './load.ts';
import {
  benchToken,
  queueOf,
  type RunningApi,
  settle,
  startApi,
  startFloorWorker,
  startWorker,
  type WorkerSettings,
} from './programs.ts';
import type { Servers } from './servers.ts';

export type SideName = 'ours' | 'floor';
export const sideNames = ['ours', 'floor'] as const satisfies SideName[];

/** CPU time in ms by process. */
export type Cpu = Record<'client' | 'api' | 'worker' | 'temporal' | 'postgres', number>;

/** The results and the cost of a load. */
export interface Measured extends LoadResult {
  cpu: Cpu;
  /** Share of the machine that other processes used meanwhile. */
  others: number;
}

/** A worker with its load program, and for our side the API. */
export interface Runner {
  worker: Child;
  run(task: LoadTask): Promise<Measured>;
  stop(): Promise<void>;
}

/** Our API and worker and the floor's worker side by side, each with its load program. */
export interface Stack {
  api: RunningApi;
  worker: Child;
  floorWorker: Child;
  run(side: SideName, task: LoadTask): Promise<Measured>;
  /** How often our API and worker have committed so far. */
  commits(): Promise<number>;
  /** Waits until the servers have finished their work. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts both sides against these servers. */
export async function startStack(
  servers: Servers,
  settings: WorkerSettings,
  workerEnvironment: NodeJS.ProcessEnv = {},
): Promise<Stack> {
  const [ours, floor] = await Promise.all([startOurs(servers, settings, workerEnvironment), startFloor(servers, settings)]);
  const sides = { ours, floor };
  return {
    api: ours.api,
    worker: ours.worker,
    floorWorker: floor.worker,
    run: (side, task) => sides[side].run(task),
    commits: ours.commits,
    settle: () => settleAll(servers, [ours, floor]),
    stop: async () => {
      await Promise.all([ours.stop(), floor.stop()]);
    },
  };
}

/** Works on both sides side by side, which stop afterwards, also when it fails. */
export async function withStack(
  servers: Servers,
  settings: WorkerSettings,
  work: (stack: Stack) => Promise<void>,
): Promise<void> {
  const stack = await startStack(servers, settings);
  try {
    await work(stack);
  } finally {
    await stack.stop();
  }
}

/** Our API, worker and load program, on a task queue of their own when one is named. */
export async function startOurs(
  servers: Servers,
  settings: WorkerSettings,
  workerEnvironment: NodeJS.ProcessEnv = {},
  queue = queueOf('product'),
): Promise<Runner & Pick<Stack, 'api' | 'commits'>> {
  const port = await freePort();
  const [api, worker, token] = await Promise.all([
    startApi(servers, 'product', queue),
    startWorker(servers, settings, { WORKER_PORT: String(port), ...workerEnvironment }, queue),
    benchToken(),
  ]);
  const { temporalAddress } = servers;
  const generator = await startGenerator({ side: 'ours', url: api.url, token, temporalAddress });
  const commits = () => commitsOf([api.url, `http://127.0.0.1:${port}`]);
  return { api, commits, ...runner(servers, generator, worker, api.child) };
}

/** The floor's worker and load program. */
export async function startFloor(servers: Servers, settings: WorkerSettings): Promise<Runner> {
  const worker = await startFloorWorker(servers, settings);
  const { temporalAddress } = servers;
  const generator = await startGenerator({
    side: 'floor',
    temporalAddress,
    taskQueue: queueOf('floor'),
    databaseUrl: servers.urlOf('floor'),
  });
  return runner(servers, generator, worker, undefined);
}

/** Waits until servers and workers are idle. */
export const settleAll = ({ pids }: Servers, runners: Runner[]): Promise<void> =>
  settle([pids.temporal, pids.postgres, ...runners.map(({ worker }) => worker.pid)]);

function runner({ pids }: Servers, generator: Generator, worker: Child, api: Child | undefined): Runner {
  const used = (): Cpu => ({
    client: cpuMs(generator.pid),
    api: api ? cpuMs(api.pid) : 0,
    worker: cpuMs(worker.pid),
    temporal: cpuMs(pids.temporal),
    postgres: cpuMs(pids.postgres),
  });
  return {
    worker,
    run: async (task) => {
      const [machine, before] = [machineCpu(), used()];
      const result = await generator.run(task);
      const [machineAfter, after] = [machineCpu(), used()];
      const cpu = Object.fromEntries(
        (Object.keys(before) as (keyof Cpu)[]).map((name) => [name, after[name] - before[name]]),
      ) as Cpu;
      const others = machineAfter.busy - machine.busy - totalOf(cpu);
      return { ...result, cpu, others: Math.max(0, others) / Math.max(1, machineAfter.all - machine.all) };
    },
    stop: async () => {
      await generator.stop();
      await Promise.all([api?.stop(), worker.stop(6_000)]);
    },
  };
}

export const totalOf = (cpu: Cpu): number => Object.values(cpu).reduce((sum, ms) => sum + ms, 0);

/** CPU ms per piece of work, by process, summed over several runs. */
export function costOf(runs: readonly Measured[]): string {
  const count = runs.reduce((sum, run) => sum + run.count, 0);
  const names = ['client', 'api', 'worker', 'temporal', 'postgres'] as const;
  const each = names.map((name) => [name, runs.reduce((sum, run) => sum + run.cpu[name], 0) / count] as const);
  const total = each.reduce((sum, [, ms]) => sum + ms, 0);
  return `${total.toFixed(2)} ms = ${each
    .filter(([, ms]) => ms > 0)
    .map(([name, ms]) => `${name} ${ms.toFixed(2)}`)
    .join(' + ')}`;
}

/** How much of the machine other processes used during these runs, in percent. */
export const othersOf = (runs: readonly Measured[]): string =>
  `${Math.round((100 * runs.reduce((sum, run) => sum + run.others, 0)) / Math.max(1, runs.length))} %`;
