import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import {
  cancel,
  command,
  listedLine,
  orderBody,
  type PlacedLine,
  placeIn,
  storedHistory,
  storedRow,
  unique,
} from '../../support/scenes/orders.ts';
import { type SecondApi, startSecondApi } from '../../support/second-api.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

const TIMEOUT_MS = 800;
/** Waits for a workflow as long as a busy machine may need: for what a test prepares. */
let stack: Stack;
/** On the same servers; asked for what no worker answers. */
let hasty: SecondApi;
let working = true;
beforeAll(async () => {
  stack = await startStack({ REQUEST_SWEEP_AFTER_MS: '0' });
  hasty = await startSecondApi(stack.deps, { COMMAND_TIMEOUT_MS: TIMEOUT_MS });
});
const stopWorker = async () => {
  await stack.stopWorker();
  working = false;
};
const startWorker = async () => {
  if (!working) await stack.startWorker();
  working = true;
};
afterEach(startWorker);
afterAll(async () => {
  await hasty.stop();
  await hasty.requests.answersStored();
  await stack.stop();
});

const asked = ({ deliveryNo, lineNo }: PlacedLine) => ({ deliveryNo, lineNo });
const instruct = (lines: object[], key: string, headers: Record<string, string> = {}) =>
  command(hasty, 'instruct', lines, {}, { 'idempotency-key': key, ...headers });
const commandsOf = async (line: PlacedLine) => (await storedHistory(stack, line)).map(({ command: name }) => name);
/** Lets the minutes pass after which the sweep takes up what is unanswered. */
const letTimePass = () => stack.db.query(sql`update requests set sweep_at = now() where answered_at is null`);
/** Repeats until the answer is final: the worker may need longer than the time-out to get going again. */
const outcome = (lines: object[], key: string) =>
  eventually(async () => {
    const answer = await instruct(lines, key);
    return answer.status === 200 && !JSON.stringify(answer.body).includes('COMMAND_PENDING') ? answer : null;
  });

