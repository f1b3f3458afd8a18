import { Client, Connection } from '@temporalio/client';
import { databaseConfig, lineConfig, readConfig, temporalConfig, temporalOptions } from '../config.ts';
import { openDb } from '../db/orm.ts';
import type { DeliveryLine } from '../domain/delivery.ts';
import { keywords } from '../search-attributes.ts';
import { DELIVERY_WORKFLOW, deliveryStartOptions } from '../workflows/messages.ts';
import { rebuildLines } from './rebuild-lines.ts';

/**
 * `npm run rebuild`: compares every line's row with its running workflow, or with its history when the workflow has ended, and
 * repairs what differs, a line of output each. `-- --dry-run` only prints. Exit code 1 = something could not be repaired.
 */
const {
  databaseUrl,
  temporal,
  line: settings,
} = readConfig((environment) => ({
  ...databaseConfig(environment),
  line: lineConfig(environment),
  temporal: temporalConfig(environment),
}));
const db = openDb({ url: databaseUrl });
const connection = await Connection.connect(temporalOptions(temporal));
try {
  const client = new Client({ connection, namespace: temporal.TEMPORAL_NAMESPACE });
  const dryRun = process.argv.includes('--dry-run');
  const restart = async (line: DeliveryLine) => {
    const { attributes, ...options } = deliveryStartOptions(line, {
      openDays: settings.LINE_OPEN_DAYS,
      continueAsNewAfter: settings.CONTINUE_AS_NEW_AFTER,
    });
    await client.workflow.start(DELIVERY_WORKFLOW, {
      ...options,
      taskQueue: temporal.TASK_QUEUE,
      typedSearchAttributes: keywords(attributes),
    });
  };
  const { examined, repaired, unrepaired } = await rebuildLines({ db, client, dryRun, print: console.log, restart });
  console.log(`${examined} lines examined, ${repaired} ${dryRun ? 'to repair' : 'repaired'}, ${unrepaired} left for a person`);
  process.exitCode = unrepaired > 0 ? 1 : 0;
} finally {
  await connection.close();
  await db.close();
}
