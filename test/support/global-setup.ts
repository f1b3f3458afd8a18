import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { openDb } from '../../db/database.ts';
import { buildConsole } from '../../local/console.ts';
import { startKeeper } from '../../local/keeper/keeper.ts';
import { freePort } from '../../local/servers/ports.ts';
import { startPostgres } from '../../local/servers/postgres.ts';
import { startTemporal } from '../../local/servers/temporal.ts';
import { temporalExecutable } from '../../local/servers/temporal-executable.ts';
import { registerSearchAttributes } from '../../process/search-attributes.ts';
import { workflowBundle } from '../../worker/bundle.ts';
import { findChromium } from './browser/chromium.ts';
import { servers, TEMPLATE, type TestServers } from './servers.ts';

/** One PostgreSQL with a migrated template database, one Temporal, one workflow bundle for all test files. */
export default async function globalSetup(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'delivery-test-'));
  const keeper = await startKeeper({ runFile: join(folder, 'run.json') });
  servers.stop = () => keeper.stop();
  const executable = await temporalExecutable(keeper, (text) => console.log(text));
  const [postgres, temporal, bundlePath] = await Promise.all([
    startPostgres(keeper, {
      dataDir: join(folder, 'postgres'),
      port: await freePort(),
      database: TEMPLATE,
      settings: ['fsync=off', 'synchronous_commit=off'],
    }),
    startTemporal(keeper, { executable, port: await freePort(), logFile: join(folder, 'temporal.log') }),
    workflowBundle(),
    buildConsole(),
    // Unpacked once before many files ask for it; who needs a browser and finds none says so itself.
    findChromium().catch(() => undefined),
  ]);
  const db = openDb({ url: postgres.url });
  await db.migrator.up();
  await db.close();
  const connection = await Connection.connect({ address: temporal.address });
  await registerSearchAttributes(connection.operatorService, 'default');
  await connection.close();
  const given: TestServers = {
    folder,
    databaseUrl: postgres.url,
    temporalAddress: temporal.address,
    temporalExecutable: executable,
    bundlePath,
  };
  process.env.TEST_SERVERS = JSON.stringify(given);
}
