import { join } from 'node:path';
import { type Filled, fill, type Life, lives } from '../growth/fill.ts';
import { type Ground, type GroundName, groundNames, openGround } from '../growth/ground.ts';
import { type Figures, type Measuring, startMeasuring } from '../growth/measure.ts';
import { numberIn, wordIn } from '../harness/asked.ts';
import type { Bench, Part } from '../harness/bench.ts';
import { shown, spreadOf } from '../measure/stats.ts';
import { eachLine } from '../measure/table-sizes.ts';

/** So many lines are the yardstick: loaded anew, measured in turn with the many. */
const BASE = 1_000;
const QUICK_BASE = 200;

const { env } = process;
/** `BENCH_GROWTH_LINES=1000000 BENCH_GROWTH_ON=cluster BENCH_GROWTH_LIFE=whole`; the folder may be filled before by `npm run grow`. */
const asked = {
  lines: (preset: number) => numberIn('BENCH_GROWTH_LINES', preset),
  grounds: () => (env.BENCH_GROWTH_ON || groundNames.join(',')).split(',').map(groundName),
  life: (): Life => wordIn('BENCH_GROWTH_LIFE', lives, 'delivered'),
  folder: () => env.BENCH_GROWTH_FOLDER,
};

function groundName(text: string): GroundName {
  const name = groundNames.find((known) => known === text);
  if (name) return name;
  throw new Error(`BENCH_GROWTH_ON: ${groundNames.join(' or ')}, not ${text}`);
}

/** Many open lines against a thousand: bytes a line, cold commands, lists, the start of a worker (docs/scale.md). */
export const growthPart: Part = {
  key: 'growth',
  title: 'Open lines: many against a thousand',
  run: async (bench) => {
    for (const name of asked.grounds()) await measureOn(bench, name);
  },
};

/** One of the two that are compared. */
interface Side {
  lines: number;
  ground: Ground;
  filled: Filled;
}

async function measureOn(bench: Bench, name: GroundName): Promise<void> {
  const { report, servers, sizes } = bench;
  const life = asked.life();
  const say = (text: string) => report.say(`${name}: ${text}`);
  const quick = env.BENCH_QUICK === '1';
  const kept = join(asked.folder() ?? (quick ? servers.folder : join('.data', 'growth')), `${name}-${life}`);
  const places: [number, string][] = [
    [quick ? QUICK_BASE : BASE, join(servers.folder, `growth-base-${name}`)],
    [asked.lines(sizes.growthLines), kept],
  ];
  const sides: Side[] = [];
  try {
    for (const [lines, folder] of places) {
      const from = performance.now();
      const ground = await openGround(name, folder, say);
      say(`servers started on ${folder} in ${Math.round((performance.now() - from) / 1000)} s`);
      const side = { lines, ground, filled: { lines, empty: { temporal: new Map(), ours: new Map() } } };
      sides.push(side);
      side.filled = await fill(ground, life, lines, say);
      side.lines = side.filled.lines;
    }
    for (const { ground, lines, filled } of sides) {
      const now = await ground.sizes();
      for (const store of ['temporal', 'ours'] as const) {
        const { total, most } = eachLine(filled.empty[store], now[store], lines);
        say(`${lines.toLocaleString('en')} lines, ${store}: ${Math.round(total)} bytes a line (${most})`);
      }
    }
    await inTurn(bench, sides, say);
  } finally {
    await Promise.all(sides.map(({ ground }) => ground.stop()));
  }
}

async function inTurn({ sizes, rounds }: Bench, sides: Side[], say: (text: string) => void): Promise<void> {
  const measuring: Measuring[] = [];
  try {
    for (const { ground } of sides)
      measuring.push(await startMeasuring(ground, { commands: sizes.growthCommands, asked: sizes.asked }));
    const of: Figures[][] = sides.map(() => []);
    await rounds(sizes.rounds, Number.POSITIVE_INFINITY, async (round) => {
      const order = sides.map((_, at) => at);
      for (const at of round % 2 === 0 ? order : order.reverse()) {
        const figures = await measuring[at]?.round();
        if (figures) of[at]?.push(figures);
      }
    });
    const [base = [], many = []] = of;
    for (const name of base[0]?.keys() ?? []) {
      const values = (figures: Figures[]) => figures.map((each) => each.get(name) ?? Number.NaN);
      const ratios = values(many).map((value, round) => value / (values(base)[round] ?? Number.NaN));
      const [few, lots] = sides.map(({ lines }) => lines.toLocaleString('en'));
      say(`${name}: ${few} lines ${shown(spreadOf(values(base)))}; ${lots} lines ${shown(spreadOf(values(many)))}`);
      say(`  ${shown(spreadOf(ratios))} ×`);
    }
  } finally {
    await Promise.all(measuring.map((each) => each.stop()));
  }
}
