import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createApp } from '../../../api/app.ts';
import { permissions } from '../../../api/http/auth.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let member: string;
let shop: string;
/** Every route of the document, so that a new one is among them by itself. */
let served: { method: string; path: string; isOpen: boolean }[];
beforeAll(async () => {
  stack = await startStack({}, { hasWorker: false });
  member = await stack.token(permissions, { sub: 'member', member_id: 70 });
  shop = await stack.token(permissions, { sub: 'shop' });
  const { paths } = (await stack.get('/openapi.json', { token: null })).body;
  served = Object.entries(paths as Record<string, Record<string, { security?: unknown }>>).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { security }]) => ({ method: method.toUpperCase(), path, isOpen: !security })),
  );
});
afterAll(() => stack.stop());

const KEYED = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
async function call({ method, path }: { method: string; path: string }, token: string) {
  const response = await fetch(stack.url + path.replace(/\{[^}]+\}/g, '9'), {
    method,
    headers: { authorization: `Bearer ${token}`, ...(KEYED.has(method) ? { 'content-type': 'application/json' } : {}) },
    ...(KEYED.has(method) ? { body: '{}' } : {}),
  });
  const type = response.headers.get('content-type') ?? '';
  const text = await response.text();
  const body: any = text !== '' && /json/.test(type) ? JSON.parse(text) : text;
  return { status: response.status, type, body };
}
const isOfMembers = ({ path }: { path: string }) => path.startsWith('/v2/');

describe('a token with `member_id` reaches `/v2` alone', () => {
  test('403 on every other route of the document, in the words of its wire, with all permissions', async () => {
    const closed = served.filter((route) => !route.isOpen && !isOfMembers(route));
    expect(closed.length).toBeGreaterThan(50);
    for (const route of closed) {
      const { status, type, body } = await call(route, member);
      const at = `${route.method} ${route.path}`;
      const message = '고객사 토큰으로는 /v2만 쓸 수 있습니다';
      expect([at, status]).toEqual([at, 403]);
      if (route.path.startsWith('/item/'))
        expect([at, type, body]).toEqual([at, 'application/json', { resultCode: 1000, message }]);
      else {
        expect([at, type]).toEqual([at, 'application/problem+json']);
        expect(body).toMatchObject({ status: 403, code: 'PERMISSION_DENIED', detail: message });
      }
    }
    expect(await stack.db.query(sql`select 1 from requests where sub = 'member'`)).toEqual([]);
  });

  test('all of `/v2` is there for it, and everything for a token without', async () => {
    const own = served.filter(isOfMembers);
    expect(own.length).toBeGreaterThan(15);
    for (const route of own) {
      const at = `${route.method} ${route.path}`;
      expect([at, [401, 403, 500].includes((await call(route, member)).status)]).toEqual([at, false]);
    }
    for (const route of served.filter(({ isOpen }) => !isOpen)) {
      const at = `${route.method} ${route.path}`;
      expect([at, [401, 403].includes((await call(route, shop)).status)]).toEqual([at, false]);
    }
  });

  test('what asks for no token shows nothing of the shop: these routes alone', () => {
    expect(served.filter(({ isOpen }) => isOpen).map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /api/order/v1/delivery/tracker/trackerCallback',
      'GET /healthz',
      'GET /readyz',
      'GET /metrics',
      'GET /console/settings',
      'POST /console/personas/{persona}/token',
    ]);
  });

  test('no route stands beside the document but the document itself and the files of the pages', () => {
    const { app } = createApp(stack.deps);
    const documented = new Set(served.map(({ method, path }) => `${method} ${path.replace(/\{([^}]+)\}/g, ':$1')}`));
    const registered = app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`);
    expect([...new Set(registered)].filter((route) => !documented.has(route)).sort()).toEqual([
      'GET /assets/*',
      'GET /docs',
      'GET /docs/:asset',
      'GET /docs/start.js',
      'GET /openapi.json',
    ]);
  });

  test('also asked in other ways: HEAD, an encoded address, a mistyped one', async () => {
    for (const path of [
      '/api/bo/v1/carriers',
      '/api/bo/v1/%63arriers',
      '/v2/../api/bo/v1/carriers',
      '/v2/%2e%2e/api/bo/v1/carriers',
    ])
      expect([path, (await call({ method: 'GET', path }, member)).status]).toEqual([path, 403]);
    expect((await call({ method: 'HEAD', path: '/api/bo/v1/carriers' }, member)).status).toBe(403);
    for (const path of ['/api/bo/v1/nowhere', '/V2/shipping/products', '//v2/shipping/products'])
      expect([path, (await call({ method: 'GET', path }, member)).status]).toEqual([path, 404]);
  });
});
