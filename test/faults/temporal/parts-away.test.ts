import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type BatchId, batchScheduleId, batchWorkflows } from '../../../workflows/messages/batches.ts';
import { type GrpcDoor, openGrpcDoor, type Passage } from '../../support/processes/grpc-door.ts';
import { loggedOf } from '../../support/processes/looping-bundle.ts';
import { type ApiProcess, type ProcessStack, startProcesses, type WorkerProcess } from '../../support/processes/process-stack.ts';
import { expectSame } from '../../support/scenes/faults.ts';
import { commandLine, orderBody, type PlacedLine, placeOrder, unique, uniqueWaybill } from '../../support/scenes/orders.ts';
import { callback, outcomesOf } from '../../support/scenes/tracking.ts';
import { eventually } from '../../support/stack.ts';

/** Temporal's frontend answers, but what needs its own system worker does not: Schedules, and in some set-ups search attributes. */
const SCHEDULES = /Schedule$/;
const ATTRIBUTES = /SearchAttributes$/;

let stack: ProcessStack;
let door: GrpcDoor;
let worker: WorkerProcess | undefined;
let api: ApiProcess | undefined;

// Its own Temporal, because no search attribute of ours is registered there yet.
beforeAll(async () => {
  stack = await startProcesses({ own: ['temporal'], environment: { START_SWEEP_AFTER_MS: '0', REQUEST_SWEEP_AFTER_MS: '1000' } });
});
afterAll(() => stack.stop());
afterEach(async () => {
  await Promise.all([worker?.stop(), api?.stop()]);
  [worker, api] = [undefined, undefined];
  await door.close();
});

const missingOf = async (url: string): Promise<string[]> => ((await (await fetch(url)).json()) as { missing: string[] }).missing;
const schedules = async (): Promise<string[]> => {
  const found: string[] = [];
  for await (const { scheduleId } of stack.temporal.schedule.list()) found.push(scheduleId);
  return found.sort();
};
const ours = () => (Object.keys(batchWorkflows) as BatchId[]).map((batch) => batchScheduleId(batch, stack.taskQueue)).sort();

/** Both programs behind the door, neither of which may wait for what it lets through. */
async function begin(passages: [RegExp, Passage][]): Promise<{ worker: WorkerProcess; api: ApiProcess }> {
  door = await openGrpcDoor(stack.temporalAddress);
  for (const [methods, passage] of passages) door.set(methods, passage);
  const behind = { TEMPORAL_ADDRESS: door.address };
  [worker, api] = await Promise.all([stack.startWorker(behind), stack.startApi(behind)]);
  return { worker, api };
}

const bothAway = async (passage: Passage) => {
  const programs = await begin([
    [ATTRIBUTES, passage],
    [SCHEDULES, passage],
  ]);
  const { api, worker } = programs;
  await eventually(async () => (await missingOf(`${api.url}/readyz`)).length === 2);
  expect(await api.get('/readyz')).toMatchObject({
    status: 200,
    body: {
      status: 'ready',
      missing: ['search-attributes', 'schedules'],
      checks: { worker: 'up', schedules: 'down', 'search-attributes': 'down' },
    },
  });
  expect(await missingOf(worker.url)).toEqual(['search-attributes', 'schedules']);
  return programs;
};

