import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { openDb } from '../../db/database.ts';
import { startCluster } from '../../local/cluster/cluster.ts';
import { freeSettings } from '../../local/cluster/options.ts';
import { type Keeper, startKeeper } from '../../local/keeper/keeper.ts';
import { freePort } from '../../local/servers/ports.ts';
import { startPostgres } from '../../local/servers/postgres.ts';
import { startTemporal } from '../../local/servers/temporal.ts';
import { temporalExecutable } from '../../local/servers/temporal-executable.ts';
import { registerSearchAttributes } from '../../process/search-attributes.ts';
import type { Servers } from '../harness/servers.ts';
import { postgresSizes, sqliteSizes, type TableSizes } from '../measure/table-sizes.ts';

/** Temporal's dev server on SQLite, or its services on PostgreSQL. */
export const groundNames = ['dev', 'cluster'] as const;
export type GroundName = (typeof groundNames)[number];

export interface StoreSizes {
  temporal: TableSizes;
  ours: TableSizes;
}

/** Servers on a folder that may be kept: started again on it, they have the lines of earlier runs. */
export interface Ground {
  name: GroundName;
  folder: string;
  servers: Servers;
  /** Of the servers, to see when they are idle. */
  pids: () => number[];
  sizes: () => Promise<StoreSizes>;
  stop: () => Promise<void>;
}

interface Started {
  databaseUrl: string;
  temporalAddress: string;
  pids: () => number[];
  temporalSizes: () => Promise<TableSizes>;
  stop: () => Promise<void>;
}

/** Starts these servers on the folder. */
export async function openGround(name: GroundName, folder: string, say: (text: string) => void): Promise<Ground> {
  mkdirSync(folder, { recursive: true });
  const keeper = await startKeeper({ runFile: join(folder, 'run.json') });
  const closing: (() => Promise<unknown>)[] = [() => keeper.stop()];
  const stop = async () => {
    for (const close of closing.splice(0).reverse()) await close().catch(() => {});
  };
  try {
    const started = name === 'dev' ? await startDev(keeper, folder, say) : await startServices(keeper, folder, say);
    closing.push(started.stop);
    const { databaseUrl, temporalAddress } = started;
    const db = openDb({ url: databaseUrl });
    closing.push(() => db.close());
    await db.migrator.up();
    const connection = await Connection.connect({ address: temporalAddress });
    closing.push(() => connection.close());
    await registerSearchAttributes(connection.operatorService, 'default');
    const [postgres = 0, temporal = 0] = started.pids();
    const servers: Servers = {
      keeper,
      folder,
      urlOf: () => databaseUrl,
      db: { product: db, floor: db, lists: db },
      temporalAddress,
      temporal: new Client({ connection }),
      pids: { postgres, temporal },
      stop,
    };
    const sizes = async () => ({ temporal: await started.temporalSizes(), ours: await postgresSizes(databaseUrl) });
    return { name, folder, servers, pids: started.pids, sizes, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startDev(keeper: Keeper, folder: string, say: (text: string) => void): Promise<Started> {
  const executable = await temporalExecutable(keeper, say);
  const dbFile = join(folder, 'temporal', 'temporal.db');
  const [postgres, temporal] = await Promise.all([
    startPostgres(keeper, { dataDir: join(folder, 'postgres'), port: await freePort() }),
    startTemporal(keeper, { executable, port: await freePort(), dbFile, logFile: join(folder, 'temporal.log') }),
  ]);
  return {
    databaseUrl: postgres.url,
    temporalAddress: temporal.address,
    pids: () => [postgres.child.pid, temporal.child.pid],
    temporalSizes: async () => sqliteSizes(dbFile),
    stop: async () => {},
  };
}

/** The cluster's own API and worker stand aside on a queue of their own: the measured ones are started with what is measured. */
async function startServices(keeper: Keeper, folder: string, say: (text: string) => void): Promise<Started> {
  const never = '0 0 1 1 *';
  const environment = { TASK_QUEUE: 'aside', WAYBILL_REGISTRATION_CRON: never, AUTO_COMPLETE_CRON: never };
  const settings = await freeSettings(folder);
  const cluster = await startCluster({ settings, keeper, environment, apis: 1, workers: 1, progress: say });
  const { databaseUrl, temporalAddress, parts } = cluster;
  const servers = ['postgres', 'history', 'matching', 'frontend', 'system-worker'];
  const inServer = (name: string) => databaseUrl.replace(/\/[^/]*$/, `/${name}`);
  return {
    databaseUrl,
    temporalAddress,
    pids: () => servers.flatMap((kind) => parts.filter((part) => part.kind === kind)).flatMap((part) => part.pid() ?? []),
    temporalSizes: async () =>
      new Map([...(await postgresSizes(inServer('temporal'))), ...(await postgresSizes(inServer('temporal_visibility')))]),
    stop: cluster.stop,
  };
}
