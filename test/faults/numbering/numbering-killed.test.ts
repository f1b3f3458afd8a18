import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import pg from 'pg';
import { openGate } from '../../support/processes/gate.ts';
import { type ApiProcess, type ProcessStack, startProcesses } from '../../support/processes/process-stack.ts';
import { answeredRequest, expectSame, historyOf, holdRows, recordsWaiting, rowOf } from '../../support/scenes/faults.ts';
import { command, commandLine, type PlacedLine, placeIn, releasedLines, unique } from '../../support/scenes/orders.ts';
import { createPlace, newRange, numberAt, rangeNow } from '../../support/scenes/shipping.ts';
import { eventually } from '../../support/stack.ts';

let stack: ProcessStack;
let api: ApiProcess;
beforeAll(async () => {
  stack = await startProcesses({ environment: { REQUEST_SWEEP_AFTER_MS: '5000' } });
  api = await stack.startApi({}, false);
});
afterAll(() => stack.stop());

async function placeWithRange() {
  const placeNo = await createPlace(api);
  return { placeNo, range: await newRange(api, placeNo) };
}
const shipping = (lines: PlacedLine[], key: string) =>
  command(
    api,
    'ship',
    lines.map(({ deliveryNo, lineNo }) => ({ deliveryNo, lineNo, autoWaybill: true })),
    {},
    { 'idempotency-key': key },
  );
const drawn = ({ rangeNo }: { rangeNo: number }) =>
  stack.db.query(sql<{ waybill_no: string; closed: boolean }>`
    select waybill_no, closed_at is not null as closed from waybills where range_no = ${rangeNo} order by waybill_no`);

describe('the worker killed while a number is drawn', () => {
  test('before anything is written: the first number after the restart, and no gap', async () => {
    const worker = await stack.startWorker();
    const { placeNo, range } = await placeWithRange();
    const [line, key] = [await placeIn(api, 'released', { placeNo }), unique('key')];
    const letGo = await holdRows(stack.databaseUrl, [line]);
    const sent = shipping([line], key);
    await recordsWaiting(stack, 1);
    await worker.kill();
    await letGo();
    expect(await drawn(range)).toEqual([]);
    const next = await stack.startWorker();
    await sent;
    const waybillNo = numberAt(range, 0);
    expect((await answeredRequest(stack, key)).answer).toMatchObject({ succeeded: 1, results: [{ ok: true, waybillNo }] });
    expect(await drawn(range)).toEqual([{ waybill_no: waybillNo, closed: false }]);
    await expectSame(stack, line);
    await next.stop();
  });

  test('in the middle of it, with the number in hand: what was not committed is nobody’s', async () => {
    const worker = await stack.startWorker();
    const { placeNo, range } = await placeWithRange();
    const [line, key] = [await placeIn(api, 'released', { placeNo, productId: 88_001 }), unique('key')];
    // The record stops after it has drawn: when it notes the step in the history.
    const letGo = await stopAtHistory(line);
    const sent = shipping([line], key);
    await recordsWaiting(stack, 1);
    await worker.kill();
    await letGo();
    await eventually(async () => (await rangeNow(api, range)).used === 0 && (await drawn(range)).length === 0);
    const next = await stack.startWorker();
    await sent;
    await answeredRequest(stack, key);
    expect(await drawn(range)).toEqual([{ waybill_no: numberAt(range, 0), closed: false }]);
    expect((await rowOf(stack, line)).waybillNo).toBe(numberAt(range, 0));
    await expectSame(stack, line);
    await next.stop();
  });

  test('after the commit, before Temporal knew: the same number, once', async () => {
    const gate = await openGate(stack.temporalAddress);
    const worker = await stack.startWorker({ TEMPORAL_ADDRESS: gate.address });
    const { placeNo, range } = await placeWithRange();
    const [[first, second], key] = [await releasedLines(api, 2, {}, { placeNo }), unique('key')];
    const letGo = await holdRows(stack.databaseUrl, [first, second]);
    const sent = shipping([first, second], key);
    await recordsWaiting(stack, 2);
    gate.shut();
    await letGo();
    await eventually(
      async () => (await rowOf(stack, first)).state === 'shipped' && (await rowOf(stack, second)).state === 'shipped',
    );
    await worker.kill();
    await gate.close();
    const next = await stack.startWorker();
    await sent;
    const waybillNo = numberAt(range, 0);
    const { answer } = await answeredRequest(stack, key);
    expect(answer).toMatchObject({ succeeded: 2, results: [{ waybillNo }, { waybillNo }] });
    expect(await drawn(range)).toEqual([{ waybill_no: waybillNo, closed: false }]);
    expect(await rangeNow(api, range)).toMatchObject({ used: 1 });
    for (const line of [first, second]) {
      expect(await historyOf(stack, line)).toEqual(['order', 'instruct', 'release', 'ship']);
      await expectSame(stack, line);
    }
    await next.stop();
  });
});

test('fifty over two workers, one of which is killed: each its own number, none twice', async () => {
  const [first, second] = await Promise.all([stack.startWorker(), stack.startWorker()]);
  const { placeNo, range } = await placeWithRange();
  const lines = await Promise.all(Array.from({ length: 50 }, () => placeIn(api, 'released', { placeNo })));
  const keys = lines.map(() => unique('key'));
  const sent = lines.map((line, at) => shipping([line], keys[at] as string));
  await eventually(async () => (await drawn(range)).length > 5);
  await first.kill();
  await Promise.all(sent);
  for (const key of keys) expect((await answeredRequest(stack, key)).answer).toMatchObject({ succeeded: 1 });
  const rows = await Promise.all(lines.map((line) => rowOf(stack, line)));
  const numbers = rows.map(({ waybillNo }) => waybillNo).sort();
  expect(new Set(numbers).size).toBe(50);
  // A row that was ahead of its workflow is found as it is, with its number: nothing was drawn in vain.
  expect((await drawn(range)).map((row) => row.waybill_no)).toEqual(numbers);
  for (const line of lines) await expectSame(stack, line);
  await commandLine(api, 'undo', lines[0] as PlacedLine, {}, { reason: '다시' });
  await second.stop();
}, 120_000);

/** Lets the record of this line wait in the middle of its transaction, until it is let go. */
async function stopAtHistory({ deliveryNo }: PlacedLine): Promise<() => Promise<void>> {
  const lock = 4_711;
  await stack.db.query(sql`create function wait_at_history() returns trigger language plpgsql as $$
    begin perform pg_advisory_xact_lock(${sql.lit(lock)}); return new; end $$`);
  await stack.db.query(sql`create trigger wait_at_history before insert on delivery_history for each row
    when (new.delivery_no = ${sql.lit(deliveryNo)} and new.command = 'ship') execute function wait_at_history()`);
  const client = new pg.Client({ connectionString: stack.databaseUrl });
  await client.connect();
  await client.query('select pg_advisory_lock($1)', [lock]);
  return async () => {
    await client.end();
    // The server notices that the killed worker's connection is gone when the record goes on.
    await eventually(async () => {
      const rows = await stack.db.query(sql`select 1 from pg_stat_activity where wait_event = 'advisory'`);
      return rows.length === 0;
    });
    await stack.db.query(sql`drop trigger wait_at_history on delivery_history`);
    await stack.db.query(sql`drop function wait_at_history`);
  };
}