describe('a part of Temporal that lines do not need is away: the worker polls, and health names what is missing', () => {
  test('on a server that never had them, calls unanswered: each comes by itself, and the orders that waited for it', async () => {
    const { worker, api } = await bothAway('silent');
    // Temporal starts no workflow with an attribute it does not know: the order stays stored, and is started when it can be.
    const order = orderBody();
    const headers = { 'idempotency-key': unique('key') };
    expect(await api.post('/api/order/v1/orders', order, { headers })).toMatchObject({
      status: 503,
      body: { code: 'COMMAND_PENDING' },
    });

    door.set(ATTRIBUTES, 'open');
    await eventually(async () => !(await missingOf(worker.url)).includes('search-attributes'));
    const accepted = await eventually(async () => {
      const answer = await api.post('/api/order/v1/orders', order, { headers });
      return answer.status === 201 && answer;
    });
    const [{ deliveryNo }] = accepted.body.deliveries;
    const line: PlacedLine = { orderNo: order.orderNo, deliveryNo, lineNo: 1 };
    expect(await commandLine(api, 'instruct', line)).toMatchObject({ ok: true, state: 'instructed' });
    await expectSame(stack, line);
    expect(await missingOf(worker.url)).toEqual(['schedules']);

    door.set(SCHEDULES, 'open');
    await eventually(async () => (await missingOf(`${api.url}/readyz`)).length === 0);
    expect(await schedules()).toEqual(ours());
  });

  test('on a server that has them, calls refused: orders and commands are answered at their first try', async () => {
    const { api } = await bothAway('unavailable');
    const [line] = (await placeOrder(api)) as [PlacedLine];
    expect(await commandLine(api, 'instruct', line)).toMatchObject({ ok: true, state: 'instructed' });
    await expectSame(stack, line);

    door.set(SCHEDULES, 'open');
    await eventually(async () => !(await missingOf(`${api.url}/readyz`)).includes('schedules'));
    door.set(ATTRIBUTES, 'open');
    await eventually(async () => (await missingOf(`${api.url}/readyz`)).length === 0);
  });
});

test('a worker that waits for a missing part stops when it is told to', async () => {
  const { worker } = await bothAway('silent');
  worker.signal('SIGTERM');
  expect(await worker.exited).toEqual({ code: 0, signal: null });
});

test('a worker that still waits for Temporal says so, does what needs none, and stops when it is told to', async () => {
  door = await openGrpcDoor(stack.temporalAddress);
  const behind = { TEMPORAL_ADDRESS: door.address };
  door.set(/./, 'silent');
  [worker, api] = await Promise.all([stack.startWorker(behind, false), stack.startApi(behind, false)]);
  const health = await fetch(worker.url);
  expect([health.status, await health.json()]).toEqual([
    503,
    { status: 'not polling', missing: ['temporal', 'search-attributes', 'schedules'] },
  ]);
  // A number that nobody knows: the relay needs no workflow to judge that.
  const nobodys = unique('D');
  await callback(api, nobodys, uniqueWaybill(), 3);
  await eventually(async () => (await outcomesOf(stack, nobodys))[0] === 'unknown-number');

  worker.signal('SIGTERM');
  expect(await worker.exited).toEqual({ code: 0, signal: null });
});

test('a worker whose namespace cannot be looked at when it starts waits for that too', async () => {
  door = await openGrpcDoor(stack.temporalAddress);
  door.set(/DescribeNamespace$/, 'unavailable');
  worker = await stack.startWorker({ TEMPORAL_ADDRESS: door.address }, false);
  const { logFile, url } = worker;
  await eventually(async () => loggedOf(logFile).some(({ msg }) => msg === 'waiting for Temporal'));
  door.set(/DescribeNamespace$/, 'open');
  await eventually(async () => (await fetch(url)).ok);
});

test('a worker that begins anew, on a Temporal that takes its connection and does not answer, stops when it is told to', async () => {
  door = await openGrpcDoor(stack.temporalAddress);
  worker = await stack.startWorker({ TEMPORAL_ADDRESS: door.address });
  const { logFile } = worker;
  const logged = (part: string) => eventually(async () => loggedOf(logFile).some(({ msg }) => String(msg).includes(part)));
  door.set(/./, 'unavailable');
  await logged('Temporal is away');
  door.set(/GetSystemInfo$/, 'silent');
  door.set(/DescribeNamespace$/, 'open');
  await logged('Temporal is back');
  worker.signal('SIGTERM');
  expect(await worker.exited).toEqual({ code: 0, signal: null });
  // It did not wait until its attempt to connect had failed.
  expect(loggedOf(logFile).map(({ msg }) => msg)).not.toContain('waiting for Temporal');
});
