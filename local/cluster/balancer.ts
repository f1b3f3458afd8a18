import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/*
 * One address before several APIs: connections go to them in turn. An API is asked for its health every second; one that does not
 * answer gets no new connection, and soon those it has are cut, so that their callers hear it and repeat elsewhere.
 */
export interface Balancer {
  close: () => Promise<void>;
}

interface Target {
  /** host:port */
  address: string;
  isUp: boolean;
  /** Of both sides of its connections. */
  sockets: Set<Socket>;
}

const LOOK_EVERY_MS = 1_000;
const ANSWER_MS = 2_000;
/** Looks without an answer in a row after which an API gets no new connection; one whose port is closed is passed over anyway. */
const LEFT_OUT = 2;
/** The same, after which its connections are cut. */
const CUT = 4;
/** When a look ends so much later than it should, this process was held up, and the look says nothing of the API. */
const HELD_UP_MS = 200;

/** Listens on `host`:`port` until it is closed. */
export async function startBalancer(options: { host: string; port: number; targets: string[] }): Promise<Balancer> {
  const targets = options.targets.map((address): Target => ({ address, isUp: true, sockets: new Set() }));
  let turn = 0;

  /** Those that are up, the one whose turn it is first; then, as a last chance, the others. */
  const inTurn = (): Target[] => {
    const at = turn++ % targets.length;
    const turned = [...targets.slice(at), ...targets.slice(0, at)];
    return [...turned.filter(({ isUp }) => isUp), ...turned.filter(({ isUp }) => !isUp)];
  };

  const lead = (client: Socket, [target, ...others]: Target[]): void => {
    if (target === undefined) return void client.destroy();
    if (client.destroyed) return;
    const { hostname, port } = new URL(`tcp://${target.address}`);
    const server = connect({ host: hostname, port: Number(port), allowHalfOpen: true, noDelay: true });
    const refused = () => lead(client, others);
    server.once('error', refused);
    server.once('connect', () => {
      server.off('error', refused);
      for (const [socket, other] of [
        [client, server],
        [server, client],
      ] as const) {
        target.sockets.add(socket);
        socket.on('error', () => {});
        socket.once('close', () => {
          target.sockets.delete(socket);
          // What is still to be written comes first: an answer may be longer than the API's connection.
          other.destroySoon();
        });
      }
      if (client.destroyed) return void server.destroy();
      client.pipe(server);
      server.pipe(client);
    });
  };

  const listener = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    client.on('error', () => client.destroy());
    lead(client, inTurn());
  });
  listener.listen(options.port, options.host);
  await once(listener, 'listening');

  const closing = new AbortController();
  const watch = async (target: Target) => {
    let silent = 0;
    while (!closing.signal.aborted) {
      const began = performance.now();
      try {
        await (await fetch(`http://${target.address}/healthz`, { signal: AbortSignal.timeout(ANSWER_MS) })).arrayBuffer();
        silent = 0;
      } catch {
        if (performance.now() - began < ANSWER_MS + HELD_UP_MS) silent++;
      }
      target.isUp = silent < LEFT_OUT;
      // A reset: half an answer must not look like a whole one.
      if (silent >= CUT) for (const socket of target.sockets) socket.resetAndDestroy();
      await sleep(LOOK_EVERY_MS, undefined, { signal: closing.signal }).catch(() => {});
    }
  };
  for (const target of targets) void watch(target);

  return {
    close: async () => {
      if (closing.signal.aborted) return;
      closing.abort();
      const closed = once(listener, 'close');
      listener.close();
      for (const { sockets } of targets) for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
