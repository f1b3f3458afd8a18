import { fileURLToPath } from 'node:url';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createFloorRecord } from './floor-record.ts';

/*
 * The floor: a bare worker with the same settings as ours. It and the floor-* files in this folder import nothing of the product,
 * so that the cost of the product can be separated from the cost of Temporal and PostgreSQL.
 */
const { DATABASE_URL = '', TEMPORAL_ADDRESS = '', TASK_QUEUE = '', FLOOR_SLOTS, FLOOR_CACHE, FLOOR_POOL } = process.env;
const slots = Number(FLOOR_SLOTS);

Runtime.install({
  logger: { log() {}, trace() {}, debug() {}, info() {}, warn: console.warn, error: console.error },
  shutdownSignals: [],
});
const connection = await NativeConnection.connect({ address: TEMPORAL_ADDRESS });
const { record, close } = createFloorRecord(DATABASE_URL, Number(FLOOR_POOL));
const worker = await Worker.create({
  connection,
  taskQueue: TASK_QUEUE,
  activities: { record },
  workflowsPath: fileURLToPath(new URL('./floor-workflow.ts', import.meta.url)),
  maxConcurrentWorkflowTaskExecutions: slots,
  maxConcurrentLocalActivityExecutions: slots,
  maxCachedWorkflows: Number(FLOOR_CACHE),
  workflowTaskPollerBehavior: { type: 'autoscaling' },
  stickyQueueScheduleToStartTimeout: '2s',
  shutdownGraceTime: '2s',
  shutdownForceTime: '4s',
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => worker.shutdown());
console.log(`polling ${process.pid}`);
await worker.run();
await close();
await connection.close();
process.exit(0);
