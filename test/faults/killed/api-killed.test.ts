import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { Http } from '../../support/http.ts';
import { type Gate, openGate } from '../../support/processes/gate.ts';
import { type ApiProcess, type ProcessStack, startProcesses } from '../../support/processes/process-stack.ts';
import { expectSame, historyOf, holdRows, recordsWaiting, requestOf, rowOf, sweepNow } from '../../support/scenes/faults.ts';
import { command, orderBody, type PlacedLine, placeOrder, unique } from '../../support/scenes/orders.ts';
import { eventually } from '../../support/stack.ts';

/** No sweep: what happens is the doing of the test's own request. */
const NEVER = '3600000';
/** A killed API's requests are locked for this long and 5 s more. */
const SOON = { COMMAND_TIMEOUT_MS: '2000' };
let stack: ProcessStack;
let gate: Gate;

beforeAll(async () => {
  const environment = { REQUEST_SWEEP_AFTER_MS: NEVER, START_SWEEP_AFTER_MS: NEVER };
  stack = await startProcesses({ environment });
  gate = await openGate(stack.temporalAddress);
  await stack.startWorker();
});
afterAll(async () => {
  await gate.close();
  await stack.stop();
});

/** An API that reaches Temporal until the gate is shut: what it sends then never arrives, also after it was killed. */
const startGated = (environment: Record<string, string> = {}) =>
  stack.startApi({ TEMPORAL_ADDRESS: gate.address, ...SOON, ...environment });

/** Posts behind a shut gate, and kills the API once `stored` has been seen. */
async function killOnce(api: ApiProcess, post: () => Promise<unknown>, stored: () => Promise<unknown>): Promise<void> {
  gate.shut();
  const sent = post().catch(() => {});
  await eventually(async () => ((await stored()) ? true : undefined));
  await api.kill();
  await sent;
  gate.drop();
  gate.open();
}

const orders = (api: Http, body: object, key: string) =>
  api.post('/api/order/v1/orders', body, { headers: { 'idempotency-key': key } });

const notStarted = (orderNo: string) =>
  stack.db.query(sql<PlacedLine>`select delivery_no as "deliveryNo", line_no as "lineNo", order_no as "orderNo" from delivery_lines
      where order_no = ${orderNo} and started_at is null order by line_no`);

