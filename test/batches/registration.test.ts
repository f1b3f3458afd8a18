import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { callbackToken } from '../../tracker/callback-token.ts';
import {
  mendTracker,
  registrationRows,
  runBatch,
  shipped,
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
afterEach(() => mendTracker(stack));
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
      await patient.db.query(sql`update waybills set opened_at = opened_at - interval '2 hours'`);
      expect(await runBatch(patient, BATCH)).toMatchObject({ examined: 1, succeeded: 1 });
    } finally {
      await patient.stop();
    }
  });
});
