import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { openDb } from '../../db/database.ts';
import { startCluster } from '../../local/cluster/cluster.ts';
import { freeSettings } from '../../local/cluster/options.ts';
import { asOne, type Gate, openGate } from './gate.ts';
import { CHAOS_ENVIRONMENT, type World, type WorldOptions } from './world.ts';

/** The topology of production, as `npm run cluster` starts it, with a gate before every connection of a part to a server. */
export async function startClusterWorld({ folder, tracker }: WorldOptions): Promise<World> {
  const gates: Gate[] = [];
  const closing: (() => Promise<unknown>)[] = [];
  const through = async (from: string, to: string, address: string) => {
    const gate = await openGate(`${from}→${to}`, address);
    gates.push(gate);
    closing.push(gate.close);
    return gate.address;
  };
  // Temporal's services find each other by the address that each writes into the database: an address of the loopback network that
  // only gates listen on. Systems other than Linux have but one such address.
  let others = 1;
  const foundAt = async (part: string, ports: number[]) => {
    if (process.platform !== 'linux') return '127.0.0.1';
    const host = `127.0.0.${++others}`;
    const name = `others→${part}`;
    const gate = asOne(name, await Promise.all(ports.map((port) => openGate(name, `127.0.0.1:${port}`, { host, port }))));
    gates.push(gate);
    closing.push(gate.close);
    return host;
  };
  const close = async () => {
    await Promise.allSettled(closing.map((each) => each()));
  };
  try {
    // The parts share the way to the tracker: it is one variable of all of them.
    const trackerUrl = `http://${await through('parts', 'tracker', tracker)}`;
    const settings = await freeSettings(folder, {
      DELIVERY_API_URL: trackerUrl,
      DELIVERY_API_EXTERNAL_URL: 'http://127.0.0.1:9',
      ...CHAOS_ENVIRONMENT,
    });
    const cluster = await startCluster({
      settings,
      environment: { ...CHAOS_ENVIRONMENT, DELIVERY_API_URL: trackerUrl, DELIVERY_API_EXTERNAL_URL: 'http://127.0.0.1:9' },
      through,
      foundAt,
    });
    closing.unshift(cluster.stop);
    const db = openDb({ url: cluster.databaseUrl, queryTimeout: 30_000 });
    const channelArgs = { 'grpc.initial_reconnect_backoff_ms': 50, 'grpc.max_reconnect_backoff_ms': 500 };
    const connection = Connection.lazy({ address: cluster.temporalAddress, channelArgs, interceptors: [] });
    closing.unshift(
      () => db.close(),
      () => connection.close(),
    );
    const address = new URL(cluster.url).host;
    return {
      parts: cluster.parts,
      gates,
      apis: {
        clients: [`http://${await through('clients', 'apis', address)}`],
        tracker: [`http://${await through('tracker', 'apis', address)}`],
      },
      token: await cluster.token('admin'),
      callbackSecret: cluster.environment.TRACKING_CALLBACK_SECRET ?? '',
      db,
      temporal: new Client({ connection }),
      exposed: [join(folder, 'logs'), join(folder, 'temporal')],
      metrics: cluster.parts.flatMap(({ metrics }) => metrics ?? []),
      stop: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
