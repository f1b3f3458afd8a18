import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Db } from '../../db/database.ts';
import type { Bench, Part } from '../harness/bench.ts';
import type { LoadTask } from '../harness/load.ts';
import { costOf, type Measured, othersOf, type SideName, type Stack, sideNames, withStack } from '../harness/stack.ts';
import { shown, spreadOf } from '../measure/stats.ts';

const CONCURRENCY = 16;
const WITHIN_MS = 60_000;
const DATABASE = { ours: 'product', floor: 'floor' } as const;

/** (e) Start, three commands and one event, until the row shows 배송완료. Has no target; later work compares with it. */
export const lifecyclePart: Part = {
  key: 'lifecycles',
  title: 'Lifecycles: order, instruct, release, ship, delivered by an event, until its row shows it',
  run: (bench) => withStack(bench.servers, { slots: 500, cache: 5_000 }, (stack) => measure(bench, stack)),
};

async function measure(bench: Bench, stack: Stack): Promise<void> {
  const { sizes, report } = bench;
  const runs: Record<SideName, Measured[]> = { ours: [], floor: [] };
  for (const side of sideNames) await lifecycles(bench, stack, side, Math.ceil(sizes.lifecycles / 4));
  await bench.rounds(sizes.lifecycleRounds, sizes.roundSeconds / 2, async () => {
    for (const side of sideNames) runs[side].push(await lifecycles(bench, stack, side, sizes.lifecycles));
  });
  for (const side of sideNames) {
    const rate = spreadOf(runs[side].map((run) => (run.count * 1000) / run.elapsedMs));
    report.say(`${side}: ${shown(rate)} lifecycles/s at ${CONCURRENCY} · CPU each ${costOf(runs[side])}`);
    report.say(
      `  p50 ${shown(spreadOf(runs[side].map((run) => run.p50)))} ms until the event is sent · others used ${othersOf(runs[side])}`,
    );
  }
  const ratio = runs.ours.map((run, round) => (runs.floor[round]?.elapsedMs ?? Number.NaN) / run.elapsedMs);
  report.say(`ours / floor: ${shown(spreadOf(ratio))} × (ours takes orders in over HTTP, the floor inserts a row)`);
}

const lifecycles = ({ servers }: Bench, stack: Stack, side: SideName, count: number): Promise<Measured> =>
  delivered(
    servers.db[DATABASE[side]],
    { run: (task) => stack.run(side, task) },
    { kind: 'lifecycles', count, perOrder: 1, concurrency: CONCURRENCY },
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
