import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openGate } from '../../support/processes/gate.ts';
import { type ApiProcess, type ProcessStack, startProcesses, type WorkerProcess } from '../../support/processes/process-stack.ts';
import {
  expectSame,
  historyOf,
  holdRows,
  recordsWaiting,
  requestOf,
  rowOf,
  sweepNow,
  waybillOwner,
} from '../../support/scenes/faults.ts';
import { command, commandLine, type PlacedLine, placeOrder, take, unique, uniqueWaybill } from '../../support/scenes/orders.ts';
import { eventually } from '../../support/stack.ts';

/*
 * Temporal, worker and API killed between `record`'s commit and the workflow task's completion. The window is held open: the
 * rows are locked until the records wait for them, the worker's door to Temporal is shut, then the rows are let go.
 */
const CASES = ['swept', 'undone', 'canceled', 'twice', 'signaled'] as const;
type Case = (typeof CASES)[number];
let stack: ProcessStack;
let api: ApiProcess;
let worker: WorkerProcess;
let lines: Record<Case, PlacedLine>;
const keys = { swept: unique('k'), undone: unique('k'), canceled: unique('k'), first: unique('k'), second: unique('k') };
const waybills = { swept: uniqueWaybill(), undone: uniqueWaybill() };

beforeAll(async () => {
  // Requests are swept only when a test says so.
  stack = await startProcesses({ own: ['temporal'], environment: { REQUEST_SWEEP_AFTER_MS: '3600000' } });
  const gate = await openGate(stack.temporalAddress);
  [api, worker] = await Promise.all([stack.startApi(), stack.startWorker()]);
  const placed = await placeOrder(api, Array(CASES.length).fill({ quantity: 3 }));
  lines = Object.fromEntries(CASES.map((name, at) => [name, placed[at]])) as typeof lines;
  for (const line of [lines.swept, lines.undone]) await take(api, line, ['instruct', 'release']);
  // Sent while no worker runs, two commands to one line come in one workflow task.
  await worker.kill();

  const letGo = await holdRows(stack.databaseUrl, placed);
  const { swept, undone, canceled, twice, signaled } = lines;
  const sent = [
    command(api, 'ship', [shipment(swept, waybills.swept)], {}, { 'idempotency-key': keys.swept }),
    command(api, 'ship', [shipment(undone, waybills.undone)], {}, { 'idempotency-key': keys.undone }),
    cancel(canceled, 3, keys.canceled),
    cancel(twice, 1, keys.first),
    cancel(twice, 1, keys.second),
  ];
  expect(await command(api, 'instruct', [signaled], {}, { prefer: 'respond-async' })).toMatchObject({ status: 202 });
  worker = await stack.startWorker({ TEMPORAL_ADDRESS: gate.address });
  await recordsWaiting(stack, CASES.length);
  gate.shut();
  await letGo();
  const ahead: Record<Case, number> = { swept: 4, undone: 4, canceled: 2, twice: 3, signaled: 2 };
  for (const name of CASES) await eventually(async () => (await rowOf(stack, lines[name])).revision === ahead[name]);
  await Promise.all([worker.kill(), api.kill(), stack.temporalServer.kill()]);
  await Promise.allSettled(sent);
  await gate.close();

  await stack.temporalServer.start();
  [api, worker] = await Promise.all([stack.startApi(), stack.startWorker()]);
});
afterAll(() => stack.stop());

const shipment = ({ deliveryNo, lineNo }: PlacedLine, waybillNo: string) => ({
  deliveryNo,
  lineNo,
  carrierCode: '04',
  waybillNo,
});

const cancel = ({ orderNo, lineNo }: PlacedLine, quantity: number, key: string) =>
  api.post(
    `/api/order/v1/orders/${orderNo}/cancellations`,
    { lines: [{ lineNo, quantity }] },
    { headers: { 'idempotency-key': key } },
  );

/** The answer that the sweep finds for a stored request. */
const sweptAnswer = (key: string) =>
  eventually(async () => {
    const row = await requestOf(stack, key);
    return row?.answered_at && row.answer;
  });

