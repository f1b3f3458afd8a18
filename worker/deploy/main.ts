import { Client, Connection } from '@temporalio/client';
import { readConfig } from '../../process/config/reading.ts';
import { temporalConfig, temporalOptions } from '../../process/config/temporal.ts';
import { workerConfig } from '../../process/config/worker.ts';
import { fingerprint } from '../bundle.ts';
import { versionOf } from '../versioning/version.ts';
import { carryOut, Refused } from './carry-out.ts';
import { orderOf, USAGE } from './order.ts';

/** `npm run deploy`: which version of the workers gets the work (docs/operating.md#versions-of-workers). Exit code 1 = not done. */
const EX_USAGE = 64;
const ANSWER_MS = 60_000;

const order = orderOf(process.argv.slice(2));
if (order === null) {
  console.error(USAGE);
  process.exit(EX_USAGE);
}
const { config, temporal } = readConfig({ config: workerConfig, temporal: temporalConfig });
const connection = Connection.lazy(temporalOptions(temporal));
const client = new Client({ connection, namespace: temporal.TEMPORAL_NAMESPACE });
const { TASK_QUEUE: taskQueue } = temporal;
try {
  await client.withDeadline(Date.now() + ANSWER_MS, () =>
    carryOut(order, { client, taskQueue, own: versionOf(config, taskQueue, fingerprint), print: console.log }),
  );
} catch (error) {
  const { details } = error as { details?: string };
  console.error(error instanceof Refused ? error.message : `Temporal이 하지 않았습니다: ${details || String(error)}`);
  process.exitCode = 1;
} finally {
  await connection.close();
}
