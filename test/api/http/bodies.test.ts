import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { postChunked } from '../../support/http.ts';
import { command, orderBody, orderOfBytes, placeIn, storedRow, unique } from '../../support/scenes/orders.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let token: string;
beforeAll(async () => {
  stack = await startStack();
  token = await stack.token();
});
afterAll(() => stack.stop());

const ORDERS = '/api/order/v1/orders';
const INSTRUCT = '/api/bo/v1/delivery-lines/instruct';
const MiB = 1024 * 1024;
const orderOf = orderOfBytes;
const sendChunked = (path: string, body: string, piece?: number) => postChunked(stack.url + path, token, body, piece);

describe('bodies over 1 MiB are 413, also chunked', () => {
  test('exactly 1 MiB is read, one byte more is not', async () => {
    expect((await stack.post(ORDERS, orderOf(MiB))).status).toBe(201);
    const answer = await stack.post(ORDERS, orderOf(MiB + 1));
    expect(answer).toMatchObject({ status: 413, body: { code: 'BODY_TOO_LARGE', status: 413 } });
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });

  test('chunked: without a content-length nothing is read beyond it either', async () => {
    expect((await sendChunked(ORDERS, orderOf(MiB))).status).toBe(201);
    const { status, body } = await sendChunked(ORDERS, orderOf(MiB + 1));
    expect([status, JSON.parse(body).code]).toEqual([413, 'BODY_TOO_LARGE']);
  });

  test('chunked, many times too large: refused, and the server goes on', async () => {
    const answer = await sendChunked(ORDERS, orderOf(12 * MiB)).catch((error: NodeJS.ErrnoException) => error.code);
    if (typeof answer === 'object') expect(answer.status).toBe(413);
    else expect(['EPIPE', 'ECONNRESET']).toContain(answer);
    expect((await stack.get('/healthz')).status).toBe(200);
  });

  test('a chunked body in tiny pieces is read like any other', async () => {
    const { status } = await sendChunked(ORDERS, JSON.stringify(orderBody()), 7);
    expect(status).toBe(201);
  });
});

describe('broken JSON is 400', () => {
  test.each([
    '',
    '{',
    '{"lines":[}',
    "{'lines': []}",
    '[1,2',
    'nothing',
    '{"lines":[]} x',
    '\u0000',
    '{"lines":[{"deliveryNo":"a","lineNo":1e999}]}',
  ])('%j', async (text) => {
    const { status, body } = await stack.post(INSTRUCT, text, { headers: { 'content-type': 'application/json' } });
    expect([status, body.code]).toEqual([400, 'BAD_REQUEST']);
    expect(body.errors.length).toBeGreaterThan(0);
    expect(JSON.stringify(body)).not.toMatch(/SyntaxError|at JSON|position/);
  });

  test('a body in another encoding than UTF-8 is no crash', async () => {
    const response = await fetch(stack.url + INSTRUCT, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]),
    });
    expect(response.status).toBe(400);
  });

  test('`__proto__` in a body is only a key nobody asked for', async () => {
    const line = await placeIn(stack, 'ordered');
    const text = `{"__proto__":{"reason":"x"},"constructor":{"prototype":{}},"lines":[{"deliveryNo":"${line.deliveryNo}","__proto__":{"lineNo":9}}]}`;
    expect((await stack.post(INSTRUCT, text)).body).toMatchObject({ succeeded: 1 });
    expect(({} as { reason?: string }).reason).toBeUndefined();
  });
});

describe('a wrong content type is 415', () => {
  const body = JSON.stringify({ lines: [{ deliveryNo: 'D-nobody', lineNo: 1 }] });
  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'application/jsonp',
    'text/json',
    'json',
    'application/json ; charset=utf-8',
    'application/json; charset',
    '',
  ])('%p', async (type) => {
    const answer = await stack.post(INSTRUCT, body, { headers: { 'content-type': type } });
    expect([answer.status, answer.body.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
  });

  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset=UTF-8',
    'Application/JSON',
    'application/vnd.api+json',
  ])('%s is JSON', async (type) => {
    expect((await stack.post(INSTRUCT, body, { headers: { 'content-type': type } })).status).toBe(200);
  });
});

