import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { productId, setOfOne, shownStockout, startedPlan, takePlan } from '../../support/scenes/assembly.ts';
import { commandLine, type PlacedLine, placeIn, storedHistory, storedRow } from '../../support/scenes/orders.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const boardOf = async (id: number) => {
  const found = await shownStockout(stack, id);
  return found && [found.waitingLines, found.waitingQuantity];
};
const partOf = ({ orderNo }: PlacedLine, { newLine }: any): PlacedLine => ({ ...newLine, orderNo });

test('the board counts a part once, by its own quantity, and not at all once it was given back', async () => {
  const id = productId();
  const line = await placeIn(stack, 'released', { productId: id, quantity: 5 });
  const missing = partOf(line, await commandLine(stack, 'report-stockout', line, { quantity: 2 }, { reason: '시험' }));
  expect(await boardOf(id)).toEqual([1, 2]);
  // What waits is split once more, and both wait.
  const half = partOf(line, await commandLine(stack, 'split', missing, { quantity: 1 }));
  expect(await boardOf(id)).toEqual([2, 2]);
  expect(await commandLine(stack, 'merge', half)).toMatchObject({ ok: true, validQuantity: 0 });
  expect(await boardOf(id)).toEqual([1, 2]);
  expect(await commandLine(stack, 'clear-stockout', missing)).toMatchObject({ ok: true });
  // Nothing waits: the part that was merged while it waited does not keep the product there.
  expect(await boardOf(id)).toBeUndefined();
  expect(
    (await stack.get('/api/bo/v1/stockouts?limit=500&count=true')).body.items.map((item: any) => item.productId),
  ).not.toContain(id);
});

test('stock that comes goes to what waits; a part that was given back is not asked', async () => {
  const made = await setOfOne(stack);
  const line = await placeIn(stack, 'awaitingShipment', { productId: made.product, quantity: 3 });
  const part = partOf(line, await commandLine(stack, 'split', line, { quantity: 1 }));
  expect(await commandLine(stack, 'merge', part)).toMatchObject({ ok: true });
  await takePlan(stack, await startedPlan(stack, made.uid, 3), 'complete');
  expect(await storedRow(stack, line)).toMatchObject({ state: 'released', valid_quantity: 3 });
  expect((await storedHistory(stack, part)).map(({ command }) => command)).toEqual(['split', 'merge']);
  expect(await boardOf(made.product)).toBeUndefined();
});
