import { join } from 'node:path';
import { setInterval } from 'node:timers';
import { startKeeper } from '../../../local/keeper/keeper.ts';
import { startPostgres } from '../../../local/servers/postgres.ts';
import { startTemporal } from '../../../local/servers/temporal.ts';

/**
 * A process that owns a keeper with PostgreSQL and Temporal, for tests to kill: `node keeper-owner.ts FOLDER EXECUTABLE PGPORT
 * TEMPORALPORT`. Prints the pids once both answer, then lives on.
 */
const [folder = '', executable = '', postgresPort, temporalPort] = process.argv.slice(2);
const keeper = await startKeeper({ runFile: join(folder, 'run.json') });
const [postgres, temporal] = await Promise.all([
  startPostgres(keeper, { dataDir: join(folder, 'postgres'), port: Number(postgresPort) }),
  startTemporal(keeper, {
    executable,
    port: Number(temporalPort),
    dbFile: join(folder, 'temporal.db'),
    logFile: join(folder, 'temporal.log'),
  }),
]);
const { url } = postgres;
const children = [postgres.child.pid, temporal.child.pid];
console.log(JSON.stringify({ keeper: keeper.pid, children, url, address: temporal.address }));
setInterval(() => {}, 60_000);
