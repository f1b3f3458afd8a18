import { lastingPorts } from '../servers/ports.ts';
import { node } from '../servers/servers.ts';
import { simulatorEnvironment } from '../servers/settings.ts';
import { healthy } from '../stack.ts';
import type { Context } from './context.ts';
import type { PartKind } from './supervisor.ts';

interface Program {
  kind: PartKind;
  name: string;
  entry: string;
  env: NodeJS.ProcessEnv;
  metrics?: string;
}

/**
 * Starts workers and APIs, and the tracker's simulator unless a tracker is configured; resolves when every API finds a polling
 * worker. Returns the APIs' addresses (host:port).
 */
export async function startOurPrograms(context: Context, environment: NodeJS.ProcessEnv): Promise<string[]> {
  const { keeper, supervisor, settings, topology, logOf } = context;
  const start = async ({ entry, env, ...part }: Program) => {
    const logFile = logOf(part.name);
    const spawn = () => keeper.spawn({ name: part.name, ...node(entry), env, logFile });
    await supervisor.supervise({ ...part, logFile, start: spawn });
  };
  if (!settings.DELIVERY_API_URL) {
    const env = simulatorEnvironment(settings);
    await start({ kind: 'simulator', name: 'simulator', entry: 'local/simulator/main.ts', env });
  }
  const ports = await lastingPorts(topology.apis + topology.workers);
  const programs = ports.map((port, at): Program & { port: number } => {
    const isApi = at < topology.apis;
    const name = isApi ? `api-${at + 1}` : `worker-${at - topology.apis + 1}`;
    const listens = isApi ? { HOST: '127.0.0.1', PORT: String(port) } : { WORKER_PORT: String(port) };
    const [kind, entry] = isApi ? (['api', 'api/main.ts'] as const) : (['worker', 'worker/main.ts'] as const);
    return { kind, name, entry, env: { ...environment, ...listens }, metrics: `http://127.0.0.1:${port}/metrics`, port };
  });
  await Promise.all(
    programs.map(async ({ port: _, ...program }) => {
      const reached = await reachedBy(context, program.name, environment);
      await start({ ...program, env: { ...program.env, ...reached } });
    }),
  );
  const apis = programs.filter(({ kind }) => kind === 'api').map(({ port }) => `127.0.0.1:${port}`);
  await Promise.all(apis.map((address) => healthy(`http://${address}`)));
  return apis;
}

/** The servers' addresses, as this part is to reach them. */
async function reachedBy({ through }: Context, part: string, environment: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const { DATABASE_URL = '', TEMPORAL_ADDRESS = '' } = environment;
  const database = new URL(DATABASE_URL);
  database.host = await through(part, 'postgres', database.host);
  return { DATABASE_URL: database.href, TEMPORAL_ADDRESS: await through(part, 'frontend', TEMPORAL_ADDRESS) };
}
