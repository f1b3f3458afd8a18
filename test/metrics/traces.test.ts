import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { type Receiver, type Span, startReceiver } from '../support/metrics/otlp-receiver.ts';
import { type ApiProcess, type ProcessStack, startProcesses } from '../support/processes/process-stack.ts';
import { handleOf, holdRows, sweepNow } from '../support/scenes/faults.ts';
import { command, commandLine, placeOrder, unique } from '../support/scenes/orders.ts';
import { DELIVERED, openClaim, placedLine, takePickup } from '../support/scenes/pickups.ts';
import { eventually } from '../support/stack.ts';

let receiver: Receiver;
let stack: ProcessStack;
let api: ApiProcess;
beforeAll(async () => {
  receiver = await startReceiver();
  stack = await startProcesses({ environment: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, REQUEST_SWEEP_AFTER_MS: '3600000' } });
  [api] = await Promise.all([stack.startApi(), stack.startWorker()]);
});
afterAll(async () => {
  await stack.stop();
  receiver.close();
});

const CALLER = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
const traceparent = (flags = '01') => `00-${CALLER.traceId}-${CALLER.spanId}-${flags}`;

/** The spans of a trace once this one has arrived, from whichever process. */
const traceWith = (is: (span: Span) => boolean): Promise<Span[]> =>
  eventually(async () => {
    const found = receiver.spans.find(is);
    return found && receiver.spans.filter(({ traceId }) => traceId === found.traceId);
  });
const parentOf = (spans: Span[], { parentId }: Span) => spans.find(({ spanId }) => spanId === parentId);
/** From a span up to the first of its trace: `name` of each, which process said so. */
const pathOf = (spans: Span[], span: Span | undefined): string[] =>
  span ? [...pathOf(spans, parentOf(spans, span)), `${span.service} ${span.name}`] : [];
const recordOf = (workflowId: string, name: string) => (span: Span) =>
  span.name === 'record' && span.facts['workflow.id'] === workflowId && span.facts.command === name;

test('one trace from the call over the stored request and the update to the record, through both processes', async () => {
  const [line] = await placeOrder(api);
  if (!line) throw new Error('no line');
  expect((await commandLine(api, 'instruct', line)).ok).toBe(true);
  const workflowId = `delivery-${line.deliveryNo}-1`;
  const spans = await traceWith(recordOf(workflowId, 'instruct'));
  const whole = await eventually(async () => {
    const now = receiver.spans.filter(({ traceId }) => traceId === spans[0]?.traceId);
    return now.length >= 5 && now;
  });
  expect(pathOf(whole, whole.find(recordOf(workflowId, 'instruct')))).toEqual([
    'delivery-api POST /api/bo/v1/delivery-lines/instruct',
    'delivery-api request',
    'delivery-api execute',
    'delivery-api update instruct',
    'delivery-worker record',
  ]);
  expect(whole.find(({ name }) => name === 'update instruct')?.facts).toEqual({ 'workflow.id': workflowId, outcome: 'ok' });
});

test("a caller's own trace goes on, and one that the caller does not keep is not written", async () => {
  const [line] = await placeOrder(api, [{}], {});
  if (!line) throw new Error('no line');
  const asked = [{ deliveryNo: line.deliveryNo, lineNo: 1 }];
  const other = traceparent('00').replace(CALLER.traceId, CALLER.traceId.replace('4bf9', 'aaaa'));
  await command(api, 'instruct', asked, {}, { traceparent: other });
  await command(api, 'release', asked, {}, { traceparent: traceparent() });
  const workflowId = `delivery-${line.deliveryNo}-1`;
  const spans = await traceWith(recordOf(workflowId, 'release'));
  expect(spans[0]?.traceId).toBe(CALLER.traceId);
  const first = await eventually(async () => receiver.spans.find(({ parentId }) => parentId === CALLER.spanId));
  expect(first.name).toBe('POST /api/bo/v1/delivery-lines/release');
  expect(receiver.spans.filter(recordOf(workflowId, 'instruct'))).toEqual([]);
  expect(receiver.spans.filter(({ traceId }) => traceId.startsWith('aaaa'))).toEqual([]);
});

