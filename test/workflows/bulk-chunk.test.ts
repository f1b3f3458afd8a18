import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Client, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { sql } from 'kysely';
import { createShipChunk } from '../../activities/bulk-shipment.ts';
import { createPace } from '../../commands/pace.ts';
import { pruneBulk } from '../../requests/sweeps.ts';
import type { ChunkResult } from '../../workflows/messages/bulk-shipment.ts';
import { eventually, type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

/** A running job of so many rows; their deliveries are nobody's, for the client is made up. */
async function runningJob(rows: number): Promise<string> {
  const id = randomUUID();
  await stack.db.query(sql`insert into bulk_shipments (id, request_id, start_request_id, file_name, by, state, total, valid, started_at)
     values (${id}, ${id}, ${id}, 'a.csv', 'kim', 'running', ${rows}, ${rows}, now())`);
  await stack.db.query(sql`insert into bulk_shipment_rows (job_id, row_no, delivery_no, line_no, carrier_code, waybill_no, line_nos, status, codes, cells)
     select ${id}, at + 1, 'D' || at, 1, '04', '681234567890', '[1]', 'pending', '[]', '[]' from generate_series(1, ${rows}::int) at`);
  return id;
}

/** Runs one chunk against workflows that answer as told; says how many were asked at once and under which ids. */
async function shipWith(jobId: string, answer: (at: number) => Promise<void>) {
  const seen = { ids: [] as string[], most: 0, now: 0, last: 0 };
  const executeUpdate = async (_name: string, { updateId }: { updateId: string }) => {
    seen.ids.push(updateId);
    seen.last = ++seen.now;
    seen.most = Math.max(seen.most, seen.now);
    try {
      await answer(seen.ids.length);
      return { state: 'shipped', revision: 4, validQuantity: 1 };
    } finally {
      seen.now--;
    }
  };
  const client = {
    withDeadline: (_at: number, work: () => unknown) => work(),
    workflow: { getHandle: () => ({ executeUpdate }) },
  };
  const ship = createShipChunk({
    db: stack.db,
    client: client as unknown as Client,
    log: stack.deps.log,
    bulkConcurrency: 16,
    startParts: async () => {},
  });
  const ran: Promise<ChunkResult> = new MockActivityEnvironment().run(ship, { jobId });
  return { seen, result: await ran.catch((error: unknown) => error) };
}
const refusedAs = (type: string) =>
  new WorkflowUpdateFailedError('refused', ApplicationFailure.create({ type, message: 'x', nonRetryable: true }));
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const jobOf = async (id: string) => (await stack.db.query(sql<any>`select * from bulk_shipments where id = ${id}`))[0];

describe('a chunk', () => {
  test('16 rows in flight, 8 while an admin’s command waits over 100 ms', async () => {
    const quick = await shipWith(await runningJob(100), turn);
    expect([quick.seen.most, quick.result]).toEqual([16, { more: false, canceled: false, processed: 100, valid: 100 }]);
    const pace = createPace({ db: stack.db, log: stack.deps.log });
    pace.observe(62);
    expect(await stack.db.query(sql`select 1 from command_pace`)).toEqual([]);
    pace.observe(150);
    await eventually(async () => (await stack.db.query(sql`select 1 from command_pace`)).length === 1);
    expect((await shipWith(await runningJob(100), turn)).seen.most).toBe(8);
    await stack.db.query(sql`update command_pace set at = now() - interval '6 seconds'`);
    expect((await shipWith(await runningJob(100), turn)).seen.most).toBe(16);
  });

  test('fewer at every look while an admin’s commands wait, down to two', async () => {
    await stack.db.query(sql`insert into command_pace (process, wait_ms, at) values ('slow', 150, now() + interval '1 hour')`);
    const { seen } = await shipWith(await runningJob(40), () => new Promise((resolve) => setTimeout(resolve, 200)));
    await stack.db.query(sql`delete from command_pace where process = 'slow'`);
    expect(seen.most).toBe(8);
    expect(seen.last).toBeLessThanOrEqual(2);
  });

  test('servers away: it fails and is run again; rows with an outcome keep it, the others go under the same ids', async () => {
    const id = await runningJob(40);
    const first = await shipWith(id, async (at) => {
      await turn();
      if (at === 30) throw new Error('UNAVAILABLE');
    });
    expect(first.result).toMatchObject({ message: 'UNAVAILABLE' });
    const { succeeded } = await jobOf(id);
    expect(succeeded).toBe(first.seen.ids.length - 1);
    const second = await shipWith(id, turn);
    expect(second.seen.ids).toHaveLength(40 - succeeded);
    expect(new Set([...first.seen.ids, ...second.seen.ids]).size).toBe(40);
    expect(await jobOf(id)).toMatchObject({ succeeded: 40, failed: 0, valid: 40 });
  });

  test('a row that was told as refused stays so, when its chunk fails and its line has become possible before it is done again', async () => {
    const id = await runningJob(6);
    const toldRow = () =>
      stack.db.query(sql<{ row_no: number; codes: string[] }>`
        select row_no, codes from bulk_shipment_rows where job_id = ${id} and status = 'failed'`);
    const told = async () => {
      const rows = await toldRow();
      return rows.length === 1 && rows;
    };
    const first = await shipWith(id, async (at) => {
      if (at === 1) throw refusedAs('TRANSITION_NOT_ALLOWED');
      // The others are under way until the refusal is stored, as whoever looks at the job is told it; then their servers go.
      await eventually(told);
      throw new Error('UNAVAILABLE');
    });
    expect(first.result).toMatchObject({ message: 'UNAVAILABLE' });
    const [refused] = await toldRow();
    expect(first.seen.ids[0]).toBe(`bulk-${id}-${refused?.row_no}`);
    // Now every line can be shipped, that one too.
    const second = await shipWith(id, turn);
    expect(second.seen.ids).toHaveLength(5);
    expect(second.seen.ids).not.toContain(first.seen.ids[0]);
    expect(await jobOf(id)).toMatchObject({ succeeded: 5, failed: 1, valid: 6 });
    expect(await toldRow()).toEqual([{ row_no: refused?.row_no, codes: ['TRANSITION_NOT_ALLOWED'] }]);
  });

  test('one row refused stops no other', async () => {
    const id = await runningJob(5);
    await shipWith(id, async (at) => {
      if (at !== 3) return;
      throw refusedAs('WAYBILL_IN_USE');
    });
    expect(await jobOf(id)).toMatchObject({ succeeded: 4, failed: 1 });
    const rows = await stack.db.query(sql`select codes from bulk_shipment_rows where job_id = ${id} and status = 'failed'`);
    expect(rows).toEqual([{ codes: ['WAYBILL_IN_USE'] }]);
  });
});

test('kept 30 days: then a job goes with its rows; a running one stays, and so does the request that started it', async () => {
  const [old, recent, running] = [await runningJob(1), await runningJob(1), await runningJob(1)];
  await stack.db.query(
    sql`update bulk_shipments set state = 'completed', finished_at = now() - interval '31 days' where id = ${old}`,
  );
  await stack.db.query(
    sql`update bulk_shipments set state = 'completed', finished_at = now() - interval '29 days' where id = ${recent}`,
  );
  await stack.db.query(sql`update bulk_shipments set created_at = now() - interval '40 days' where id = ${running}`);
  await stack.db.query(
    sql`insert into bulk_uploads (hash, content, created_at) values ('old', '', now() - interval '2 days'), ('new', '', now())`,
  );
  await pruneBulk(stack);
  expect([await jobOf(old), (await jobOf(recent))?.id, (await jobOf(running))?.id]).toEqual([undefined, recent, running]);
  expect(await stack.db.query(sql`select 1 from bulk_shipment_rows where job_id = ${old}`)).toEqual([]);
  expect(await stack.db.query(sql`select hash from bulk_uploads`)).toEqual([{ hash: 'new' }]);
});
