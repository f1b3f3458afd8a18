import { createServer, type IncomingHttpHeaders, request, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createPipe } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let port: number;
beforeAll(async () => {
  stack = await startStack({ LOCAL_STACK: '1' }, { hasWorker: false });
  port = Number(new URL(stack.url).port);
});
afterAll(() => stack.stop());

const TOKEN = '/console/personas/admin/token';
/** Headers exactly as given: fetch would keep `host`, `origin` and `sec-fetch-site` for itself. */
const send = (method: string, path: string, headers: Record<string, string | undefined>, to = port) =>
  new Promise<{ status: number; body: any }>((resolve, reject) => {
    const given = Object.fromEntries(
      Object.entries({ host: `127.0.0.1:${port}`, ...headers }).filter(([, value]) => value !== undefined),
    );
    const sent = request(
      { host: '127.0.0.1', port: to, method, path, setHost: false, headers: given as Record<string, string> },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (piece) => {
          text += piece;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }));
      },
    );
    sent.on('error', reject);
    sent.end();
  });

/** Whether the page offers sample users, and whether one's token is given; both or none. */
async function given(headers: Record<string, string | undefined>, to = port): Promise<boolean> {
  const [settings, token] = await Promise.all([send('GET', '/console/settings', headers, to), send('POST', TOKEN, headers, to)]);
  expect([200, 404]).toContain(token.status);
  expect(settings.body.personas.length > 0).toBe(token.status === 200);
  expect(JSON.stringify(token.body).includes('eyJ')).toBe(token.status === 200);
  return token.status === 200;
}

describe('tokens of sample users are given to this machine', () => {
  test.each<[string, Record<string, string>]>([
    ['curl', { 'user-agent': 'curl/8.5.0', accept: '*/*' }],
    [
      'curl with a body',
      { 'user-agent': 'curl/8.5.0', accept: '*/*', 'content-type': 'application/json', 'content-length': '0' },
    ],
    [
      'Chrome',
      {
        connection: 'keep-alive',
        'sec-ch-ua-platform': '"Linux"',
        'user-agent': 'Mozilla/5.0 Chrome/141.0',
        'sec-ch-ua': '"Chromium";v="141"',
        'sec-ch-ua-mobile': '?0',
        accept: '*/*',
        origin: 'http://127.0.0.1:3000',
        'sec-fetch-site': 'same-origin',
        'sec-fetch-mode': 'cors',
        'sec-fetch-dest': 'empty',
        referer: 'http://127.0.0.1:3000/lines/release',
        'accept-encoding': 'gzip, deflate, br, zstd',
        'accept-language': 'ko-KR,ko;q=0.9',
        'cache-control': 'no-cache',
        pragma: 'no-cache',
        cookie: 'a=b',
      },
    ],
    [
      'Firefox',
      {
        'user-agent': 'Mozilla/5.0 Firefox/144.0',
        accept: '*/*',
        'accept-language': 'ko',
        origin: 'http://localhost:3000',
        'sec-gpc': '1',
        dnt: '1',
        'sec-fetch-site': 'same-origin',
        priority: 'u=4',
        te: 'trailers',
      },
    ],
    ['by its other names', { host: 'localhost:3000' }],
    ['by its address of version 6', { host: '[::1]:3000', origin: 'http://[::1]:3000' }],
    [
      'Vite’s dev server, which passes its own page’s calls on',
      { origin: 'http://127.0.0.1:5173', 'sec-fetch-site': 'same-origin' },
    ],
  ])('%s', async (_who, headers) => {
    expect(await given(headers)).toBe(true);
  });
});

