import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { startSimulator } from '../../local/simulator/server.ts';
import { httpOf } from '../support/http.ts';
import {
  ask,
  callbackUrl,
  levels,
  nextNum,
  post,
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
  replyWith(() => ({ status: 503, body: '' }));
  await fetch(`${first.url}/add_invoice`, { method: 'POST', body });
  await first.http.post('/_control/advance', { nums: [num], level: 2 });
  expect((await first.stop())[0]).toEqual([0, null]);
  expect(JSON.parse(readFileSync(file, 'utf8')).parcels).toHaveLength(1);

  replyWith(() => ({ status: 200, body: YES }));
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
