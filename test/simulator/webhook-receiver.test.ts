import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type RequestOptions, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { Webhook } from 'standardwebhooks';
import { type Receiver, startReceiver } from '../../local/receiver/server.ts';
import { sampleReceiver } from '../../local/sample-receiver.ts';
import { readSettings } from '../../local/servers/settings.ts';
import { aboutWebhook, sealer } from '../../process/sealed.ts';
import { unique } from '../support/scenes/orders.ts';
import { SECRET, type Stack, startStack } from '../support/stack.ts';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const folder = mkdtempSync(join(tmpdir(), 'webhook-receiver-'));
let receiver: Receiver;
afterEach(() => receiver.stop());
afterAll(() => rmSync(folder, { recursive: true }));

const told = (more: object = {}) => JSON.stringify({ type: 'delivery.shipped', timestamp: new Date().toISOString(), data: more });
const signed = (body: string, { id = unique('msg'), by = secret, at = new Date() } = {}) => ({
  'webhook-id': id,
  'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
  'webhook-signature': new Webhook(by).sign(id, at, body),
});
const send = (body: string, headers: Record<string, string> = signed(body)) =>
  fetch(`${receiver.url}/hook`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
const control = (given: unknown) =>
  fetch(`${receiver.url}/_control/secret`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(given),
  });
/** On a connection of its own, which the receiver may close before it has read everything. */
const statusOf = (path: string, options: RequestOptions, body = '') =>
  new Promise((resolve) =>
    request(`${receiver.url}${path}`, { ...options, agent: false }, (answer) => resolve(answer.resume().statusCode))
      .on('error', () => resolve(413))
      .end(body),
  );
const received = async () => (await (await fetch(`${receiver.url}/received`)).json()) as { total: number; items: any[] };

describe('the receiver', () => {
  test('takes what is signed by its secret, and says when it comes again', async () => {
    receiver = await startReceiver();
    expect((await control({ secret })).status).toBe(200);
    const body = told({ deliveryNo: 'D1' });
    const headers = signed(body);
    for (const again of [false, true]) {
      expect((await send(body, headers)).status).toBe(204);
      const { items } = await received();
      expect(items[0]).toMatchObject({
        id: headers['webhook-id'],
        type: 'delivery.shipped',
        body,
        verified: true,
        error: null,
        again,
      });
    }
    expect((await received()).total).toBe(2);
  });

  test.each<[string, (body: string) => Record<string, string>]>([
    ['another secret', (body) => signed(body, { by: `whsec_${Buffer.alloc(32, 8).toString('base64')}` })],
    ['another body', (body) => signed(`${body} `)],
    ['an hour ago', (body) => signed(body, { at: new Date(Date.now() - 3_600_000) })],
    ['nobody', () => ({})],
  ])('refuses what is signed by or of: %s, and shows why', async (_what, headersOf) => {
    receiver = await startReceiver();
    await control({ secret });
    const body = told();
    expect((await send(body, headersOf(body))).status).toBe(401);
    expect((await received()).items).toMatchObject([{ verified: false, error: expect.stringMatching(/./), again: false }]);
  });

  test('without a secret refuses everything; one that is none is not taken', async () => {
    receiver = await startReceiver();
    for (const bad of [{}, { secret: 'x' }, { secret: 'whsec_x' }, null]) expect((await control(bad)).status).toBe(400);
    expect((await send(told())).status).toBe(401);
  });

  test('keeps its secret for itself, over a restart', async () => {
    const secretFile = join(folder, 'secret');
    receiver = await startReceiver({ secretFile });
    await control({ secret });
    expect(statSync(secretFile).mode & 0o777).toBe(0o600);
    await receiver.stop();
    receiver = await startReceiver({ secretFile });
    expect((await send(told())).status).toBe(204);
    const shown = [await (await fetch(receiver.url)).text(), JSON.stringify(await received())];
    expect(shown.some((text) => text.includes(secret.slice(6)))).toBe(false);
  });

  test('shows the last 500 on a page, whatever is in them', async () => {
    receiver = await startReceiver();
    await control({ secret });
    const body = told({ text: '<script>alert(1)</script>' });
    for (let sent = 0; sent < 505; sent++) await (await send(body)).arrayBuffer();
    const { total, items } = await received();
    expect([total, items.length]).toEqual([505, 500]);
    const html = await (await fetch(receiver.url)).text();
    expect(html).toContain('확인됨');
    expect(html).toContain('&lt;script&gt;alert');
    expect(html).not.toContain('<script>alert');
  });

  test('holds no body that is too large, and answers nobody who names another host', async () => {
    receiver = await startReceiver();
    await control({ secret });
    expect(await statusOf('/hook', { method: 'POST' }, told({ text: 'x'.repeat(300_000) }))).toBe(413);
    expect((await received()).total).toBe(0);
    expect((await send(told({ text: 'x'.repeat(100_000) }))).status).toBe(204);
    expect((await received()).items[0].body.length).toBe(4_000);
    expect(await statusOf('/received', { headers: { host: 'evil.example' } })).toBe(403);
  });
});

