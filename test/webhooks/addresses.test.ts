import { lookup as realLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createPoster, type PostOptions } from '../../worker/webhooks/post.ts';
import { NOBODY, type Receiver, startReceiver } from './world.ts';

let hook: Receiver;
beforeAll(async () => {
  hook = await startReceiver();
});
afterAll(() => hook.stop());

const never = new AbortController().signal;
async function posted(url: string, options: Partial<PostOptions> = {}) {
  const poster = createPoster({ allowPrivate: false, ...options });
  try {
    return await poster.post(url, { 'content-type': 'application/json' }, '{"data":{}}', never);
  } finally {
    poster.close();
  }
}
/** A name server that answers this address. */
const names =
  (address: string): LookupFunction =>
  (_, __, done) =>
    done(null, [{ address, family: address.includes(':') ? 6 : 4 }]);

describe('without WEBHOOK_ALLOW_PRIVATE nothing is sent to an address that is not public', () => {
  test.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f.1',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.9.9',
    '192.168.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[fe80::1]',
    '[fd00::1]',
  ])('as it is written: https://%s', async (host) => {
    const { error, status } = await posted(`https://${host}:${hook.port}/hook`);
    expect({ error, status }).toEqual({ error: 'ADDRESS_NOT_ALLOWED', status: null });
  });

  test.each(['127.0.0.1', '10.0.0.1', '169.254.169.254', '::1', '::ffff:127.0.0.1', 'fd12::1'])(
    'as its name is looked up: %s',
    async (address) => {
      const { error } = await posted(`https://hooks.shop.example:${hook.port}/hook`, { lookup: names(address) });
      expect(error).toBe('ADDRESS_NOT_ALLOWED');
    },
  );

  test('also when one address of several is private', async () => {
    const lookup: LookupFunction = (_, __, done) =>
      done(null, [
        { address: '203.0.113.7', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ]);
    expect((await posted('https://hooks.shop.example/', { lookup })).error).toBe('ADDRESS_NOT_ALLOWED');
  });

  test('nor by plain http, wherever it leads', async () => {
    expect((await posted(hook.url)).error).toBe('HTTPS_REQUIRED');
  });

  test('none of these has reached the receiver', () => {
    expect(hook.got).toEqual([]);
  });
});

test('a name is looked up and checked at every connection: one that leads to a private address by now reaches nothing', async () => {
  let asked = 0;
  const moving: LookupFunction = (_, __, done) => {
    asked++;
    if (asked === 1) done(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), []);
    else done(null, [{ address: '127.0.0.1', family: 4 }]);
  };
  const poster = createPoster({ allowPrivate: false, lookup: moving });
  const post = () => poster.post(`https://hooks.shop.example:${hook.port}/hook`, {}, '{}', never);
  expect((await post()).error).toBe('ENOTFOUND');
  expect((await post()).error).toBe('ADDRESS_NOT_ALLOWED');
  expect((await post()).error).toBe('ADDRESS_NOT_ALLOWED');
  poster.close();
  expect(asked).toBe(3);
});

test('with WEBHOOK_ALLOW_PRIVATE a receiver on this machine is reached, by http too', async () => {
  expect(await posted(hook.url, { allowPrivate: true })).toMatchObject({ status: 204, error: null });
  const { status } = await posted(`http://localhost:${hook.port}/hook`, {
    allowPrivate: true,
    lookup: realLookup as LookupFunction,
  });
  expect(status).toBe(204);
});

test('a receiver that is not there is an attempt with a reason, not an error', async () => {
  expect(await posted(NOBODY, { allowPrivate: true })).toMatchObject({ status: null, answer: null, error: 'ECONNREFUSED' });
});
