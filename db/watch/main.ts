import { statfs } from 'node:fs/promises';
import { createServer } from 'node:http';
import { Gauge, Registry } from 'prom-client';
import { readConfig } from '../../process/config/reading.ts';
import { watchConfig } from '../../process/config/watch.ts';
import { createLog } from '../../process/log.ts';
import { sendAlone } from '../send-alone.ts';
import { serverState, tableStates } from './state.ts';

/**
 * `npm run watch`: metrics of PostgreSQL and of disks, for what our own processes cannot see: Temporal's databases, the tables that
 * bloat, the disk under them. It reads when it is asked, by a connection of its own, and needs no more than a role that may connect.
 */
const ANSWER_MS = 5_000;

const { config } = readConfig({ config: watchConfig });
const log = createLog('watch', process.env);
const registry = new Registry();
const gauge = (name: string, help: string, ...labelNames: string[]) =>
  new Gauge({ name, help, labelNames, registers: [registry] });

const up = gauge('database_up', '1 = this database answers', 'database');
const bytes = gauge('database_size_bytes', 'All of a database', 'database');
const connections = gauge('database_connections', "Connections to the database's server", 'database');
const most = gauge('database_connections_max', 'How many the server takes', 'database');
const oldest = gauge('database_oldest_transaction_seconds', 'Age of the oldest open transaction on the server', 'database');
const xids = gauge('database_transaction_id_age', 'Transactions since the oldest that is not frozen', 'database');
const ofTable = ['database', 'table'];
const tableBytes = gauge('database_table_bytes', 'A table without its indexes', ...ofTable);
const indexBytes = gauge('database_index_bytes', 'All indexes of a table', ...ofTable);
const liveRows = gauge('database_live_rows', 'Rows of a table, as PostgreSQL estimates them', ...ofTable);
const deadRows = gauge('database_dead_rows', 'Rows that autovacuum has not cleared away yet', ...ofTable);
const vacuumed = gauge('database_vacuumed_seconds', 'Since rows of a table were last cleared away', ...ofTable);
const diskFree = gauge('disk_free_bytes', 'What is left of the disk of a folder', 'folder');
const diskSize = gauge('disk_size_bytes', 'The disk of a folder', 'folder');

const nameOf = (url: string): string => decodeURIComponent(new URL(url).pathname.slice(1));

async function readDatabase(url: string): Promise<void> {
  const database = nameOf(url);
  try {
    const [[server], tables] = await Promise.all([
      sendAlone(url, serverState, ANSWER_MS),
      sendAlone(url, tableStates, ANSWER_MS),
    ]);
    if (!server) return;
    bytes.set({ database }, server.bytes);
    connections.set({ database }, server.connections);
    most.set({ database }, server.most_connections);
    oldest.set({ database }, server.oldest_seconds);
    xids.set({ database }, server.transaction_age);
    for (const { table, ...state } of tables) {
      tableBytes.set({ database, table }, state.table_bytes);
      indexBytes.set({ database, table }, state.index_bytes);
      liveRows.set({ database, table }, state.live_rows);
      deadRows.set({ database, table }, state.dead_rows);
      if (state.vacuumed_seconds !== null) vacuumed.set({ database, table }, state.vacuumed_seconds);
    }
    up.set({ database }, 1);
  } catch (error) {
    up.set({ database }, 0);
    log.warn({ database, err: error }, 'a database does not answer');
  }
}

async function readDisk(folder: string): Promise<void> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder);
    diskFree.set({ folder }, bavail * bsize);
    diskSize.set({ folder }, blocks * bsize);
  } catch (error) {
    log.warn({ folder, err: error }, 'a disk cannot be read');
  }
}

const server = createServer(async ({ url }, response) => {
  if (url !== '/metrics') {
    response.writeHead(url === '/healthz' ? 200 : 404).end();
    return;
  }
  // What is no longer there must not be shown as it was.
  registry.resetMetrics();
  await Promise.all([...config.WATCH_DATABASES.map(readDatabase), ...config.WATCH_FOLDERS.map(readDisk)]);
  response.writeHead(200, { 'content-type': registry.contentType }).end(await registry.metrics());
});
server.listen(config.WATCH_PORT, () => log.info({ port: config.WATCH_PORT }, 'watching'));
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    server.closeAllConnections();
    server.close();
  });