describe('the API killed', () => {
  test('after storing requests, before sending them: two new ones sweep, each is done once', async () => {
    const api = await startGated({ REQUEST_SWEEP_AFTER_MS: '1000' });
    const patient = await stack.startApi();
    // More than a sweep takes at a time.
    const lines = await placeOrder(patient, Array(40).fill({}));
    await patient.kill();
    const keys = lines.map(() => unique('key'));
    const post = () =>
      Promise.all(lines.map((line, at) => command(api, 'instruct', [line], {}, { 'idempotency-key': keys[at] ?? '' })));
    await killOnce(api, post, async () => (await Promise.all(keys.map((key) => requestOf(stack, key)))).every(Boolean));
    for (const line of lines) expect(await historyOf(stack, line)).toEqual(['order']);

    // Each sweeps once, at its start, and finds all of them due.
    await sweepNow(stack, ...keys);
    const sweepers = await Promise.all([1, 2].map(() => stack.startApi({ SWEEP_INTERVAL_MS: NEVER })));
    const requests = await eventually(async () => {
      const rows = await Promise.all(keys.map((key) => requestOf(stack, key)));
      return rows.every((row) => row?.answered_at) && rows;
    });
    for (const request of requests)
      expect(request).toMatchObject({ status: 200, attempts: 2, answer: { results: [{ ok: true, revision: 2 }] } });
    for (const line of lines) {
      expect(await historyOf(stack, line)).toEqual(['order', 'instruct']);
      await expectSame(stack, line);
    }
    await Promise.all(sweepers.map((sweeper) => sweeper.kill()));
  });

  test('between an order’s transaction and its starts: repeating the request finishes it', async () => {
    const api = await startGated();
    const body = orderBody([{}, {}, { methodCode: '20' }]);
    const key = unique('key');
    await killOnce(
      api,
      () => orders(api, body, key),
      async () => (await notStarted(body.orderNo)).length === 3,
    );
    const lines = await notStarted(body.orderNo);

    const next = await stack.startApi();
    // Another key, as a shop without keys: the same order and body again is 200, and has its workflows.
    expect(await orders(next, body, unique('key'))).toMatchObject({ status: 200, body: { orderNo: body.orderNo } });
    for (const line of lines) await expectSame(stack, line);
    // The first key: under way until its time is over, then to its caller the first answer.
    const first = await eventually(async () => {
      const answer = await orders(next, body, key);
      if (answer.status === 409) expect(answer.body.code).toBe('IDEMPOTENCY_KEY_BUSY');
      return answer.status !== 409 && answer;
    });
    expect(first).toMatchObject({ status: 201, body: { orderNo: body.orderNo } });
    await next.kill();
  });

  test('the same without repeating: two new ones sweep at once, every line has one workflow', async () => {
    const api = await startGated();
    const body = orderBody(Array(20).fill({}));
    const key = unique('key');
    await killOnce(
      api,
      () => orders(api, body, key),
      async () => (await notStarted(body.orderNo)).length === 20,
    );
    const lines = await notStarted(body.orderNo);

    const sweepers = await Promise.all([
      stack.startApi({ START_SWEEP_AFTER_MS: '500' }),
      stack.startApi({ START_SWEEP_AFTER_MS: '500' }),
    ]);
    await eventually(async () => (await notStarted(body.orderNo)).length === 0);
    const runs = async () => (await stack.temporal.workflow.count(`OrderNo = '${body.orderNo}'`)).count;
    await eventually(async () => (await runs()) === lines.length);
    const results = await command(sweepers[0], 'instruct', lines);
    expect(results).toMatchObject({ status: 200, body: { succeeded: lines.length, failed: 0 } });
    for (const line of lines) await expectSame(stack, line);
    expect(await runs()).toBe(lines.length);

    await sweepNow(stack, key);
    const request = await eventually(async () => {
      const row = await requestOf(stack, key);
      return row?.answered_at && row;
    });
    expect(request).toMatchObject({ status: 201, answer: { orderNo: body.orderNo } });
    await Promise.all(sweepers.map((sweeper) => sweeper.kill()));
  });

  test('in the middle of a command: the same key again is one effect and one answer', async () => {
    const api = await stack.startApi(SOON);
    const [line] = (await placeOrder(api)) as [PlacedLine];
    const key = unique('key');
    const again = (to: Http) => command(to, 'instruct', [line], {}, { 'idempotency-key': key });
    const letGo = await holdRows(stack.databaseUrl, [line]);
    const sent = again(api).catch(() => {});
    await recordsWaiting(stack, 1);
    await api.kill();
    await sent;

    const next = await stack.startApi();
    const busy = await again(next);
    expect(busy).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_KEY_BUSY' } });
    expect(busy.headers.get('retry-after')).toMatch(/^\d+$/);
    await letGo();
    const answer = await eventually(async () => {
      const found = await again(next);
      return found.status === 200 && found;
    });
    expect(answer.body).toMatchObject({ succeeded: 1, results: [{ ok: true, state: 'instructed', revision: 2 }] });
    expect((await again(next)).body).toEqual(answer.body);
    expect(await command(next, 'instruct', [line], { reason: '다른 본문' }, { 'idempotency-key': key })).toMatchObject({
      status: 409,
      body: { code: 'IDEMPOTENCY_KEY_REUSED' },
    });
    expect(await historyOf(stack, line)).toEqual(['order', 'instruct']);
    await expectSame(stack, line);
    await next.kill();
  });
});

test('two APIs with the same key at once: one effect, one answer', async () => {
  const apis = await Promise.all([stack.startApi(), stack.startApi()]);
  const lines = await placeOrder(apis[0], Array(10).fill({}));
  for (const line of lines) {
    const key = unique('key');
    const send = (api: Http) => command(api, 'instruct', [line], {}, { 'idempotency-key': key });
    const answers = await Promise.all([...apis, ...apis].map(send));
    for (const { status, body } of answers)
      expect(status === 200 ? body.results[0] : body).toMatchObject(
        status === 200 ? { ok: true, revision: 2 } : { code: 'IDEMPOTENCY_KEY_BUSY' },
      );
    const [first, second] = await Promise.all(apis.map(send));
    expect(first).toMatchObject({ status: 200, body: { succeeded: 1 } });
    expect(second?.body).toEqual(first?.body);
    expect(await historyOf(stack, line)).toEqual(['order', 'instruct']);
    expect(await rowOf(stack, line)).toMatchObject({ state: 'instructed', revision: 2 });
  }
});

test('the API stopped: what it has begun is answered, and a kept connection does not hold it up', async () => {
  const api = await stack.startApi();
  const [line] = (await placeOrder(api)) as [PlacedLine];
  // Longer than proxies keep theirs: a connection is never closed under a request that is on its way.
  expect((await api.get('/healthz')).headers.get('keep-alive')).toBe('timeout=75');
  const release = await holdRows(stack.databaseUrl, [line]);
  const sent = command(api, 'instruct', [line]);
  await recordsWaiting(stack, 1);
  api.signal('SIGTERM');
  await release();
  expect(await sent).toMatchObject({ status: 200, body: { succeeded: 1 } });
  expect(await api.exited).toEqual({ code: 0, signal: null });
  await expectSame(stack, line);
});
