import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { type Balancer, startBalancer } from '../../local/cluster/balancer.ts';
import { freePort } from '../../local/servers/ports.ts';
import { eventually } from '../support/stack.ts';

/** An API that says its name, or what a test has it do. */
interface FakeApi {
  address: string;
  close: () => Promise<void>;
}

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function fakeApi(answer: (path: string, response: ServerResponse) => void, port = 0): Promise<FakeApi> {
  const server: Server = createServer(({ url = '' }, response) => answer(url, response));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    server.closeAllConnections();
    server.close();
  };
  open.push(close);
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

const named = (name: string, port?: number) => fakeApi((_path, response) => response.end(name), port);

async function before(...apis: FakeApi[]): Promise<string> {
  const port = await freePort();
  const targets = apis.map(({ address }) => address);
  const balancer: Balancer = await startBalancer({ host: '127.0.0.1', port, targets });
  open.unshift(balancer.close);
  return `http://127.0.0.1:${port}`;
}

/** On a connection of its own. */
const ask = async (url: string): Promise<string> => (await fetch(url, { headers: { connection: 'close' } })).text();

test('connections go to the APIs in turn', async () => {
  const url = await before(await named('one'), await named('two'));
  const answers = [await ask(url), await ask(url), await ask(url), await ask(url)];
  expect(answers.toSorted()).toEqual(['one', 'one', 'two', 'two']);
});

test('a connection to an API whose port is closed goes to the next, before anybody has looked', async () => {
  const gone = await named('gone');
  const url = await before(gone, await named('two'));
  await gone.close();
  expect([await ask(url), await ask(url), await ask(url)]).toEqual(['two', 'two', 'two']);
});

test('an API that no longer answers loses its connections, gets no others, and gets them again when it is back', async () => {
  let isSilent = false;
  const one = await fakeApi((path, response) => {
    if (!isSilent && path !== '/wait') response.end('one');
  });
  const url = await before(one, await named('two'));
  const waiting = [fetch(`${url}/wait`), fetch(`${url}/wait`)];
  isSilent = true;
  const outcomes = await Promise.allSettled(waiting);
  // The one that came to the silent API hears at once that nobody will answer.
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect([await ask(url), await ask(url), await ask(url)]).toEqual(['two', 'two', 'two']);
  isSilent = false;
  await eventually(async () => (await ask(url)) === 'one');
});

test('a long answer arrives whole although its API closes the connection at its end', async () => {
  const long = 'x'.repeat(8_000_000);
  const url = await before(await fakeApi((_path, response) => response.setHeader('connection', 'close').end(long)));
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  // A reader that begins late, so that the answer waits in the balancer.
  await once(socket, 'readable');
  await eventually(async () => socket.readableLength > 0);
  let length = 0;
  for await (const piece of socket) length += (piece as Buffer).length;
  expect(length).toBeGreaterThan(long.length);
});

test('a client that goes away takes its connection to the API with it', async () => {
  const closed = Promise.withResolvers<void>();
  const url = await before(await fakeApi((path, response) => path === '/wait' && response.once('close', () => closed.resolve())));
  const leaving = new AbortController();
  const waiting = fetch(`${url}/wait`, { signal: leaving.signal });
  setTimeout(() => leaving.abort(), 100);
  await expect(waiting).rejects.toThrow();
  await closed.promise;
});
