import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { filesIn, isCode, root } from './imports.ts';

/** Calls of Temporal's client that say something to a workflow, or ask it; an interceptor's `startUpdate: (…) =>` only passes one on. */
const SPEAKING =
  /\b(?:executeUpdate|startUpdate|executeUpdateWithStart|startUpdateWithStart|signalWithStart)\b(?!: \()|\.signal\(|[hH]andle(?:\(.*\))?\.query\b/;

/** What is not the product's own speaking: tests and the bench, which talk from outside. */
const outside = (file: string) => /^(test|bench)\//.test(file);

test('one file speaks to workflows: commands/workflow-calls.ts', () => {
  const speaking = filesIn('').filter((file) => isCode(file) && SPEAKING.test(readFileSync(join(root, file), 'utf8')));
  expect(speaking.filter((file) => !outside(file))).toEqual(['commands/workflow-calls.ts']);
  expect(speaking.filter(outside).length).toBeGreaterThan(5);
});

test('speaking is found', () => {
  for (const line of [
    'await handle.executeUpdate(name, { args })',
    'getHandle(id).signal(TRACK_SIGNAL, scan)',
    'handle.query<Row>(STATE_QUERY)',
    'workflow.getHandle(idOf(row)).query(query)',
  ])
    expect(line).toMatch(SPEAKING);
  for (const line of [
    'signal.throwIfAborted()',
    'startUpdate: (input, next) => next(input)',
    'withAbortSignal(abort.signal, work)',
    'signalWorkflow(client, id, name, message)',
    'await client.query({ text, values })',
  ])
    expect(line).not.toMatch(SPEAKING);
});
