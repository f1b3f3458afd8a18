import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { childEnvironment, readSettings } from '../../../local/servers/settings.ts';
import { type Simulator, startSimulator } from '../../../local/simulator/server.ts';
import { noticeConfig } from '../../../process/config/notices.ts';
import { providerOf } from '../../../worker/notices/provider.ts';
import { noticeEnvironment, uniquePhone } from '../../support/notices/telling.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ speed: 0 });
});
afterEach(() => void simulator.control.unbehave());
afterAll(() => simulator.stop());

const providers = ['solapi', 'aligo'] as const;
const send = (name: (typeof providers)[number], more: Record<string, string> = {}) => {
  const to = uniquePhone().digits;
  const provider = providerOf(noticeConfig(noticeEnvironment(simulator.url, name, { NOTICE_TIMEOUT_MS: '1000', ...more })));
  const message = { to, templateCode: 'T-1', text: '홍길동님, 안녕하세요 & 반갑습니다', variables: { 고객: '홍길동' } };
  return { to, message, sent: provider?.send(message) };
};

describe('the wire of', () => {
  test('Solapi: signed, the template and its variables', async () => {
    const { to, sent } = send('solapi');
    expect(await sent).toEqual({ kind: 'sent', messageId: expect.stringMatching(/^M4V/) });
    const taken = { provider: 'solapi', templateCode: 'T-1', text: null, variables: { '#{고객}': '홍길동' } };
    expect(simulator.control.notices({ to })).toEqual([expect.objectContaining(taken)]);
  });

  test('Aligo: a form with the whole text', async () => {
    const { to, message, sent } = send('aligo');
    expect(await sent).toEqual({ kind: 'sent', messageId: expect.stringMatching(/^\d+$/) });
    const taken = { provider: 'aligo', templateCode: 'T-1', text: message.text, variables: null };
    expect(simulator.control.notices({ to })).toEqual([expect.objectContaining(taken)]);
  });

  test('Solapi: a key or a secret that is not ours is a matter of the setting, not of the message', async () => {
    expect(await send('solapi', { NOTICE_API_SECRET: 'another' }).sent).toEqual({ kind: 'later', code: '403' });
    expect(await send('solapi', { NOTICE_API_KEY: 'another' }).sent).toEqual({ kind: 'later', code: '403' });
    expect(await send('solapi', { NOTICE_SENDER: '0200000000' }).sent).toEqual({ kind: 'refused', code: '1062' });
  });

  test('Aligo: likewise, by its codes', async () => {
    expect(await send('aligo', { NOTICE_API_KEY: 'another' }).sent).toEqual({ kind: 'refused', code: '-99' });
    simulator.control.behave({ on: 'aligo', kind: 'code', code: '-101', times: 1 });
    expect(await send('aligo').sent).toEqual({ kind: 'later', code: '-101' });
  });
});