test('a refusal is an outcome, by its code; nothing failed', async () => {
  const [line] = await placeOrder(api);
  if (!line) throw new Error('no line');
  expect((await commandLine(api, 'release', line)).ok).toBe(false);
  const workflowId = `delivery-${line.deliveryNo}-1`;
  const update = await eventually(async () =>
    receiver.spans.find((span) => span.name === 'update release' && span.facts['workflow.id'] === workflowId),
  );
  expect(update).toMatchObject({ facts: { outcome: 'TRANSITION_NOT_ALLOWED' }, failed: false });
});

test('a signal, and the updates that a pickup sends to its line, stand in the trace of who asked', async () => {
  const [line] = await placeOrder(api);
  if (!line) throw new Error('no line');
  const asked = [{ deliveryNo: line.deliveryNo, lineNo: 1 }];
  expect((await command(api, 'instruct', asked, {}, { prefer: 'respond-async' })).status).toBe(202);
  const workflowId = `delivery-${line.deliveryNo}-1`;
  const signalled = await traceWith(recordOf(workflowId, 'instruct'));
  const record = await eventually(async () => {
    const now = receiver.spans.filter(({ traceId }) => traceId === signalled[0]?.traceId);
    return now.some(({ name }) => name === 'request') && pathOf(now, now.find(recordOf(workflowId, 'instruct')));
  });
  expect(record.slice(-2)).toEqual(['delivery-api signal submit', 'delivery-worker record']);

  const sold = await placedLine(api, DELIVERED);
  const pickupNo = await openClaim(api, 'return', sold);
  await takePickup(api, pickupNo, ['instruct', 'confirm', 'complete']);
  const settle = await traceWith(({ name, service }) => name === 'update settle-return' && service === 'delivery-worker');
  expect(settle.map(({ name }) => name)).toContain('settleClaims');
});

test('what the sweep of another process executes again stands in the trace of the first', async () => {
  const [line] = await placeOrder(api);
  if (!line) throw new Error('no line');
  const doomed = await stack.startApi({ COMMAND_TIMEOUT_MS: '1000', SWEEP_INTERVAL_MS: '3600000' });
  const key = unique('traced');
  const release = await holdRows(stack.databaseUrl, [line]);
  const body = { lines: [{ deliveryNo: line.deliveryNo, lineNo: 1 }] };
  const asking = doomed.post('/api/bo/v1/delivery-lines/instruct', body, { headers: { 'idempotency-key': key } });
  expect((await asking).status).toBe(503);
  const [stored] = await stack.db.query(sql<{ id: string }>`select id from requests where key = ${key}`);
  await doomed.kill();
  await release();
  await sweepNow(stack, key);
  const [traceId, spanId] = stored?.id.split('-') ?? [];
  const again = await eventually(async () =>
    receiver.spans.find((span) => span.traceId === traceId && span.name === 'execute' && span.facts.attempts === 2),
  );
  expect(again.parentId).toBe(spanId);
});

test('nothing of a trace is in a history: with and without traces they are the same', async () => {
  const [line] = await placeOrder(api);
  if (!line) throw new Error('no line');
  await commandLine(api, 'instruct', line);
  const { events = [] } = await handleOf(stack, line).fetchHistory();
  const headers = JSON.stringify(events, (key, value) => (key === 'header' && value?.fields ? value.fields : value));
  expect(headers).not.toMatch(/traceparent|_tracer-data/);
  expect(events?.length).toBeGreaterThan(5);
  expect(events?.flatMap((event) => Object.keys(event.workflowExecutionStartedEventAttributes?.header?.fields ?? {}))).toEqual(
    [],
  );
});

describe('without an endpoint', () => {
  test('API and worker work as they do, and load nothing of OpenTelemetry', async () => {
    const preload = `--import ${join(import.meta.dirname, '../support/metrics/refuse-sdk.ts')}`;
    const off = { OTEL_EXPORTER_OTLP_ENDPOINT: '', NODE_OPTIONS: preload, TASK_QUEUE: `${stack.taskQueue}-off` };
    const [quiet] = await Promise.all([stack.startApi(off, false), stack.startWorker(off)]);
    const [line] = await placeOrder(quiet);
    if (!line) throw new Error('no line');
    expect((await commandLine(quiet, 'instruct', line)).ok).toBe(true);
    const refused = stack.startApi({ NODE_OPTIONS: preload }, false);
    await expect(refused).rejects.toThrow('api has ended');
  });
});
