import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { onOneDay } from '../support/clock.ts';
import {
  calmTracker,
  exceptionsOf,
  runBatch,
  settleWaybills,
  shipped,
  shippedMany,
  startTrackedStack,
  type TrackedStack,
  told,
} from '../support/scenes/batches.ts';
import { commandLine, listedLine } from '../support/scenes/orders.ts';

const BATCH = 'auto-complete';
const HOUR_MS = 3_600_000;
let stack: TrackedStack;
beforeAll(async () => {
  stack = await startTrackedStack();
});
afterEach(() => calmTracker(stack));
afterAll(() => stack.stop());

const settleAll = () => settleWaybills(stack);
const delivered = (...lines: { waybillNo: string }[]) =>
  stack.simulator.control.preload({ parcels: lines.map(({ waybillNo: num }) => ({ num, level: 6 })) });
const stateOf = async (line: Parameters<typeof listedLine>[1]) => (await listedLine(stack, line))?.state;

describe('자동배송완료배치는 출고완료목록 조회 후 배송완료 처리를 진행합니다', () => {
  test('택배(10)이고 참조1값 Y: 배송추적시스템에서 배송완료인 데이터만, by the provider', async () => {
    const [arrived, moving, unknown] = [await shipped(stack), await shipped(stack), await shipped(stack)];
    delivered(arrived);
    stack.simulator.control.preload({ parcels: [{ num: moving.waybillNo, level: 4 }] });
    const run = await runBatch(stack, BATCH);
    expect(run).toMatchObject({ examined: 3, succeeded: 1, skipped: 2, failed: 0, errors: [] });
    expect(await stateOf(arrived)).toBe('delivered');
    expect([await stateOf(moving), await stateOf(unknown)]).toEqual(['shipped', 'shipped']);
    const { body } = await stack.get(`/api/bo/v1/deliveries/${arrived.deliveryNo}`);
    expect(body.history.at(-1)).toMatchObject({ command: 'deliver', by: 'sweettracker', to: 'delivered' });
    expect(stack.simulator.control.questions({ num: arrived.waybillNo })).toMatchObject([
      { method: 'POST', key: 'key-of-ours', code: '04' },
    ]);
  });

  test('배송방법이 택배가 아닌 경우는 모든 데이터를 배송완료 처리합니다, without asking', async () => {
    const lines = [];
    for (const methodCode of ['20', '30', '40']) lines.push(await shipped(stack, { methodCode }));
    expect(await runBatch(stack, BATCH)).toMatchObject({ examined: 3, succeeded: 3, failed: 0, skipped: 0 });
    for (const line of lines) expect(await stateOf(line)).toBe('delivered');
    expect(await runBatch(stack, BATCH)).toMatchObject({ examined: 0, succeeded: 0 });
  });

  test('a parcel of an untrackable carrier is left alone', async () => {
    const line = await shipped(stack, { carrierCode: '99' });
    expect(await runBatch(stack, BATCH)).toMatchObject({ examined: 0 });
    expect(await stateOf(line)).toBe('shipped');
    expect(told(stack, line.waybillNo).questions).toBe(0);
  });

  test('unless AUTO_COMPLETE_UNTRACKED_AFTER_DAYS is set and has passed', async () => {
    const patient = await startTrackedStack({ AUTO_COMPLETE_UNTRACKED_AFTER_DAYS: '3' });
    try {
      const line = await shipped(patient, { carrierCode: '99' });
      const young = await shipped(patient, { carrierCode: '99' });
      await patient.db.query(
        sql`update delivery_lines set shipped_at = shipped_at - interval '4 days' where delivery_no = ${line.deliveryNo}`,
      );
      expect(await runBatch(patient, BATCH)).toMatchObject({ examined: 1, succeeded: 1 });
      expect((await listedLine(patient, line))?.state).toBe('delivered');
      expect((await listedLine(patient, young))?.state).toBe('shipped');
    } finally {
      await patient.stop();
    }
  });

  test('one question per waybill: a combined parcel delivers the lines of both deliveries', async () => {
    const first = await shipped(stack);
    const second = await shipped(stack, { waybillNo: first.waybillNo }, true);
    delivered(first);
    expect(await runBatch(stack, BATCH)).toMatchObject({ examined: 2, succeeded: 2 });
    expect(told(stack, first.waybillNo).questions).toBe(1);
    expect([await stateOf(first), await stateOf(second)]).toEqual(['delivered', 'delivered']);
  });

  test('reopened (배송완료취소), a parcel is asked about again', async () => {
    const line = await shipped(stack);
    delivered(line);
    await runBatch(stack, BATCH);
    await runBatch(stack, BATCH);
    expect(told(stack, line.waybillNo).questions).toBe(1);
    await commandLine(stack, 'reopen', line, {}, { reason: '오배송' });
    expect(await runBatch(stack, BATCH)).toMatchObject({ examined: 1, succeeded: 1 });
    expect(told(stack, line.waybillNo).questions).toBe(2);
  });

  test('a delivered whose newest scan is more than 24 h older than the shipping is a recycled number: an exception', async () => {
    const line = await shipped(stack);
    stack.simulator.control.preload({ parcels: [{ num: line.waybillNo, level: 6, at: Date.now() - 30 * HOUR_MS }] });
    expect(await runBatch(stack, BATCH)).toMatchObject({ examined: 1, succeeded: 0, skipped: 1 });
    expect(await stateOf(line)).toBe('shipped');
    expect(await exceptionsOf(stack, line.waybillNo)).toMatchObject([{ kind: 'recycled-number', state: 'open' }]);
  });
});

