import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../local/simulator/server.ts';
import { httpOf } from '../support/http.ts';
import { PATIENCE_MS } from '../support/patience.ts';

interface Received {
  headers: IncomingHttpHeaders;
  query: string;
  fields: Record<string, string>;
  text: string;
}

const YES = '{"code":true,"message":"success"}';
const received: Received[] = [];
/** What the receiver says; a test may let it say something else. */
let reply: (body: Received) => { status: number; body: string } = () => ({ status: 200, body: YES });
const receiver = createServer(async (request, response) => {
  let text = '';
  for await (const chunk of request) text += chunk;
  const json = /json/.test(request.headers['content-type'] ?? '');
  const fields = json ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text));
  const body = { headers: request.headers, query: (request.url ?? '').split('?')[1] ?? '', fields, text };
  received.push(body);
  const answer = reply(body);
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
});
let simulator: Simulator;
let callbackUrl = '';
let number = 700_000_000_000;
const nextNum = (): string => String(++number);
const levels = (num: string) => received.filter(({ fields }) => fields.invoice_no === num).map(({ fields }) => fields.level);

async function post(path: string, body: URLSearchParams | unknown, timeoutMs = PATIENCE_MS) {
  const form = body instanceof URLSearchParams;
  const response = await fetch(simulator.url + path, {
    method: 'POST',
    body: form ? body : JSON.stringify(body),
    headers: form ? {} : { 'content-type': 'application/json' },
    signal: AbortSignal.timeout(timeoutMs),
  });
  const text = await response.text();
  return { status: response.status, type: response.headers.get('content-type') ?? '', text };
}

async function register(num: string, more: Record<string, string> = {}) {
  const all = { num, code: '04', fid: 'D1001', callback_url: callbackUrl, tier: 'T', key: 'K', type: 'json', ...more };
  const { text } = await post('/add_invoice', new URLSearchParams(all));
  return JSON.parse(text);
}

async function ask(num: string, more: Record<string, string> = {}) {
  const { status, text } = await post('/api/v1/trackingInfo', { t_key: 'K', t_code: '04', t_invoice: num, ...more });
  expect(status).toBe(200);
  return JSON.parse(text);
}

