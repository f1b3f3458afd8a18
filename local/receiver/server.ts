import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { page } from './page.ts';
import { ReceivedWebhooks } from './received.ts';
import { openSecretFile } from './secret-file.ts';

/** Nobody outside this machine reaches it: its control route takes secrets. */
const HOST = '127.0.0.1';
const MOST_BYTES = 256 * 1024;

export interface Receiver {
  url: string;
  stop: () => Promise<void>;
}

const secretBody = z.object({ secret: z.string().regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/) });
/** A page of another site that a browser was led here with (DNS rebinding) names another host. */
const isOurs = (host: string | undefined) => /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host ?? '');

/** Verifies webhooks at `/hook` and shows them: a page at `/`, JSON at `/received`. */
export async function startReceiver({
  port = 0,
  secretFile,
}: {
  port?: number;
  secretFile?: string | undefined;
} = {}): Promise<Receiver> {
  const secret = openSecretFile(secretFile);
  const received = new ReceivedWebhooks();
  const app = new Hono();
  app.use(bodyLimit({ maxSize: MOST_BYTES }));
  app.use(async (c, next) => (isOurs(c.req.header('host')) ? next() : c.json({ error: 'another host' }, 403)));

  app.post('/hook', async (c) => {
    const { verified, error } = received.take(secret.read(), c.req.header(), await c.req.text());
    return verified ? c.body(null, 204) : c.json({ error }, 401);
  });
  app.get('/', (c) => c.html(page(received.list(), received.total, secret.read() !== undefined)));
  app.get('/received', (c) => c.json({ total: received.total, items: received.list() }));
  app.get('/_control/secret', (c) => c.json({ known: secret.read() !== undefined }));
  app.put('/_control/secret', async (c) => {
    const { data } = secretBody.safeParse(await c.req.json().catch(() => null));
    if (!data) return c.json({ error: 'secret: whsec_…' }, 400);
    secret.write(data.secret);
    return c.json({ known: true });
  });

  const server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, resolve);
  });
  const stop = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://${HOST}:${(server.address() as AddressInfo).port}`, stop };
}
