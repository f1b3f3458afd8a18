import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { openGate } from '../../support/processes/gate.ts';
import { type ApiProcess, type ProcessStack, startProcesses } from '../../support/processes/process-stack.ts';
import { answeredRequest, expectSame, historyOf, holdRows, recordsWaiting, rowOf } from '../../support/scenes/faults.ts';
import { command, commandLine, type PlacedLine, placeOrder, storedRow, take, unique } from '../../support/scenes/orders.ts';
import { eventually } from '../../support/stack.ts';

let stack: ProcessStack;
let api: ApiProcess;
beforeAll(async () => {
  stack = await startProcesses({ environment: { REQUEST_SWEEP_AFTER_MS: '5000', START_SWEEP_AFTER_MS: '2000' } });
  api = await stack.startApi({}, false);
});
afterAll(() => stack.stop());

/** A released line of five. */
async function five(): Promise<PlacedLine> {
  const [line] = (await placeOrder(api, [{ quantity: 5 }])) as [PlacedLine];
  await take(api, line, ['instruct', 'release']);
  return line;
}
async function splitOff(line: PlacedLine): Promise<PlacedLine> {
  const { newLine } = await commandLine(api, 'split', line, { quantity: 2 });
  return { orderNo: line.orderNo, ...newLine };
}
const partsOf = ({ orderNo }: PlacedLine): Promise<PlacedLine[]> =>
  stack.db.query(sql<PlacedLine>`select order_no as "orderNo", delivery_no as "deliveryNo", line_no as "lineNo"
    from delivery_lines where order_no = ${orderNo} and root_line_no is not null order by line_no`);
const splitting = (line: PlacedLine, key: string) =>
  command(api, 'split', [{ ...line, quantity: 2 }], {}, { 'idempotency-key': key });
const merging = (part: PlacedLine, key: string) => command(api, 'merge', [part], {}, { 'idempotency-key': key });

/** The request was answered in the end; the line is split, once, and both are alive as their rows say. */
async function expectSplitOnce(line: PlacedLine, key: string): Promise<void> {
  const { answer } = await answeredRequest(stack, key);
  const [part, ...others] = await partsOf(line);
  expect(others).toEqual([]);
  const newLine = { deliveryNo: part?.deliveryNo, lineNo: 2, state: 'released', validQuantity: 2 };
  expect(answer).toMatchObject({ succeeded: 1, results: [{ ok: true, validQuantity: 3, newLine }] });
  expect(await historyOf(stack, line)).toEqual(['order', 'instruct', 'release', 'split']);
  await eventually(async () => (await storedRow(stack, part as PlacedLine)).started_at !== null);
  await expectSame(stack, line);
  await expectSame(stack, part as PlacedLine);
  await take(api, part as PlacedLine, ['ship']);
}

/** The request was answered in the end; the part has ended and its line has everything, once. */
async function expectMergedOnce(line: PlacedLine, part: PlacedLine, key: string): Promise<void> {
  expect((await answeredRequest(stack, key)).answer).toMatchObject({ succeeded: 1, results: [{ ok: true, validQuantity: 0 }] });
  expect(await historyOf(stack, line)).toEqual(['order', 'instruct', 'release', 'split', 'absorb']);
  expect(await historyOf(stack, part)).toEqual(['split', 'merge']);
  expect([(await rowOf(stack, line)).quantity, (await rowOf(stack, part)).quantity]).toEqual([5, 0]);
  await expectSame(stack, line);
  await take(api, line, ['ship']);
}

describe('the worker killed while a line is split', () => {
  test('before anything is written: one part after the restart', async () => {
    const worker = await stack.startWorker();
    const [line, key] = [await five(), unique('key')];
    const letGo = await holdRows(stack.databaseUrl, [line]);
    const sent = splitting(line, key);
    await recordsWaiting(stack, 1);
    await worker.kill();
    await letGo();
    expect(await partsOf(line)).toEqual([]);
    const next = await stack.startWorker();
    await sent;
    await expectSplitOnce(line, key);
    await next.stop();
  });

  test('after both rows were written, before Temporal knew: the same part, and no other', async () => {
    const gate = await openGate(stack.temporalAddress);
    const worker = await stack.startWorker({ TEMPORAL_ADDRESS: gate.address });
    const [line, key] = [await five(), unique('key')];
    const letGo = await holdRows(stack.databaseUrl, [line]);
    const sent = splitting(line, key);
    await recordsWaiting(stack, 1);
    gate.shut();
    await letGo();
    await eventually(async () => (await partsOf(line)).length === 1);
    await worker.kill();
    await gate.close();
    const next = await stack.startWorker();
    await sent;
    await expectSplitOnce(line, key);
    await next.stop();
  });

  test('and nobody started the part, because nobody heard of it: the sweep does', async () => {
    const worker = await stack.startWorker();
    const line = await five();
    const body = { lines: [{ deliveryNo: line.deliveryNo, lineNo: line.lineNo, quantity: 2 }] };
    const { status } = await api.post('/api/bo/v1/delivery-lines/split', body, { headers: { prefer: 'respond-async' } });
    expect(status).toBe(202);
    await eventually(async () => (await partsOf(line)).length === 1);
    const [part] = (await partsOf(line)) as [PlacedLine];
    await eventually(async () => (await storedRow(stack, part)).started_at !== null);
    await expectSame(stack, part);
    await worker.stop();
  });
});

describe('the worker killed while a part goes back', () => {
  test('before anything is written: back once after the restart', async () => {
    const worker = await stack.startWorker();
    const [line, key] = [await five(), unique('key')];
    const part = await splitOff(line);
    const letGo = await holdRows(stack.databaseUrl, [line]);
    const sent = merging(part, key);
    await recordsWaiting(stack, 1);
    await worker.kill();
    await letGo();
    expect((await rowOf(stack, part)).quantity).toBe(2);
    const next = await stack.startWorker();
    await sent;
    await expectMergedOnce(line, part, key);
    await next.stop();
  });

  test('after both rows were written, before either workflow knew: back once', async () => {
    const gate = await openGate(stack.temporalAddress);
    const worker = await stack.startWorker({ TEMPORAL_ADDRESS: gate.address });
    const [line, key] = [await five(), unique('key')];
    const part = await splitOff(line);
    const letGo = await holdRows(stack.databaseUrl, [line]);
    const sent = merging(part, key);
    await recordsWaiting(stack, 1);
    gate.shut();
    await letGo();
    await eventually(async () => (await rowOf(stack, part)).quantity === 0);
    await worker.kill();
    await gate.close();
    const next = await stack.startWorker();
    await sent;
    await expectMergedOnce(line, part, key);
    await next.stop();
  });
});
