import type { Child } from '../local/keeper.ts';
import { cpuMs, machineCpu } from './cpu.ts';
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

/** A load that was run, and what it cost. */
export interface Measured extends LoadResult {
  cpu: Cpu;
  /** Share of the machine that somebody else used meanwhile. */
  others: number;
}

/** Our API and worker and the floor's worker side by side, each with its load program. */
export interface Stack {
  api: RunningApi;
  worker: Child;
  run(side: SideName, task: LoadTask): Promise<Measured>;
  /** Waits until the servers have digested what they were given. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts both sides against these servers. */
export async function startStack(
  servers: Servers,
  settings: WorkerSettings,
  workerEnvironment: NodeJS.ProcessEnv = {},
): Promise<Stack> {
  const [api, worker, floorWorker, token] = await Promise.all([
    startApi(servers, 'product'),
    startWorker(servers, settings, workerEnvironment),
    startFloorWorker(servers, settings),
    benchToken(),
  ]);
  const { temporalAddress, pids } = servers;
  const [ours, floor] = await Promise.all([
    startGenerator({ side: 'ours', url: api.url, token, temporalAddress }),
    startGenerator({ side: 'floor', temporalAddress, taskQueue: queueOf('floor'), databaseUrl: servers.urlOf('floor') }),
  ]);
  const sides: Record<SideName, { generator: Generator; worker: Child }> = {
    ours: { generator: ours, worker },
    floor: { generator: floor, worker: floorWorker },
  };
  const used = (side: SideName): Cpu => ({
    client: cpuMs(sides[side].generator.pid),
    api: side === 'ours' ? cpuMs(api.child.pid) : 0,
    worker: cpuMs(sides[side].worker.pid),
    temporal: cpuMs(pids.temporal),
    postgres: cpuMs(pids.postgres),
  });
  return {
    api,
    worker,
    run: async (side, task) => {
      const [machine, before] = [machineCpu(), used(side)];
      const result = await sides[side].generator.run(task);
      const [machineAfter, after] = [machineCpu(), used(side)];
      const cpu = Object.fromEntries(
        (Object.keys(before) as (keyof Cpu)[]).map((name) => [name, after[name] - before[name]]),
      ) as Cpu;
      const others = machineAfter.busy - machine.busy - totalOf(cpu);
      return { ...result, cpu, others: Math.max(0, others) / Math.max(1, machineAfter.all - machine.all) };
    },
    settle: () => settle([pids.temporal, pids.postgres, worker.pid, floorWorker.pid]),
    stop: async () => {
      await Promise.all([ours.stop(), floor.stop()]);
      await Promise.all([api.child.stop(), worker.stop(6_000), floorWorker.stop(6_000)]);
    },
  };
}

export const totalOf = (cpu: Cpu): number => Object.values(cpu).reduce((sum, ms) => sum + ms, 0);

/** CPU ms for each of `count` pieces of work, by process, summed over several runs. */
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

/** How busy others kept the machine during these runs, in percent. */
export const othersOf = (runs: readonly Measured[]): string =>
  `${Math.round((100 * runs.reduce((sum, run) => sum + run.others, 0)) / Math.max(1, runs.length))} %`;
