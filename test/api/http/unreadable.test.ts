import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createApp } from '../../../api/app.ts';
import { permissions } from '../../../api/http/auth.ts';
import { callbackToken } from '../../../tracker/callback-token.ts';
import { orderBody } from '../../support/scenes/orders.ts';
import { csv, HEADER, rawWorkbook, sheetXml, upload } from '../../support/scenes/sheets.ts';
import { CALLBACK_SECRET, type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let token: string;
let deliveryNo: string;
beforeAll(async () => {
  stack = await startStack();
  token = await stack.token(permissions);
  const { body } = await stack.post('/api/order/v1/orders', orderBody());
  deliveryNo = body.deliveries[0].deliveryNo;
});
afterAll(() => stack.stop());

describe('JSON that nests 30,000 deep is refused, after the token and before anything walks through it', () => {
  const deep = (levels: number) => `{"nobody":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
  const send = (method: string, path: string, body: string, headers: Record<string, string>) =>
    fetch(stack.url + path, { method, body, headers: { 'content-type': 'application/json', ...headers } });
  const jsonRoutes = () =>
    createApp(stack.deps).app.openAPIRegistry.definitions.flatMap((definition) => {
      if (definition.type !== 'route' || definition.route.security === undefined) return [];
      const { method, path, request } = definition.route;
      const address = path.replace(/\{\w+\}/g, '1');
      return request?.body?.content['application/json'] ? [[method.toUpperCase(), address] as const] : [];
    });

  test('on every route with a body, each in the form of its wire', async () => {
    expect(jsonRoutes().length).toBeGreaterThan(30);
    const forms = await Promise.all(
      jsonRoutes().map(async ([method, path]) => {
        const authorization = `Bearer ${token}`;
        expect([path, (await send(method, path, deep(30_000), {})).status]).toEqual([path, 401]);
        const answer = await send(method, path, deep(30_000), { authorization });
        const body = (await answer.json()) as any;
        expect([path, answer.status]).toEqual([path, 400]);
        return path.startsWith('/item') ? body.resultCode : body.code;
      }),
    );
    expect(new Set(forms)).toEqual(new Set(['BAD_REQUEST', 1000, '4000']));
  });

  test('64 levels are read, and brackets in a text are no levels', async () => {
    const ask = (body: string) => send('POST', '/api/bo/v1/shipping-fees/quote', body, { authorization: `Bearer ${token}` });
    const quote = { zipCode: '06236', lines: [{ quantity: 1, unitPrice: 1_000 }] };
    const whole = JSON.stringify({ ...quote, text: `\\"${'[{'.repeat(1_000)}` });
    expect((await ask(whole)).status).toBe(200);
    expect((await ask(whole.replace('{', `{"nobody":${deep(63)},`))).status).toBe(200);
    expect((await ask(whole.replace('{', `{"nobody":${deep(64)},`))).status).toBe(400);
  });

  test('at the tracker’s callback: 403 with a wrong token, 400 with the right one, in its form', async () => {
    const path = stack.deps.tracker.DELIVERY_CALLBACK_PATH;
    const right = callbackToken(CALLBACK_SECRET, 'D1');
    const scan = { fid: 'D1', invoice_no: '681234567890', level: '2', time_trans: '2026-11-23 14:05:00' };
    const body = JSON.stringify(scan).replace('{', `{"where":${deep(30_000)},`);
    for (const [question, status] of [
      ['', 403],
      ['?token=wrong', 403],
      [`?token=${right}`, 400],
    ] as const) {
      const answer = await send('POST', path + question, body, {});
      expect([question, answer.status, await answer.json()]).toEqual([
        question,
        status,
        { code: false, message: expect.stringMatching(/^fail - /) },
      ]);
    }
    expect((await send('POST', `${path}?token=${right}`, JSON.stringify({ ...scan, where: [['a']] }), {})).status).toBe(200);
  });

  test('another name that becomes `fid` when it is cleaned does not serve under the first one’s token', async () => {
    const path = `${stack.deps.tracker.DELIVERY_CALLBACK_PATH}?token=${callbackToken(CALLBACK_SECRET, 'D1')}`;
    const scan = { fid: 'D1', invoice_no: '681234567890', level: '2', time_trans: '2026-11-23 14:05:00', 'f\u0000id': 'D2' };
    expect((await send('POST', path, JSON.stringify(scan), {})).status).toBe(403);
  });
});

