import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { balanceWritten } from '../../chaos/books/books.ts';
import { isFinal } from '../../chaos/clients/asking.ts';
import { type Outcome, runChaos } from '../../chaos/run.ts';
import { shortestStory } from '../../chaos/story.ts';
import { startDevServerWorld } from '../../chaos/world/dev-server.ts';
import { cases, resultsIn } from './falsified.ts';

/** Its faults are of every kind, and among them each server is killed, or has its disk filled. */
const SEED = 238;
/** Only so long that a machine that hangs is noticed: what is pending is waited for. */
const PATIENCE_MS = 20 * 60_000;

let folder: string;
let outcome: Outcome;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'delivery-chaos-'));
  outcome = await runChaos({
    seed: SEED,
    minutes: 1,
    clients: 4,
    folder,
    settlesWithinMs: PATIENCE_MS / 2,
    startWorld: startDevServerWorld,
    say: (text) => console.log(text),
  });
}, PATIENCE_MS);
afterAll(() => {
  // What did not balance is kept, to be looked at.
  if (outcome?.findings.length === 0) rmSync(folder, { recursive: true });
});

describe('a minute of chaos on the dev server', () => {
  test('every book balances', () => {
    const { findings, happened, ledgers, began } = outcome;
    if (findings.length > 0) throw new Error(`kept in ${folder}\n${shortestStory(findings, happened, ledgers, began)}`);
  });

  test('there was something to balance: wishes granted and refused, lost answers, callbacks, claims, stock', () => {
    const { happened, ledgers } = outcome;
    const told = happened.flatMap((event) => (event.kind === 'told' ? [event] : []));
    const results = told.flatMap(({ body }) => resultsIn(body));
    expect(results.some(({ ok }) => ok)).toBe(true);
    expect(results.some(({ ok }) => !ok)).toBe(true);
    expect(told.some(({ status }) => status === undefined || status === 503)).toBe(true);
    expect(happened.some((event) => event.kind === 'called' && event.acknowledged)).toBe(true);
    expect(ledgers.history.some(({ command }) => command === 'deliver')).toBe(true);
    expect(ledgers.stock.some(({ kind }) => kind === 'ship')).toBe(true);
    expect(ledgers.waybills.length).toBeGreaterThan(0);
  });
});

test('an answer is final only when no line of it is pending, also of those that were not taken', () => {
  const pending = [{ ok: false, error: { code: 'COMMAND_PENDING' } }];
  expect(isFinal({ status: 202, body: { accepted: 1, rejected: pending } })).toBe(false);
  expect(isFinal({ status: 200, body: { results: pending } })).toBe(false);
  expect(isFinal({ status: 202, body: { accepted: 2, rejected: [] } })).toBe(true);
});

describe('no book balances what it should not', () => {
  test.each(Object.entries(cases))('%s', (_name, { book, falsify }) => {
    const ledgers = structuredClone(outcome.ledgers);
    falsify(ledgers, outcome);
    const findings = balanceWritten(outcome.happened, ledgers);
    expect(findings.map((each) => each.book)).toContain(book);
    const story = shortestStory(findings, outcome.happened, ledgers, outcome.began);
    expect(findings.some(({ subject, text }) => story.includes(subject) && story.includes(text))).toBe(true);
  });
});
