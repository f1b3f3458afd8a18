import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a gate does to the connections through it. */
export type Weather =
  | { kind: 'clear' }
  /** Every piece comes so much later, in order. */
  | { kind: 'latency'; ms: number }
  /** Nothing comes through and nobody is told; what was sent meanwhile comes late. */
  | { kind: 'stalled' }
  /** The far end is gone and the near one does not know: nothing comes through, ever, on these connections. */
  | { kind: 'half-open' };

/** A TCP gate in front of a server, for one client of it. */
export interface Gate {
  /** As `api-1→postgres`. */
  name: string;
  /** host:port for the client. */
  address: string;
  set: (weather: Weather) => void;
  /** Resets every connection. */
  reset: () => void;
  close: () => Promise<void>;
}

interface Pair {
  near: Socket;
  far: Socket | undefined;
}

/** Opens one before `target` (host:port), on any free port of this machine unless it has to be `at` a certain address. */
export async function openGate(name: string, target: string, at = { host: '127.0.0.1', port: 0 }): Promise<Gate> {
  const { hostname, port } = new URL(`tcp://${target}`);
  const pairs = new Set<Pair>();
  let weather: Weather = { kind: 'clear' };

  const end = (pair: Pair) => {
    pairs.delete(pair);
    pair.near.destroy();
    pair.far?.destroy();
  };
  /** Pieces of one direction, each passed on when its turn and its time have come. */
  const carry = (from: Socket, to: Socket) => {
    let tail = Promise.resolve();
    from.on('data', (bytes) => {
      const due = performance.now() + (weather.kind === 'latency' ? weather.ms : 0);
      tail = tail.then(async () => {
        const wait = due - performance.now();
        if (wait > 0) await sleep(wait);
        if (!to.destroyed && !to.write(bytes)) {
          from.pause();
          to.once('drain', () => {
            if (weather.kind !== 'stalled') from.resume();
          });
        }
      });
    });
  };
  const apply = ({ near, far }: Pair) => {
    for (const socket of [near, far]) {
      if (weather.kind === 'stalled') socket?.pause();
      else socket?.resume();
    }
  };

  const listener = createServer((near) => {
    near.setNoDelay(true);
    if (weather.kind === 'half-open') {
      const pair: Pair = { near, far: undefined };
      pairs.add(pair);
      near.on('error', () => end(pair)).on('close', () => end(pair));
      return;
    }
    const far = connect({ host: hostname, port: Number(port), noDelay: true });
    const pair: Pair = { near, far };
    pairs.add(pair);
    carry(near, far);
    carry(far, near);
    near.on('error', () => end(pair)).on('close', () => end(pair));
    far
      .on('error', () => end(pair))
      .on('close', () => {
        if (pair.far) end(pair);
      });
    apply(pair);
  });
  listener.listen(at.port, at.host);
  await once(listener, 'listening');

  return {
    name,
    address: `${at.host}:${(listener.address() as AddressInfo).port}`,
    set: (next) => {
      const before = weather;
      weather = next;
      for (const pair of [...pairs]) {
        if (next.kind === 'half-open') {
          const { far } = pair;
          pair.far = undefined;
          pair.near.pause();
          far?.destroy();
        } else if (before.kind === 'half-open') {
          end(pair);
        } else {
          apply(pair);
        }
      }
    },
    reset: () => {
      for (const pair of [...pairs]) {
        pair.near.resetAndDestroy();
        pair.far?.resetAndDestroy();
        pairs.delete(pair);
      }
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      for (const pair of [...pairs]) end(pair);
      await closed;
    },
  };
}

/** Several gates as one, for a server that listens on several ports. */
export const asOne = (name: string, gates: Gate[]): Gate => ({
  name,
  address: gates[0]?.address ?? '',
  set: (weather) => {
    for (const gate of gates) gate.set(weather);
  },
  reset: () => {
    for (const gate of gates) gate.reset();
  },
  close: async () => {
    await Promise.all(gates.map((gate) => gate.close()));
  },
});
