import type { Bench, Part } from '../harness/bench.ts';
import { costOf, type Measured, othersOf, type SideName, type Stack, sideNames, withStack } from '../harness/stack.ts';
import { shown, spreadOf } from '../measure/stats.ts';

/** Targets of issue 24, point 1. */
const ACCEPTED_AT_LEAST = 1;
const LARGE_MS = 1_300;
const LARGE_LINES = 200;
const CROWD = 50;

/** Orders of one line over HTTP (order, delivery, line, history, fee, event, workflow) against a bare insert and start. */
export const intakePart: Part = {
  key: 'intake',
  title: 'Intake: an order over HTTP, its workflow started, against a row and a workflow by a bare client',
  run: (bench) => withStack(bench.servers, { slots: 500, cache: 5_000 }, (stack) => measure(bench, stack)),
};

async function measure({ sizes, report, rounds }: Bench, stack: Stack): Promise<void> {
  const levels = [
    { concurrency: 1, lines: sizes.alone },
    { concurrency: CROWD, lines: sizes.crowd },
  ];
  const runs = levels.map(() => ({ ours: [], floor: [] }) as Record<SideName, Measured[]>);
  const large: number[] = [];
  for (const side of sideNames) await stack.run(side, { kind: 'open', lines: sizes.crowd, perOrder: 1, concurrency: CROWD });
  await rounds(sizes.rounds, sizes.roundSeconds, async (round) => {
    for (const [at, level] of levels.entries())
      for (const side of round % 2 === 0 ? sideNames : sideNames.toReversed()) {
        runs[at]?.[side].push(await stack.run(side, { kind: 'open', perOrder: 1, ...level }));
        await stack.settle();
      }
    const task = { kind: 'open', lines: LARGE_LINES, perOrder: LARGE_LINES, concurrency: 1 } as const;
    large.push((await stack.run('ours', task)).p50);
    await stack.settle();
  });
  for (const [at, { concurrency }] of levels.entries()) {
    const of = runs[at] as (typeof runs)[number];
    const rate = (run: Measured | undefined) => (run ? (run.count * 1000) / run.elapsedMs : Number.NaN);
    const name = concurrency === 1 ? 'orders accepted alone' : `orders accepted, ${concurrency} at once`;
    const ratio = spreadOf(of.ours.map((run, round) => rate(run) / rate(of.floor[round])));
    report.target(`${name}: ours / floor`, ratio, { atLeast: ACCEPTED_AT_LEAST }, ' ×', spreadOf(of.floor.map(rate)));
    for (const side of sideNames) {
      const [speed, p50] = [spreadOf(of[side].map(rate)), spreadOf(of[side].map((run) => run.p50))];
      report.say(
        `  ${side}: ${shown(speed)}/s, p50 ${shown(p50)} ms · CPU each ${costOf(of[side])} · others ${othersOf(of[side])}`,
      );
    }
  }
  report.target(`an order of ${LARGE_LINES} lines`, spreadOf(large), { atMost: LARGE_MS }, ' ms');
}
