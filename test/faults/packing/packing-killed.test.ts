import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { BATCHES, firstLines } from '../../api/packing/batching.ts';
import { openParcel, outcome, releasedParcel, scan, VERIFICATIONS } from '../../api/packing/scanning.ts';
import { type ApiProcess, type ProcessStack, startProcesses } from '../../support/processes/process-stack.ts';
import { answeredRequest, requestOf, sweepNow } from '../../support/scenes/faults.ts';
import { unique } from '../../support/scenes/orders.ts';
import { releasedRows } from '../../support/scenes/rows.ts';
import { eventually } from '../../support/stack.ts';
import { stopAt } from './stop-at.ts';

let stack: ProcessStack;
let api: ApiProcess;
beforeAll(async () => {
  stack = await startProcesses({ environment: { REQUEST_SWEEP_AFTER_MS: '3600000' } });
  await stack.startWorker();
  api = await stack.startApi();
});
afterAll(() => stack.stop());

const keyed = (key: string) => ({ headers: { 'idempotency-key': key } });
type Post = (by: ApiProcess, key: string) => Promise<{ status: number; body: any }>;

/**
 * Kills the API in the middle of the transaction of this call, and lets another sweep it. Nothing of it is there in between, and who
 * repeats it is answered as the sweep was.
 */
async function killedAt(stop: Parameters<typeof stopAt>, post: Post, nothing: () => Promise<unknown>) {
  const key = unique('key');
  const there = await stopAt(...stop);
  const sent = post(api, key).catch(() => {});
  await there.reached();
  await api.kill();
  await sent;
  await there.end();
  expect(await nothing()).toEqual([]);
  expect(await requestOf(stack, key)).toMatchObject({ answered_at: null });
  api = await stack.startApi();
  await sweepNow(stack, key);
  const { answer, status } = await answeredRequest(stack, key);
  expect(await post(api, key)).toMatchObject({ status, body: answer });
  return answer;
}

/** Kills the API as soon as the answer is stored, whether or not it was sent, and repeats the call. */
async function killedAfter(post: Post) {
  const key = unique('key');
  const sent = post(api, key).catch(() => {});
  const { answer, status } = await answeredRequest(stack, key);
  await api.kill();
  await sent;
  api = await stack.startApi();
  expect(await post(api, key)).toMatchObject({ status, body: answer });
  return answer;
}

const batchLines = (deliveryNos: string[]) =>
  stack.db.query(sql<{ work_batch_no: number; is_open: boolean }>`
    select work_batch_no, is_open from work_batch_lines where delivery_no = any(${deliveryNos})`);

