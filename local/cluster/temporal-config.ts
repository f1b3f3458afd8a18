/*
 * Configuration of the full server. One file a process: each has all four services in it, because a service looks there for the
 * others, but starts only one. JSON is YAML, so nothing has to be quoted by hand.
 */
export type Service = 'frontend' | 'history' | 'matching' | 'worker';

/** Where one process of a service listens. */
export interface ServicePorts {
  grpc: number;
  /** Other processes find it there; below 32768, because PostgreSQL keeps it as smallint. */
  membership: number;
  metrics: number;
}

export interface ServiceConfig {
  /** Of every service; the process's own entry is its own. */
  ports: Record<Service, ServicePorts>;
  own: Service;
  /** Where other processes find it. */
  address: string;
  /** host:port of PostgreSQL, as this process is to reach it. */
  postgres: string;
  password: string;
  shards: number;
  /** Path of the dynamic configuration. */
  dynamicConfig: string;
}

export const STORE = 'temporal';
export const VISIBILITY_STORE = 'temporal_visibility';
export const USER = 'postgres';
/** Connections of one process: to the store, and to visibility. */
export const STORE_CONNECTIONS = 15;
export const VISIBILITY_CONNECTIONS = 5;

/** The text of one process's configuration file. */
export function serviceConfig({ ports, own, address, postgres, password, shards, dynamicConfig }: ServiceConfig): string {
  const store = (databaseName: string, connections: number) => ({
    sql: {
      pluginName: 'postgres12_pgx',
      databaseName,
      connectAddr: postgres,
      connectProtocol: 'tcp',
      user: USER,
      password,
      maxConns: connections,
      maxIdleConns: connections,
      maxConnLifetime: '1h',
    },
  });
  const frontend = `127.0.0.1:${ports.frontend.grpc}`;
  const services = Object.entries(ports).map(([service, { grpc, membership }]) => [
    service,
    { rpc: { grpcPort: grpc, membershipPort: membership, bindOnLocalHost: true } },
  ]);
  const config = {
    log: { stdout: true, level: 'warn' },
    persistence: {
      defaultStore: 'store',
      visibilityStore: 'visibility',
      numHistoryShards: shards,
      datastores: { store: store(STORE, STORE_CONNECTIONS), visibility: store(VISIBILITY_STORE, VISIBILITY_CONNECTIONS) },
    },
    global: {
      membership: { maxJoinDuration: '30s', broadcastAddress: address },
      metrics: { prometheus: { timerType: 'histogram', listenAddress: `127.0.0.1:${ports[own].metrics}` } },
    },
    services: Object.fromEntries(services),
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: { active: { enabled: true, initialFailoverVersion: 1, rpcName: 'frontend', rpcAddress: frontend } },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    publicClient: { hostPort: frontend },
    dynamicConfigClient: { filepath: dynamicConfig, pollInterval: '60s' },
  };
  return JSON.stringify(config, null, 2);
}

/** The dynamic configuration of all processes: docs/sources/facts.md#settings-that-matter, and namespaces known at once. */
export function dynamicConfig(): string {
  const values: Record<string, string | number | boolean> = {
    'history.transferProcessorMaxPollRPS': 2000,
    'history.transferProcessorMaxPollHostRPS': 10000,
    'history.timerProcessorMaxPollRPS': 2000,
    'history.visibilityProcessorMaxPollRPS': 2000,
    'matching.numTaskqueueReadPartitions': 1,
    'matching.numTaskqueueWritePartitions': 1,
  };
  const entries = Object.entries(values).map(([key, value]) => [key, [{ value }]]);
  return JSON.stringify(Object.fromEntries(entries), null, 2);
}