describe('errors are RFC 9457, and tell nothing of the inside', () => {
  test.each<[string, string, unknown, number]>([
    ['GET', '/api/bo/v1/nowhere', undefined, 404],
    ['GET', '/nowhere', undefined, 404],
    ['POST', '/api/bo/v1/delivery-lines/explode', {}, 404],
    ['GET', '/api/bo/v1/delivery-lines?nobody=1', undefined, 400],
    ['GET', "/api/bo/v1/deliveries/'%20or%201=1", undefined, 404],
    ['POST', INSTRUCT, { lines: 'x' }, 400],
    ['POST', '/api/order/v1/orders/O-nobody/cancellations', { lines: [{ lineNo: 1, quantity: 1 }] }, 404],
  ])('%s %s', async (method, path, body, status) => {
    const answer = method === 'GET' ? await stack.get(path) : await stack.post(path, body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.body).toMatchObject({
      type: expect.any(String),
      title: expect.stringMatching(/[가-힣]/),
      status,
      code: expect.any(String),
      detail: expect.any(String),
    });
    expect(JSON.stringify(answer.body)).not.toMatch(/ at |node_modules|select |insert |temporal|workflow|\.ts:/i);
  });

  test('a table that is gone: 500 INTERNAL with nothing of it', async () => {
    await stack.db.query(sql`alter table delivery_lines rename to elsewhere`);
    try {
      const answers = [
        await stack.get('/api/bo/v1/delivery-lines'),
        await stack.get('/api/bo/v1/deliveries'),
        await stack.get('/api/bo/v1/summary'),
      ];
      for (const { status, body } of answers) {
        expect([status, body.code, body.title]).toEqual([500, 'INTERNAL', '처리 중 오류가 발생했습니다']);
        expect(JSON.stringify(body)).not.toMatch(/relation|delivery_lines|select|elsewhere|42P01/);
      }
      const { status, body } = await command(stack, 'instruct', [{ deliveryNo: 'D1', lineNo: 1 }]);
      expect([status, body.code]).toEqual([503, 'COMMAND_PENDING']);
    } finally {
      await stack.db.query(sql`alter table elsewhere rename to delivery_lines`);
    }
  });
});

describe('`X-Request-Id` is echoed or made', () => {
  test('on answers and on errors', async () => {
    for (const path of ['/healthz', '/api/bo/v1/carriers', '/nowhere', '/api/bo/v1/delivery-lines?nobody=1']) {
      const id = unique('trace');
      expect((await stack.get(path, { headers: { 'x-request-id': id } })).headers.get('x-request-id')).toBe(id);
      const made = (await stack.get(path)).headers.get('x-request-id');
      expect(made).toMatch(/^[\x21-\x7e]{8,128}$/);
    }
  });

  test.each(['two words', 'x'.repeat(129)])('one like %p is not taken over', async (odd) => {
    const made = (await stack.get('/healthz', { headers: { 'x-request-id': odd } })).headers.get('x-request-id');
    expect(made).not.toBe(odd);
    expect(made).toBeTruthy();
  });
});

describe('no CORS: another origin’s page gets nothing', () => {
  test('no access-control header on an answer, an error or a preflight', async () => {
    const origin = { origin: 'https://evil.example.com' };
    const preflight = await fetch(stack.url + INSTRUCT, {
      method: 'OPTIONS',
      headers: {
        ...origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
    await preflight.text();
    const answers = [
      await stack.get('/api/bo/v1/carriers', { headers: origin }),
      await stack.get('/nowhere', { headers: origin }),
      preflight,
    ];
    for (const { headers } of answers)
      expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect(preflight.status).toBeGreaterThanOrEqual(400);
  });

  test('a line is not commanded by GET', async () => {
    const line = await placeIn(stack, 'ordered');
    expect((await stack.get(INSTRUCT)).status).toBe(404);
    expect(await storedRow(stack, line)).toMatchObject({ revision: 1 });
  });
});
