import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { workflowBundle } from '../../worker/bundle.ts';
import { buildConsole } from '../console.ts';
import { type Keeper, startKeeper } from '../keeper/keeper.ts';
import { apiUrl, personaToken } from '../servers/announce.ts';
import { progress as printed, timed } from '../servers/progress.ts';
import { assertPorts } from '../servers/servers.ts';
import { childEnvironment, type Settings } from '../servers/settings.ts';
import { temporalServer } from '../servers/temporal-server.ts';
import { startBalancer } from './balancer.ts';
import type { Context, FoundAt, Through } from './context.ts';
import { startDatabase } from './database.ts';
import { namespaceReady } from './namespace.ts';
import { keepShards, shardsOf, TOPOLOGY, type Topology } from './options.ts';
import { startOurPrograms } from './our-programs.ts';
import { createSupervisor, type Part } from './supervisor.ts';
import { startTemporalServices } from './temporal-services.ts';
import { prepareTemporalStore } from './temporal-store.ts';
import { startTemporalUi } from './temporal-ui.ts';

export interface ClusterOptions extends Partial<Topology> {
  /** By `readClusterSettings` or `freeSettings`. */
  settings: Settings;
  /** Ends the cluster's processes when this one dies; without it, the cluster starts one of its own. */
  keeper?: Keeper;
  /** Aborts before the keeper is stopped from outside. */
  stopping?: AbortSignal;
  /** More variables of every API and worker; they win. */
  environment?: NodeJS.ProcessEnv;
  /** More settings of PostgreSQL, `name=value`. */
  postgresSettings?: string[];
  through?: Through;
  foundAt?: FoundAt;
  /** Told which part has ended; prints by default. */
  progress?: (text: string) => void;
}

export interface Cluster {
  /** Of the balancing address before the APIs. */
  url: string;
  /** What API and worker have in common, with the secrets of tokens (`AUTH_JWT_SECRET`) and callbacks. */
  environment: NodeJS.ProcessEnv;
  /** A token of an admin with every permission, or with every one but `pii.read`. */
  token: (persona: 'admin' | 'operator') => Promise<string>;
  /** Of the frontend. */
  temporalAddress: string;
  databaseUrl: string;
  shards: number;
  /** Every process; the keeper and this process, which holds the balancing address, are none. */
  parts: Part[];
  /** Resolves when the keeper has died, and with it everything. */
  lost: Promise<void>;
  /** Leaves nothing behind. */
  stop: () => Promise<void>;
}

/**
 * Starts the topology of production on this machine: PostgreSQL, Temporal's services, APIs and workers, each a supervised process,
 * and one address before the APIs. Resolves when commands are answered; a start that fails leaves nothing behind and throws.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { settings, progress = printed, foundAt = () => '127.0.0.1', through = (_part, _server, address) => address } = options;
  const keeper = options.keeper ?? (await startKeeper({ runFile: settings.files.run }));
  const leaving = new AbortController();
  const leave = () => leaving.abort();
  options.stopping?.addEventListener('abort', leave);
  void keeper.lost.then(leave);
  const context: Context = {
    keeper,
    supervisor: createSupervisor(leaving.signal, progress),
    settings,
    topology: { ...TOPOLOGY, ...options },
    through,
    foundAt,
    stopping: leaving.signal,
    logOf: (part) => join(settings.files.logs, `${part}.log`),
  };
  try {
    return await startAll(context, options, leave);
  } catch (error) {
    leave();
    if (!options.keeper) await keeper.stop();
    throw error;
  }
}

async function startAll(context: Context, options: ClusterOptions, leave: () => void): Promise<Cluster> {
  const { keeper, supervisor, settings, topology } = context;
  const { files, PG_PORT, TEMPORAL_PORT, HOST, PORT } = settings;
  await assertPorts(settings);
  const shards = shardsOf(files.dataDir, topology.shards);
  mkdirSync(files.logs, { recursive: true });

  const [databaseUrl, { server, sqlTool, ui }] = await Promise.all([
    timed(`PostgreSQL(${PG_PORT})`, () => startDatabase(context, options.postgresSettings ?? [])),
    temporalServer(keeper, printed),
    timed('콘솔', buildConsole),
    // Made once here, and not by each worker.
    workflowBundle(),
  ]);

  const temporalAddress = `127.0.0.1:${TEMPORAL_PORT}`;
  await timed(`Temporal(${TEMPORAL_PORT}, shard ${shards}개)`, async () => {
    await prepareTemporalStore(keeper, { sqlTool, databaseUrl, logs: files.logs });
    keepShards(files.dataDir, shards);
    await startTemporalServices(context, { server, databaseUrl, shards });
    await startTemporalUi(context, { ui, address: temporalAddress });
    await namespaceReady(context, temporalAddress);
  });

  const own = childEnvironment(settings, { databaseUrl, temporalAddress });
  const environment = { ...own, READY_FILE: undefined, ...options.environment };
  const balancer = await timed(`worker ${topology.workers}개와 API ${topology.apis}개(${PORT})`, async () =>
    startBalancer({ host: HOST, port: PORT, targets: await startOurPrograms(context, environment) }),
  );

  return {
    url: apiUrl(settings),
    environment,
    token: (persona) => personaToken(environment, persona),
    temporalAddress,
    databaseUrl,
    shards,
    parts: supervisor.parts,
    lost: keeper.lost,
    stop: async () => {
      leave();
      await Promise.all([balancer.close(), keeper.stop()]);
    },
  };
}
