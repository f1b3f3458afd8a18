import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Db } from '../../db/database.ts';
import type { Bench, Part } from '../harness/bench.ts';
import type { LoadTask } from '../harness/load.ts';
import { costOf, type Measured, othersOf, type SideName, type Stack, sideNames, withStack } from '../harness/stack.ts';
import { short, shown, spreadOf } from '../measure/stats.ts';

const CONCURRENCY = 16;
const WITHIN_MS = 60_000;
const DATABASE = { ours: 'product', floor: 'floor' } as const;

/** Targets of issue 24, point 3. Operators usually mark many lines and command them together. */
export const lifecycleLevels = [
  { perOrder: 1, title: 'one by one', atLeast: 1.2 },
  { perOrder: 10, title: 'ten lines a request', atLeast: 1.4 },
];

/** (e) Start, three commands and one event, until the row shows 배송완료. */
export const lifecyclePart: Part = {
  key: 'lifecycles',
  title: 'Lifecycles: order, instruct, release, ship, delivered by an event, until its row shows it',
  run: (bench) => withStack(bench.servers, { slots: 500, cache: 5_000 }, (stack) => measure(bench, stack)),
};

type Runs = Record<SideName, Measured[]>;

async function measure(bench: Bench, stack: Stack): Promise<void> {
  const { sizes, report } = bench;
  const runs = lifecycleLevels.map((): Runs => ({ ours: [], floor: [] }));
  const commits = lifecycleLevels.map(() => 0);
  for (const side of sideNames)
    for (const { perOrder } of lifecycleLevels) await lifecycles(bench, stack, side, Math.ceil(sizes.lifecycles / 4), perOrder);
  await bench.rounds(sizes.lifecycleRounds, sizes.roundSeconds, async (round) => {
    for (const [at, { perOrder }] of lifecycleLevels.entries())
      for (const side of round % 2 === 0 ? sideNames : sideNames.toReversed()) {
        const before = await stack.commits();
        runs[at]?.[side].push(await lifecycles(bench, stack, side, sizes.lifecycles, perOrder));
        if (side === 'ours') commits[at] = (commits[at] ?? 0) + (await stack.commits()) - before;
      }
  });
  for (const [at, { title, atLeast }] of lifecycleLevels.entries()) {
    const of = runs[at] as Runs;
    const rate = (side: SideName) => spreadOf(of[side].map((run) => (run.count * 1000) / run.elapsedMs));
    report.say(`${title}, ${CONCURRENCY} lines at once`);
    for (const side of sideNames) {
      const sent = shown(spreadOf(of[side].map((run) => run.p50)));
      report.say(`  ${side}: ${shown(rate(side))}/s, p50 ${sent} ms until the event is sent`);
      report.say(`    CPU each ${costOf(of[side])} · others used ${othersOf(of[side])}`);
    }
    report.say(`  commits a lifecycle: ${short((commits[at] ?? 0) / (of.ours.length * sizes.lifecycles))}`);
    // Ours takes orders in over HTTP, the floor inserts a row.
    const ratio = of.ours.map((run, round) => (of.floor[round]?.elapsedMs ?? Number.NaN) / run.elapsedMs);
    report.target(`lifecycles, ${title}: ours / floor`, spreadOf(ratio), { atLeast }, ' ×', rate('floor'));
  }
}

const lifecycles = ({ servers }: Bench, stack: Stack, side: SideName, count: number, perOrder: number): Promise<Measured> =>
  delivered(
    servers.db[DATABASE[side]],
    { run: (task) => stack.run(side, task) },
    { kind: 'lifecycles', count, perOrder, concurrency: Math.max(2, CONCURRENCY / perOrder) },
  );

/** Runs lifecycles; measures until the last row is delivered, because events are answered before they take effect. */
export async function delivered(
  db: Db,
  side: { run(task: LoadTask): Promise<Measured> },
  task: LoadTask & { count: number },
): Promise<Measured> {
  const shown = async () => {
    const rows = await db.query(sql<{ count: number }>`select count(*) as count from delivery_lines where state = 'delivered'`);
    return rows[0]?.count ?? 0;
  };
  const before = await shown();
  const from = performance.now();
  const run = await side.run(task);
  while ((await shown()) < before + task.count) {
    if (performance.now() > from + WITHIN_MS) throw new Error('not every line was delivered');
    await sleep(10);
  }
  return { ...run, elapsedMs: performance.now() - from };
}
