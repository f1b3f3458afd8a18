import { Client, Connection } from '@temporalio/client';
import { type Db, openDb } from '../../db/database.ts';
import { asOne, type Gate, openGate } from './gate.ts';

/** All gates of a world, in the order in which they were opened. */
export interface Gates {
  all: Gate[];
  /** Opens one for what `from` sends to `to`; returns its address. */
  through: (from: string, to: string, address: string) => Promise<string>;
  /** Opens one for several ports of 127.0.0.1, which are found at another address of the loopback network. */
  at: (host: string, name: string, ports: number[]) => Promise<void>;
  close: () => Promise<void>;
}

export function createGates(): Gates {
  const all: Gate[] = [];
  return {
    all,
    through: async (from, to, address) => {
      const gate = await openGate(`${from}→${to}`, address);
      all.push(gate);
      return gate.address;
    },
    at: async (host, name, ports) => {
      all.push(asOne(name, await Promise.all(ports.map((port) => openGate(name, `127.0.0.1:${port}`, { host, port })))));
    },
    close: async () => {
      await Promise.all(all.map((gate) => gate.close()));
    },
  };
}

/** PostgreSQL past every gate, for the books. */
export const dbPastGates = (url: string): Db => openDb({ url, queryTimeout: 30_000 });

/** Temporal past every gate, without the SDK's repeats, which go on after the connection is closed. */
export function temporalPastGates(address: string): { client: Client; connection: Connection } {
  const channelArgs = { 'grpc.initial_reconnect_backoff_ms': 50, 'grpc.max_reconnect_backoff_ms': 500 };
  const connection = Connection.lazy({ address, channelArgs, interceptors: [] });
  return { client: new Client({ connection }), connection };
}
