import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import {
  commandLine,
  listedLine,
  type PlacedLine,
  placeIn,
  storedRow,
  take,
  unique,
  uniqueWaybill,
} from '../../support/scenes/orders.ts';
import { instructWithWaybill, openClaim, placedLine } from '../../support/scenes/pickups.ts';
import { callback, exceptionsOf, oneException, outcomesOf, wireTime } from '../../support/scenes/tracking.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ TRACKING_SILENCE_INTERVAL_MS: '100' });
});
afterAll(() => stack.stop());

const act = (name: string, id: number | string, body: object = {}) =>
  stack.post(`/api/bo/v1/tracking-exceptions/${id}/${name}`, body);
const becomes = (line: PlacedLine, state: string) => eventually(async () => (await storedRow(stack, line)).state === state);
const oneOf = (deliveryNo: string) => oneException(stack, deliveryNo);

describe('→ tracking exception with reason', () => {
  test('a scan error (-99)', async () => {
    const line = await placeIn(stack, 'shipped');
    const scanned = wireTime(-60);
    await callback(stack, line.deliveryNo, line.waybillNo, -99, { time_trans: scanned });
    expect(await outcomesOf(stack, line.deliveryNo)).toEqual(['scan-error']);
    expect(await oneOf(line.deliveryNo)).toEqual({
      id: expect.any(Number),
      kind: 'scan-error',
      kindName: '택배사 스캔 오류',
      fid: line.deliveryNo,
      deliveryNo: line.deliveryNo,
      pickupNo: null,
      carrierCode: '04',
      waybillNo: line.waybillNo,
      reason: `택배사 스캔 오류: 스캔오류 ${scanned.slice(0, 16)}`,
      firstAt: expect.any(String),
      lastAt: expect.any(String),
      count: 1,
      state: 'open',
      resolvedBy: null,
      resolvedByName: null,
      resolvedAt: null,
      resolution: null,
      updatedAt: expect.any(String),
    });
    expect(await listedLine(stack, line)).toMatchObject({ state: 'shipped', trackingLevel: null });
  });

  test('found by its numbers as people write them', async () => {
    const line = await placeIn(stack, 'shipped');
    await callback(stack, line.deliveryNo, line.waybillNo, -99);
    await outcomesOf(stack, line.deliveryNo);
    const cut = (no: string | null) => encodeURIComponent((no ?? '').replace(/^(.{4})(.{4})/, '$1-$2 ').toLowerCase());
    for (const asked of [`deliveryNo=${cut(line.deliveryNo)}`, `waybillNo=${cut(line.waybillNo)}`])
      expect(await exceptionsOf(stack, asked)).toMatchObject([{ deliveryNo: line.deliveryNo, waybillNo: line.waybillNo }]);
    const { status } = await stack.get('/api/bo/v1/tracking-exceptions?pickupNo=-');
    expect(status).toBe(400);
  });

  test('an unknown number, its token being right: stored and answered all the same', async () => {
    const [fid, waybillNo] = [unique('X'), uniqueWaybill()];
    await callback(stack, fid, waybillNo, 6);
    expect(await outcomesOf(stack, fid)).toEqual(['unknown-number']);
    expect(await exceptionsOf(stack, `waybillNo=${waybillNo}`)).toMatchObject([
      { kind: 'unknown-number', fid, deliveryNo: null, pickupNo: null, carrierCode: null },
    ]);
  });

  test.each([
    ['another waybill', { invoice_no: uniqueWaybill() }],
    ['the same number of another carrier', { courier_code: '05' }],
  ])('a number with %s acts on nobody', async (_, wrong) => {
    const [line, other] = [await placeIn(stack, 'shipped'), await placeIn(stack, 'shipped')];
    await callback(stack, line.deliveryNo, line.waybillNo, 6, wrong);
    await callback(stack, line.deliveryNo, other.waybillNo, 6);
    expect(await outcomesOf(stack, line.deliveryNo)).toEqual(['waybill-mismatch', 'waybill-mismatch']);
    expect(await exceptionsOf(stack, `deliveryNo=${line.deliveryNo}&kind=waybill-mismatch`)).toHaveLength(2);
    for (const each of [line, other])
      expect(await storedRow(stack, each)).toMatchObject({ state: 'shipped', tracking_level: null });
    const { body } = await stack.get(`/api/bo/v1/deliveries/${line.deliveryNo}`);
    expect(body.tracking).toEqual([]);
  });

  test('a line taken back to 출고지시 whose parcel moves', async () => {
    const line = await placeIn(stack, 'shipped');
    await take(stack, line, ['undo']);
    await callback(stack, line.deliveryNo, line.waybillNo, 2);
    expect(await outcomesOf(stack, line.deliveryNo)).toEqual(['line-canceled']);
    expect(await oneOf(line.deliveryNo)).toMatchObject({ kind: 'line-canceled', waybillNo: line.waybillNo });
    expect(await storedRow(stack, line)).toMatchObject({ state: 'released' });
  });

  test('a recycled number: level 6 scanned more than 24 h before the shipping', async () => {
    const line = await placeIn(stack, 'shipped');
    await callback(stack, line.deliveryNo, line.waybillNo, 6, { time_trans: wireTime(-25 * 60) });
    expect(await outcomesOf(stack, line.deliveryNo)).toEqual(['recycled-number']);
    expect(await oneOf(line.deliveryNo)).toMatchObject({ kind: 'recycled-number' });
    expect(await listedLine(stack, line)).toMatchObject({ state: 'shipped', trackingLevel: null });
    // Its own scans still count.
    await callback(stack, line.deliveryNo, line.waybillNo, 6);
    await becomes(line, 'delivered');
  });

  test('the same trouble again counts, and is one exception while it is open', async () => {
    const line = await placeIn(stack, 'shipped');
    for (const minutes of [1, 2, 3])
      await callback(stack, line.deliveryNo, line.waybillNo, -99, { time_trans: wireTime(minutes) });
    await outcomesOf(stack, line.deliveryNo);
    expect(await oneOf(line.deliveryNo)).toMatchObject({ count: 3 });
  });
});