beforeAll(async () => {
  await once(receiver.listen(0, '127.0.0.1'), 'listening');
  callbackUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/callback?token=right`;
  simulator = await startSimulator({ speed: 0 });
});
afterEach(() => {
  simulator.control.reset();
  received.length = 0;
  reply = () => ({ status: 200, body: YES });
});
afterAll(async () => {
  await simulator.stop();
  receiver.closeAllConnections();
  receiver.close();
});

describe('운송장등록 POST /add_invoice', () => {
  test('answers success, num, fid, e_code and e_message', async () => {
    const num = nextNum();
    expect(await register(num)).toEqual({ success: true, num, fid: 'D1001', e_code: '', e_message: '' });
    expect(simulator.control.registrations({ num })).toEqual([
      expect.objectContaining({ code: '04', fid: 'D1001', callbackUrl, tier: 'T', key: 'K', type: 'json', answeredBy: 'right' }),
    ]);
  });

  test.each(['num', 'code', 'fid', 'callback_url', 'tier', 'key', 'type'])('01 without %s', async (name) => {
    expect(await register(nextNum(), { [name]: '' })).toMatchObject({ success: false, e_code: '01' });
  });

  test('01 for a JSON body and for a fid of 31 characters', async () => {
    const { text } = await post('/add_invoice', { num: nextNum(), code: '04' });
    expect(JSON.parse(text)).toMatchObject({ success: false, e_code: '01' });
    expect(await register(nextNum(), { fid: 'D'.repeat(31) })).toMatchObject({ e_code: '01' });
  });

  test.each([['6000-0000-0001'], ['12345678'], ['123456789012345'], ['60000000000A']])('02 for waybill %s', async (num) => {
    expect(await register(num)).toEqual({ success: false, num, fid: 'D1001', e_code: '02', e_message: expect.any(String) });
  });

  test('an international waybill may hold letters', async () => {
    expect(await register('EB123456789KR', { code: '12' })).toMatchObject({ success: true });
  });

  test('03 for the same carrier and number again, whoever asks; another carrier is another parcel', async () => {
    const num = nextNum();
    await register(num);
    expect(await register(num, { fid: 'D2002' })).toMatchObject({ success: false, fid: 'D2002', e_code: '03' });
    expect(await register(num, { code: '05' })).toMatchObject({ success: true });
    expect(simulator.control.waybills({ registeredAtLeast: 2 })).toEqual([
      { num, code: '04', counters: expect.objectContaining({ registrations: 2, accepted: 1 }) },
    ]);
    const strangers = nextNum();
    simulator.control.preload({ parcels: [{ num: strangers, level: 0, strangers: true }] });
    expect(await register(strangers)).toMatchObject({ e_code: '03' });
  });

  test('04 for a carrier it does not follow', async () => {
    expect(await register(nextNum(), { code: '99' })).toMatchObject({ success: false, e_code: '04' });
    expect(await register(nextNum(), { code: '4' })).toMatchObject({ success: false, e_code: '04' });
  });
});

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
    reply = ({ fields }) => ({ status: 200, body: fields.invoice_no === num ? (answers.shift() ?? YES) : 'never' });
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
    reply = () => ({ status: 403, body: '{"code":false,"message":"fail - token"}' });
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

describe('배송정보조회 trackingInfo', () => {
  test('the fields, by POST JSON and by GET, details never in order', async () => {
    const num = nextNum();
    simulator.control.preload({ parcels: [{ num, level: 5, at: '2026-11-23T15:00:00+09:00' }] });
    const answer = await ask(num);
    expect(answer).toMatchObject({ result: 'Y', invoiceNo: num, level: 5, complete: false, completeYN: 'N' });
    expect(answer).toEqual(expect.objectContaining({ itemName: expect.any(String), receiverName: expect.stringContaining('*') }));
    const times = answer.trackingDetails.map(({ time }: { time: number }) => time);
    expect(times).not.toEqual(times.toSorted());
    expect(times).toHaveLength(5);
    expect(answer.trackingDetails.find(({ level }: { level: number }) => level === 5)).toMatchObject({
      time: Date.parse('2026-11-23T15:00:00+09:00'),
      timeString: '2026-11-23 15:00:00',
      where: expect.any(String),
      kind: '배송출발',
      telno: expect.any(String),
      manName: expect.any(String),
      code: null,
    });
    const response = await fetch(`${simulator.url}/api/v1/trackingInfo?t_key=K&t_code=04&t_invoice=${num}`);
    expect(await response.json()).toEqual(answer);
    expect(simulator.control.questions({ num }).map(({ method, level }) => [method, level])).toEqual([
      ['POST', 5],
      ['GET', 5],
    ]);
  });

  test('errors are HTTP 200 with status false: 101, 102, 103, 104, 105, 106, 500', async () => {
    const { control } = simulator;
    const [num, other, fresh] = [nextNum(), nextNum(), nextNum()];
    control.preload({ parcels: [{ num }, { num: other }] });
    await register(fresh);
    const error = (code: string) => ({ status: false, msg: expect.any(String), code });
    expect(await ask(num, { t_key: '' })).toEqual(error('101'));
    expect(await ask(nextNum())).toEqual(error('104'));
    expect(await ask(fresh)).toEqual(error('104'));
    expect(await ask(num, { t_code: '05' })).toEqual(error('104'));
    control.settings({ keyRefused: '102' });
    expect(await ask(num)).toEqual(error('102'));
    control.settings({ keyRefused: 'off', perWaybillPerDay: 1 });
    expect([await ask(num), await ask(num), await ask(other)]).toMatchObject([{ level: 6 }, error('105'), { level: 6 }]);
    control.newDay();
    control.settings({ perWaybillPerDay: null, quotaPerDay: 1 });
    expect([await ask(num), await ask(other)]).toMatchObject([{ level: 6 }, error('103')]);
    control.settings({ quotaPerDay: null });
    for (const code of ['106', '500']) control.behave({ on: 'trackingInfo', kind: 'code', code, times: 1 });
    expect([await ask(num), await ask(num), await ask(num)]).toMatchObject([error('106'), error('500'), { level: 6 }]);
  });

  test('companylist', async () => {
    const response = await fetch(`${simulator.url}/api/v1/companylist?t_key=K`);
    const { Company } = (await response.json()) as { Company: { Code: string }[] };
    expect(Company).toContainEqual({ Code: '04', Name: 'CJ대한통운', International: 'false' });
    expect(Company.map(({ Code }) => Code).join(' ')).toBe('01 04 05 06 08 11 12 13 14 17 18 20 21 22 23 24 32 46');
  });
});

describe('장애', () => {
  test('99 n times, 500, HTML, slow; the others go on', async () => {
    const { control } = simulator;
    const num = nextNum();
    control.behave({ on: 'register', waybill: { num }, kind: 'code', code: '99', times: 2 });
    expect(await register(nextNum())).toMatchObject({ success: true });
    expect([await register(num), await register(num), await register(num)]).toMatchObject([
      { success: false, e_code: '99' },
      { success: false, e_code: '99' },
      { success: true },
    ]);
    control.behave({ on: 'register', kind: 'status', status: 500, times: 1 });
    expect((await post('/add_invoice', new URLSearchParams())).status).toBe(500);
    control.behave({ on: 'trackingInfo', kind: 'html', times: 1 });
    expect(await post('/api/v1/trackingInfo', {})).toMatchObject({ status: 200, type: 'text/html;charset=UTF-8' });
    control.behave({ on: 'trackingInfo', kind: 'slow', ms: 150, times: 1 });
    const started = performance.now();
    await ask(num);
    expect(performance.now() - started).toBeGreaterThan(140);
    expect(control.behaviours()).toEqual([]);
  });

  test('hang, half of an answer, dropped connection; acts says whether it was registered all the same', async () => {
    const { control } = simulator;
    for (const kind of ['hang', 'halfway', 'drop'] as const) {
      for (const acts of [false, true]) {
        const num = nextNum();
        control.behave({ on: 'register', waybill: { num }, kind, acts, times: 1 });
        const body = new URLSearchParams({
          num,
          code: '04',
          fid: 'D1',
          callback_url: callbackUrl,
          tier: 'T',
          key: 'K',
          type: 'json',
        });
        await expect(post('/add_invoice', body, 200)).rejects.toThrow();
        expect(await register(num)).toMatchObject(acts ? { success: false, e_code: '03' } : { success: true });
      }
    }
    control.behave({ on: 'trackingInfo', kind: 'hang' });
    await expect(post('/api/v1/trackingInfo', {}, 200)).rejects.toThrow();
    expect(control.unbehave()).toEqual({ removed: 1 });
    control.behave({ on: 'register', kind: 'drop', after: 1, times: 1 });
    expect(await register(nextNum())).toMatchObject({ success: true });
    await expect(register(nextNum())).rejects.toThrow();
  });

  test('an outage stops the wire and the clock, not the control routes', async () => {
    const num = nextNum();
    await register(num);
    simulator.control.settings({ outage: 'drop', speed: 1_000 });
    await expect(ask(num)).rejects.toThrow();
    simulator.control.settings({ outage: '503' });
    expect((await post('/add_invoice', new URLSearchParams())).status).toBe(503);
    const http = httpOf(simulator.url, '');
    expect((await http.get(`/_control/parcels/${num}`)).body).toMatchObject({ level: 0 });
    expect((await http.put('/_control/settings', { outage: 'off' })).status).toBe(200);
    await until(() => levels(num).length === 6);
  });
});

test('the control routes are the same by HTTP, and strict', async () => {
  const http = httpOf(simulator.url, '');
  const num = nextNum();
  await register(num);
  const call = http.post;
  expect((await call('/_control/parcels', { parcels: [{ num: nextNum(), level: 6 }] })).status).toBe(201);
  expect((await http.put(`/_control/parcels/${num}/options`, { body: 'json' })).body).toEqual({ body: 'json' });
  expect((await call('/_control/advance', { nums: [num], level: 2 })).body).toEqual({ parcels: 1, scans: 2, acknowledged: 2 });
  expect((await call('/_control/callbacks', { num, levels: [-99] })).body).toMatchObject({ sent: 1, statuses: { 200: 1 } });
  expect((await http.get(`/_control/callbacks?num=${num}&level=-99`)).body.items).toHaveLength(1);
  expect((await http.get(`/_control/registrations?num=${num}`)).body.items).toHaveLength(1);
  expect((await http.get('/_control/waybills?acceptedAtLeast=1')).body.items).toHaveLength(1);
  expect((await http.get('/_control/idle?timeoutMs=1000')).body).toEqual({ idle: true });
  expect((await call('/_control/behaviours', { on: 'register', kind: 'hang' })).body).toEqual({ id: expect.any(Number) });
  expect((await http.get('/_control/behaviours')).body.items).toMatchObject([{ rule: { kind: 'hang' }, met: 0 }]);
  expect((await http.get('/_control')).body.totals.parcels).toEqual({ total: 2, byLevel: { 2: 1, 6: 1 } });
  expect((await call('/_control/advance', { nums: ['1'], level: 2 })).status).toBe(404);
  expect((await call('/_control/behaviours', { on: 'register', kind: 'hnag' })).status).toBe(400);
  expect((await call('/_control/advance', 'no JSON')).status).toBe(400);
  expect((await call('/_control/reset', {})).status).toBe(200);
  expect((await http.get('/_control/parcels')).body).toEqual({ total: 0, items: [] });
});

test('counters only: nothing is kept but counts', async () => {
  simulator.control.settings({ keepLog: 'counters' });
  const num = nextNum();
  await register(num);
  await simulator.control.advance({ nums: [num], level: 6 });
  expect([simulator.control.registrations(), simulator.control.callbacks()]).toEqual([[], []]);
  expect(simulator.control.waybills()[0]?.counters).toMatchObject({ registrations: 1, callbacks: 6, acknowledged: 6 });
});

test('as a process: one line, parcels and untold callbacks survive a restart, SIGTERM ends it', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'simulator-')), 'state.json');
  const start = async () => {
    const child = spawn(process.execPath, ['local/simulator/main.ts'], {
      env: { ...process.env, NODE_OPTIONS: '', SIMULATOR_PORT: '0', SIMULATOR_SPEED: '0', SIMULATOR_STATE_FILE: file },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(child.stdout, 'data');
    const url = /http:\S+/.exec(String(line))?.[0] ?? '';
    return { url, http: httpOf(url, ''), stop: () => Promise.all([once(child, 'exit'), child.kill('SIGTERM')]) };
  };
  const num = nextNum();
  const body = new URLSearchParams({ num, code: '04', fid: 'D1', callback_url: callbackUrl, tier: 'T', key: 'K', type: 'json' });
  const first = await start();
  reply = () => ({ status: 503, body: '' });
  await fetch(`${first.url}/add_invoice`, { method: 'POST', body });
  await first.http.post('/_control/advance', { nums: [num], level: 2 });
  expect((await first.stop())[0]).toEqual([0, null]);
  expect(JSON.parse(readFileSync(file, 'utf8')).parcels).toHaveLength(1);

  reply = () => ({ status: 200, body: YES });
  received.length = 0;
  const second = await start();
  await until(() => levels(num).length === 2);
  expect((await second.http.get(`/_control/parcels/${num}`)).body).toMatchObject({ level: 2, registration: { fid: 'D1' } });
  await second.stop();

  writeFileSync(file, '{ half');
  const said = jest.spyOn(console, 'error').mockImplementation(() => {});
  const third = await startSimulator({ stateFile: file, speed: 0 });
  expect(third.control.totals().parcels.total).toBe(0);
  await third.stop();
  expect(said).toHaveBeenCalledWith(expect.stringContaining('unusable'));
  said.mockRestore();
  expect(readFileSync(`${file}.unusable`, 'utf8')).toBe('{ half');
});

async function until(true_: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!true_()) {
    if (performance.now() > deadline) throw new Error(`not in time: ${true_}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