describe('tracker faults', () => {
  test.each([
    ['500', { kind: 'status', status: 500 }],
    ['timing out', { kind: 'hang' }],
    ['hanging half-way', { kind: 'halfway' }],
    ['HTML', { kind: 'html' }],
    ['106 as HTTP 200', { kind: 'code', code: '106' }],
  ] as const)('%s: no answer, asked again next run', async (_, how) => {
    const line = await shipped(stack);
    delivered(line);
    stack.simulator.control.behave({ on: 'trackingInfo', times: 1, waybill: { num: line.waybillNo }, ...how });
    expect(await runBatch(stack, BATCH)).toMatchObject({
      examined: 1,
      failed: 1,
      succeeded: 0,
      errors: [{ waybillNo: line.waybillNo }],
    });
    expect(await stateOf(line)).toBe('shipped');
    expect(await runBatch(stack, BATCH)).toMatchObject({ examined: 1, succeeded: 1 });
  });

  test.each(['101', '102'] as const)(
    'refusing the key (%s): the run stops asking and says so, other methods go on',
    async (code) => {
      const line = await shipped(stack);
      const direct = await shipped(stack, { methodCode: '20' });
      stack.simulator.control.settings({ keyRefused: code });
      expect(await runBatch(stack, BATCH)).toMatchObject({ examined: 1, succeeded: 1, errors: [{ code }] });
      expect([await stateOf(line), await stateOf(direct)]).toEqual(['shipped', 'delivered']);
    },
  );

  test('103: the quota is used up: it stops asking and says so; longest unasked first in the next run', async () => {
    const lines = await shippedMany(stack, 40);
    delivered(...lines);
    stack.simulator.control.newDay();
    stack.simulator.control.settings({ quotaPerDay: 10 });
    const first = await runBatch(stack, BATCH);
    expect(first).toMatchObject({ examined: 10, succeeded: 10 });
    expect(first.errors).toMatchObject([{ code: '103' }]);
    stack.simulator.control.settings({ quotaPerDay: null });
    expect(await runBatch(stack, BATCH)).toMatchObject({ examined: 30, succeeded: 30, errors: [] });
  });

  test('105: this waybill rests until tomorrow, and the run says so', () =>
    onOneDay(async () => {
      await settleAll();
      const [limited, other] = [await shipped(stack), await shipped(stack)];
      delivered(other);
      stack.simulator.control.preload({ parcels: [{ num: limited.waybillNo, level: 3 }] });
      stack.simulator.control.behave({
        on: 'trackingInfo',
        kind: 'code',
        code: '105',
        times: 1,
        waybill: { num: limited.waybillNo },
      });
      expect(await runBatch(stack, BATCH)).toMatchObject({ examined: 2, succeeded: 1, skipped: 1, errors: [{ code: '105' }] });
      expect(await runBatch(stack, BATCH)).toMatchObject({ examined: 1, skipped: 1 });
      expect(told(stack, limited.waybillNo).questions).toBe(1);
      await stack.db.query(sql`update waybills set ask_after = now() where waybill_no = ${limited.waybillNo}`);
      await runBatch(stack, BATCH);
      expect(told(stack, limited.waybillNo).questions).toBe(2);
    }));

  test('DELIVERY_TRACKING_DAILY_QUOTA is respected over runs', () =>
    onOneDay(async () => {
      const frugal = await startTrackedStack({ DELIVERY_TRACKING_DAILY_QUOTA: '3' });
      try {
        const lines = await shippedMany(frugal, 5);
        expect(await runBatch(frugal, BATCH)).toMatchObject({ examined: 3, errors: [{ code: 'QUOTA' }] });
        expect(await runBatch(frugal, BATCH)).toMatchObject({ examined: 0, errors: [{ code: 'QUOTA' }] });
        const asked = lines.filter(({ waybillNo }) => told(frugal, waybillNo).questions > 0);
        expect(asked).toHaveLength(3);
        await frugal.db.query(sql`update tracking_questions set day = day - 1`);
        await runBatch(frugal, BATCH);
        // The two that were never asked come first.
        expect(lines.every(({ waybillNo }) => told(frugal, waybillNo).questions > 0)).toBe(true);
      } finally {
        await frugal.stop();
      }
    }));

  test('a tracker that is away ends the asking, which says so', async () => {
    await shippedMany(stack, 60);
    stack.simulator.control.settings({ outage: 'drop' });
    const run = await runBatch(stack, BATCH);
    expect(run.examined).toBeLessThan(60);
    expect(run).toMatchObject({
      failed: run.examined,
      errors: expect.arrayContaining([expect.objectContaining({ code: 'NO_ANSWER' })]),
    });
  });
});
