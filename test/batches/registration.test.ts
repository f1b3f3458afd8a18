import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { callbackToken } from '../../tracker/callback-token.ts';
import {
  exceptionsOf,
  registrationRows,
  runBatch,
  shipped,
  shippedMany,
  startTrackedStack,
  type TrackedStack,
  told,
} from '../support/scenes/batches.ts';
import { commandLine, placeOrder, uniqueWaybill } from '../support/scenes/orders.ts';
import { commandPickup, openClaim, placedLine } from '../support/scenes/pickups.ts';
import { CALLBACK_SECRET } from '../support/stack.ts';

const BATCH = 'waybill-registration';
let stack: TrackedStack;

beforeAll(async () => {
  stack = await startTrackedStack();
});
afterEach(() => {
  stack.simulator.control.unbehave();
  stack.simulator.control.settings({ outage: 'off' });
});
afterAll(() => stack.stop());

describe('자동운송장등록배치는 출고완료 · 택배 · 주문배송정보연동이력 미등록 배송번호를 등록합니다', () => {
  test('a shipped parcel is registered once, with fid, callback URL and the keys of the configuration', async () => {
    const line = await shipped(stack);
    const run = await runBatch(stack, BATCH);
    expect(run).toMatchObject({ trigger: 'manual', by: 'kim', failed: 0, skipped: 0, errors: [] });
    expect(run.succeeded).toBe(run.examined);
    const [sent] = stack.simulator.control.registrations({ num: line.waybillNo });
    expect(sent).toMatchObject({
      num: line.waybillNo,
      code: '04',
      fid: line.deliveryNo,
      tier: 'tier-1',
      key: 'key-of-ours',
      type: 'json',
      contentType: expect.stringContaining('application/x-www-form-urlencoded'),
      answer: { success: true },
    });
    const callback = new URL(sent?.callbackUrl ?? '');
    expect(callback.pathname).toBe('/api/order/v1/delivery/tracker/trackerCallback');
    expect(callback.searchParams.get('token')).toBe(callbackToken(CALLBACK_SECRET, line.deliveryNo));

    await runBatch(stack, BATCH);
    expect(told(stack, line.waybillNo)).toMatchObject({ registrations: 1, accepted: 1 });
  });

  test('주문배송정보연동이력 테이블에 이력 데이터를 저장합니다: the request without key and token, the answer, by the provider', async () => {
    const line = await shipped(stack);
    await runBatch(stack, BATCH);
    const rows = await registrationRows(stack, line.waybillNo);
    expect(rows).toMatchObject([{ fid: line.deliveryNo, outcome: 'registered', by: 'sweettracker', answer: { success: true } }]);
    expect(JSON.stringify(rows)).not.toContain('key-of-ours');
    expect(JSON.stringify(rows)).not.toContain(callbackToken(CALLBACK_SECRET, line.deliveryNo));
  });

  test('only them: not released, not of another method, not of an untrackable carrier', async () => {
    const [released] = await placeOrder(stack);
    if (!released) throw new Error('no line');
    for (const name of ['instruct', 'release']) await commandLine(stack, name, released);
    const untrackable = await shipped(stack, { carrierCode: '99' });
    const direct = await shipped(stack, { methodCode: '20' });
    const run = await runBatch(stack, BATCH);
    expect(run).toMatchObject({ examined: 0, succeeded: 0 });
    expect(await registrationRows(stack, untrackable.waybillNo)).toEqual([]);
    expect(stack.simulator.control.registrations({ fid: direct.deliveryNo })).toEqual([]);
  });

  test('many lines under one waybill are one registration; a combined delivery (합포장) has a row that names it', async () => {
    const first = await shipped(stack);
    const second = await shipped(stack, { waybillNo: first.waybillNo }, true);
    await runBatch(stack, BATCH);
    const joinedLater = await shipped(stack, { waybillNo: first.waybillNo }, true);
    await runBatch(stack, BATCH);
    expect(told(stack, first.waybillNo)).toMatchObject({ registrations: 1, accepted: 1 });
    const rows = await registrationRows(stack, first.waybillNo);
    expect(rows.map(({ fid, outcome }) => [fid, outcome])).toEqual([
      [first.deliveryNo, 'registered'],
      [second.deliveryNo, 'covered'],
      [joinedLater.deliveryNo, 'covered'],
    ]);
    expect(rows.slice(1).map(({ covered_by }) => covered_by)).toEqual([rows[0]?.id, rows[0]?.id]);
  });

  test('a corrected waybill is registered anew, and back to the old number its 03 is ours', async () => {
    const line = await shipped(stack);
    await runBatch(stack, BATCH);
    const waybillNo = uniqueWaybill();
    await commandLine(stack, 'correct-waybill', line, { carrierCode: '05', waybillNo }, { reason: '오기' });
    await runBatch(stack, BATCH);
    expect(told(stack, waybillNo)).toMatchObject({ registrations: 1, accepted: 1 });
    await commandLine(stack, 'correct-waybill', line, { carrierCode: '04', waybillNo: line.waybillNo }, { reason: '다시' });
    expect(await runBatch(stack, BATCH)).toMatchObject({ examined: 1, succeeded: 1 });
    expect((await registrationRows(stack, line.waybillNo)).map(({ outcome, e_code }) => [outcome, e_code])).toEqual([
      ['registered', null],
      ['registered', '03'],
    ]);
  });

  test('a pickup’s waybill is registered under its pickupNo', async () => {
    const line = await placedLine(stack);
    const pickupNo = await openClaim(stack, 'return', line);
    const waybillNo = uniqueWaybill();
    expect(await commandPickup(stack, 'instruct', pickupNo, { carrierCode: '04', waybillNo })).toMatchObject({ ok: true });
    await runBatch(stack, BATCH);
    expect(stack.simulator.control.registrations({ num: waybillNo })).toMatchObject([{ fid: pickupNo }]);
  });

  test('rows younger than BATCH_ROW_AGE_SECONDS are left for the next run', async () => {
    const patient = await startTrackedStack({ BATCH_ROW_AGE_SECONDS: '3600' });
    try {
      const line = await shipped(patient);
      expect(await runBatch(patient, BATCH)).toMatchObject({ examined: 0 });
      expect(told(patient, line.waybillNo).registrations).toBe(0);
      await patient.db.query(`update waybills set opened_at = opened_at - interval '2 hours'`);
      expect(await runBatch(patient, BATCH)).toMatchObject({ examined: 1, succeeded: 1 });
    } finally {
      await patient.stop();
    }
  });
});

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
        await stack.db.query<{ waybill_no: string }>(
          `select waybill_no from waybills where registration_failures > 0 and waybill_no = any($1)`,
          [lines.map(({ waybillNo }) => waybillNo)],
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
