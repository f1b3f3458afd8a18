import { type ClientRequest, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ApiProcess, type ProcessStack, startProcesses } from '../support/processes/process-stack.ts';
import { BULK, csv } from '../support/scenes/sheets.ts';
import { eventually, signToken, withoutPii } from '../support/stack.ts';

let stack: ProcessStack;
let api: ApiProcess;
let token: string;
beforeAll(async () => {
  stack = await startProcesses();
  api = await stack.startApi({}, false);
  token = await signToken(withoutPii);
});
afterAll(() => stack.stop());

const FORM = 'multipart/form-data; boundary=edge';
const filePart = (bytes: Uint8Array) =>
  Buffer.concat([
    Buffer.from('--edge\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'),
    bytes,
    Buffer.from('\r\n'),
  ]);
const whole = (...parts: Uint8Array[]) => Buffer.concat([...parts, Buffer.from('--edge--\r\n')]);
const GOOD = whole(filePart(csv([['D-nobody', 1, '04', '681234567890']])));

/** Begins an upload of which the test writes the body; its status once there is an answer. */
function begin(headers: Record<string, string> = {}): { sent: ClientRequest; status: Promise<number | undefined> } {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  const all = { authorization: `Bearer ${token}`, 'content-type': FORM, ...headers };
  const sent = request(api.url + BULK, { method: 'POST', headers: all, agent: false }, (response) => {
    response.resume().on('end', () => resolve(response.statusCode));
  });
  sent.on('error', reject);
  promise.catch(() => {});
  return { sent, status: promise };
}
async function send(body: Uint8Array, headers: Record<string, string> = {}): Promise<number | undefined> {
  const { sent, status } = begin(headers);
  sent.end(body);
  return status;
}
/** Resolves once there is a place; it may take a moment until the API sees that somebody has gone. */
const isServed = () => eventually(async () => (await send(GOOD)) === 201);

describe('an upload gives its place back', () => {
  test('when its body only trickles: others are read, and it is told to come again', async () => {
    const slow = [begin(), begin()];
    const trickling = setInterval(() => slow.forEach(({ sent }) => void sent.write('-')), 200);
    try {
      await isServed();
      expect(await Promise.all(slow.map(({ status }) => status))).toEqual([503, 503]);
    } finally {
      clearInterval(trickling);
      for (const { sent } of slow) sent.destroy();
    }
  });

  test('when its client goes away, before or while it has a place', async () => {
    const many = Array.from({ length: 20 }, () => begin({ 'content-length': String(GOOD.length) }));
    await Promise.all(many.map(({ sent }) => new Promise((resolve) => sent.write(GOOD.subarray(0, 50), resolve))));
    for (const { sent } of many) sent.destroy();
    await isServed();
  });

  test.each<[string, Uint8Array, Record<string, string>]>([
    ['no body', Buffer.alloc(0), {}],
    ['no end', GOOD.subarray(0, GOOD.length - 12), {}],
    ['another boundary', GOOD, { 'content-type': 'multipart/form-data; boundary=other' }],
    ['no boundary', GOOD, { 'content-type': 'multipart/form-data; charset=utf-8' }],
    ['a field that is no file', whole(Buffer.from('--edge\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n')), {}],
    ['no field of ours', whole(Buffer.from('--edge\r\nContent-Disposition: form-data; name="x"\r\n\r\nx\r\n')), {}],
    ['two files', whole(filePart(csv([])), filePart(csv([]))), {}],
    ['a head without end', Buffer.concat([Buffer.from('--edge\r\n'), Buffer.alloc(1_000_000, 'a: b\r\n')]), {}],
    ['no name', whole(Buffer.from('--edge\r\n\r\nx\r\n')), {}],
    [
      'a cut in half letter',
      whole(Buffer.from('--edge\r\nContent-Disposition: form-data; name="\xff\r\n\r\nx\r\n', 'latin1')),
      {},
    ],
  ])('when it is refused: %s', async (_, body, headers) => {
    for (let n = 0; n < 3; n++) expect(await send(body, headers)).toBe(400);
    await isServed();
  });
});

describe('a body is bounded before anything is made of it', () => {
  test('a form of very many parts is refused, also when the file is among them', async () => {
    const part = '--edge\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\n\r\n';
    const body = Buffer.concat([Buffer.from(part.repeat(200_000)), GOOD]);
    expect(await send(body)).toBe(400);
  });

  test('an empty form field more, in any order, is none of our business', async () => {
    const field = Buffer.from('--edge\r\nContent-Disposition: form-data; name="x"\r\n\r\n\r\n');
    expect(await send(whole(field, filePart(csv([['D-nobody', 1, '04', '681234567890']])), field))).toBe(201);
  });

  test('chunks of one byte each are read like any other', async () => {
    const { sent, status } = begin({ 'transfer-encoding': 'chunked' });
    for (const byte of GOOD) sent.write(Buffer.from([byte]));
    sent.end();
    expect(await status).toBe(201);
  });

  test.each(['content-length', 'transfer-encoding'])('more than 20 MiB is 413, and that is heard: %s', async (kind) => {
    const body = whole(filePart(Buffer.alloc(21 * 1024 * 1024, ',')));
    const headers = kind === 'content-length' ? { [kind]: String(body.length) } : { [kind]: 'chunked' };
    expect(await send(body, headers)).toBe(413);
    await isServed();
  });
});