/** What proxies and tunnels add, and a name that none of them has yet. */
const ADDED = `
    via forwarded x-forwarded-for X-Forwarded-Host x-forwarded-proto x-forwarded-port x-forwarded-server x-forwarded
    forwarded-for x-real-ip x-client-ip x-cluster-client-ip x-original-forwarded-for x-original-host true-client-ip
    fastly-client-ip fly-client-ip cf-connecting-ip cf-ray cdn-loop x-amzn-trace-id x-amz-cf-id x-cloud-trace-context
    x-azure-clientip x-envoy-external-address x-request-id tailscale-user-login ngrok-skip-browser-warning
    proxy-connection x-a-proxy-nobody-has-heard-of
`
  .trim()
  .split(/\s+/);

describe('and to nobody behind a proxy, at another name or of another page', () => {
  test.each([
    ...ADDED.map((name) => [name, '203.0.113.7']),
    ['via', ''],
    ['host', 'shop.example'],
    ['host', 'shop.example:3000'],
    ['host', '127.0.0.1.nip.io:3000'],
    ['host', 'localhost.shop.example'],
    ['host', '192.168.0.7:3000'],
    ['host', ''],
    ['origin', 'https://shop.example'],
    ['origin', 'null'],
    ['origin', 'http://127.0.0.1.shop.example'],
    ['referer', 'https://shop.example/'],
    ['sec-fetch-site', 'cross-site'],
    ['sec-fetch-site', 'same-site'],
  ])('%s: %s', async (name, value) => {
    expect(await given({ 'user-agent': 'curl/8.5.0', [name]: value })).toBe(false);
    expect(await given({ 'user-agent': 'curl/8.5.0' })).toBe(true);
  });

  /** A reverse proxy as they come: it rewrites the host to the address behind it and adds headers of its own. */
  const proxied = async (adds: (headers: IncomingHttpHeaders) => Record<string, string>, use: (to: number) => Promise<void>) => {
    const proxy: Server = createServer((incoming, outgoing) => {
      const headers = { ...incoming.headers, host: `127.0.0.1:${port}`, ...adds(incoming.headers) };
      incoming.pipe(
        request({ host: '127.0.0.1', port, method: incoming.method, path: incoming.url, headers }, (answer) => {
          outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(outgoing);
        }),
      );
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    await use((proxy.address() as AddressInfo).port).finally(() => proxy.close());
  };
  const page = {
    host: 'shop.example',
    origin: 'https://shop.example',
    'sec-fetch-site': 'same-origin',
    'user-agent': 'Mozilla/5.0',
  };

  test('a real proxy that rewrites the host: by what it adds, or by the page’s own origin where it adds nothing', async () => {
    await proxied(
      () => ({ 'x-real-ip': '203.0.113.7' }),
      async (to) => expect(await given({ ...page, origin: undefined }, to)).toBe(false),
    );
    await proxied(
      () => ({ via: '1.1 squid' }),
      async (to) => expect(await given({ ...page, origin: undefined }, to)).toBe(false),
    );
    await proxied(
      () => ({}),
      async (to) => expect((await send('POST', TOKEN, page, to)).status).toBe(404),
    );
  });

  test('nginx as it comes: HTTP/1.0 and a rewritten host, not one header added', async () => {
    const answered = await new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(`POST ${TOKEN} HTTP/1.0\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      });
      socket.setEncoding('utf8').on('data', (piece) => {
        text += piece;
      });
      socket.on('end', () => resolve(text)).on('error', reject);
    });
    expect(answered).toMatch(/^HTTP\/1\.1 404 /);
  });

  test('a tunnel of bytes: not by its public name. By a loopback name it cannot be told from this machine, as documented', async () => {
    const tunnel = createPipe((socket) => {
      const behind = connect(port, '127.0.0.1');
      socket.pipe(behind).pipe(socket);
      for (const end of [socket, behind]) end.on('error', () => {});
    });
    await new Promise<void>((resolve) => tunnel.listen(0, '127.0.0.1', resolve));
    const to = (tunnel.address() as AddressInfo).port;
    expect(await given({ host: `shop.example:${to}` }, to)).toBe(false);
    expect(await given({ host: `localhost:${to}` }, to)).toBe(true);
    tunnel.close();
  });
});
