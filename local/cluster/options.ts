import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError, type Environment } from '../../process/config/reading.ts';
import { lastingPorts } from '../servers/ports.ts';
import { readSettings, type Settings } from '../servers/settings.ts';

/** How many processes, and into how many shards Temporal's history is divided. */
export interface Topology {
  apis: number;
  workers: number;
  histories: number;
  matchings: number;
  /** Undefined: as many as this data folder has, or sixteen. */
  shards?: number | undefined;
}

export const TOPOLOGY: Topology = { apis: 2, workers: 2, histories: 2, matchings: 2 };
const FIRST_SHARDS = 16;

/** `--apis 3 --workers 4 --shards 64`; throws `ConfigError` with a line per option that is wrong. */
export function readTopology(args: string[]): Topology {
  const wrong: string[] = [];
  const number = (name: string, given: string | undefined, most: number): number | undefined => {
    if (given === undefined) return undefined;
    if (/^\d+$/.test(given) && Number(given) >= 1 && Number(given) <= most) return Number(given);
    wrong.push(`--${name}: a whole number from 1 to ${most}, not ${given}`);
    return undefined;
  };
  const { values } = parsed(args);
  const topology = {
    ...TOPOLOGY,
    apis: number('apis', values.apis, 16) ?? TOPOLOGY.apis,
    workers: number('workers', values.workers, 16) ?? TOPOLOGY.workers,
    shards: number('shards', values.shards, 16_384),
  };
  if (wrong.length > 0) throw new ConfigError(wrong.join('\n'));
  return topology;
}

function parsed(args: string[]) {
  try {
    const options = { apis: { type: 'string' }, workers: { type: 'string' }, shards: { type: 'string' } } as const;
    return parseArgs({ args, options });
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error));
  }
}

/** As `npm start` reads them, but in a folder of its own; the cluster's servers are always its own. */
export function readClusterSettings(environment: Environment): Settings {
  const { DATABASE_URL: _, TEMPORAL_ADDRESS: __, ...rest } = environment;
  return readSettings({ ...rest, DATA_DIR: rest.DATA_DIR || join('.data', 'cluster') });
}

/** Settings with free ports, for clusters that programs start for themselves. */
export async function freeSettings(dataDir: string, more: Environment = {}): Promise<Settings> {
  const names = ['PORT', 'PG_PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'SIMULATOR_PORT', 'RECEIVER_PORT'];
  const ports = await lastingPorts(names.length);
  const free = Object.fromEntries(names.map((name, at) => [name, String(ports[at])]));
  return readClusterSettings({ ...free, DATA_DIR: dataDir, SAMPLE_DATA: 'off', ...more });
}

const shardsFile = (dataDir: string): string => join(dataDir, 'temporal-shards');

/** The shards of this data folder. They are fixed for ever when Temporal first starts on it, so another number is an error. */
export function shardsOf(dataDir: string, wanted: number | undefined): number {
  if (!existsSync(shardsFile(dataDir))) return wanted ?? FIRST_SHARDS;
  const shards = Number(readFileSync(shardsFile(dataDir), 'utf8'));
  if (wanted === undefined || wanted === shards) return shards;
  throw new Error(
    `--shards ${wanted}: ${dataDir}의 Temporal은 처음에 shard ${shards}개로 만들어졌고 바꿀 수 없습니다. --shards를 빼거나 DATA_DIR을 달리 주세요.`,
  );
}

/** Writes them down. Called when Temporal is about to start, because a start that fails before must not decide for ever. */
export function keepShards(dataDir: string, shards: number): void {
  const file = shardsFile(dataDir);
  writeFileSync(`${file}.new`, String(shards));
  renameSync(`${file}.new`, file);
}