describe.each(providers)('%s', (name) => {
  test('a refusal is final; its words, which hold the number, stay where they are', async () => {
    simulator.control.behave({ on: name, kind: 'code', code: '3018', message: '차단한 번호' });
    expect(await send(name).sent).toEqual({ kind: 'refused', code: '3018' });
  });

  test('a code that may be a number is not kept', async () => {
    simulator.control.behave({ on: name, kind: 'code', code: '01012345678' });
    expect(await send(name).sent).toEqual({ kind: 'refused', code: 'OTHER' });
  });

  test.each([429, 503])('%i is for later', async (status) => {
    simulator.control.behave({ on: name, kind: 'status', status });
    expect(await send(name).sent).toEqual({ kind: 'later', code: String(status) });
  });

  test('nobody there: for later, because nothing was sent', async () => {
    const gone = await startSimulator();
    await gone.stop();
    expect(await send(name, { NOTICE_URL: gone.url }).sent).toEqual({ kind: 'later', code: 'NOT_REACHED' });
  });

  test('nobody who says hello: for later, because the message was not sent, however long it takes', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const url = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    expect(await send(name, { NOTICE_URL: url, NOTICE_TIMEOUT_MS: '300' }).sent).toEqual({ kind: 'later', code: 'NOT_REACHED' });
    expect(await send(name, { NOTICE_URL: simulator.url.replace('http:', 'https:') }).sent).toEqual({
      kind: 'later',
      code: 'NOT_REACHED',
    });
    silent.close();
  });

  test.each(['hang', 'drop', 'halfway', 'html'] as const)('%s after the message: nobody knows', async (kind) => {
    simulator.control.behave({ on: name, kind, acts: true });
    expect(await send(name).sent).toEqual({ kind: 'unknown', code: 'NO_ANSWER' });
  });

  test('500 and 502: nobody knows', async () => {
    simulator.control.behave({ on: name, kind: 'status', status: 502 });
    expect(await send(name).sent).toEqual({ kind: 'unknown', code: '502' });
  });

  test('another 4xx is a refusal', async () => {
    const body = '{"errorCode":"ValidationError","errorMessage":"01012345678"}';
    simulator.control.behave({ on: name, kind: 'status', status: 400, body });
    expect(await send(name).sent).toEqual({ kind: 'refused', code: name === 'solapi' ? 'ValidationError' : '400' });
  });

  test('a redirect is not followed: it would take name and phone along', async () => {
    simulator.control.behave({ on: name, kind: 'status', status: 307 });
    expect((await send(name).sent)?.kind).not.toBe('sent');
  });
});

test('npm start with a provider and no address: the simulator, with its keys, and no real one', async () => {
  const secret = 'a-secret-that-is-long-enough-for-the-local-stack';
  const environment = { AUTH_JWT_SECRET: secret, TRACKING_CALLBACK_SECRET: secret, SIMULATOR_PORT: String(simulator.port) };
  const servers = { databaseUrl: 'x', temporalAddress: 'x' };
  for (const name of providers) {
    const given = { NOTICE_PROVIDER: name };
    const child = { ...childEnvironment(readSettings({ ...environment, ...given }), servers), ...given };
    const provider = providerOf(noticeConfig(child));
    const { digits: to } = uniquePhone();
    expect(await provider?.send({ to, templateCode: 'T-1', text: '소식', variables: {} })).toMatchObject({ kind: 'sent' });
    expect(simulator.control.notices({ to })).toHaveLength(1);
  }
  expect(childEnvironment(readSettings(environment), servers)).not.toHaveProperty('NOTICE_URL');
  const own = { ...environment, NOTICE_PROVIDER: 'solapi', NOTICE_URL: 'https://a.provider' };
  expect(() => readSettings(own)).toThrow(/NOTICE_API_KEY: is required/);
});

test('settings: none is off; a provider needs all of its own, and hours are hours', () => {
  expect(noticeConfig({}).NOTICE_PROVIDER).toBeUndefined();
  expect(providerOf(noticeConfig({}))).toBeNull();
  expect(noticeConfig({}).NOTICE_QUIET_HOURS).toEqual({ from: 21, until: 8 });
  expect(() => noticeConfig({ NOTICE_PROVIDER: 'solapi' })).toThrow(/NOTICE_API_SECRET: is required with NOTICE_PROVIDER=solapi/);
  expect(() => noticeConfig({ NOTICE_PROVIDER: 'aligo' })).toThrow(/NOTICE_USER_ID: is required/);
  expect(() => noticeConfig({ NOTICE_QUIET_HOURS: '25-8' })).toThrow(/NOTICE_QUIET_HOURS/);
  expect(() => noticeConfig({ NOTICE_QUIET_HOURS: '8-8' })).toThrow(/NOTICE_QUIET_HOURS/);
  expect(() => noticeConfig({ NOTICE_LEASE_MS: '10000' })).toThrow(/NOTICE_LEASE_MS/);
});
