import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { unique } from '../../support/scenes/orders.ts';
import { createPlace } from '../../support/scenes/shipping.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({}, { hasWorker: false });
});
afterAll(() => stack.stop());

const base = '/api/bo/v1/calendar';
const shown = async (from: string, to = from, placeNo?: number) =>
  (await stack.get(`${base}?from=${from}&to=${to}${placeNo ? `&placeNo=${placeNo}` : ''}`)).body.items;
const setDay = (date: string, body: object, headers: Record<string, string> = {}) =>
  stack.put(`${base}/days/${date}`, body, { headers });

test('weekdays, holidays and their names, a month at a time', async () => {
  const items = await shown('2026-05-01', '2026-05-31');
  expect(items).toHaveLength(31);
  expect(items.slice(0, 5)).toEqual([
    { date: '2026-05-01', open: false, why: 'holiday', name: '노동절' },
    { date: '2026-05-02', open: false, why: 'weekday', name: null },
    { date: '2026-05-03', open: false, why: 'weekday', name: null },
    { date: '2026-05-04', open: true, why: 'weekday', name: null },
    { date: '2026-05-05', open: false, why: 'holiday', name: '어린이날' },
  ]);
});

test('at most 400 days, in order, real ones', async () => {
  expect((await stack.get(`${base}?from=2026-01-01&to=2027-02-04`)).body.items).toHaveLength(400);
  for (const query of [
    'from=2026-01-01&to=2027-02-05',
    'from=2026-01-02&to=2026-01-01',
    'from=2026-01-01',
    'from=2026-02-30&to=2026-03-01',
    'from=2026-01-01&to=2026-01-02&placeNo=x',
  ])
    expect([query, (await stack.get(`${base}?${query}`)).status]).toEqual([query, 400]);
});

test('own days of a place come before those of all places; taking one back shows what is beneath', async () => {
  const [placeNo, other] = [await createPlace(stack), await createPlace(stack)];
  const date = '2027-03-02';
  const all = await setDay(date, { open: false, name: '전사 휴무' });
  expect([all.status, all.body]).toEqual([200, { date, open: false, why: 'own', name: '전사 휴무' }]);
  await setDay(date, { open: true, name: '이곳은 엶', placeNo });
  expect(await shown(date, date, placeNo)).toEqual([{ date, open: true, why: 'own', name: '이곳은 엶' }]);
  expect(await shown(date, date, other)).toEqual([all.body]);
  const removed = await stack.delete(`${base}/days/${date}?placeNo=${placeNo}`);
  expect([removed.status, removed.body]).toEqual([200, all.body]);
  // Some clients send the place in a body, as they do with the PUT.
  await setDay(date, { open: true, name: '이곳은 엶', placeNo });
  const token = await stack.token(['policy.write']);
  const sent = await fetch(`${stack.url}${base}/days/${date}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ open: true, name: '이곳은 엶', placeNo }),
  });
  expect([sent.status, await sent.json()]).toEqual([200, all.body]);
  const remove = (body?: string) =>
    fetch(`${stack.url}${base}/days/${date}?${body === undefined ? `placeNo=${other}` : ''}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body }),
    });
  expect((await remove()).status).toBe(200);
  expect((await remove('{"placeNo":"x"}')).status).toBe(400);
  await stack.delete(`${base}/days/${date}`);
  expect(await shown(date, date, placeNo)).toEqual([{ date, open: true, why: 'weekday', name: null }]);
});