describe('a line whose workflow does not answer within COMMAND_TIMEOUT_MS has the error COMMAND_PENDING', () => {
  test('when no line answered the whole is 503 with Retry-After, in time; repeating with the same key gives the outcome', async () => {
    const [line, patient] = [await placeIn(stack, 'ordered'), await placeIn(stack, 'ordered')];
    await stopWorker();
    const key = unique('key');
    // In time is before an API with a longer COMMAND_TIMEOUT_MS, which was asked earlier and gets its outcome in the end.
    const order: string[] = [];
    const waiting = command(stack, 'instruct', [asked(patient)]).finally(() => order.push('patient'));
    const startedAt = performance.now();
    const first = await instruct([asked(line)], key);
    order.push('hasty');
    const ms = performance.now() - startedAt;
    expect(first).toMatchObject({
      status: 503,
      body: { code: 'COMMAND_PENDING', results: [{ ok: false, error: { code: 'COMMAND_PENDING' } }] },
    });
    expect(Number(first.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(first.headers.get('idempotency-key')).toBe(key);
    expect(ms).toBeGreaterThanOrEqual(TIMEOUT_MS - 50);
    expect((await instruct([asked(line)], key)).status).toBe(503);
    expect(await storedRow(stack, line)).toMatchObject({ state: 'ordered', revision: 1 });

    await startWorker();
    expect(await waiting).toMatchObject({ status: 200, body: { results: [{ ok: true, state: 'instructed', revision: 2 }] } });
    expect(order).toEqual(['hasty', 'patient']);
    const answer = await outcome([asked(line)], key);
    expect(answer.body.results).toMatchObject([{ ok: true, state: 'instructed', revision: 2 }]);
    expect((await instruct([asked(line)], key)).body).toEqual(answer.body);
    expect(await commandsOf(line)).toEqual(['order', 'instruct']);
  });

  test('without repeating, the stored request is finished by itself, once', async () => {
    const line = await placeIn(stack, 'ordered');
    await stopWorker();
    const key = unique('key');
    expect((await instruct([asked(line)], key)).status).toBe(503);
    await letTimePass();
    await hasty.requests.sweep();
    expect(await storedRow(stack, line)).toMatchObject({ state: 'ordered', revision: 1 });

    await startWorker();
    await eventually(async () => {
      await letTimePass();
      await hasty.requests.sweep();
      return (await stack.db.query(sql`select 1 from requests where key = ${key} and status = 200`)).length === 1;
    });
    expect(await listedLine(stack, line)).toMatchObject({ state: 'instructed', revision: 2 });
    expect((await instruct([asked(line)], key)).body.results).toMatchObject([{ ok: true, state: 'instructed', revision: 2 }]);
    await hasty.requests.sweep();
    expect(await commandsOf(line)).toEqual(['order', 'instruct']);
  });

  test('the lines that answered are in a 200 beside those that did not; that answer is not final', async () => {
    const [line, ended] = [await placeIn(stack, 'ordered'), await placeIn(stack, 'canceled')];
    await stopWorker();
    const key = unique('key');
    const lines = [asked(ended), asked(line), { deliveryNo: 'D-nobody', lineNo: 1 }];
    const codes = (body: any) => body.results.map(({ ok, error }: any) => (ok ? 'ok' : error.code));
    const first = await instruct(lines, key);
    expect([first.status, codes(first.body)]).toEqual([200, ['LINE_FINISHED', 'COMMAND_PENDING', 'LINE_NOT_FOUND']]);
    await startWorker();
    expect(codes((await outcome(lines, key)).body)).toEqual(['LINE_FINISHED', 'ok', 'LINE_NOT_FOUND']);
  });

  test('an outcome that is a refusal comes just the same', async () => {
    const line = await placeIn(stack, 'instructed');
    await stopWorker();
    const key = unique('key');
    expect((await instruct([asked(line)], key)).status).toBe(503);
    await startWorker();
    expect((await outcome([asked(line)], key)).body.results).toMatchObject([
      { ok: false, error: { code: 'TRANSITION_NOT_ALLOWED' } },
    ]);
  });

  test('the sweep repeats nothing of a line that has moved on since', async () => {
    const line = await placeIn(stack, 'ordered');
    await stopWorker();
    const key = unique('key');
    expect((await instruct([asked(line)], key)).status).toBe(503);
    await startWorker();
    await outcome([asked(line)], key);
    // As if the process had died between acting and answering.
    await hasty.requests.answersStored();
    await stack.db.query(
      sql`update requests set answered_at = null, status = null, answer = null, sweep_at = now() where key = ${key}`,
    );
    await command(stack, 'release', [asked(line)]);
    await hasty.requests.sweep();
    expect((await instruct([asked(line)], key)).body.results).toMatchObject([{ ok: true, state: 'instructed', revision: 2 }]);
    expect(await commandsOf(line)).toEqual(['order', 'instruct', 'release']);
  });
});

describe('without a worker', () => {
  test('a cancellation is 503 too, and acts once when it is back', async () => {
    const line = await placeIn(stack, 'ordered', { quantity: 5 });
    await stopWorker();
    const headers = { 'idempotency-key': unique('key') };
    const post = () =>
      hasty.post(`/api/order/v1/orders/${line.orderNo}/cancellations`, { lines: [{ lineNo: 1, quantity: 2 }] }, { headers });
    expect(await post()).toMatchObject({ status: 503, body: { code: 'COMMAND_PENDING' } });
    await startWorker();
    const answer = await eventually(async () => {
      const found = await post();
      return found.status === 200 ? found : null;
    });
    expect(answer.body).toMatchObject({ succeeded: 1, results: [{ validQuantity: 3 }], feeBefore: 0 });
    expect((await cancel(stack, [{ ...line, quantity: 3 }])).body.results).toMatchObject([{ validQuantity: 0 }]);
  });

  test('an order is taken, a signal accepted, lists and details answer; all is done when it is back', async () => {
    const line = await placeIn(stack, 'ordered');
    await stopWorker();
    const body = orderBody();
    expect((await stack.post('/api/order/v1/orders', body)).status).toBe(201);
    expect((await instruct([asked(line)], unique('key'), { prefer: 'respond-async' })).status).toBe(202);
    expect(await listedLine(stack, line)).toMatchObject({
      state: 'ordered',
      allowedCommands: ['instruct', 'split', 'notify-delay'],
    });
    const { body: detail } = await hasty.get(`/api/bo/v1/deliveries/${line.deliveryNo}?live=true`);
    expect(detail.lines[0]).toMatchObject({ state: 'ordered', live: null });
    await startWorker();
    await eventually(async () => (await storedRow(stack, line)).state === 'instructed');
  });

  test('two admins’ commands wait, and one of them wins', async () => {
    const line = await placeIn(stack, 'ordered');
    await stopWorker();
    const keys = [unique('key'), unique('key')] as const;
    await Promise.all(keys.map((key) => instruct([asked(line)], key)));
    await startWorker();
    const answers = await Promise.all(keys.map((key) => outcome([asked(line)], key)));
    expect(answers.map(({ body }) => body.succeeded).sort()).toEqual([0, 1]);
    expect(await commandsOf(line)).toEqual(['order', 'instruct']);
  });
});
