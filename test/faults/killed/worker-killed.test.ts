import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openGate } from '../../support/processes/gate.ts';
import { type ApiProcess, type ProcessStack, startProcesses } from '../../support/processes/process-stack.ts';
import { expectSame, historyOf, holdRows, recordsWaiting, requestOf, rowOf } from '../../support/scenes/faults.ts';
import { command, commandLine, type PlacedLine, placeOrder, unique } from '../../support/scenes/orders.ts';
import { eventually } from '../../support/stack.ts';

let stack: ProcessStack;
let api: ApiProcess;

beforeAll(async () => {
  stack = await startProcesses({ environment: { REQUEST_SWEEP_AFTER_MS: '5000' } });
  api = await stack.startApi({}, false);
});
afterAll(() => stack.stop());

describe('a worker killed', () => {
  test('in the middle of a command, before and after record’s commit: the command completes once after restart', async () => {
    const gate = await openGate(stack.temporalAddress);
    const worker = await stack.startWorker({ TEMPORAL_ADDRESS: gate.address });
    const [before, after] = (await placeOrder(api, [{}, {}])) as [PlacedLine, PlacedLine];
    const letGoBefore = await holdRows(stack.databaseUrl, [before]);
    const letGoAfter = await holdRows(stack.databaseUrl, [after]);
    const keys = { before: unique('key'), after: unique('key') };
    const sent = [
      command(api, 'instruct', [before], {}, { 'idempotency-key': keys.before }),
      command(api, 'instruct', [after], {}, { 'idempotency-key': keys.after }),
    ];
    await recordsWaiting(stack, 2);
    gate.shut();
    await letGoAfter();
    await eventually(async () => (await rowOf(stack, after)).revision === 2);
    await worker.kill();
    await letGoBefore();
    await gate.close();
    expect(await rowOf(stack, before)).toMatchObject({ state: 'ordered', revision: 1 });

    const next = await stack.startWorker();
    // Whoever waited got the outcome or COMMAND_PENDING, never a refusal; the stored request has the outcome in the end.
    for (const { status, body } of await Promise.all(sent))
      expect(status === 200 ? body.results[0] : body).toMatchObject(status === 200 ? { ok: true } : { code: 'COMMAND_PENDING' });
    for (const key of [keys.before, keys.after]) {
      const request = await eventually(async () => {
        const row = await requestOf(stack, key);
        return row?.answered_at && row;
      });
      expect(request.answer).toMatchObject({ succeeded: 1, results: [{ ok: true, state: 'instructed', revision: 2 }] });
    }
    for (const line of [before, after]) {
      expect(await historyOf(stack, line)).toEqual(['order', 'instruct']);
      await expectSame(stack, line);
    }
    await next.stop();
  });

  test('beside another: that one goes on, commands answer at their first try', async () => {
    const [first, second] = await Promise.all([stack.startWorker(), stack.startWorker()]);
    const lines = await placeOrder(api, Array(12).fill({}));
    // Every line is cached by one worker or the other.
    for (const line of lines) expect(await commandLine(api, 'instruct', line)).toMatchObject({ ok: true });
    await first.kill();
    const killed = performance.now();
    const times = await Promise.all(
      lines.map(async (line) => {
        expect(await commandLine(api, 'release', line)).toMatchObject({ ok: true, state: 'released' });
        return Math.round(performance.now() - killed);
      }),
    );
    console.log(`one of two workers killed: the next commands answered in ${times} ms`);
    for (const line of lines) await expectSame(stack, line);
    expect(await api.get('/readyz')).toMatchObject({ status: 200 });
    await second.stop();
  });
});
