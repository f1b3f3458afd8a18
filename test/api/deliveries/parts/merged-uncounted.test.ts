import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { waitingLines } from '../../../../db/assembly/waiting-lines.ts';
import { onOneDay, seoulDay } from '../../../support/clock.ts';
import { setOfOne, shownStockout, startedPlan, stockOf, takePlan } from '../../../support/scenes/assembly.ts';
import { commandLine, listedLine, type PlacedLine, type pathTo, placeIn, storedRow } from '../../../support/scenes/orders.ts';
import { downloaded } from '../../../support/scenes/sheets.ts';
import { type Stack, startStack } from '../../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const unshipped = ['ordered', 'instructed', 'released', 'awaitingShipment'] as const satisfies (keyof typeof pathTo)[];

/** A line of five, of which two have been split off and given back. */
async function mergedIn(state: (typeof unshipped)[number], productId: number, due = seoulDay(0)) {
  const line = await placeIn(stack, state, { quantity: 5, productId });
  await stack.db.query(sql`update delivery_lines set dispatch_due_on = ${due}, dispatch_due_by = 'channel', place_no = ${productId}
    where delivery_no = ${line.deliveryNo}`);
  const { newLine } = await commandLine(stack, 'split', line, { quantity: 2 });
  const part: PlacedLine = { ...line, ...newLine };
  expect(await commandLine(stack, 'merge', part)).toMatchObject({ ok: true, validQuantity: 0 });
  return { line, part };
}

test('a part that went back is in no list, count or figure; its line is once', () =>
  onOneDay(async () => {
    const { product } = await setOfOne(stack);
    const totals = async () => (await stack.get('/api/bo/v1/summary')).body;
    const before = await totals();
    for (const state of unshipped) {
      const { line, part } = await mergedIn(state, product);
      expect([await listedLine(stack, part), (await listedLine(stack, line))?.validQuantity]).toEqual([undefined, 5]);
    }
    const after = await totals();
    const countOf = (summary: any, state: string) => summary.deliveries.find((each: any) => each.state === state).count;
    expect(unshipped.map((state) => countOf(after, state) - countOf(before, state))).toEqual([1, 1, 1, 1]);
    expect(after.dispatch.today - before.dispatch.today).toBe(4);
    const { body } = await stack.get(`/api/bo/v1/dispatch-performance?from=${seoulDay(0)}&to=${seoulDay(0)}&placeNo=${product}`);
    expect(body.items).toMatchObject([{ due: 4, open: 4 }]);
    for (const list of ['delivery-lines', 'deliveries']) {
      const all = (await stack.get(`/api/bo/v1/${list}?placeNo=${product}&count=true`)).body;
      expect([list, all.total, all.items.length]).toEqual([list, 4, 4]);
    }
    expect(await downloaded(stack, `/api/bo/v1/delivery-lines/export.xlsx?placeNo=${product}`)).toHaveLength(5);
  }));

test('a part that went back while it waited for stock waits for nothing: neither on the board, nor when stock comes', async () => {
  const made = await setOfOne(stack);
  const { line, part } = await mergedIn('awaitingShipment', made.product);
  expect(await shownStockout(stack, made.product)).toMatchObject({ waitingLines: 1, waitingQuantity: 5 });
  const found = await waitingLines(stack.db.query, made.product, null, 10);
  expect(found.map(({ delivery_no }) => delivery_no)).toEqual([line.deliveryNo]);
  await takePlan(stack, await startedPlan(stack, made.uid, 5), 'complete');
  expect(await storedRow(stack, line)).toMatchObject({ state: 'released' });
  expect(await storedRow(stack, part)).toMatchObject({ state: 'awaitingShipment', valid_quantity: 0 });
  expect(await stockOf(stack, made.product)).toEqual([5, 0]);
  // Neither does the product stay on the board because of it.
  expect(await shownStockout(stack, made.product)).toBeUndefined();
});
