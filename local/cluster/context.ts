import type { Keeper } from '../keeper/keeper.ts';
import type { Settings } from '../servers/settings.ts';
import type { Topology } from './options.ts';
import type { Supervisor } from './supervisor.ts';

/** Asked for the address (host:port) by which a part is to reach a server, so that something can be put between them. */
export type Through = (part: string, server: 'postgres' | 'frontend', address: string) => string | Promise<string>;

/** Asked for the loopback address at which Temporal's other services find one that listens on these ports of 127.0.0.1. */
export type FoundAt = (part: string, ports: number[]) => string | Promise<string>;

/** What every part is started with. */
export interface Context {
  keeper: Keeper;
  supervisor: Supervisor;
  settings: Settings;
  topology: Topology;
  through: Through;
  foundAt: FoundAt;
  /** Aborts when everything is to end. */
  stopping: AbortSignal;
  /** The log file of a part. */
  logOf: (part: string) => string;
}
