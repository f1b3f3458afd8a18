import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { NativeConnection, type Worker } from '@temporalio/worker';
import type { Activities } from '../../activities/index.ts';
import { workerConfig } from '../../process/config/worker.ts';
import { createWorker } from '../../worker/create.ts';
import { openFastPath } from '../../worker/fast-path/open.ts';
import { BULK_WORKFLOW, bulkStartOptions, type ChunkResult } from '../../workflows/messages/bulk-shipment.ts';
import { testServers } from '../support/servers.ts';

let connection: Connection;
let native: NativeConnection;
let client: Client;
beforeAll(async () => {
  const { temporalAddress: address } = testServers();
  connection = await Connection.connect({ address });
  native = await NativeConnection.connect({ address });
  client = new Client({ connection });
});
afterAll(async () => {
  await connection.close();
  await native.close();
});

/** The workflow alone, with chunks that a test makes up. */
async function runWith(shipChunk: () => Promise<ChunkResult>, work: (start: () => ReturnType<typeof begin>) => Promise<void>) {
  const taskQueue = randomUUID();
  const finished: boolean[] = [];
  const activities = { shipChunk, finishBulk: async ({ canceled }: { canceled: boolean }) => void finished.push(canceled) };
  const worker: Worker = await createWorker({
    connection: native,
    namespace: 'default',
    taskQueue,
    activities: activities as unknown as Activities,
    config: workerConfig({ WORKER_SLOTS: '20', WORKFLOW_CACHE: '20' }),
    bundlePath: testServers().bundlePath,
    onFastPath: (await openFastPath({ watchdog: null })).on,
  });
  await worker.runUntil(work(() => begin(taskQueue)));
  return finished;
}
const begin = (taskQueue: string) => {
  const { attributes: _, ...options } = bulkStartOptions(randomUUID(), 20);
  return client.workflow.start(BULK_WORKFLOW, { ...options, taskQueue });
};
const chunk = (more: boolean, canceled = false): ChunkResult => ({ more, canceled, processed: 1, valid: 1 });

describe('a bulk-shipment workflow', () => {
  test('goes on in a new run as it grows, chunk after chunk, and ends once', async () => {
    let chunks = 0;
    const finished = await runWith(
      async () => chunk(++chunks < 12),
      async (start) => {
        const first = await start();
        await first.result();
        const { runId } = await client.workflow.getHandle(first.workflowId).describe();
        expect(runId).not.toBe(first.firstExecutionRunId);
      },
    );
    expect([chunks, finished]).toEqual([12, [false]]);
  });

  test('a chunk that failed is run again; a job canceled by its row stops after the chunk', async () => {
    let chunks = 0;
    const finished = await runWith(
      async () => {
        if (++chunks === 1) throw ApplicationFailure.create({ message: 'servers away' });
        return chunk(true, chunks === 3);
      },
      async (start) => void (await (await start()).result()),
    );
    expect([chunks, finished]).toEqual([3, [true]]);
  });

  test('canceled in the Temporal UI it ends its job, too', async () => {
    const begun = Promise.withResolvers<void>();
    const finished = await runWith(
      async () => {
        begun.resolve();
        return chunk(true);
      },
      async (start) => {
        const handle = await start();
        await begun.promise;
        await handle.cancel();
        await handle.result();
      },
    );
    expect(finished).toEqual([true]);
  });
});
