import { join } from 'node:path';
import { startCluster } from '../../local/cluster/cluster.ts';
import { freeSettings } from '../../local/cluster/options.ts';
import { createGates, dbPastGates, temporalPastGates } from './gates.ts';
import { CHAOS_ENVIRONMENT, type World, type WorldOptions } from './world.ts';

/** The topology of production, as `npm run cluster` starts it, with a gate before every connection of a part to a server. */
export async function startClusterWorld({ folder, tracker }: WorldOptions): Promise<World> {
  const gates = createGates();
  const { through } = gates;
  const closing: (() => Promise<unknown>)[] = [gates.close];
  // Temporal's services find each other by the address that each writes into the database: an address of the loopback network that
  // only gates listen on. Systems other than Linux have but one such address.
  let others = 1;
  const foundAt = async (part: string, ports: number[]) => {
    if (process.platform !== 'linux') return '127.0.0.1';
    const host = `127.0.0.${++others}`;
    await gates.at(host, `others→${part}`, ports);
    return host;
  };
  const close = async () => {
    await Promise.allSettled(closing.map((each) => each()));
  };
  try {
    // The parts share the way to the tracker: it is one variable of all of them.
    const trackerUrl = `http://${await through('parts', 'tracker', tracker)}`;
    const environment = { ...CHAOS_ENVIRONMENT, DELIVERY_API_URL: trackerUrl, DELIVERY_API_EXTERNAL_URL: 'http://127.0.0.1:9' };
    const cluster = await startCluster({ settings: await freeSettings(folder, environment), environment, through, foundAt });
    closing.unshift(cluster.stop);
    const db = dbPastGates(cluster.databaseUrl);
    const { client, connection } = temporalPastGates(cluster.temporalAddress);
    closing.unshift(
      () => db.close(),
      () => connection.close(),
    );
    const address = new URL(cluster.url).host;
    return {
      parts: cluster.parts,
      gates: gates.all,
      apis: {
        clients: [`http://${await through('clients', 'apis', address)}`],
        tracker: [`http://${await through('tracker', 'apis', address)}`],
      },
      token: await cluster.token('admin'),
      callbackSecret: cluster.environment.TRACKING_CALLBACK_SECRET ?? '',
      db,
      temporal: client,
      exposed: [join(folder, 'logs'), join(folder, 'temporal')],
      metrics: cluster.parts.flatMap(({ metrics }) => metrics ?? []),
      stop: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