describe('npm start', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ WEBHOOK_ALLOW_PRIVATE: 'on' }, { hasWorker: false });
  });
  afterAll(() => stack.stop());
  const endpoints = () => stack.db.query(sql<any>`select id, url, types, secret from webhooks`);
  const env = { AUTH_JWT_SECRET: SECRET };
  const settingsIn = (dataDir: string) =>
    readSettings({ DATA_DIR: dataDir, PORT: new URL(stack.url).port, RECEIVER_PORT: new URL(receiver.url).port });

  test('registers the receiver beside sample data, once, and hands it the secret', async () => {
    const dataDir = mkdtempSync(join(folder, 'data-'));
    receiver = await startReceiver({ secretFile: join(dataDir, 'receiver-secret') });
    const settings = settingsIn(dataDir);
    await sampleReceiver(settings, env);
    writeFileSync(settings.files.sampleData, 'declined');
    await sampleReceiver(settings, env);
    expect(await endpoints()).toEqual([]);
    writeFileSync(settings.files.sampleData, 'loaded');
    for (let starts = 0; starts < 2; starts++) await sampleReceiver(settings, env);
    const [endpoint, ...others] = await endpoints();
    expect(others).toEqual([]);
    expect(endpoint).toMatchObject({ url: `${receiver.url}/hook`, types: ['*'] });
    const heard = await stack.db.query(sql<any>`select type from events where subject = ${`webhook/${endpoint.id}`}`);
    expect(heard).toEqual([{ type: 'webhook.test' }]);
    const own = sealer(stack.deps.webhooks.WEBHOOK_SECRET_KEY).unseal(endpoint.secret, aboutWebhook(endpoint.id));
    expect(readFileSync(settings.files.receiverSecret, 'utf8')).toBe(own);
    const body = told();
    expect((await send(body, signed(body, { by: own }))).status).toBe(204);
  });

  test('goes on where it was killed between the two, and is not stopped by what is refused', async () => {
    const dataDir = mkdtempSync(join(folder, 'data-'));
    receiver = await startReceiver({ secretFile: join(dataDir, 'receiver-secret') });
    const settings = settingsIn(dataDir);
    writeFileSync(settings.files.sampleData, 'loaded');
    const before = (await endpoints()).length;
    await sampleReceiver(settings, env);
    const kept = readFileSync(settings.files.receiverSecret, 'utf8');
    rmSync(settings.files.receiverSecret);
    await sampleReceiver(settings, env);
    expect(readFileSync(settings.files.receiverSecret, 'utf8')).toBe(kept);
    expect((await endpoints()).length).toBe(before + 1);
    rmSync(settings.files.receiverSecret);
    await sampleReceiver(settings, { AUTH_JWT_SECRET: 'another-secret-that-nobody-here-knows-0123456789' });
    expect(existsSync(settings.files.receiverSecret)).toBe(false);
  });
});
