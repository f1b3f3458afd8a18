import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';

/** Another program listens on the requested port. */
export class PortTaken extends Error {
  override name = 'PortTaken';
}

/**
 * A port that no other process gets for a minute: a connection closed from this side leaves it in TIME_WAIT, in which the system
 * does not hand it out, yet a server may listen on it.
 */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  const server = await listen(0, host);
  try {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no TCP port');
    const closed = new Promise((resolve) => server.once('connection', (socket) => socket.once('close', resolve).end()));
    const client = connect(address.port, host);
    client.on('end', () => client.end()).resume();
    await closed;
    return address.port;
  } finally {
    server.close();
  }
}

/** Throws `PortTaken`, naming the variable that chooses the port, when something listens there already. */
export async function assertPortFree(variable: string, port: number, host = '127.0.0.1'): Promise<void> {
  try {
    const server = await listen(port, host);
    server.close();
    await once(server, 'close');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    if (code === 'EADDRINUSE') {
      throw new PortTaken(
        `${variable}=${port}: 이미 다른 프로그램이 쓰는 포트입니다. 그 프로그램을 멈추거나 ${variable}에 다른 번호를 주세요.`,
      );
    }
    throw new PortTaken(`${variable}=${port}: ${host}에서 열 수 없습니다 (${String(code)}).`);
  }
}

async function listen(port: number, host: string): Promise<Server> {
  const server = createServer();
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}

/** Outgoing connections get their ports above, and PostgreSQL keeps Temporal's membership ports as smallint. */
const LOWEST = 20_000;
const HIGHEST = 32_767;

/** Free ports that no outgoing connection takes while the program that listens on one of them is away. */
export async function lastingPorts(count: number, host = '127.0.0.1'): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const port = randomInt(LOWEST, HIGHEST + 1);
    const isFree = await assertPortFree('', port, host).then(
      () => true,
      () => false,
    );
    if (isFree) found.add(port);
  }
  return [...found];
}
