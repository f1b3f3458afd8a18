import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from 'jose';
import { createApp } from '../../../api/app.ts';
import { apiConfig } from '../../../process/config/api.ts';
import { ConfigError } from '../../../process/config/reading.ts';
import { SECRET, type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({}, { hasWorker: false });
});
afterAll(() => stack.stop());

const PATH = '/api/bo/v1/carriers';
const now = () => Math.floor(Date.now() / 1000);
const claims = { sub: 'kim', permissions: ['delivery.read'] };
const bytes = (text: string) => new TextEncoder().encode(text);
const hs256 = (payload: object, secret = SECRET) =>
  new SignJWT({ ...payload }).setProtectedHeader({ alg: 'HS256' }).sign(bytes(secret));
const withHeader = (authorization: string | null) =>
  stack.get(PATH, { token: null, headers: authorization === null ? {} : { authorization } });

async function expectRefused(authorization: string | null) {
  const { status, headers, body } = await withHeader(authorization);
  expect([status, body.code, body.title]).toEqual([401, 'UNAUTHENTICATED', '로그인이 필요하거나 토큰이 올바르지 않습니다']);
  expect(headers.get('www-authenticate')).toBe('Bearer');
  expect(headers.get('content-type')).toBe('application/problem+json');
}

describe('no or bad token 401', () => {
  test.each([
    null,
    '',
    'Bearer',
    'Bearer ',
    'Basic a2ltOnBhc3N3b3Jk',
    'Bearer not-a-token',
    'Bearer a.b.c',
    'Bearer eyJhbGciOiJIUzI1NiJ9..',
    'Token x',
  ])('%p', async (authorization) => {
    await expectRefused(authorization);
  });

  test('two tokens, or one with something behind it', async () => {
    const token = await hs256({ ...claims, exp: now() + 60 });
    await expectRefused(`Bearer ${token} ${token}`);
    await expectRefused(`Bearer ${token}, Bearer ${token}`);
    expect((await withHeader(`bearer ${token}`)).status).toBe(200);
  });

  test('signed with another secret, or changed after it was signed', async () => {
    await expectRefused(`Bearer ${await hs256({ ...claims, exp: now() + 60 }, 'another-secret-that-is-long-enough-0123456789')}`);
    const [head, , signature] = (await hs256({ ...claims, exp: now() + 60 })).split('.');
    const more = Buffer.from(JSON.stringify({ ...claims, permissions: ['pii.read'], exp: now() + 60 })).toString('base64url');
    await expectRefused(`Bearer ${head}.${more}.${signature}`);
  });

  test.each([
    ['`sub` missing', { sub: undefined }],
    ['`sub` empty', { sub: '' }],
    ['`sub` a number', { sub: 7 }],
    ['permissions missing', { permissions: undefined }],
    ['permissions a text', { permissions: 'delivery.read' }],
    ['permissions of numbers', { permissions: [1] }],
    ...[0, '0', '', ' ', -1, 1.5, 2 ** 53, 'seventy', '70x', ' 70', '070', '7'.repeat(16), null, true, [], [70], {}].map(
      (member_id): [string, object] => [`\`member_id\` ${JSON.stringify(member_id)}: never taken for the shop`, { member_id }],
    ),
  ])('%s', async (_, odd) => {
    await expectRefused(`Bearer ${await hs256({ ...claims, exp: now() + 60, ...odd })}`);
  });

  test.each([70, '70', 2 ** 53 - 1, '7'.repeat(15), undefined])('`member_id` %p is taken', async (member_id) => {
    const token = await hs256({ sub: 'kim', permissions: ['assembly.read'], exp: now() + 60, member_id });
    expect((await stack.get('/v2/shipping/products', { token })).status).toBe(200);
  });
});

describe('`exp` required, leeway 60 s at most', () => {
  test('without `exp`, or with one that is no number', async () => {
    await expectRefused(`Bearer ${await hs256(claims)}`);
    await expectRefused(`Bearer ${await hs256({ ...claims, exp: 'tomorrow' })}`);
  });

  test('expired half a minute ago is let through, two minutes ago is not', async () => {
    expect((await withHeader(`Bearer ${await hs256({ ...claims, exp: now() - 30 })}`)).status).toBe(200);
    await expectRefused(`Bearer ${await hs256({ ...claims, exp: now() - 65 })}`);
    await expectRefused(`Bearer ${await hs256({ ...claims, exp: now() - 120 })}`);
  });

  test('not valid yet (`nbf` in ten minutes) is refused', async () => {
    await expectRefused(`Bearer ${await hs256({ ...claims, exp: now() + 6_000, nbf: now() + 600 })}`);
  });
});

