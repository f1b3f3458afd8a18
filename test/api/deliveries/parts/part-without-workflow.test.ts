import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setOfOne, startedPlan, takePlan } from '../../../support/scenes/assembly.ts';
import { commandLine, listedLine, type PlacedLine, placeIn, storedRow, uniqueWaybill } from '../../../support/scenes/orders.ts';
import { decideStored, heldLine, recordOf } from '../../../support/scenes/record.ts';
import { type Stack, startStack } from '../../../support/stack.ts';

/** A part is born in the state of its line; who split it may have died before its workflow was started. */
let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

/** A part of two whose workflow nobody has started: its split was recorded, and nobody heard of it. */
async function unheardPart(command: 'split' | 'report-stockout', productId: number) {
  const line = await placeIn(stack, 'released', { quantity: 5, productId });
  await (await decideStored(stack, recordOf(stack), line, command, undefined, { quantity: 2 })).write();
  const { lastSplit } = await heldLine(stack, line);
  const part: PlacedLine = { ...line, deliveryNo: lastSplit?.deliveryNo ?? '', lineNo: lastSplit?.lineNo ?? 0 };
  expect(await storedRow(stack, part)).toMatchObject({ started_at: null, valid_quantity: 2 });
  return { line, part };
}

test('what it waits for comes: its stockout is cleared all the same', async () => {
  const made = await setOfOne(stack);
  const { part } = await unheardPart('report-stockout', made.product);
  await takePlan(stack, await startedPlan(stack, made.uid, 9), 'complete');
  expect(await storedRow(stack, part)).toMatchObject({ state: 'released', revision: 2, started_at: expect.any(Date) });
});

test.each(['ship', 'merge', 'split'])('a command to it: %s', async (command) => {
  const { line, part } = await unheardPart('split', 43_897);
  const fields = { ship: { carrierCode: '04', waybillNo: uniqueWaybill() }, merge: {}, split: { quantity: 1 } }[command];
  expect(await commandLine(stack, command, part, fields)).toMatchObject({ ok: true });
  expect((await listedLine(stack, line))?.validQuantity).toBe(command === 'merge' ? 5 : 3);
});
