import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { permissions } from '../../../api/http/auth.ts';
import { placeIn, storedRow } from '../../support/scenes/orders.ts';
import { BULK } from '../../support/scenes/sheets.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { typed } from './typed-permissions.ts';

let stack: Stack;
let served: [method: string, path: string][];
let document: any;
beforeAll(async () => {
  stack = await startStack({}, { hasWorker: false });
  document = (await stack.get('/openapi.json', { token: null })).body;
  served = Object.entries(document.paths as Record<string, object>).flatMap(([path, operations]) =>
    Object.keys(operations).map((method): [string, string] => [method.toUpperCase(), path]),
  );
});
afterAll(() => stack.stop());

/** Wires that answer in shapes of their own, which their own tests know; the tracker brings a token of its own. */
const ownWires = /^\S+ \/(item|v2)\/|trackerCallback/;
const open = ['/healthz', '/readyz', '/metrics', '/openapi.json', '/docs', '/console/settings'];
/** Only under `npm start` on a loopback address; here it does not exist. */
const PERSONA = '/console/personas/{persona}/token';
/** For everybody who is signed in. */
const VIEWS = '/console/views';

/** A call of the route that a caller with the right permission gets some answer other than 401 and 403 for. */
const call = (method: string, path: string, token: string | null) => {
  const filled = path.replace(/\{[^}]+\}/g, 'nobody');
  return method === 'GET'
    ? stack.get(filled, { token })
    : method === 'DELETE'
      ? stack.delete(filled, { token })
      : method === 'PUT'
        ? stack.put(filled, {}, { token })
        : stack.post(filled, {}, { token });
};

describe('each route needs its permission', () => {
  test('every route the document names is in the contract, and every one of these is in the document', () => {
    const named = served.map(([method, path]) => `${method} ${path}`);
    expect(
      named.filter(
        (route) =>
          !ownWires.test(route) && ![...open, PERSONA, VIEWS].some((path) => route.endsWith(` ${path}`)) && !(route in typed),
      ),
    ).toEqual([]);
    expect(Object.keys(typed).filter((route) => !named.includes(route))).toEqual([]);
  });

  test.each(Object.entries(typed))('%s: %s', async (route, permission) => {
    const [method = '', path = ''] = route.split(' ');
    const [only, others] = [
      await stack.token([permission]),
      await stack.token(permissions.filter((name) => name !== permission)),
    ];
    expect(document.paths[path][method.toLowerCase()].security).toEqual([{ bearer: [permission] }]);
    expect((await call(method, path, null)).status).toBe(401);
    const refused = await call(method, path, others);
    expect([refused.status, refused.body.code]).toEqual([403, 'PERMISSION_DENIED']);
    expect(refused.body.title).toBe('이 작업을 할 권한이 없습니다');
    expect([401, 403, 500]).not.toContain((await call(method, path, only)).status);
  });

  test('every route in the document refuses a caller without a token, and one without permissions', async () => {
    const nothing = await stack.token([]);
    for (const [method, path] of served) {
      if ([...open, PERSONA].includes(path) || /trackerCallback/.test(path)) continue;
      expect([method, path, (await call(method, path, null)).status]).toEqual([method, path, 401]);
      if (path === VIEWS) continue;
      if (method === 'GET' || !ownWires.test(path))
        expect([method, path, (await call(method, path, nothing)).status]).toEqual([method, path, 403]);
    }
  });

  test('being signed in is enough for saved views, except for a 고객사', async () => {
    for (const method of ['GET', 'PUT']) {
      expect(document.paths[VIEWS][method.toLowerCase()].security).toEqual([{ bearer: [] }]);
      expect((await call(method, VIEWS, await stack.token([]))).status).toBe(method === 'GET' ? 200 : 400);
      const member = await call(method, VIEWS, await stack.token(permissions, { member_id: 70 }));
      expect([member.status, member.body.code]).toEqual([403, 'PERMISSION_DENIED']);
    }
  });

  test('a permission nobody has heard of gives nothing', async () => {
    const token = await stack.token(['*', 'admin', 'delivery', 'delivery.*', 'DELIVERY.READ', 'delivery.read ']);
    expect((await call('GET', '/api/bo/v1/carriers', token)).status).toBe(403);
  });

  test('refused for a permission, nothing changes and nothing is stored', async () => {
    const line = await placeIn(stack, 'ordered');
    const token = await stack.token(['delivery.read'], { sub: 'onlooker' });
    const body = { lines: [{ deliveryNo: line.deliveryNo, lineNo: 1 }] };
    expect((await stack.post('/api/bo/v1/delivery-lines/instruct', body, { token })).status).toBe(403);
    expect(await storedRow(stack, line)).toMatchObject({ state: 'ordered', revision: 1 });
    expect(await stack.db.query(sql`select 1 from requests where sub = 'onlooker'`)).toEqual([]);
  });

  test('those that need none', async () => {
    for (const path of open)
      expect([path, (await stack.get(path, { token: null })).status]).toEqual([path, path === '/readyz' ? 503 : 200]);
    expect((await stack.post('/console/personas/operator/token', {}, { token: null })).status).toBe(404);
  });
});

/** docs/sources/contract.md, typed: the permission of every route of bulk shipment and of the exports. */
test.each([
  ['get', `${BULK}/lookup`, 'delivery.read'],
  ['get', `${BULK}/template.xlsx`, 'delivery.read'],
  ['post', BULK, 'delivery.write'],
  ['get', BULK, 'delivery.read'],
  ['get', `${BULK}/{id}`, 'delivery.read'],
  ['get', `${BULK}/{id}/events`, 'delivery.read'],
  ['get', `${BULK}/{id}/result.xlsx`, 'delivery.read'],
  ['post', `${BULK}/{id}/start`, 'delivery.write'],
  ['post', `${BULK}/{id}/cancel`, 'delivery.write'],
  ['get', '/api/bo/v1/delivery-lines/export.xlsx', 'delivery.read'],
  ['get', '/api/bo/v1/pickups/export.xlsx', 'pickup.read'],
])('%s %s asks for %s', async (method, path, permission) => {
  const { body } = await stack.get('/openapi.json', { token: null });
  expect(body.paths[path][method].security).toEqual([{ bearer: [permission] }]);
  const headers: Record<string, string> =
    method === 'post' && path === BULK ? { 'content-type': 'multipart/form-data; boundary=x' } : {};
  const ask = async (token: string | null) =>
    method === 'get' ? stack.get(path, { token }) : stack.post(path, path === BULK ? '--x--' : undefined, { token, headers });
  expect((await ask(null)).status).toBe(401);
  expect((await ask(await stack.token(['audit.read']))).status).toBe(403);
});