describe('the API killed while it works on a batch', () => {
  test('making it: nothing half, then one batch of all its lines', async () => {
    const deliveryNos = await releasedRows(stack.db, 3);
    const post: Post = (by, key) => by.post(BATCHES, { lines: firstLines(deliveryNos) }, keyed(key));
    const made = await killedAt([stack, 'insert', 'work_batch_lines', `new.delivery_no = '${deliveryNos[1]}'`], post, () =>
      stack.db.query(sql`select 1 from work_batches union all select 1 from work_batch_lines`),
    );
    expect(made).toMatchObject({ succeeded: 3, failed: 0 });
    const rows = await batchLines(deliveryNos);
    expect(rows).toEqual(Array(3).fill({ work_batch_no: made.workBatchNo, is_open: true }));
    expect(await stack.db.query(sql`select 1 from work_batches`)).toHaveLength(1);
  });

  test('made, but not told: the repeat is told of the same batch', async () => {
    const deliveryNos = await releasedRows(stack.db, 2);
    const made = await killedAfter((by, key) => by.post(BATCHES, { lines: firstLines(deliveryNos) }, keyed(key)));
    expect(made).toMatchObject({ succeeded: 2, failed: 0 });
    expect(await batchLines(deliveryNos)).toHaveLength(2);
  });

  test('moving it: it stands where it stood, then where it was asked to', async () => {
    const deliveryNos = await releasedRows(stack.db, 1);
    const { workBatchNo } = (await api.post(BATCHES, { lines: firstLines(deliveryNos) })).body;
    const moved = await killedAt(
      [stack, 'update', 'work_batches', `new.work_batch_no = ${workBatchNo}`],
      (by, key) => by.post(`${BATCHES}/${workBatchNo}/move`, { state: 'picking' }, keyed(key)),
      () => stack.db.query(sql`select 1 from work_batches where work_batch_no = ${workBatchNo} and state <> 'created'`),
    );
    expect(moved).toMatchObject({ workBatchNo, state: 'picking' });
    expect((await api.get(`${BATCHES}/${workBatchNo}`)).body).toMatchObject({ state: 'picking' });
  });

  test('completing it in its sweep: its lines are in it or free, never between', async () => {
    const deliveryNos = await releasedRows(stack.db, 2);
    const { workBatchNo } = (await api.post(BATCHES, { lines: firstLines(deliveryNos) })).body;
    const there = await stopAt(stack, 'update', 'work_batches', `new.work_batch_no = ${workBatchNo} and new.state = 'completed'`);
    await stack.db.query(sql`update delivery_lines set state = 'awaitingShipment' where delivery_no = any(${deliveryNos})`);
    await there.reached();
    expect(await batchLines(deliveryNos)).toEqual(Array(2).fill({ work_batch_no: workBatchNo, is_open: true }));
    await api.kill();
    await there.end();
    api = await stack.startApi();
    await eventually(async () => (await api.get(`${BATCHES}/${workBatchNo}`)).body.state === 'completed');
    expect((await api.get(`${BATCHES}/${workBatchNo}`)).body).toMatchObject({
      counts: { lines: 2, open: 0, shipped: 0, dropped: 2 },
      dropped: [{ why: 'stockout' }, { why: 'stockout' }],
    });
    expect(await batchLines(deliveryNos)).toEqual(Array(2).fill({ work_batch_no: workBatchNo, is_open: false }));
  });
});

describe('the API killed while a parcel is verified', () => {
  const scansOf = (id: number) => stack.db.query(sql`select 1 from verification_scans where verification_id = ${id}`);
  const notes = (deliveryNo: string) =>
    stack.db.query(sql`select 1 from delivery_history where delivery_no = ${deliveryNo} and command = 'verify'`);

  test('at a scan: not counted, then once, also for a scanner that sends it again', async () => {
    const { deliveryNo } = await releasedParcel(api, [{ productId: 7_301, quantity: 3 }]);
    const { verificationId: id } = await openParcel(api, deliveryNo);
    const scanId = unique('scan');
    const scanned = await killedAt(
      [stack, 'insert', 'verification_scans', `new.verification_id = ${id}`],
      (by, key) => scan(by, id, '7301', scanId, keyed(key)),
      () => scansOf(id),
    );
    expect(outcome(scanned)).toEqual([true, '1/3']);
    // Under another key, as a page that was loaded again sends it.
    expect(outcome((await scan(api, id, '7301', scanId)).body)).toEqual([true, '1/3']);
    const second = unique('scan');
    const counted = await killedAfter((by, key) => scan(by, id, '7301', second, keyed(key)));
    expect(outcome(counted)).toEqual([true, '2/3']);
    expect(await scansOf(id)).toHaveLength(2);
  });

  test('at the last scan: neither counted nor complete, then both, and one note in the history', async () => {
    const { deliveryNo } = await releasedParcel(api, [{ productId: 7_302, quantity: 2 }]);
    const { verificationId: id } = await openParcel(api, deliveryNo);
    await scan(api, id, '7302');
    const last = unique('scan');
    const done = await killedAt(
      [stack, 'insert', 'delivery_history', `new.delivery_no = '${deliveryNo}' and new.command = 'verify'`],
      (by, key) => scan(by, id, '7302', last, keyed(key)),
      async () => [...(await scansOf(id)).slice(1), ...(await notes(deliveryNo))],
    );
    expect(outcome(done)).toEqual([true, '2/2']);
    expect(done.verification.completedAt).not.toBeNull();
    expect((await api.get(`${VERIFICATIONS}/mine`)).body.verification).toMatchObject({ verificationId: id, blocked: null });
    expect(await notes(deliveryNo)).toHaveLength(1);
  });
});
