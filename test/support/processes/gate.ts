import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP door before a server. Shut, it lets nothing through in either direction, and every connection stays open. */
export interface Gate {
  /** What clients connect to instead of the server. */
  address: string;
  shut: () => void;
  open: () => void;
  /** Drops every connection with what it still holds: of a client that was killed behind a shut gate nothing comes through later. */
  drop: () => void;
  /** Connections that were made while it was shut, or earlier, and are still there. */
  count: () => number;
  close: () => Promise<void>;
}

/** Opens one before `target` (host:port). */
export async function openGate(target: string): Promise<Gate> {
  const { hostname, port } = new URL(`tcp://${target}`);
  const pairs = new Set<{ client: Socket; server: Socket }>();
  let isShut = false;
  const apply = ({ client, server }: { client: Socket; server: Socket }) => {
    for (const socket of [client, server]) {
      if (isShut) socket.pause();
      else socket.resume();
    }
  };
  const listener = createServer((client) => {
    const server = connect(Number(port), hostname);
    const pair = { client, server };
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    client.on('data', (bytes) => server.write(bytes));
    server.on('data', (bytes) => client.write(bytes));
    for (const socket of [client, server]) socket.setNoDelay(true).on('error', end).on('close', end);
    apply(pair);
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const set = (shut: boolean) => {
    isShut = shut;
    for (const pair of pairs) apply(pair);
  };
  const drop = () => {
    for (const { client, server } of pairs) {
      client.destroy();
      server.destroy();
    }
  };
  return {
    address: `127.0.0.1:${(listener.address() as AddressInfo).port}`,
    shut: () => set(true),
    open: () => set(false),
    drop,
    count: () => pairs.size,
    close: async () => {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      drop();
      await closed;
    },
  };
}
