import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { STOP_LAST } from '../keeper/processes.ts';
import { lastingPorts } from '../servers/ports.ts';
import type { Context } from './context.ts';
import type { PartKind } from './supervisor.ts';
import { dynamicConfig, type Service, type ServicePorts, serviceConfig } from './temporal-config.ts';
import { isClusterKnown } from './temporal-store.ts';

const KINDS: Record<Service, PartKind> = {
  frontend: 'frontend',
  history: 'history',
  matching: 'matching',
  worker: 'system-worker',
};

interface Member {
  service: Service;
  name: string;
  ports: ServicePorts;
}

/**
 * Starts frontend, histories, matchings and Temporal's own worker, each a supervised process. The frontend goes first on an empty
 * database: of several that write what the cluster is, all but one end.
 */
export async function startTemporalServices(
  context: Context,
  { server, databaseUrl, shards }: { server: string; databaseUrl: string; shards: number },
): Promise<void> {
  const folder = join(context.settings.files.dataDir, 'temporal');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const dynamic = join(folder, 'dynamic.yaml');
  writeFileSync(dynamic, dynamicConfig());
  const members = await membersOf(context);
  const start = (member: Member) => startMember(context, member, members, { server, folder, databaseUrl, shards, dynamic });
  const [frontend, ...others] = members;
  if (frontend) await start(frontend);
  while (!context.stopping.aborted && !(await isClusterKnown(databaseUrl).catch(() => false))) await sleep(100);
  await Promise.all(others.map(start));
}

/** The frontend first. */
async function membersOf({ topology, settings }: Context): Promise<Member[]> {
  const counts: [Service, number][] = [
    ['frontend', 1],
    ['history', topology.histories],
    ['matching', topology.matchings],
    ['worker', 1],
  ];
  const named = counts.flatMap(([service, count]) =>
    Array.from({ length: count }, (_, at) => ({ service, name: count === 1 ? KINDS[service] : `${service}-${at + 1}` })),
  );
  const free = await lastingPorts(named.length * 3);
  return named.map((member) => {
    const [grpc = 0, membership = 0, metrics = 0] = free.splice(0, 3);
    return { ...member, ports: { grpc: member.service === 'frontend' ? settings.TEMPORAL_PORT : grpc, membership, metrics } };
  });
}

interface Place {
  server: string;
  folder: string;
  databaseUrl: string;
  shards: number;
  dynamic: string;
}

async function startMember(context: Context, member: Member, members: Member[], place: Place): Promise<void> {
  const { keeper, supervisor, settings, through, foundAt, logOf } = context;
  const { service, name, ports } = member;
  const { server, folder, databaseUrl, shards, dynamic } = place;
  const portsOf = (other: Service): ServicePorts =>
    other === service ? ports : (members.find((each) => each.service === other)?.ports ?? ports);
  const config = join(folder, `${name}.yaml`);
  const text = serviceConfig({
    ports: {
      frontend: portsOf('frontend'),
      history: portsOf('history'),
      matching: portsOf('matching'),
      worker: portsOf('worker'),
    },
    own: service,
    address: await foundAt(name, [ports.grpc, ports.membership]),
    postgres: await through(name, 'postgres', `127.0.0.1:${settings.PG_PORT}`),
    password: decodeURIComponent(new URL(databaseUrl).password),
    shards,
    dynamicConfig: dynamic,
  });
  writeFileSync(config, text, { mode: 0o600 });
  const logFile = logOf(name);
  const args = ['--config-file', config, '--allow-no-auth', 'start', '--service', service];
  // Without our own TEMPORAL_* variables, which the server would read as its own. Its heap is small: collected less often, it costs less.
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, GOGC: '400' };
  await supervisor.supervise({
    name,
    kind: KINDS[service],
    logFile,
    metrics: `http://127.0.0.1:${ports.metrics}/metrics`,
    start: () => keeper.spawn({ name, command: server, args, env, cwd: folder, logFile, stopOrder: STOP_LAST }),
  });
}