describe('nothing is stuck in silence', () => {
  const age = (waybillNo: string | null, columns: string[], days: number) =>
    stack.db.query(
      sql`update waybills set ${sql.raw(columns.map((column) => `${column} = now() - interval '1 day' * ${days}`).join(', '))} where waybill_no = ${waybillNo}`,
    );
  const silent = (waybillNo: string | null, more = '') =>
    eventually(async () => {
      const found = await exceptionsOf(stack, `waybillNo=${waybillNo}${more}`);
      return found.length > 0 && found;
    });

  test('no first scan for 3 days: an exception, once; the first scan closes it', async () => {
    const line = await placeIn(stack, 'shipped');
    await age(line.waybillNo, ['opened_at'], 3.01);
    expect(await silent(line.waybillNo)).toMatchObject([
      { kind: 'no-first-scan', deliveryNo: line.deliveryNo, carrierCode: '04', state: 'open', count: 1 },
    ]);
    await callback(stack, line.deliveryNo, line.waybillNo, 2);
    const [closed] = await silent(line.waybillNo, '&state=resolved');
    expect(closed).toMatchObject({ kind: 'no-first-scan', count: 1, resolvedBy: 'tracker' });
  });

  test('no progress for 10 days; 9 are none', async () => {
    const [stalled, moving] = [await placeIn(stack, 'shipped'), await placeIn(stack, 'shipped')];
    for (const line of [stalled, moving]) {
      await callback(stack, line.deliveryNo, line.waybillNo, 3);
      await outcomesOf(stack, line.deliveryNo);
    }
    await age(moving.waybillNo, ['opened_at', 'moved_at'], 9.9);
    await age(stalled.waybillNo, ['opened_at', 'moved_at'], 10.1);
    expect(await silent(stalled.waybillNo)).toMatchObject([{ kind: 'not-moving', deliveryNo: stalled.deliveryNo }]);
    expect(await exceptionsOf(stack, `waybillNo=${moving.waybillNo}`)).toEqual([]);
  });

  test('a pickup’s parcel too', async () => {
    const pickupNo = await openClaim(stack, 'return', await placedLine(stack), 1);
    const waybillNo = await instructWithWaybill(stack, pickupNo);
    await age(waybillNo, ['opened_at'], 4);
    expect(await silent(waybillNo)).toMatchObject([{ kind: 'no-first-scan', pickupNo, deliveryNo: null }]);
  });

  test('not one that was delivered by hand, nor of a carrier that cannot be followed', async () => {
    const [delivered, untrackable, late] = [
      await placeIn(stack, 'delivered'),
      await placeIn(stack, 'released'),
      await placeIn(stack, 'shipped'),
    ];
    const waybillNo = uniqueWaybill();
    expect(await commandLine(stack, 'ship', untrackable, { carrierCode: '99', waybillNo })).toMatchObject({ ok: true });
    for (const each of [delivered.waybillNo, waybillNo]) await age(each, ['opened_at'], 5);
    // The oldest are looked at first: once this one is found, the others have been.
    await age(late.waybillNo, ['opened_at'], 4);
    await silent(late.waybillNo);
    for (const each of [delivered.waybillNo, waybillNo]) expect(await exceptionsOf(stack, `waybillNo=${each}`)).toEqual([]);
  });

  test('one that a person closed comes again while nothing is heard', async () => {
    const line = await placeIn(stack, 'shipped');
    await age(line.waybillNo, ['opened_at'], 4);
    const [first] = await silent(line.waybillNo);
    await act('resolve', first?.id ?? 0, { reason: '택배사에 확인 요청' });
    await age(line.waybillNo, ['opened_at', 'looked_at'], 8);
    const [again] = await silent(line.waybillNo, '&state=open');
    expect(again).toMatchObject({ kind: 'no-first-scan', count: 1 });
    expect(again?.id).not.toBe(first?.id);
  });
});
