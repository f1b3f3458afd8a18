import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { type Db, openDb } from '../../db/database.ts';
import { type Keeper, startKeeper } from '../../local/keeper/keeper.ts';
import { freePort } from '../../local/servers/ports.ts';
import { startPostgres, withClient } from '../../local/servers/postgres.ts';
import { startTemporal } from '../../local/servers/temporal.ts';
import { temporalExecutable } from '../../local/servers/temporal-executable.ts';
import { registerSearchAttributes } from '../../process/search-attributes.ts';

/** Databases of one server: the product's, the floor's with the same tables, and the one with a million rows. */
export type DatabaseName = 'product' | 'floor' | 'lists';
const EMPTY = 'empty';

/** PostgreSQL and Temporal as `npm start` runs them, in a temporary folder and on free ports. */
export interface Servers {
  keeper: Keeper;
  folder: string;
  urlOf: (name: DatabaseName) => string;
  db: Record<DatabaseName, Db>;
  temporalAddress: string;
  temporal: Client;
  pids: { postgres: number; temporal: number };
  /** Stops and removes everything; may be called again. */
  stop: () => Promise<void>;
}

/** Starts both and creates the databases as copies of one migrated template, so that all have the same tables. */
export async function startServers(say: (text: string) => void): Promise<Servers> {
  const folder = mkdtempSync(join(tmpdir(), 'delivery-bench-'));
  const keeper = await startKeeper({ runFile: join(folder, 'run.json') });
  const closing: (() => Promise<unknown>)[] = [];
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    await Promise.allSettled(closing.map((close) => close()));
    await keeper.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const executable = await temporalExecutable(keeper, say);
    const [postgres, temporal] = await Promise.all([
      startPostgres(keeper, { dataDir: join(folder, 'postgres'), port: await freePort(), database: EMPTY }),
      startTemporal(keeper, {
        executable,
        port: await freePort(),
        dbFile: join(folder, 'temporal', 'temporal.db'),
        logFile: join(folder, 'temporal.log'),
      }),
    ]);
    const urlOf = (name: string) => postgres.url.replace(/\/empty$/, `/${name}`);
    const template = openDb({ url: postgres.url });
    await template.migrator.up();
    await template.close();
    const names: DatabaseName[] = ['product', 'floor', 'lists'];
    await withClient(urlOf('postgres'), async (client) => {
      for (const name of names) await client.query(`create database ${name} template ${EMPTY}`);
    });
    const open = (name: DatabaseName) => {
      const db = openDb({ url: urlOf(name) });
      closing.push(() => db.close());
      return db;
    };
    const db = { product: open('product'), floor: open('floor'), lists: open('lists') };
    const connection = await Connection.connect({ address: temporal.address });
    closing.push(() => connection.close());
    await registerSearchAttributes(connection.operatorService, 'default');
    return {
      keeper,
      folder,
      urlOf,
      db,
      temporalAddress: temporal.address,
      temporal: new Client({ connection }),
      pids: { postgres: postgres.child.pid, temporal: temporal.child.pid },
      stop: () => {
        stopped ??= stop();
        return stopped;
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
