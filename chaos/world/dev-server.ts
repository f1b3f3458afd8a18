import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { permissions } from '../../api/http/auth.ts';
import { createSupervisor } from '../../local/cluster/supervisor.ts';
import { startKeeper } from '../../local/keeper/keeper.ts';
import { lastingPorts } from '../../local/servers/ports.ts';
import { startPostgres } from '../../local/servers/postgres.ts';
import { localSecret, signToken } from '../../local/servers/secrets.ts';
import { programArgs } from '../../local/servers/servers.ts';
import { startTemporal } from '../../local/servers/temporal.ts';
import { temporalExecutable } from '../../local/servers/temporal-executable.ts';
import { registerSearchAttributes } from '../../process/search-attributes.ts';
import { workflowBundle } from '../../worker/bundle.ts';
import { createGates, dbPastGates, temporalPastGates } from './gates.ts';
import { CHAOS_ENVIRONMENT, type World, type WorldOptions } from './world.ts';

const repository = join(import.meta.dirname, '..', '..');
const COUNT = 2;
/** Of one API or worker: several share the machine with the servers. */
const SMALL = { API_POOL_SIZE: '8', WORKER_POOL_SIZE: '10', WORKER_SLOTS: '100', WORKFLOW_CACHE: '300' };

/** PostgreSQL, Temporal's dev server, two APIs and two workers, as `npm start` runs them, each supervised. */
export async function startDevServerWorld({ folder, tracker, say }: WorldOptions): Promise<World> {
  const keeper = await startKeeper({ runFile: join(folder, 'run.json') });
  const stopping = new AbortController();
  const closing: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    stopping.abort();
    await Promise.allSettled(closing.map((close) => close()));
    await keeper.stop();
  };
  try {
    const logs = join(folder, 'logs');
    mkdirSync(logs, { recursive: true });
    const supervisor = createSupervisor(stopping.signal, say);
    const logOf = (name: string) => join(logs, `${name}.log`);
    const gates = createGates();
    const { through } = gates;
    closing.push(gates.close);

    const [postgresPort = 0, temporalPort = 0, ...ports] = await lastingPorts(2 + COUNT * 2);
    let databaseUrl = '';
    await supervisor.supervise({
      name: 'postgres',
      kind: 'postgres',
      logFile: logOf('postgres'),
      start: async () => {
        const running = await startPostgres(keeper, {
          dataDir: join(folder, 'postgres'),
          port: postgresPort,
          logFile: logOf('postgres'),
        });
        databaseUrl = running.url;
        return running.child;
      },
    });
    const db = dbPastGates(databaseUrl);
    closing.push(() => db.close());
    await db.migrator.up();

    const executable = await temporalExecutable(keeper, say);
    const temporalAddress = `127.0.0.1:${temporalPort}`;
    await supervisor.supervise({
      name: 'temporal',
      kind: 'frontend',
      logFile: logOf('temporal'),
      start: async () => {
        const dbFile = join(folder, 'temporal', 'temporal.db');
        return (await startTemporal(keeper, { executable, port: temporalPort, dbFile, logFile: logOf('temporal') })).child;
      },
    });
    const { client, connection } = temporalPastGates(temporalAddress);
    closing.push(() => connection.close());
    await registerSearchAttributes(connection.operatorService, 'default');
    await workflowBundle();

    const secret = localSecret(folder, 'auth-jwt-secret');
    const callbackSecret = localSecret(folder, 'tracking-callback-secret');
    const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
    const program = async (kind: 'api' | 'worker', at: number) => {
      const name = `${kind}-${at + 1}`;
      const port = ports[at + (kind === 'api' ? 0 : COUNT)];
      const url = new URL(databaseUrl);
      url.host = await through(name, 'postgres', url.host);
      const env = {
        ...{ PATH, HOME, NODE_COMPILE_CACHE, ...CHAOS_ENVIRONMENT, ...SMALL },
        DATABASE_URL: url.href,
        TEMPORAL_ADDRESS: await through(name, 'temporal', temporalAddress),
        AUTH_JWT_SECRET: secret,
        TRACKING_CALLBACK_SECRET: callbackSecret,
        DELIVERY_API_URL: `http://${await through(name, 'tracker', tracker)}`,
        DELIVERY_API_EXTERNAL_URL: 'http://127.0.0.1:9',
        [kind === 'api' ? 'PORT' : 'WORKER_PORT']: String(port),
      };
      const logFile = logOf(name);
      const spec = { name, command: process.execPath, args: programArgs(`${kind}/main.ts`), cwd: repository, env, logFile };
      await supervisor.supervise({ name, kind, logFile, start: () => keeper.spawn(spec) });
      return `127.0.0.1:${port}`;
    };
    const numbers = Array.from({ length: COUNT }, (_, at) => at);
    const [apis, workers] = await Promise.all([
      Promise.all(numbers.map((at) => program('api', at))),
      Promise.all(numbers.map((at) => program('worker', at))),
    ]);
    const before = (who: string) =>
      Promise.all(apis.map(async (address, at) => `http://${await through(who, `api-${at + 1}`, address)}`));

    return {
      parts: supervisor.parts,
      gates: gates.all,
      apis: { clients: await before('clients'), tracker: await before('tracker') },
      token: await signToken({ secret, sub: 'chaos', name: '혼돈', permissions, hours: 48 }),
      callbackSecret,
      db,
      temporal: client,
      exposed: [logs, join(folder, 'temporal')],
      metrics: [...apis, ...workers].map((address) => `http://${address}/metrics`),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
