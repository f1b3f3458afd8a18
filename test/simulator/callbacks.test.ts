import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  ask,
  callbackUrl,
  levels,
  nextNum,
  received,
  register,
  replyWith,
  reset,
  simulator,
  start,
  stop,
  until,
  YES,
} from './receiver.ts';

beforeAll(start);
afterEach(reset);
afterAll(stop);

describe('콜백', () => {
  test('the clock takes a parcel from 1 to 6, each level told as a form of strings', async () => {
    const num = nextNum();
    const begun = Date.now();
    await register(num);
    simulator.control.settings({ speed: 400 });
    await until(() => levels(num).length === 6);
    expect(levels(num)).toEqual(['1', '2', '3', '4', '5', '6']);
    const [first, , , , fifth] = received;
    expect(first?.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
    expect(first?.query).toBe('token=right');
    expect(Object.keys(first?.fields ?? {})).toEqual(
      'secret_value fid invoice_no level time_trans time_sweet where telno_office telno_man details recv_addr recv_name send_name man estmate courier_code'.split(
        ' ',
      ),
    );
    expect(first?.fields).toMatchObject({ fid: 'D1001', invoice_no: num, details: '배송준비', courier_code: '04', man: '' });
    expect(fifth?.fields).toMatchObject({ details: '배송출발', man: expect.stringMatching(/^[가-힣]{3}$/) });
    const { time_trans: time = '' } = first?.fields ?? {};
    expect(time).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    // Seoul's time of this test, in whole seconds.
    const told = Date.parse(`${time.replace(' ', 'T')}+09:00`);
    expect(told).toBeGreaterThan(begun - 1_000);
    expect(told).toBeLessThanOrEqual(Date.now());
    expect(await simulator.control.idle()).toEqual({ idle: true });
    expect(simulator.control.parcel(num)).toMatchObject({ level: 6, scans: Array(6).fill({ pushed: 'acknowledged' }) });
  });

  test('JSON and comcode by option', async () => {
    const num = nextNum();
    simulator.control.options(num, { body: 'json', courierField: 'comcode' });
    await register(num);
    await simulator.control.advance({ nums: [num], level: 1 });
    expect(received[0]?.headers['content-type']).toMatch(/^application\/json/);
    expect(received[0]?.fields).toMatchObject({ invoice_no: num, level: '1', comcode: '04' });
    expect(received[0]?.fields).not.toHaveProperty('courier_code');
  });

  test('any other reply is tried again with growing pauses, until it gives up', async () => {
    simulator.control.settings({ retryPausesMs: [10, 30, 60] });
    const [num, lost] = [nextNum(), nextNum()];
    const answers = ['{"code":false,"message":"fail - 1"}', 'no JSON', '{"code":true,"message":"ok"}', YES];
    replyWith(({ fields }) => ({ status: 200, body: fields.invoice_no === num ? (answers.shift() ?? YES) : 'never' }));
    await register(num);
    await register(lost);
    await simulator.control.advance({ level: 1 });
    expect(await simulator.control.idle()).toEqual({ idle: true });
    const attempts = simulator.control.callbacks({ num });
    expect(attempts.map(({ attempt, acknowledged }) => [attempt, acknowledged])).toEqual([
      [1, false],
      [2, false],
      [3, false],
      [4, true],
    ]);
    expect(attempts[0]).toMatchObject({ level: '1', status: 200, reply: '{"code":false,"message":"fail - 1"}', error: null });
    expect(simulator.control.parcel(lost).scans[0]?.pushed).toBe('gaveUp');
    expect(simulator.control.totals().callbacks).toMatchObject({ scans: 2, attempts: 8, acknowledged: 1, gaveUp: 1, pending: 0 });
  });

  test('duplicates, out of order, silent, never scanned, stopped, -99', async () => {
    const [twice, turned, silent, never, stopped, error] = Array.from({ length: 6 }, nextNum) as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    simulator.control.options(twice, { duplicates: 2 });
    simulator.control.options(turned, { outOfOrder: true });
    simulator.control.options(silent, { silent: true });
    simulator.control.options(never, { neverScanned: true });
    simulator.control.options(stopped, { stopAt: 3 });
    simulator.control.options(error, { scanErrorAfter: 3, stopAt: 4 });
    for (const num of [twice, turned, silent, never, stopped, error]) await register(num);
    simulator.control.settings({ speed: 1_000 });
    await until(() => levels(twice).length === 18 && levels(turned).length === 6 && levels(error).length === 5);
    await until(() => simulator.control.parcel(silent).level === 6 && levels(stopped).length === 3);
    expect(levels(turned)).toEqual(['2', '1', '4', '3', '6', '5']);
    expect(levels(error)).toEqual(['1', '2', '3', '-99', '4']);
    expect([levels(silent), levels(never), levels(stopped)]).toEqual([[], [], ['1', '2', '3']]);
    expect((await ask(silent)).completeYN).toBe('Y');
    expect(await ask(never)).toMatchObject({ status: false, code: '104' });
    expect((await ask(stopped)).level).toBe(3);
  });

  test('any callback by hand: 6-5-4-6, -99, "abc", missing fields, wrong token, copies at once, raw', async () => {
    const num = nextNum();
    await register(num);
    const { control } = simulator;
    expect(await control.send({ num, levels: [6, 5, 4, 6, -99, 'abc'] })).toMatchObject({ sent: 6, acknowledged: 6 });
    expect(levels(num)).toEqual(['6', '5', '4', '6', '-99', 'abc']);
    received.length = 0;
    await control.send({ num, omit: ['level', 'where'], token: 'wrong', fields: { fid: 'D9' } });
    expect(received[0]).toMatchObject({ query: 'token=wrong', fields: { fid: 'D9', invoice_no: num } });
    expect(received[0]?.fields).not.toHaveProperty('level');
    await control.send({ num, format: 'json', token: null, fields: { level: 6 } });
    expect(received[1]).toMatchObject({ query: '', fields: { level: 6 } });
    replyWith(() => ({ status: 403, body: '{"code":false,"message":"fail - token"}' }));
    expect(await control.send({ num, copies: 1_000, levels: [6] })).toMatchObject({
      sent: 1_000,
      acknowledged: 0,
      statuses: { 403: 1_000 },
    });
    await control.send({ url: callbackUrl, raw: { body: 'a=%', contentType: 'text/plain' } });
    expect(received.at(-1)?.text).toBe('a=%');
  });

  test('a number with old scans tells them when it is registered (recycled)', async () => {
    const num = nextNum();
    simulator.control.preload({ parcels: [{ num, at: '2026-01-05T15:00:00+09:00' }] });
    await register(num);
    expect(await simulator.control.idle()).toEqual({ idle: true });
    expect(levels(num)).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(received.at(-1)?.fields.time_trans).toBe('2026-01-05 15:00:00');
  });
});
