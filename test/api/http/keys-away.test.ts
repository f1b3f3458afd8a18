import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { createApp } from '../../../api/app.ts';
import { keySet } from '../../../api/http/token-cache.ts';
import { apiConfig } from '../../../process/config/api.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let keys: JWK[];
const pairs: Record<string, CryptoKey> = {};
beforeAll(async () => {
  stack = await startStack({}, { hasWorker: false });
  keys = await Promise.all(
    ['old', 'new'].map(async (kid) => {
      const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
      pairs[kid] = privateKey;
      return { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' };
    }),
  );
});
afterAll(() => stack.stop());

type Answering = (response: ServerResponse) => void;
const setOf =
  (...kids: string[]): Answering =>
  (response) =>
    response.end(JSON.stringify({ keys: keys.filter(({ kid }) => kids.includes(kid ?? '')) }));
/** Ways in which a key server does not say which keys there are. */
const faults: [string, Answering][] = [
  ['resets the connection', (response) => response.destroy()],
  ['answers 500', (response) => response.writeHead(500).end('{}')],
  ['answers 404', (response) => response.writeHead(404).end('no such thing')],
  ['sends elsewhere', (response) => response.writeHead(302, { location: '/elsewhere' }).end()],
  ['answers a page', (response) => response.end('<html>maintenance</html>')],
  ['answers JSON that is no key set', (response) => response.end('{"status":"ok"}')],
  ['never answers', () => {}],
  ['hangs in the middle', (response) => response.write('{"keys":[')],
];

let server: Server;
let answering: Answering;
let asked = 0;
beforeEach(async () => {
  asked = 0;
  server = createServer((_, response) => {
    asked++;
    answering(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
const claims = { sub: 'kim', permissions: ['delivery.read', 'policy.read', 'assembly.read', 'order.write'] };
const tokenOf = (kid: string, key = pairs[kid] as CryptoKey) =>
  new SignJWT({ ...claims, jti: String(Math.random()), exp: Math.floor(Date.now() / 1000) + 60 })
    .setProtectedHeader({ alg: 'RS256', kid })
    .sign(key);
const newApi = () => {
  const { app } = createApp({ ...stack.deps, config: apiConfig({ AUTH_JWKS_URL: url() }) });
  return async (path: string, token: string, init: RequestInit = {}) => {
    const answer = await app.request(path, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } });
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as any };
  };
};
const CARRIERS = '/api/bo/v1/carriers';

describe('a key set that is away or slow is no bad token: 503 UNAVAILABLE', () => {
  test.each(faults)('the key server %s', async (_, fault) => {
    answering = fault;
    const answer = await newApi()(CARRIERS, await tokenOf('old'));
    expect(answer).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(answer.headers.get('www-authenticate')).toBeNull();
  });

  test('nobody listens there', async () => {
    const call = newApi();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(await call(CARRIERS, await tokenOf('old'))).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  test('on the two foreign wires too, in their form', async () => {
    answering = (response) => response.destroy();
    const call = newApi();
    const esm = await call('/item/v1/shipping/places', await tokenOf('old'));
    expect(esm).toMatchObject({ status: 503, body: { resultCode: 1000, message: expect.stringContaining('로그인 키') } });
    const sabangnet = await call('/v2/shipping/products?member_id=70', await tokenOf('old'));
    expect(sabangnet).toMatchObject({ status: 503, body: { code: '5000', message: expect.stringContaining('로그인 키') } });
    for (const { headers } of [esm, sabangnet]) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test('a change is not stored', async () => {
    answering = (response) => response.destroy();
    const body = JSON.stringify({ reason: null });
    const init = { method: 'POST', body, headers: { 'content-type': 'application/json' } };
    expect(await newApi()('/api/order/v1/claims/C1/withdraw', await tokenOf('old'), init)).toMatchObject({ status: 503 });
  });
});

describe('a set that answers says which tokens are bad', () => {
  test('an unknown kid, another key under a known one: 401', async () => {
    answering = setOf('old');
    const call = newApi();
    expect((await call(CARRIERS, await tokenOf('old'))).status).toBe(200);
    for (const token of [await tokenOf('new'), await tokenOf('old', pairs.new)])
      expect(await call(CARRIERS, token)).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
  });

  test('a token that no key has to be asked about is 401 while the set is away', async () => {
    answering = (response) => response.destroy();
    const call = newApi();
    const shared = await new SignJWT({ ...claims, exp: Math.floor(Date.now() / 1000) + 60 })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode('x'.repeat(40)));
    for (const token of ['nonsense', 'a.b.c', shared]) expect((await call(CARRIERS, token)).status).toBe(401);
    expect(asked).toBe(0);
  });
});

describe('keys that were read before', () => {
  /** What the set says of a kid: its key, or the failure's name or code. */
  const ask = async (set: ReturnType<typeof keySet>, kid: string) => {
    try {
      await set({ alg: 'RS256', kid }, { payload: '', signature: '' });
      return 'key';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  test.each(faults)(
    'go on working when they are no longer fresh and the key server %s; another kid is UNAVAILABLE',
    async (_, fault) => {
      answering = setOf('old');
      const set = keySet(new URL(url()), stack.deps.log, { freshMs: 0 });
      expect(await ask(set, 'old')).toBe('key');
      answering = fault;
      expect([await ask(set, 'old'), await ask(set, 'new')]).toEqual(['key', 'UNAVAILABLE']);
      expect(asked).toBe(2);
    },
  );
});