describe('letters that PostgreSQL cannot hold are refused wherever they come in', () => {
  test('as the `sub` of a token: 401', async () => {
    for (const sub of ['a\u0000b', 'a\ud800b']) {
      const answer = await stack.get('/api/bo/v1/carriers', { token: await stack.token(['delivery.read'], { sub }) });
      expect([answer.status, answer.body.code]).toEqual([401, 'UNAUTHENTICATED']);
    }
  });

  test('in headers, of which Node takes any byte but NUL', async () => {
    const ask = (name: string, value: string) =>
      new Promise<number>((resolve, reject) => {
        const { hostname, port } = new URL(stack.url);
        const socket = connect(Number(port), hostname);
        socket.on('error', reject);
        socket.once('data', (data) => {
          resolve(Number(/^HTTP\/1.1 (\d+)/.exec(data.toString('latin1'))?.[1]));
          socket.destroy();
        });
        const head = `POST /api/bo/v1/delivery-lines/instruct HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n`;
        const body = '{"lines":[{"deliveryNo":"D-nobody"}]}';
        socket.write(
          Buffer.from(
            `${head}content-type: application/json\r\ncontent-length: ${body.length}\r\n${name}: ${value}\r\n\r\n${body}`,
            'latin1',
          ),
        );
      });
    for (const value of ['a\u0000b', 'a\u00ffb', '\u0080', 'two words', 'x'.repeat(201)])
      expect([value, await ask('idempotency-key', value)]).toEqual([value, 400]);
    for (const value of ['\u00ff\u0080', 'x'.repeat(5_000)]) {
      expect([value, await ask('x-request-id', value)]).toEqual([value, 200]);
      expect([value, await ask('prefer', value)]).toEqual([value, 200]);
      expect([value, await ask('x-forwarded-for', value)]).toEqual([value, 200]);
    }
    expect(await ask('x-request-id', 'a\u0000b')).toBe(400);
  });

  test('in the reason of a look at personal data', async () => {
    const look = (reason: string) => stack.get(`/api/bo/v1/deliveries/${deliveryNo}?reason=${reason}`, { token });
    expect(await look('a%00b')).toMatchObject({ status: 400, body: { errors: [{ path: 'reason' }] } });
    expect((await look('%ff%fe')).status).toBe(200);
    expect((await look('x'.repeat(1_001))).status).toBe(400);
  });

  test('in the rows of a sheet and in its name', async () => {
    const row = (odd: string): [string, number, string, string][] => [
      [odd, 1, '04', '681234567890'],
      ['D1', 1, odd, '681234567890'],
      ['D1', 1, '04', odd],
    ];
    expect(await upload(stack, csv(row('D\u00001')))).toMatchObject({ status: 400, body: { code: 'SHEET_UNREADABLE' } });
    const odd = ['_x0000_', '_xD800_', '\u202e', 'x'.repeat(5_000)].flatMap(row);
    const sheets = [
      csv([...odd, ['D1', 99_999_999_999, '04', '681234567890']]),
      rawWorkbook(sheetXml([HEADER, ...odd.map((cells) => cells.map(String)), ['D1']])),
    ];
    for (const bytes of sheets)
      for (const name of ['출고.csv', `${'🎁'.repeat(150)}x.csv`]) {
        const { status, body } = await upload(stack, bytes, { name });
        expect([status, body.total, body.invalid]).toEqual([201, 13, 13]);
        expect((await stack.get(`/api/bo/v1/bulk-shipments/${body.id}`)).body.fileName.isWellFormed()).toBe(true);
      }
  });
});
