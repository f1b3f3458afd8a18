import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import {
  exceptionsOf,
  mendTracker,
  registrationRows,
  runBatch,
  shipped,
  shippedMany,
  startTrackedStack,
  type TrackedStack,
  told,
} from '../support/scenes/batches.ts';

const BATCH = 'waybill-registration';
let stack: TrackedStack;

beforeAll(async () => {
  stack = await startTrackedStack();
});
afterEach(() => mendTracker(stack));
afterAll(() => stack.stop());

describe('what the tracker answers', () => {
  test.each(['01', '02', '04'])('e_code %s becomes an exception at once and is not tried again', async (code) => {
    const line = await shipped(stack);
    stack.simulator.control.behave({ on: 'register', kind: 'code', code, waybill: { num: line.waybillNo } });
    const run = await runBatch(stack, BATCH);
    expect(run).toMatchObject({ examined: 1, failed: 1, errors: [{ code, waybillNo: line.waybillNo }] });
    expect(await exceptionsOf(stack, line.waybillNo)).toMatchObject([{ kind: 'registration-refused', state: 'open' }]);
    expect(await runBatch(stack, BATCH)).toMatchObject({ examined: 0 });
    expect(told(stack, line.waybillNo).registrations).toBe(1);
  });

  test('e_code 03 of a number that we never registered is somebody else’s: an exception', async () => {
    const line = await shipped(stack);
    stack.simulator.control.preload({ parcels: [{ num: line.waybillNo, strangers: true }] });
    expect(await runBatch(stack, BATCH)).toMatchObject({ failed: 1, errors: [{ code: '03' }] });
    expect(await exceptionsOf(stack, line.waybillNo)).toMatchObject([{ kind: 'registration-refused' }]);
  });

  test('taken, but its answer lost: the next run’s 03 is our own and a success', async () => {
    const line = await shipped(stack);
    stack.simulator.control.behave({ on: 'register', kind: 'drop', acts: true, times: 1, waybill: { num: line.waybillNo } });
    expect(await runBatch(stack, BATCH)).toMatchObject({ examined: 1, failed: 1 });
    expect(await runBatch(stack, BATCH)).toMatchObject({ examined: 1, succeeded: 1, failed: 0 });
    expect(told(stack, line.waybillNo)).toMatchObject({ registrations: 2, accepted: 1 });
    expect(await exceptionsOf(stack, line.waybillNo)).toEqual([]);
  });

  test.each([
    ['500', { kind: 'status', status: 500 }],
    ['timing out', { kind: 'hang' }],
    ['hanging half-way', { kind: 'halfway' }],
    ['HTML', { kind: 'html' }],
    ['the connection dropped', { kind: 'drop' }],
    ['99', { kind: 'code', code: '99' }],
  ] as const)('%s: tried again in the next run, the attempt is kept', async (_, how) => {
    const line = await shipped(stack);
    stack.simulator.control.behave({ on: 'register', times: 1, waybill: { num: line.waybillNo }, ...how });
    const failing = await runBatch(stack, BATCH);
    expect(failing).toMatchObject({ examined: 1, failed: 1, errors: [{ waybillNo: line.waybillNo }] });
    expect(await runBatch(stack, BATCH)).toMatchObject({ examined: 1, succeeded: 1 });
    const rows = await registrationRows(stack, line.waybillNo);
    expect(rows.map(({ outcome }) => outcome)).toEqual(['failed', 'registered']);
    expect(rows[0]?.answer).not.toBeNull();
  });

  test('after 10 failed runs an exception; registered at last, it is resolved', async () => {
    const line = await shipped(stack);
    stack.simulator.control.behave({ on: 'register', kind: 'code', code: '99', waybill: { num: line.waybillNo } });
    for (let runs = 1; runs <= 10; runs++) {
      expect(await exceptionsOf(stack, line.waybillNo)).toEqual([]);
      await runBatch(stack, BATCH);
    }
    expect(await exceptionsOf(stack, line.waybillNo)).toMatchObject([{ kind: 'registration-failed', state: 'open' }]);
    stack.simulator.control.unbehave();
    await runBatch(stack, BATCH);
    expect(await exceptionsOf(stack, line.waybillNo)).toMatchObject([{ kind: 'registration-failed', state: 'resolved' }]);
  });

  test('a tracker that is away ends the run, which says so; those that were not tried come first in the next', async () => {
    const lines = await shippedMany(stack, 60);
    stack.simulator.control.settings({ outage: 'drop' });
    const run = await runBatch(stack, BATCH);
    expect(run.errors[0]).toMatchObject({ code: 'TRACKER_AWAY' });
    expect(run.examined).toBeLessThan(60);
    expect(run).toMatchObject({ failed: run.examined, succeeded: 0 });
    stack.simulator.control.settings({ outage: 'off' });
    expect(await runBatch(stack, BATCH)).toMatchObject({ examined: 60, succeeded: 60, failed: 0 });
    const order = stack.simulator.control.registrations({ limit: 60 }).map(({ num }) => num);
    const failedOnce = new Set(
      (
        await stack.db.query(
          sql<{
            waybill_no: string;
          }>`select waybill_no from waybills where registration_failures > 0 and waybill_no = any(${lines.map(({ waybillNo }) => waybillNo)})`,
        )
      ).map((row) => row.waybill_no),
    );
    // Sixteen at once: the ones that failed are not before the last sixteen of the others.
    const firstAgain = order.findIndex((num) => failedOnce.has(num));
    expect(firstAgain).toBeGreaterThanOrEqual(60 - failedOnce.size - 16);
  });
});

describe('99 and network faults are retried for at most 30 s a run', () => {
  test('within the run, each attempt a row of the history', async () => {
    const eager = await startTrackedStack({ DELIVERY_API_RETRY_MS: '30000' });
    try {
      const line = await shipped(eager);
      eager.simulator.control.behave({ on: 'register', kind: 'code', code: '99', times: 2, waybill: { num: line.waybillNo } });
      expect(await runBatch(eager, BATCH)).toMatchObject({ examined: 1, succeeded: 1, failed: 0 });
      expect((await registrationRows(eager, line.waybillNo)).map(({ outcome }) => outcome)).toEqual([
        'failed',
        'failed',
        'registered',
      ]);
    } finally {
      await eager.stop();
    }
  });
});
