import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { bulkWorkflowId } from '../../workflows/messages/bulk-shipment.ts';
import { buildOf, deployed, versioningOf } from '../support/processes/deploying.ts';
import { type GrpcDoor, openGrpcDoor } from '../support/processes/grpc-door.ts';
import { type ApiProcess, type ProcessStack, startProcesses, type WorkerProcess } from '../support/processes/process-stack.ts';
import { expectSame, holdRows, recordsWaiting } from '../support/scenes/faults.ts';
import { commandLine, type PlacedLine, placeOrder, take, uniqueWaybill } from '../support/scenes/orders.ts';
import { csv, ended, start, upload } from '../support/scenes/sheets.ts';
import { eventually, signToken, withoutPii } from '../support/stack.ts';

/** What keeps deployments: Temporal's own system worker answers none of these. */
const DEPLOYMENTS = /WorkerDeployment/;
const OWN = { WORKER_MAKE_CURRENT: 'on' };
let stack: ProcessStack;
let api: ApiProcess;
let worker: WorkerProcess | undefined;
let door: GrpcDoor | undefined;

beforeAll(async () => {
  stack = await startProcesses({ own: ['temporal'] });
  api = await stack.startApi({}, false);
});
afterAll(() => stack.stop());
afterEach(async () => {
  await worker?.stop();
  await door?.close();
  [worker, door] = [undefined, undefined];
});

const missingOf = async (url: string): Promise<string[]> => ((await (await fetch(url)).json()) as { missing: string[] }).missing;
const order = async (): Promise<PlacedLine> => (await placeOrder(api))[0] as PlacedLine;
const ready = () => eventually(async () => (await api.get('/readyz')).status === 200);

test('where no version can be made current, every line is served; the version comes when it can', async () => {
  door = await openGrpcDoor(stack.temporalAddress);
  door.set(DEPLOYMENTS, 'unavailable');
  worker = await stack.startWorker({ ...OWN, TEMPORAL_ADDRESS: door.address, WORKER_BUILD_ID: 'oldest' });
  const { url } = worker;
  await ready();
  const line = await order();
  expect(await commandLine(api, 'instruct', line)).toMatchObject({ ok: true, state: 'instructed' });
  expect(await buildOf(stack, line)).toBeUndefined();
  expect(await missingOf(url)).toContain('version');

  door.set(DEPLOYMENTS, 'open');
  await eventually(async () => !(await missingOf(url)).includes('version'));
  expect(await commandLine(api, 'release', line)).toMatchObject({ ok: true, state: 'released' });
  expect(await buildOf(stack, line)).toBe('oldest');
  await expectSame(stack, line);
});

test('an upgrade where one version runs at a time: lines and a bulk shipment in the middle of their lives go on', async () => {
  worker = await stack.startWorker({ ...OWN, WORKER_BUILD_ID: 'old' });
  await eventually(async () => (await missingOf(worker?.url ?? '')).length === 0);
  await ready();
  const [line, held] = await Promise.all([order(), order()]);
  await take(api, line, ['instruct']);
  await take(api, held, ['instruct', 'release']);
  expect(await buildOf(stack, line)).toBe('old');

  const sheet = csv([[held.deliveryNo, held.lineNo, '04', uniqueWaybill()]]);
  const { body } = await upload({ url: api.url, token: () => signToken(withoutPii) }, sheet, { name: '출고.csv' });
  const letGo = await holdRows(stack.databaseUrl, [held]);
  expect((await start(api, body.id)).status).toBe(202);
  await recordsWaiting(stack, 1);
  expect((await versioningOf(stack, bulkWorkflowId(body.id))).buildId).toBe('old');
  // As `npm start` ends, and begins with newer code.
  await Promise.all([worker.kill(), stack.temporalServer.kill()]);
  await letGo();
  await stack.temporalServer.start();
  worker = await stack.startWorker({ ...OWN, WORKER_BUILD_ID: 'new' });
  const { url } = worker;
  await eventually(async () => (await missingOf(url)).length === 0);
  await ready();
  expect(await commandLine(api, 'release', line)).toMatchObject({ ok: true, state: 'released' });
  expect(await ended(api, body.id)).toMatchObject({ state: 'completed', succeeded: 1, failed: 0 });
  expect((await versioningOf(stack, bulkWorkflowId(body.id))).buildId).toBe('new');
  expect(await buildOf(stack, line)).toBe('new');
  for (const each of [line, held]) await expectSame(stack, each);
});

test('a worker whose version waits says so, and the API is not ready before it is made current', async () => {
  const line = await order();
  worker = await stack.startWorker({ WORKER_BUILD_ID: 'next' });
  expect(await missingOf(worker.url)).toContain('version');
  const current = `${worker.url}/current`;
  expect((await fetch(current)).status).toBe(503);
  const { status, body } = await api.get('/readyz');
  expect([status, body.missing]).toEqual([503, expect.arrayContaining(['worker'])]);
  expect(await deployed(stack, 'current', 'next')).toContain('next 버전이 현재 버전입니다');
  await ready();
  await eventually(async () => (await fetch(current)).status === 200);
  await take(api, line, ['instruct']);
  expect(await buildOf(stack, line)).toBe('next');
});
