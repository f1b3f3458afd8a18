import type { Bench, Part } from '../harness/bench.ts';
import {
  costOf,
  type Measured,
  othersOf,
  type Runner,
  type SideName,
  type Stack,
  settleAll,
  sideNames,
  startOurs,
  totalOf,
  withStack,
} from '../harness/stack.ts';
import { short, shown, spreadOf } from '../measure/stats.ts';

/** Targets of issue 24, point 2. */
const CROWD = 50;
const WARM = { throughputAtLeast: 1.3, aloneAtMost: 0.9 };
const TAIL_AT_MOST = 2;
/** Targets of issues 10 and 3 for what has to be replayed first. */
const COLD = { throughputAtLeast: 1.1, aloneAtMost: 1.25 };
/** Target of issue 21, item 6: what a split may cost, in commands. */
const SPLIT_AT_MOST = 1.5;
const SPLITS_AT_ONCE = 16;

interface Temperature {
  name: 'warm' | 'cold';
  alone: number;
  crowd: number;
  wanted: { throughputAtLeast: number; aloneAtMost: number };
  /** There are never more slots than the cache holds (worker/create.ts), so the cold worker has fewer of both. */
  settings: (lines: number) => { slots: number; cache: number };
}

const temperatures: Record<'warm' | 'cold', (bench: Bench) => Temperature> = {
  warm: ({ sizes }) => ({
    name: 'warm',
    alone: sizes.alone,
    crowd: sizes.crowd,
    wanted: WARM,
    settings: () => ({ slots: 500, cache: 2_000 }),
  }),
  // Half of the lines fit, and each is used only after all the others, so every command replays its line's history.
  cold: ({ sizes }) => ({
    name: 'cold',
    alone: sizes.coldAlone,
    crowd: sizes.coldCrowd,
    wanted: COLD,
    settings: (lines) => ({ slots: Math.min(64, lines / 2), cache: lines / 2 }),
  }),
};

type Runs = Record<SideName, Measured[]>;

/** (a) The same command over HTTP and on the floor, in alternating rounds. */
export const commandParts: Part[] = (['warm', 'cold'] as const).map((name) => ({
  key: name,
  title: `Commands, ${name}: HTTP (JWT, zod, requests, update, projection) against a bare client, worker and the same SQL`,
  run: (bench) => {
    const temperature = temperatures[name](bench);
    return withStack(bench.servers, temperature.settings(bench.sizes.lines), (stack) => measure(bench, stack, temperature));
  },
}));

async function measure(bench: Bench, stack: Stack, { name, alone, crowd, wanted }: Temperature): Promise<void> {
  const { sizes, report } = bench;
  for (const side of sideNames) {
    await stack.run(side, { kind: 'open', lines: sizes.lines, perOrder: 16, concurrency: 2 });
    const count = name === 'warm' ? sizes.warmUp : sizes.lines;
    await stack.run(side, { kind: 'commands', count, concurrency: 16 });
  }
  await stack.settle();
  const levels = [
    { concurrency: 1, count: alone },
    { concurrency: CROWD, count: crowd },
  ];
  const runs = levels.map((): Runs => ({ ours: [], floor: [] }));
  const commits = levels.map(() => 0);
  await bench.rounds(sizes.rounds, sizes.roundSeconds, async (round) => {
    for (const [at, { concurrency, count }] of levels.entries())
      for (const side of round % 2 === 0 ? sideNames : [...sideNames].reverse()) {
        const before = await stack.commits();
        runs[at]?.[side].push(await stack.run(side, { kind: 'commands', count, concurrency }));
        if (side === 'ours') commits[at] = (commits[at] ?? 0) + (await stack.commits()) - before;
      }
  });
  for (const [at, { concurrency, count }] of levels.entries()) {
    const of = runs[at] as Runs;
    const title = concurrency === 1 ? `${name}, alone` : `${name}, ${concurrency} at once`;
    const [rate, p50] = [spreadOf(of.floor.map(rateOf)), spreadOf(of.floor.map((run) => run.p50))];
    report.say(title);
    for (const side of sideNames) say(bench, side, of[side]);
    report.say(`  commits a command: ${short((commits[at] ?? 0) / (of.ours.length * count))}`);
    if (concurrency === 1) {
      const ratio = spreadOf(of.ours.map((run, round) => run.p50 / (of.floor[round]?.p50 ?? Number.NaN)));
      report.target(`${title}: p50 ours / floor`, ratio, { atMost: wanted.aloneAtMost }, ' ×', p50);
    } else {
      const ratio = spreadOf(of.ours.map((run, round) => rateOf(run) / rateOf(of.floor[round])));
      report.target(`${title}: throughput ours / floor`, ratio, { atLeast: wanted.throughputAtLeast }, ' ×', rate);
    }
    if (name === 'warm')
      report.target(
        `${title}: p99 / p50`,
        spreadOf(of.ours.map(tailOf)),
        { atMost: TAIL_AT_MOST },
        ' ×',
        concurrency === 1 ? p50 : rate,
      );
  }
}

