import { join } from 'node:path';
import { type Cluster, startCluster } from '../../local/cluster/cluster.ts';
import { freeSettings } from '../../local/cluster/options.ts';
import { startKeeper } from '../../local/keeper/keeper.ts';
import { numbersIn } from '../harness/asked.ts';
import type { Bench, Part } from '../harness/bench.ts';
import { type Generator, startGenerator } from '../harness/generators.ts';
import { settle } from '../harness/programs.ts';
import { cpuMs, machineCpu } from '../measure/cpu.ts';
import { short, shown, spreadOf } from '../measure/stats.ts';

const CONCURRENCY = 64;
const IDLE_WITHIN_MS = 60_000;
/** `BENCH_WORKERS=1,4 BENCH_SHARDS=64` for some of them. */
const WORKERS = [1, 2, 4];
const SHARDS = [1, 4, 64];

interface Measured {
  rate: number;
  p50: number;
  p95: number;
  /** CPU ms a command, by what used it. */
  cpu: Map<string, number>;
  others: number;
}

/** Commands per second of the cluster on one machine, by workers and shards: the same two passes over all, there and back. */
export const topologyPart: Part = {
  key: 'topology',
  title: `Commands/s of the cluster on this machine, ${CONCURRENCY} at once, by workers and shards`,
  run: async (bench) => {
    const quick = process.env.BENCH_QUICK === '1';
    const shards = numbersIn('BENCH_SHARDS', quick ? [4] : SHARDS);
    const workers = numbersIn('BENCH_WORKERS', quick ? [1, 2] : WORKERS);
    const all = shards.flatMap((shards) => workers.map((workers) => ({ shards, workers, runs: [] as Measured[] })));
    for (let pass = 0; pass < bench.sizes.topologyPasses; pass++)
      for (const each of pass % 2 === 0 ? all : [...all].reverse()) each.runs.push(...(await measureOne(bench, each, pass)));
    for (const { shards, workers, runs } of all) say(bench, `${workers} workers, ${shards} shards`, runs);
  },
};

async function measureOne(
  { servers, sizes, report }: Bench,
  { shards, workers }: { shards: number; workers: number },
  pass: number,
): Promise<Measured[]> {
  const settings = await freeSettings(join(servers.folder, `topology-${shards}-${workers}-${pass}`));
  const keeper = await startKeeper({ runFile: settings.files.run });
  let cluster: Cluster | undefined;
  let generator: Generator | undefined;
  const runs: Measured[] = [];
  try {
    // An answer that is too slow for a person is a result here, not a failure.
    const environment = { COMMAND_TIMEOUT_MS: '60000' };
    cluster = await startCluster({ settings, keeper, environment, workers, shards, progress: (text) => report.say(text) });
    const { url, temporalAddress } = cluster;
    generator = await startGenerator({ side: 'ours', url, token: await cluster.token('admin'), temporalAddress });
    await generator.run({ kind: 'open', lines: sizes.lines, perOrder: 16, concurrency: 2 });
    await generator.run({ kind: 'commands', count: sizes.warmUp, concurrency: CONCURRENCY });
    await settle(
      cluster.parts.flatMap((part) => part.pid() ?? []),
      IDLE_WITHIN_MS,
    );
    for (let round = 0; round < sizes.rounds; round++) runs.push(await run(cluster, generator, sizes.crowd));
    return runs;
  } finally {
    await generator?.stop();
    await cluster?.stop();
    await keeper.stop();
  }
}

/** The names under which CPU is shown; the tracker's simulator and the web UI do nothing here. */
const SHOWN: Record<string, string> = {
  api: 'api',
  worker: 'worker',
  postgres: 'postgres',
  frontend: 'temporal',
  history: 'temporal',
  matching: 'temporal',
  'system-worker': 'temporal',
};

async function run(cluster: Cluster, generator: Generator, count: number): Promise<Measured> {
  const used = () => {
    const cpu = new Map([['client', cpuMs(generator.pid) + ownMs()]]);
    for (const { kind, pid } of cluster.parts) {
      const name = SHOWN[kind] ?? 'rest';
      cpu.set(name, (cpu.get(name) ?? 0) + cpuMs(pid() ?? 0));
    }
    return cpu;
  };
  const [machine, before] = [machineCpu(), used()];
  const result = await generator.run({ kind: 'commands', count, concurrency: CONCURRENCY });
  const [machineAfter, after] = [machineCpu(), used()];
  const spent = [...after].map(([name, ms]) => [name, ms - (before.get(name) ?? 0)] as const);
  const busy = machineAfter.busy - machine.busy - spent.reduce((sum, [, ms]) => sum + ms, 0);
  return {
    rate: (result.count * 1000) / result.elapsedMs,
    p50: result.p50,
    p95: result.p95,
    cpu: new Map(spent.map(([name, ms]) => [name, ms / result.count])),
    others: Math.max(0, busy) / Math.max(1, machineAfter.all - machine.all),
  };
}

/** Of this process, which holds the address before the APIs. */
function ownMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function say({ report }: Bench, name: string, runs: Measured[]): void {
  const of = (value: (run: Measured) => number) => spreadOf(runs.map(value));
  const parts = [...(runs[0]?.cpu.keys() ?? [])].map((part) => [part, of((run) => run.cpu.get(part) ?? 0).median] as const);
  const total = parts.reduce((sum, [, ms]) => sum + ms, 0);
  report.say(
    `${name}: ${shown(of(({ rate }) => rate))}/s, p50 ${shown(of(({ p50 }) => p50))} ms, p95 ${shown(of(({ p95 }) => p95))} ms`,
  );
  report.say(
    `  CPU a command ${short(total)} ms = ${parts.map(([part, ms]) => `${part} ${short(ms)}`).join(' + ')} · others used ${Math.round(
      100 * of(({ others }) => others).median,
    )} % of the machine`,
  );
}
