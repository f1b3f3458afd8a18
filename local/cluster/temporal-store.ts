import { join } from 'node:path';
import type { Keeper } from '../keeper/keeper.ts';
import { withClient } from '../servers/postgres.ts';
import { lastLines } from '../servers/progress.ts';
import { STORE, USER, VISIBILITY_STORE } from './temporal-config.ts';

/** Names of the schemas inside Temporal's tool. */
const DATABASES = [
  [STORE, 'postgresql/v12/temporal'],
  [VISIBILITY_STORE, 'postgresql/v12/visibility'],
] as const;

/**
 * Makes Temporal's two databases, or brings them to this server's version. A new one is made under another name and renamed when
 * its schema is complete, because the tool cannot go on where it was killed. Call it before a service of Temporal runs.
 */
export async function prepareTemporalStore(keeper: Keeper, options: { sqlTool: string; databaseUrl: string; logs: string }) {
  const { sqlTool, databaseUrl, logs } = options;
  const { hostname, port, password } = new URL(databaseUrl);
  const logFile = join(logs, 'temporal-schema.log');
  const tool = async (database: string, args: string[]) => {
    const connection = ['--plugin', 'postgres12', '--ep', hostname, '-p', port, '-u', USER, '--db', database];
    const env = { PATH: process.env.PATH, SQL_PASSWORD: decodeURIComponent(password) };
    const spec = { name: 'temporal-schema', command: sqlTool, args: [...connection, ...args], env, logFile };
    const { code, signal } = await (await keeper.spawn(spec)).exited;
    if (code !== 0) throw new Error(`Temporal 스키마 실패 (${signal ?? code}):\n${lastLines(logFile, 10).join('\n')}`);
  };
  for (const [name, schema] of DATABASES) {
    const unfinished = `${name}_unfinished`;
    const isNew = await withClient(databaseUrl, async (client) => {
      const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
      if (rowCount !== 0) return false;
      await client.query(`drop database if exists ${unfinished}`);
      await client.query(`create database ${unfinished}`);
      return true;
    });
    const database = isNew ? unfinished : name;
    if (isNew) await tool(database, ['setup-schema', '--version', '0.0']);
    await tool(database, ['update-schema', '--schema-name', schema]);
    if (!isNew) continue;
    await withClient(inServer(databaseUrl, unfinished), (client) =>
      client.query('update schema_version set db_name = $1', [name]),
    );
    await withClient(databaseUrl, (client) => client.query(`alter database ${unfinished} rename to ${name}`));
  }
  await forgetMembers(inServer(databaseUrl, STORE));
}

const inServer = (databaseUrl: string, name: string): string => databaseUrl.replace(/\/[^/]*$/, `/${name}`);

/** Members of an earlier run would be looked for under ports where nobody listens any more. */
function forgetMembers(storeUrl: string): Promise<unknown> {
  return withClient(storeUrl, (client) => client.query('delete from cluster_membership'));
}

/** Whether a service has written what the cluster is: its name and shards. */
export async function isClusterKnown(databaseUrl: string): Promise<boolean> {
  const text = 'select from cluster_metadata_info';
  const { rowCount } = await withClient(inServer(databaseUrl, STORE), (client) => client.query(text));
  return rowCount !== 0;
}