function say({ report }: Bench, side: SideName, runs: Measured[]): void {
  const p50 = shown(spreadOf(runs.map((run) => run.p50)));
  const p99 = shown(spreadOf(runs.map((run) => run.p99)));
  report.say(
    `  ${side}: ${shown(spreadOf(runs.map(rateOf)))}/s, p50 ${p50} ms, p99 ${p99} ms (${shown(spreadOf(runs.map(tailOf)))} ×)`,
  );
  report.say(`    CPU a command ${costOf(runs)} · others used ${othersOf(runs)} of the machine`);
}

const tailOf = ({ p99, p50 }: Measured): number => p99 / p50;
const rateOf = (run: Measured | undefined): number => (run ? (run.count * 1000) / run.elapsedMs : Number.NaN);

/** Two lines' rows, histories and a new workflow against one line's row and history. */
export const splitPart: Part = {
  key: 'splits',
  title: 'Splits: a line in two (분할) against a command to one line (배송지시)',
  run: async (bench) => {
    const ours = await startOurs(bench.servers, { slots: 500, cache: 2_000 });
    try {
      await measureSplits(bench, ours);
    } finally {
      await ours.stop();
    }
  },
};

async function measureSplits({ servers, sizes, report, rounds }: Bench, ours: Runner): Promise<void> {
  const asked = ['instruct', 'split'] as const;
  const levels = [
    { concurrency: 1, count: sizes.alone / 2 },
    { concurrency: SPLITS_AT_ONCE, count: sizes.crowd / 5 },
  ];
  const open = (lines: number) => ours.run({ kind: 'open', lines, perOrder: 1, concurrency: 8 });
  const runs = levels.map(() => ({ instruct: [] as Measured[], split: [] as Measured[] }));
  const perRound = levels.reduce((sum, { count }) => sum + 2 * count, 0);
  await open(sizes.alone);
  for (const command of asked) await ours.run({ kind: 'once', command, count: sizes.alone / 2, concurrency: SPLITS_AT_ONCE });
  await rounds(sizes.rounds, sizes.roundSeconds / 3, async (round) => {
    await open(perRound);
    await settleAll(servers, [ours]);
    for (const [at, level] of levels.entries())
      for (const command of round % 2 === 0 ? asked : asked.toReversed())
        runs[at]?.[command].push(await ours.run({ kind: 'once', command, ...level }));
  });
  for (const [at, { concurrency }] of levels.entries()) {
    const { instruct, split } = runs[at] as (typeof runs)[number];
    const took = (run: Measured | undefined) => (concurrency === 1 ? (run?.p50 ?? Number.NaN) : 1000 / rateOf(run));
    const cpu = (run: Measured | undefined) => (run ? totalOf(run.cpu) / run.count : Number.NaN);
    const against = (of: typeof took) => spreadOf(split.map((run, round) => of(run) / of(instruct[round])));
    const name = concurrency === 1 ? 'split, alone: p50' : `split, ${concurrency} at once: time each`;
    report.target(`${name} / a command`, against(took), { atMost: SPLIT_AT_MOST }, ' ×', spreadOf(instruct.map(took)));
    report.say(`  CPU ${shown(against(cpu))} × a command: ${costOf(split)}, of a command ${costOf(instruct)}`);
  }
}
