import type { Bench, Part } from '../harness/bench.ts';
import type { LoadTask } from '../harness/load.ts';
import type { WorkerSettings } from '../harness/programs.ts';
import { costOf, type Measured, othersOf, type Runner, settleAll, startFloor, startOurs } from '../harness/stack.ts';
import { shown, spreadOf } from '../measure/stats.ts';
import { delivered, lifecycleLevels } from './lifecycles.ts';
import { workerMemory } from './memory.ts';

/** Targets of issue 24, points 2 and 3, of cold commands of issue 10, item 5: ours compared with the plain SDK. */
const THROUGHPUT_AT_LEAST = 1.3;
const ALONE_AT_MOST = 0.9;
const TAIL_AT_MOST = 2;
const COLD_AT_LEAST = 1.1;
const CROWD = 50;
const LIFECYCLES_AT_ONCE = 16;
const OFF = { WORKFLOW_FAST_PATH: 'off' };

type Name = 'ours' | 'off' | 'floor';
const names = ['ours', 'floor', 'off'] as const satisfies Name[];
const titles = { ours: 'ours', off: 'ours, fast path off', floor: 'floor' } satisfies Record<Name, string>;

type Runs = Record<Name, Measured[]>;

/** The command over HTTP with and without the worker's fast path, and the floor, all three in turn on the same servers. */
export const fastPathParts: Part[] = [
  part('fast-path', 'Fast path, warm commands: ours, ours with it off, the floor', async (bench, sides) => {
    const { sizes } = bench;
    await openLines(bench, sides, 3 * sizes.warmUp);
    const alone = await inTurn(bench, sides, 0.35, commands(sizes.alone, 1));
    const crowd = await inTurn(bench, sides, 0.75, commands(sizes.crowd, CROWD));
    compare(bench, 'warm, alone: p50', alone, (run) => run.p50, { atMost: ALONE_AT_MOST }, 'ms');
    compare(bench, `warm, ${CROWD} at once: throughput`, crowd, rateOf, { atLeast: THROUGHPUT_AT_LEAST }, '/s');
    for (const [at, runs] of [
      ['alone', alone],
      [`${CROWD} at once`, crowd],
    ] as const) {
      const tails = (name: Name) => spreadOf(runs[name].map(({ p99, p50 }) => p99 / p50));
      const floor = spreadOf(runs.floor.map(({ p50 }) => p50));
      bench.report.target(`warm, ${at}: p99 / p50`, tails('ours'), { atMost: TAIL_AT_MOST }, ' ×', floor);
      bench.report.say(`  the floor's ${shown(tails('floor'))} ×`);
    }
  }),
  part(
    'fast-path-cold',
    'Fast path, cold commands: each replays its line’s history',
    async (bench, sides) => {
      const { sizes } = bench;
      await openLines(bench, sides, sizes.lines);
      const crowd = await inTurn(bench, sides, 1, commands(sizes.coldCrowd, CROWD));
      compare(bench, `cold, ${CROWD} at once: throughput`, crowd, rateOf, { atLeast: COLD_AT_LEAST }, '/s');
    },
    ({ sizes: { lines } }) => ({ slots: Math.min(64, lines / 2), cache: lines / 2 }),
  ),
  part('fast-path-lifecycles', 'Fast path, lifecycles: ordered to delivered by an event', async (bench, sides) => {
    const { sizes, servers } = bench;
    const lifecycles = (perOrder: number) =>
      inTurn(bench, sides, 1, async (name) => {
        const concurrency = Math.max(2, LIFECYCLES_AT_ONCE / perOrder);
        const task: LoadTask = { kind: 'lifecycles', count: sizes.lifecycles, perOrder, concurrency };
        return delivered(servers.db[name === 'floor' ? 'floor' : 'product'], sides[name], task);
      });
    const warmUp: LoadTask = { kind: 'lifecycles', count: sizes.lifecycles, perOrder: 1, concurrency: CROWD };
    for (const name of names) await sides[name].run(warmUp);
    await settleAll(servers, Object.values(sides));
    for (const { perOrder, title, atLeast } of lifecycleLevels)
      compare(bench, `lifecycles, ${title}`, await lifecycles(perOrder), rateOf, { atLeast }, '/s');
  }),
  {
    key: 'fast-path-memory',
    title: 'Fast path: memory of a worker with many cached lines, on and off',
    run: async (bench) => {
      await workerMemory(bench, 'fast path on');
      await workerMemory(bench, 'fast path off', OFF);
    },
  },
];

function part(
  key: string,
  title: string,
  run: (bench: Bench, sides: Record<Name, Runner>) => Promise<void>,
  settings: (bench: Bench) => WorkerSettings = () => ({ slots: 500, cache: 5_000 }),
): Part {
  return {
    key,
    title,
    run: async (bench) => {
      const { servers } = bench;
      const [ours, off, floor] = await Promise.all([
        startOurs(servers, settings(bench)),
        startOurs(servers, settings(bench), OFF, 'bench-off'),
        startFloor(servers, settings(bench)),
      ]);
      try {
        await run(bench, { ours, off, floor });
      } finally {
        await Promise.all([ours.stop(), off.stop(), floor.stop()]);
      }
    },
  };
}

/** Opens the same lines on every side and sends each some commands as warm-up. */
async function openLines({ sizes, servers }: Bench, sides: Record<Name, Runner>, warmUp: number): Promise<void> {
  for (const name of names) {
    await sides[name].run({ kind: 'open', lines: sizes.lines, perOrder: 16, concurrency: 2 });
    await sides[name].run({ kind: 'commands', count: warmUp, concurrency: 16 });
  }
  await settleAll(servers, Object.values(sides));
}

const commands = (count: number, concurrency: number) => (name: Name, sides: Record<Name, Runner>) =>
  sides[name].run({ kind: 'commands', count, concurrency });

/** Runs every side in each round, starting with a different one each time. */
async function inTurn(
  { rounds, sizes }: Bench,
  sides: Record<Name, Runner>,
  share: number,
  work: (name: Name, sides: Record<Name, Runner>) => Promise<Measured>,
): Promise<Runs> {
  const runs: Runs = { ours: [], off: [], floor: [] };
  await rounds(sizes.rounds, sizes.roundSeconds * share, async (round) => {
    for (let at = 0; at < names.length; at++) {
      const name = names[(round + at) % names.length] as Name;
      runs[name].push(await work(name, sides));
    }
  });
  return runs;
}

const rateOf = (run: Measured): number => (run.count * 1000) / run.elapsedMs;

function compare(
  { report }: Bench,
  what: string,
  runs: Runs,
  figure: (run: Measured) => number,
  limit: { atLeast: number } | { atMost: number },
  unit: string,
): void {
  report.say(what);
  for (const name of names) {
    const value = shown(spreadOf(runs[name].map(figure)));
    report.say(`  ${titles[name]}: ${value} ${unit} · CPU each ${costOf(runs[name])} · others used ${othersOf(runs[name])}`);
  }
  const against = (other: Name) =>
    spreadOf(runs.ours.map((run, round) => figure(run) / figure(runs[other][round] ?? { ...run, p50: Number.NaN, count: 0 })));
  report.target(`${what}, ours / floor`, against('floor'), limit, ' ×', spreadOf(runs.floor.map(figure)));
  report.say(`ours on / off: ${shown(against('off'))} ×`);
}