describe('the algorithm list is fixed', () => {
  test('`alg: none` is refused, in any spelling', async () => {
    await expectRefused(`Bearer ${new UnsecuredJWT({ ...claims, exp: now() + 60 }).encode()}`);
    const payload = Buffer.from(JSON.stringify({ ...claims, exp: now() + 60 })).toString('base64url');
    for (const alg of ['none', 'None', 'NONE', ''])
      await expectRefused(`Bearer ${Buffer.from(JSON.stringify({ alg })).toString('base64url')}.${payload}.`);
  });

  test.each(['HS384', 'HS512'])('%s with the right secret is refused', async (alg) => {
    const token = await new SignJWT({ ...claims, exp: now() + 60 }).setProtectedHeader({ alg }).sign(bytes(SECRET));
    await expectRefused(`Bearer ${token}`);
  });

  test('RS256 with a key of one’s own, also when the token brings it along, is refused', async () => {
    const { publicKey, privateKey } = await generateKeyPair('RS256');
    const jwk = await exportJWK(publicKey);
    for (const header of [{ alg: 'RS256' }, { alg: 'RS256', jwk }, { alg: 'RS256', jku: 'https://example.com/keys' }])
      await expectRefused(
        `Bearer ${await new SignJWT({ ...claims, exp: now() + 60 }).setProtectedHeader(header).sign(privateKey)}`,
      );
  });
});

describe('RS256/ES256 by AUTH_JWKS_URL (+ AUTH_ISSUER, AUTH_AUDIENCE, checked when set)', () => {
  let rsa: { publicKey: CryptoKey; privateKey: CryptoKey };
  let ec: { publicKey: CryptoKey; privateKey: CryptoKey };
  let rsaJwk: JWK;
  let ask: (token: string) => Promise<number>;
  const keyServer = createServer((_, response) => response.end(JSON.stringify({ keys })));
  const keys: JWK[] = [];
  const expected = { iss: 'https://login.example.com', aud: 'delivery' };

  beforeAll(async () => {
    rsa = await generateKeyPair('RS256', { extractable: true });
    ec = await generateKeyPair('ES256', { extractable: true });
    rsaJwk = await exportJWK(rsa.publicKey);
    keys.push(
      { ...rsaJwk, kid: 'rsa', alg: 'RS256', use: 'sig' },
      { ...(await exportJWK(ec.publicKey)), kid: 'ec', alg: 'ES256', use: 'sig' },
    );
    await new Promise<void>((resolve) => keyServer.listen(0, '127.0.0.1', resolve));
    const { port } = keyServer.address() as AddressInfo;
    const config = apiConfig({
      AUTH_JWT_SECRET: SECRET,
      AUTH_JWKS_URL: `http://127.0.0.1:${port}/keys`,
      AUTH_ISSUER: expected.iss,
      AUTH_AUDIENCE: expected.aud,
    });
    const { app } = createApp({ ...stack.deps, config });
    ask = async (token) => (await app.request(PATH, { headers: { authorization: `Bearer ${token}` } })).status;
  });
  afterAll(() => {
    keyServer.close();
  });
  const signed = (header: { alg: string; kid?: string }, key: CryptoKey | Uint8Array, payload: object = {}) =>
    new SignJWT({ ...claims, ...expected, exp: now() + 60, ...payload }).setProtectedHeader(header).sign(key);

  test('RS256 and ES256 of its keys are taken', async () => {
    expect(await ask(await signed({ alg: 'RS256', kid: 'rsa' }, rsa.privateKey))).toBe(200);
    expect(await ask(await signed({ alg: 'ES256', kid: 'ec' }, ec.privateKey))).toBe(200);
  });

  test('HS256 is refused: neither by the public key as a secret nor by the shared secret', async () => {
    const modulus = Buffer.from(rsaJwk.n ?? '', 'base64url');
    for (const secret of [
      bytes(await exportSPKI(rsa.publicKey)),
      bytes(JSON.stringify(rsaJwk)),
      new Uint8Array(modulus),
      bytes(SECRET),
    ])
      for (const header of [{ alg: 'HS256', kid: 'rsa' }, { alg: 'HS256' }])
        expect(await ask(await signed(header, secret))).toBe(401);
  });

  test('another key under the same kid, an unknown kid, `alg: none` and PS256 are refused', async () => {
    const other = await generateKeyPair('RS256');
    expect(await ask(await signed({ alg: 'RS256', kid: 'rsa' }, other.privateKey))).toBe(401);
    expect(await ask(await signed({ alg: 'RS256', kid: 'unknown' }, rsa.privateKey))).toBe(401);
    expect(await ask(new UnsecuredJWT({ ...claims, ...expected, exp: now() + 60 }).encode())).toBe(401);
    const pss = await generateKeyPair('PS256');
    expect(await ask(await signed({ alg: 'PS256', kid: 'rsa' }, pss.privateKey))).toBe(401);
  });

  test.each([
    { iss: 'https://other.example.com' },
    { aud: 'other' },
    { iss: undefined },
    { aud: undefined },
    { exp: undefined },
    { exp: 1 },
  ])('%j is refused', async (odd) => {
    expect(await ask(await signed({ alg: 'RS256', kid: 'rsa' }, rsa.privateKey, odd))).toBe(401);
  });
});

test('without a secret or keys nothing starts, nor with a short secret', () => {
  expect(() => apiConfig({})).toThrow(ConfigError);
  expect(() => apiConfig({ AUTH_JWT_SECRET: 'short' })).toThrow(/AUTH_JWT_SECRET/);
});
