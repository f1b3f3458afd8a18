import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { type ProcessStack, startProcesses } from '../../support/processes/process-stack.ts';
import { expectSame, halt, historyOf, requestOf } from '../../support/scenes/faults.ts';
import { command, commandLine, listedLine, placeOrder, unique } from '../../support/scenes/orders.ts';
import { eventually } from '../../support/stack.ts';

const OUTAGE_MS = 45_000;

/** An outage costs no CPU, so both run at once; but a return does: one after the other. */
const killedIsBack = Promise.withResolvers<void>();

describe('Temporal away for 45 s: 503 in time, commands answer at their first try after its return, nothing acknowledged is lost', () => {
  test.concurrent('killed, and started again on the same file and port', async () => {
    const stack = await startProcesses({ own: ['temporal'], environment: { REQUEST_SWEEP_AFTER_MS: '5000' } });
    const { temporalServer } = stack;
    try {
      await outage(stack, temporalServer.kill, temporalServer.start);
    } finally {
      killedIsBack.resolve();
      await stack.stop();
    }
  });

  test.concurrent('hanging: it takes connections and does not answer', async () => {
    const stack = await startProcesses({ own: ['temporal'], environment: { REQUEST_SWEEP_AFTER_MS: '5000' } });
    const { temporalServer } = stack;
    const back = async () => {
      await killedIsBack.promise;
      temporalServer.signal('SIGCONT');
    };
    try {
      await outage(stack, () => halt(temporalServer), back);
    } finally {
      await stack.stop();
    }
  });
});

async function outage(stack: ProcessStack, leave: () => Promise<void>, comeBack: () => Promise<void>): Promise<void> {
  const [api] = await Promise.all([stack.startApi(), stack.startWorker()]);
  const lines = await placeOrder(api, Array(6).fill({}));
  const [pending, ...others] = lines;
  if (!pending) throw new Error('no lines');
  for (const line of lines) expect(await commandLine(api, 'instruct', line)).toMatchObject({ ok: true });

  await leave();
  const over = sleep(OUTAGE_MS).then(() => undefined);
  const key = unique('key');
  // Its own timer answers it, not Temporal's return: that is still to come.
  const refused = await Promise.race([command(api, 'release', [pending], {}, { 'idempotency-key': key }), over]);
  expect(refused).toMatchObject({ status: 503, body: { code: 'COMMAND_PENDING' } });
  expect(refused?.headers.get('retry-after')).toMatch(/^\d+$/);
  // Reading works without it.
  expect(await listedLine(api, pending)).toMatchObject({ state: 'instructed' });
  expect((await api.get(`/api/bo/v1/deliveries/${pending.deliveryNo}?live=true`)).body.lines[0]).toMatchObject({ live: null });
  expect(await api.get('/readyz')).toMatchObject({ status: 503, body: { missing: expect.arrayContaining(['temporal']) } });

  await over;
  await comeBack();
  const back = performance.now();
  const times = await Promise.all(
    others.map(async (line) => {
      // A client that reconnects with its default back-off takes 13 s: these would be COMMAND_PENDING after 10.
      expect(await commandLine(api, 'release', line)).toMatchObject({ ok: true, state: 'released' });
      return Math.round(performance.now() - back);
    }),
  );

  const request = await eventually(async () => {
    const row = await requestOf(stack, key);
    return row?.answered_at && row;
  });
  const pendingMs = Math.round(performance.now() - back);
  console.log(`after Temporal's return: commands answered in ${times} ms, the pending one was done in ${pendingMs} ms`);
  expect(request).toMatchObject({ status: 200, answer: { succeeded: 1, results: [{ ok: true, state: 'released' }] } });
  for (const line of lines) {
    expect(await historyOf(stack, line)).toEqual(['order', 'instruct', 'release']);
    await expectSame(stack, line);
  }
}
