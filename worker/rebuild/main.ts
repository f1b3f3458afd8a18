import { Client, Connection } from '@temporalio/client';
import { keywords } from '../../commands/keywords.ts';
import { openDb } from '../../db/database.ts';
import { databaseConfig } from '../../process/config/database.ts';
import { lineConfig } from '../../process/config/lines.ts';
import { readConfig } from '../../process/config/reading.ts';
import { temporalConfig, temporalOptions } from '../../process/config/temporal.ts';
import { PLAN_WORKFLOW, planStartOptions } from '../../workflows/messages/assembly-plan.ts';
import { DELIVERY_WORKFLOW, deliveryStartOptions } from '../../workflows/messages/delivery.ts';
import { PICKUP_WORKFLOW, pickupStartOptions } from '../../workflows/messages/pickup.ts';
import { rebuildableLines } from './lines.ts';
import { orderOf, USAGE } from './order.ts';
import { rebuildablePickups } from './pickups.ts';
import { rebuildablePlans } from './plans.ts';
import { rebuildRows } from './rows.ts';

/**
 * `npm run rebuild`: compares every row with its running workflow, or with its history when the workflow has ended, and repairs
 * differences, with a line of output for each. `-- --dry-run` only prints; `--changed-since 2026-11-28T09:00:00Z` looks only at rows
 * written since then, as after a restore. Exit code 1 = something could not be repaired, 64 = no such order.
 */
const EX_USAGE = 64;
const order = orderOf(process.argv.slice(2), Date.now());
if (order === null) {
  console.error(USAGE);
  process.exit(EX_USAGE);
}
const { settings, temporal, database } = readConfig({ settings: lineConfig, temporal: temporalConfig, database: databaseConfig });
const db = openDb({ url: database.DATABASE_URL });
const connection = await Connection.connect(temporalOptions(temporal));
const client = new Client({ connection, namespace: temporal.TEMPORAL_NAMESPACE });

const restart = async (
  type: string,
  { attributes, ...options }: ReturnType<typeof deliveryStartOptions | typeof pickupStartOptions | typeof planStartOptions>,
) => {
  await client.workflow.start(type, { ...options, taskQueue: temporal.TASK_QUEUE, typedSearchAttributes: keywords(attributes) });
};
const { LINE_OPEN_DAYS: openDays, CONTINUE_AS_NEW_AFTER: continueAsNewAfter, PICKUP_AUTO_CONFIRM: autoConfirm } = settings;
const line = { openDays, continueAsNewAfter };

try {
  const options = { db, client, ...order, print: console.log };
  const lines = await rebuildRows(
    options,
    rebuildableLines((each) => restart(DELIVERY_WORKFLOW, deliveryStartOptions(each, line))),
  );
  const pickups = await rebuildRows(
    options,
    rebuildablePickups((each) => restart(PICKUP_WORKFLOW, pickupStartOptions(each, { autoConfirm, continueAsNewAfter, line }))),
  );
  const plans = await rebuildRows(
    options,
    rebuildablePlans((each) => restart(PLAN_WORKFLOW, planStartOptions(each, { continueAsNewAfter }))),
  );
  for (const [name, { examined, repaired, unrepaired }] of Object.entries({ lines, pickups, plans }))
    console.log(
      `${examined} ${name} examined, ${repaired} ${order.dryRun ? 'to repair' : 'repaired'}, ${unrepaired} left for a person`,
    );
  process.exitCode = lines.unrepaired + pickups.unrepaired + plans.unrepaired > 0 ? 1 : 0;
} finally {
  await connection.close();
  await db.close();
}