describe('the whole stack killed between record’s commit and the workflow task’s completion: row = workflow', () => {
  test('its request’s sweep repeats the command: done once, its answer kept', async () => {
    await sweepNow(stack, keys.swept);
    expect(await sweptAnswer(keys.swept)).toMatchObject({ succeeded: 1, results: [{ ok: true, state: 'shipped', revision: 4 }] });
    await expectSame(stack, lines.swept);
    expect(await historyOf(stack, lines.swept)).toEqual(['order', 'instruct', 'release', 'ship']);
    expect(await commandLine(api, 'deliver', lines.swept)).toMatchObject({ ok: true, state: 'delivered', revision: 5 });
    expect(await waybillOwner(stack, waybills.swept)).toBe(lines.swept.deliveryNo);
  });

  test('another command first: what was never acknowledged is voided, its waybill is free again', async () => {
    const { undone } = lines;
    const undo = await commandLine(api, 'undo', undone, {}, { reason: '시험' });
    expect(undo).toMatchObject({ ok: true, state: 'instructed', revision: 4 });
    await expectSame(stack, undone);
    const { body } = await api.get(`/api/bo/v1/deliveries/${undone.deliveryNo}?live=true`);
    const { state, live, waybillNo } = body.lines.find(({ lineNo }: PlacedLine) => lineNo === undone.lineNo);
    expect({ state, live, waybillNo }).toEqual({
      state: 'instructed',
      live: { state: 'instructed', revision: 4 },
      waybillNo: null,
    });
    const shown = body.history.filter(({ lineNo }: PlacedLine) => lineNo === undone.lineNo);
    expect(shown.map((entry: { command: string }) => entry.command)).toEqual(['order', 'instruct', 'release', 'undo']);
    expect(await waybillOwner(stack, waybills.undone)).toBeNull();
    expect(await (await fetch(`${worker.url}/metrics`)).text()).toMatch(/projection_repairs_total\{kind="ahead"\} [1-9]/);

    await sweepNow(stack, keys.undone);
    const late = await sweptAnswer(keys.undone);
    expect(late).toMatchObject({ failed: 1, results: [{ error: { code: 'TRANSITION_NOT_ALLOWED' } }] });
    await expectSame(stack, undone);
  });

  test('a line wholly canceled: the row says finished, the sweep ends its workflow too', async () => {
    expect(await commandLine(api, 'instruct', lines.canceled)).toMatchObject({ ok: false, error: { code: 'LINE_FINISHED' } });
    await sweepNow(stack, keys.canceled);
    expect(await sweptAnswer(keys.canceled)).toMatchObject({ succeeded: 1, results: [{ ok: true, state: 'canceled' }] });
    await expectSame(stack, lines.canceled);
    expect(await historyOf(stack, lines.canceled)).toEqual(['order', 'cancel']);
  });

  test('two commands of one workflow task, repeated at once: each has its one effect', async () => {
    await sweepNow(stack, keys.first, keys.second);
    for (const key of [keys.first, keys.second]) expect(await sweptAnswer(key)).toMatchObject({ succeeded: 1, failed: 0 });
    await expectSame(stack, lines.twice);
    expect(await rowOf(stack, lines.twice)).toMatchObject({ canceled: 2, revision: 3 });
    expect(await historyOf(stack, lines.twice)).toEqual(['order', 'cancel', 'cancel']);
  });

  test('a command given as a signal: its workflow does it again by itself, once', async () => {
    await eventually(async () => (await liveRevision(lines.signaled)) === 2);
    await expectSame(stack, lines.signaled);
    expect(await historyOf(stack, lines.signaled)).toEqual(['order', 'instruct']);
  });
});

const liveRevision = async ({ deliveryNo, lineNo }: PlacedLine): Promise<number | undefined> => {
  const { body } = await api.get(`/api/bo/v1/deliveries/${deliveryNo}?live=true`);
  return body.lines.find((line: PlacedLine) => line.lineNo === lineNo)?.live?.revision;
};
