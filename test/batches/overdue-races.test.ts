import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { markOverdue } from '../../db/deliveries/overdue.ts';
import { seoulDay } from '../support/clock.ts';
import { finishedRun, runBatch, startBatch } from '../support/scenes/batches.ts';
import { hold } from '../support/scenes/locks.ts';
import { placeIn, storedRow, take } from '../support/scenes/orders.ts';
import { lateRows, overdueCounts } from '../support/scenes/rows.ts';
import { eventually, type Stack, startStack } from '../support/stack.ts';

/** Marks of overdue lines, by several at the same moment. */
const ID = 'dispatch-overdue';
let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const run = () => runBatch(stack, ID);

test('several pages in one run, each line once', async () => {
  const numbers = await lateRows(stack.db, 2_500);
  expect(await run()).toMatchObject({ examined: 2_500, succeeded: 2_500 });
  expect(await overdueCounts(stack.db, numbers)).toEqual({ marked: 2_500, entries: 2_500, lines: 2_500 });
});

test('pages of many runs at once share the lines', async () => {
  const numbers = await lateRows(stack.db, 1_500);
  const pages = async () => {
    let all = 0;
    for (let n = -1; n !== 0; all += n) n = await markOverdue(stack.db.query, seoulDay(), 100);
    return all;
  };
  const shares = await Promise.all([1, 2, 3, 4, 5, 6].map(pages));
  // One that found all others held ended early; what it left is there for the next.
  const rest = await pages();
  expect(shares.reduce((sum, n) => sum + n, rest)).toBe(1_500);
  expect(await overdueCounts(stack.db, numbers)).toEqual({ marked: 1_500, entries: 1_500, lines: 1_500 });
});

test('two runs by hand: all are marked once, by whichever came first', async () => {
  const numbers = await lateRows(stack.db, 1_200);
  const started = await Promise.all([startBatch(stack, ID), startBatch(stack, ID)].map((each) => each.catch(() => null)));
  const runs = await Promise.all(started.flatMap((each) => (each ? [finishedRun(stack, ID, each)] : [])));
  await eventually(async () => (await overdueCounts(stack.db, numbers))?.marked === 1_200);
  expect(await overdueCounts(stack.db, numbers)).toEqual({ marked: 1_200, entries: 1_200, lines: 1_200 });
  expect(runs.reduce((sum, { succeeded }) => sum + succeeded, 0)).toBe(1_200);
});

test('a line that somebody has in hand is left to the next run, and neither waits for the other', async () => {
  const [held, ...others] = await lateRows(stack.db, 20);
  const letGo = await hold(stack, sql`select from delivery_lines where delivery_no = ${held} for update`);
  expect(await run()).toMatchObject({ examined: 19 });
  await letGo();
  expect(await run()).toMatchObject({ examined: 1 });
  expect(await overdueCounts(stack.db, [held as string, ...others])).toMatchObject({ entries: 20 });
});

test('a command to a line that is being marked is done all the same', async () => {
  const lines = await Promise.all(Array.from({ length: 15 }, () => placeIn(stack, 'released')));
  for (const line of lines)
    await stack.db.query(
      sql`update delivery_lines set dispatch_due_on = ${seoulDay(-3)}, dispatch_due_by = 'policy' where delivery_no = ${line.deliveryNo}`,
    );
  const [, ...shipped] = await Promise.all([run(), ...lines.map((line) => take(stack, line, ['ship']))]);
  expect(shipped).toHaveLength(15);
  await run();
  for (const line of lines) {
    expect(await storedRow(stack, line)).toMatchObject({ state: 'shipped', revision: 4 });
    const { marked, entries } = await overdueCounts(stack.db, [line.deliveryNo]);
    expect(entries).toBe(marked);
  }
});
