import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { command, placeIn, storedHistory, storedRow } from '../../support/scenes/orders.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

test('forty command one line at once, more than Temporal takes: what can be done is, and every other hears why not, none later', async () => {
  const line = await placeIn(stack, 'ordered');
  const { deliveryNo, lineNo } = line;
  const names = Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? 'instruct' : 'release'));
  const answers = await Promise.all(names.map((name) => command(stack, name, [{ deliveryNo, lineNo }])));
  const results = answers.map(({ status, body }) => body.results?.[0]?.error?.code ?? status);
  const done = names.filter((_, at) => results[at] === 200);
  expect(results.filter((result) => result !== 200)).toEqual(Array(40 - done.length).fill('TRANSITION_NOT_ALLOWED'));
  expect(done.toSorted()).toEqual(['instruct', 'release'].slice(0, done.length));
  expect((await storedHistory(stack, line)).map(({ command: name }) => name)).toEqual(['order', ...done.toSorted()]);
  expect(await storedRow(stack, line)).toMatchObject({ revision: 1 + done.length });
});
