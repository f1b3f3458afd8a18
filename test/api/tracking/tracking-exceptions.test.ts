import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
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
import { callback, exceptionsOf, journalOf, outcomesOf, wireTime } from '../../support/scenes/tracking.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

const DAY = 86_400_000;
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ TRACKING_SILENCE_INTERVAL_MS: '100' });
});
afterAll(() => stack.stop());

const act = (name: string, id: number | string, body: object = {}) =>
  stack.post(`/api/bo/v1/tracking-exceptions/${id}/${name}`, body);
const becomes = (line: PlacedLine, state: string) => eventually(async () => (await storedRow(stack, line)).state === state);
/** The one open exception of this delivery. */
const oneOf = async (deliveryNo: string) => {
  const found = await exceptionsOf(stack, `deliveryNo=${deliveryNo}&state=open`);
  expect(found).toHaveLength(1);
  return found[0] as { id: number; [field: string]: any };
};

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
      resolvedAt: null,
      resolution: null,
      updatedAt: expect.any(String),
    });
    expect(await listedLine(stack, line)).toMatchObject({ state: 'shipped', trackingLevel: null });
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
      `update waybills set ${columns.map((column) => `${column} = now() - interval '1 day' * $2`).join(', ')} where waybill_no = $1`,
      [waybillNo, days],
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

describe('resolve and replay', () => {
  test('resolve closes one with who and why; again it stays so', async () => {
    const line = await placeIn(stack, 'shipped');
    await callback(stack, line.deliveryNo, line.waybillNo, -99);
    await outcomesOf(stack, line.deliveryNo);
    const { id } = await oneOf(line.deliveryNo);
    const closed = await act('resolve', id, { reason: '기사와 통화함' });
    expect(closed).toMatchObject({
      status: 200,
      body: { id, state: 'resolved', resolvedBy: 'kim', resolution: '기사와 통화함', resolvedAt: expect.any(String) },
    });
    const again = await act('resolve', id, { reason: '다른 사유' });
    expect(again).toMatchObject({ status: 200, body: closed.body });
  });

  test('replay of an unknown number’s callback, once its delivery carries the waybill: applied and closed', async () => {
    const line = await placeIn(stack, 'shipped');
    const waybillNo = uniqueWaybill();
    await callback(stack, line.deliveryNo, waybillNo, 6);
    await outcomesOf(stack, line.deliveryNo);
    const { id } = await oneOf(line.deliveryNo);
    // Still wrong: it counts once more and stays open.
    expect(await act('replay', id)).toMatchObject({ status: 200, body: { id, state: 'open' } });
    await eventually(async () => (await oneOf(line.deliveryNo)).count === 2);
    await commandLine(stack, 'correct-waybill', line, { carrierCode: '04', waybillNo }, { reason: '오타' });
    await act('replay', id);
    await becomes(line, 'delivered');
    const [closed] = await eventually(async () => {
      const found = await exceptionsOf(stack, `deliveryNo=${line.deliveryNo}&state=resolved`);
      return found.length > 0 && found;
    });
    expect(closed).toMatchObject({ id, resolvedBy: 'kim' });
    expect(await journalOf(stack, line.deliveryNo)).toMatchObject([{ outcome: 'applied' }]);
  });

  test('replay of a waybill nothing is heard of has it registered anew', async () => {
    const line = await placeIn(stack, 'shipped');
    await stack.db.query(
      `update waybills set opened_at = now() - interval '4 days', registered_at = now(), registration_failures = 3 where waybill_no = $1`,
      [line.waybillNo],
    );
    const { id } = await eventually(async () => {
      const [found] = await exceptionsOf(stack, `deliveryNo=${line.deliveryNo}`);
      return found;
    });
    expect(await act('replay', id)).toMatchObject({ status: 200, body: { state: 'resolved', resolvedBy: 'kim' } });
    expect(
      await stack.db.query('select registered_at, registration_failures from waybills where waybill_no = $1', [line.waybillNo]),
    ).toEqual([{ registered_at: null, registration_failures: 0 }]);
  });

  test.each(['resolve', 'replay'])('%s of none is 404, of a word 400', async (name) => {
    expect(await act(name, 999_999_999)).toMatchObject({ status: 404, body: { code: 'TRACKING_EXCEPTION_NOT_FOUND' } });
    expect(await act(name, 'nobody')).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
    expect(await act(name, 1, { cause: 'x' })).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
  });

  test('permissions: delivery.read to look, delivery.write to act', async () => {
    const [reader, writer] = [await stack.token(['delivery.read']), await stack.token(['delivery.write'])];
    expect((await stack.get('/api/bo/v1/tracking-exceptions', { token: reader })).status).toBe(200);
    expect((await stack.get('/api/bo/v1/tracking-exceptions', { token: writer })).status).toBe(403);
    for (const name of ['resolve', 'replay']) {
      const path = `/api/bo/v1/tracking-exceptions/999999999/${name}`;
      expect((await stack.post(path, {}, { token: reader })).status).toBe(403);
      expect((await stack.post(path, {}, { token: writer })).status).toBe(404);
    }
  });
});

describe('GET /tracking-exceptions', () => {
  const waybillNo = uniqueWaybill();
  const start = Date.parse('2025-03-01T00:00:00Z');
  beforeAll(async () => {
    await stack.db.query(
      `insert into tracking_exceptions (kind, fid, waybill_no, reason, first_at, last_at, state)
       select 'unknown-number', 'L' || n, $1, 'r', $2::timestamptz + interval '1 day' * n, $2::timestamptz + interval '1 day' * (n / 2),
              case when n % 3 = 0 then 'resolved' else 'open' end from generate_series(1, 12) n`,
      [waybillNo, new Date(start)],
    );
  });
  const list = async (query: string) => (await stack.get(`/api/bo/v1/tracking-exceptions?waybillNo=${waybillNo}&${query}`)).body;
  const fids = (items: { fid: string }[]) => items.map(({ fid }) => Number(fid.slice(1)));

  test.each(['lastAt', '-lastAt', 'firstAt', '-firstAt'])('pages by %s: every row once, in order', async (sort) => {
    const seen: any[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: any = await list(`limit=5&sort=${sort}${cursor ? `&cursor=${cursor}` : ''}`);
      seen.push(...page.items);
      cursor = page.nextCursor;
    }
    expect(fids(seen).sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, at) => at + 1));
    const values = seen.map((row) => row[sort.replace('-', '')]);
    expect(values).toEqual(sort.startsWith('-') ? [...values].sort().reverse() : [...values].sort());
  });

  test('filters: state, kind, range, updatedFrom; count', async () => {
    expect(fids((await list('state=resolved&sort=firstAt')).items)).toEqual([3, 6, 9, 12]);
    expect(await list('kind=scan-error')).toMatchObject({ items: [], nextCursor: null });
    expect(await list('count=true&limit=1&state=open')).toMatchObject({ total: 8 });
    const day = new Date(start + 5 * DAY).toISOString();
    expect(fids((await list(`from=${day}&sort=firstAt`)).items)).toEqual([10, 11, 12]);
    expect(fids((await list(`updatedFrom=${day}&sort=firstAt`)).items)).toEqual([10, 11, 12]);
  });

  test.each(['state=closed', 'kind=x', 'sort=id', 'cursor=x', 'limit=0', 'page=1'])('%s is 400', async (query) => {
    expect(await stack.get(`/api/bo/v1/tracking-exceptions?${query}`)).toMatchObject({
      status: 400,
      body: { code: 'BAD_REQUEST' },
    });
  });
});
