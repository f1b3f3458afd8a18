import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { daysAgo } from '../../../support/clock.ts';
import { commandLine, type PlacedLine, placeOrder } from '../../../support/scenes/orders.ts';
import { createDispatchPolicy, createPlace, deadlinesOf, inOpenDays } from '../../../support/scenes/shipping.ts';
import { type Stack, startStack } from '../../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

/** An order of a month ago whose line is split now: its deadline and the part's. */
async function splitLate(overrides: object, terms: object = inOpenDays(3)) {
  const dispatchPolicyNo = await createDispatchPolicy(stack, terms);
  const placeNo = await createPlace(stack, { dispatchPolicyNo });
  const [line] = (await placeOrder(stack, [{ quantity: 3, placeNo, ...overrides }], { orderedAt: daysAgo(30) })) as [PlacedLine];
  await commandLine(stack, 'split', line, { quantity: 1 });
  const [own, part] = await deadlinesOf(stack.db, line.orderNo);
  return { own, part };
}

test.each([
  ['the channel set', 'dispatchDueOn', 'channel', 'B'],
  ['the buyer asked for', 'requestedDispatchOn', 'requested', 'D'],
])('a day that %s is that of all parts', async (_whose, field, by, type) => {
  const day = '2999-12-31';
  const { own, part } = await splitLate(
    { [field]: day },
    type === 'D' ? { dispatchType: 'D', dispatchCloseTime: null } : inOpenDays(3),
  );
  expect([own, part]).toMatchObject([
    { due: day, by },
    { due: day, by },
  ]);
});