test('the open week, of all places and of one', async () => {
  const placeNo = await createPlace(stack);
  const saved = await stack.put(`${base}/week`, { openWeekdays: [6, 1, 6], placeNo });
  expect([saved.status, saved.body]).toEqual([200, { openWeekdays: [1, 6], placeNo }]);
  const open = async (place?: number) =>
    (await shown('2027-03-08', '2027-03-14', place)).filter((day: any) => day.open).map((day: any) => day.date.slice(8));
  expect(await open(placeNo)).toEqual(['08', '13']);
  expect(await open()).toEqual(['08', '09', '10', '11', '12']);
  await stack.put(`${base}/week`, { openWeekdays: [2] });
  expect(await open()).toEqual(['09']);
  expect(await open(placeNo)).toEqual(['08', '13']);
  expect((await stack.get(`${base}?from=2027-03-08&to=2027-03-08&placeNo=${placeNo}`)).body.openWeekdays).toEqual([1, 6]);
  await stack.put(`${base}/week`, { openWeekdays: [1, 2, 3, 4, 5] });
});

test('400 and 404', async () => {
  for (const [path, body, status] of [
    ['days/2027-02-30', { open: true, name: 'x' }, 400],
    ['days/2027-02-10', { open: true }, 400],
    ['days/2027-02-10', { open: 'true', name: 'x' }, 400],
    ['days/2027-02-10', { open: true, name: 'x', placeNo: 999_999_999 }, 404],
    ['week', { openWeekdays: [] }, 400],
    ['week', { openWeekdays: [0] }, 400],
    ['week', { openWeekdays: [8] }, 400],
    ['week', { openWeekdays: [1], placeNo: 999_999_999 }, 404],
  ] as const)
    expect([path, body, (await stack.put(`${base}/${path}`, body)).status]).toEqual([path, body, status]);
});

describe('executed late, a change undoes nothing that was asked for after it', () => {
  /** As after a kill -9 between storing the request and the change: neither is answered, nor is anything written. */
  const unmade = async (key: string) => {
    await stack.db.query(sql`delete from shipping_changes where request_id = (select id from requests where key = ${key})`);
    await stack.db.query(
      sql`update requests set answered_at = null, status = null, answer = null, locked_until = null, sweep_at = now() - interval '1 minute' where key = ${key}`,
    );
  };
  const answerOf = async (key: string) =>
    (await stack.db.query(sql<{ status: number }>`select status from requests where key = ${key}`))[0]?.status;

  test('a day that was taken back stays away', async () => {
    const [key, date] = [unique('day'), '2027-04-06'];
    await setDay(date, { open: false, name: '쉼' }, { 'idempotency-key': key });
    await stack.delete(`${base}/days/${date}`);
    await unmade(key);
    await stack.requests.sweep();
    expect(await answerOf(key)).toBe(409);
    expect(await shown(date)).toEqual([{ date, open: true, why: 'weekday', name: null }]);
  });

  test('also a day that never came to be', async () => {
    const [key, date] = [unique('day'), '2027-04-07'];
    await setDay(date, { open: false, name: '쉼' }, { 'idempotency-key': key });
    await unmade(key);
    await stack.db.query(sql`delete from calendar_days where day = ${date}`);
    await stack.delete(`${base}/days/${date}`);
    await stack.requests.sweep();
    expect(await answerOf(key)).toBe(409);
    expect(await shown(date)).toEqual([{ date, open: true, why: 'weekday', name: null }]);
  });

  test('a week', async () => {
    const [key, placeNo] = [unique('week'), await createPlace(stack)];
    await stack.put(`${base}/week`, { openWeekdays: [1], placeNo }, { headers: { 'idempotency-key': key } });
    await stack.put(`${base}/week`, { openWeekdays: [2], placeNo });
    await unmade(key);
    await stack.requests.sweep();
    expect(await answerOf(key)).toBe(409);
    expect((await stack.get(`${base}?from=2027-03-08&to=2027-03-08&placeNo=${placeNo}`)).body.openWeekdays).toEqual([2]);
  });
});

test('who set what is noted', async () => {
  const placeNo = await createPlace(stack);
  await setDay('2027-05-04', { open: false, name: '쉼', placeNo });
  const noted = await stack.db.query(
    sql`select by, answer ->> 'date' as date from shipping_changes where place_no = ${placeNo} order by at desc limit 1`,
  );
  expect(noted).toEqual([{ by: 'kim', date: '2027-05-04' }]);
});
