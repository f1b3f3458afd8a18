import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { median } from '../../bench/measure/stats.ts';
import { type ApiProcess, type ProcessStack, startProcesses } from '../support/processes/process-stack.ts';
import { expectSame, historyOf, holdRows, recordsWaiting, rowOf } from '../support/scenes/faults.ts';
import { command, type PlacedLine, placeOrder, uniqueWaybill } from '../support/scenes/orders.ts';
import { callback, callbackFields, journalOf, outcomesOf, postForm, wireTime } from '../support/scenes/tracking.ts';
import { eventually } from '../support/stack.ts';

interface Shipped extends PlacedLine {
  waybillNo: string;
}

/** An order's lines, each shipped under a waybill of its own. */
async function shippedLines(api: ApiProcess, count: number): Promise<Shipped[]> {
  const placed = await placeOrder(api, Array(count).fill({}));
  const lines = placed.map((line) => ({ ...line, waybillNo: uniqueWaybill() }));
  for (const name of ['instruct', 'release']) await command(api, name, placed);
  const asked = lines.map(({ deliveryNo, lineNo, waybillNo }) => ({ deliveryNo, lineNo, waybillNo, carrierCode: '04' }));
  expect((await command(api, 'ship', asked)).body).toMatchObject({ succeeded: count, failed: 0 });
  return lines;
}

/** Everything of these lines' parcels is applied, once, and row and workflow agree. */
async function deliveredOnce(stack: ProcessStack, lines: Shipped[]): Promise<void> {
  await eventually(async () =>
    (await Promise.all(lines.map((line) => rowOf(stack, line)))).every(({ state }) => state === 'delivered'),
  );
  for (const line of lines) {
    expect((await historyOf(stack, line)).filter((name) => name !== 'track')).toEqual([
      'order',
      'instruct',
      'release',
      'ship',
      'deliver',
    ]);
    await expectSame(stack, line);
  }
  const outcomes = await outcomesOf(stack, lines[0]?.deliveryNo ?? '');
  expect(outcomes.filter((outcome) => outcome !== 'applied' && outcome !== 'kept')).toEqual([]);
}

/** The worker's own figures of what waits. */
const waiting = async (url: string) =>
  Number(/^tracking_journal_waiting (\d+)/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1]);

describe('Temporal away while callbacks arrive', () => {
  test('each is acknowledged at once, waits where it can be seen, and all are applied afterwards', async () => {
    const stack = await startProcesses({ own: ['temporal'] });
    try {
      const [api, worker] = await Promise.all([stack.startApi(), stack.startWorker()]);
      const lines = await shippedLines(api, 30);
      await stack.temporalServer.kill();
      const report = async (level: number) => {
        const took: number[] = [];
        for (const line of lines) {
          const from = performance.now();
          await callback(api, line.deliveryNo, line.waybillNo, level, { time_trans: wireTime(level) });
          took.push(performance.now() - from);
        }
        return took;
      };
      const away = [...(await report(2)), ...(await report(6)), ...(await report(5))];
      await eventually(async () => (await waiting(worker.url)) >= lines.length);
      for (const line of lines) expect(await rowOf(stack, line)).toMatchObject({ state: 'shipped' });
      await stack.temporalServer.start();
      await deliveredOnce(stack, lines);
      expect(await waiting(worker.url)).toBe(0);
      // Acknowledging asks Temporal for nothing: it takes about as long without it as with it.
      expect(median(away)).toBeLessThan(5 * median(await report(5)));
    } finally {
      await stack.stop();
    }
  });
});

describe('processes killed', () => {
  let stack: ProcessStack;
  let api: ApiProcess;
  beforeAll(async () => {
    stack = await startProcesses();
    api = await stack.startApi({}, false);
  });
  afterAll(() => stack.stop());

  test('the API between store and signal: whoever relays next delivers', async () => {
    const first = await stack.startWorker();
    const lines = await shippedLines(api, 5);
    await first.stop();
    const [doomed] = [await stack.startApi({}, false)];
    for (const line of lines) await callback(doomed, line.deliveryNo, line.waybillNo, 6);
    await doomed.kill();
    expect(await journalOf(stack, lines[0]?.deliveryNo ?? '')).toMatchObject(
      lines.map(() => ({ processed_at: null, attempts: 0 })),
    );
    const worker = await stack.startWorker();
    await deliveredOnce(stack, lines);
    await worker.stop();
  });

  test('the worker after its signals, before it wrote them down: told again, one effect', async () => {
    const worker = await stack.startWorker();
    const lines = await shippedLines(api, 3);
    // The rows cannot be written: the relay has signalled, and the workflows are in the middle of 배송완료.
    const letGo = await holdRows(stack.databaseUrl, lines);
    for (const line of lines) await callback(api, line.deliveryNo, line.waybillNo, 6);
    await recordsWaiting(stack, lines.length);
    await worker.kill();
    await letGo();
    // As if it had died a moment earlier: nothing was written down, and its lease is over.
    await stack.db.query(
      sql`update tracking_journal set processed_at = null, outcome = null, next_at = now() where fid = ${lines[0]?.deliveryNo}`,
    );
    const next = await stack.startWorker();
    await deliveredOnce(stack, lines);
    await next.stop();
  });

  test('two workers relay at once: every callback has one effect', async () => {
    const workers = await Promise.all([stack.startWorker(), stack.startWorker()]);
    const lines = await shippedLines(api, 40);
    const fields = lines.flatMap(({ deliveryNo, waybillNo }) =>
      [6, 2, 5, 6, 3].map((level, at) => callbackFields(deliveryNo, waybillNo, level, { time_trans: wireTime(at) })),
    );
    const answers = await Promise.all(fields.map((each) => postForm(api, each)));
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    await deliveredOnce(stack, lines);
    await Promise.all(workers.map((worker) => worker.stop()));
  });
});

test('PostgreSQL away: 503 in the tracker’s own shape, and the same callback is taken afterwards', async () => {
  const stack = await startProcesses({ own: ['postgres'] });
  try {
    const [api, worker] = await Promise.all([stack.startApi(), stack.startWorker()]);
    const lines = await shippedLines(api, 1);
    const [line] = lines as [Shipped];
    const fields = callbackFields(line.deliveryNo, line.waybillNo, 6);
    await stack.postgres.kill();
    const refused = await postForm(api, fields);
    expect(refused).toMatchObject({ status: 503, body: { code: false, message: 'fail - not stored' } });
    await stack.postgres.start();
    await eventually(async () => (await postForm(api, fields)).status === 200);
    await deliveredOnce(stack, lines);
    expect((await fetch(`${worker.url}/metrics`)).status).toBe(200);
  } finally {
    await stack.stop();
  }
});
