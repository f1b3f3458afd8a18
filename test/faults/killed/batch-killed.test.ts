import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { type Simulator, startSimulator } from '../../../local/simulator/server.ts';
import { type ApiProcess, type ProcessStack, startProcesses } from '../../support/processes/process-stack.ts';
import { finishedRun, runsOf, shippedMany, startBatch, trackerEnvironment } from '../../support/scenes/batches.ts';
import { eventually } from '../../support/stack.ts';

const LINES = 60;
let simulator: Simulator;
let stack: ProcessStack;
let api: ApiProcess;

beforeAll(async () => {
  simulator = await startSimulator({ speed: 0 });
  // As in real life, what a stalled machine did not hear in time is tried again.
  const patient = { DELIVERY_API_RATE_PER_SECOND: '20', DELIVERY_API_RETRY_MS: '20000' };
  stack = await startProcesses({ environment: { ...trackerEnvironment(simulator.url), ...patient } });
  api = await stack.startApi({}, false);
});
afterAll(async () => {
  await stack.stop();
  await simulator.stop();
});

describe('a worker killed in the middle of a batch', () => {
  test('registration: no second registration, the counts add up', async () => {
    const worker = await stack.startWorker();
    const lines = await shippedMany(api, LINES);
    const run = await startBatch(api, 'waybill-registration');
    await eventually(async () => simulator.control.totals().registrations.received >= LINES / 3);
    await worker.kill();
    expect(simulator.control.totals().registrations.received).toBeLessThan(LINES);
    const next = await stack.startWorker();
    expect(await finishedRun(api, 'waybill-registration', run)).toMatchObject({
      examined: LINES,
      succeeded: LINES,
      failed: 0,
      skipped: 0,
    });
    expect(await runsOf(api, 'waybill-registration')).toHaveLength(1);
    for (const { waybillNo } of lines) expect(simulator.control.waybills({ num: waybillNo })[0]?.counters.accepted).toBe(1);
    const rows = await stack.db.query(
      sql<{ outcome: string; count: number }>`select outcome, count(*) as count from waybill_registrations group by outcome`,
    );
    expect(rows.find(({ outcome }) => outcome === 'registered')?.count).toBe(LINES);
    await next.stop();
  });

  test('auto-complete, while asking and while delivering: one answer a waybill, each line delivered once, the counts add up', async () => {
    const worker = await stack.startWorker();
    const direct = await shippedMany(api, LINES, { methodCode: '20' });
    const open = await stack.db.query(sql<{ waybill_no: string }>`select waybill_no from waybills where closed_at is null`);
    simulator.control.preload({ parcels: open.map(({ waybill_no }) => ({ num: waybill_no, level: 6 })) });
    const run = await startBatch(api, 'auto-complete');
    await eventually(async () => simulator.control.totals().questions.received >= LINES / 3);
    await worker.kill();
    const second = await stack.startWorker();
    const deliveredCount = async () =>
      (await stack.db.query(sql<{ n: number }>`select count(*)::int as n from delivery_lines where state = 'delivered'`))[0]?.n ??
      0;
    await eventually(async () => (await deliveredCount()) > 0);
    await second.kill();
    const third = await stack.startWorker();
    const finished = await finishedRun(api, 'auto-complete', run);
    expect(finished).toMatchObject({ examined: 2 * LINES, succeeded: 2 * LINES, failed: 0, skipped: 0, errors: [] });
    expect(await deliveredCount()).toBe(2 * LINES);
    const rows = await stack.db.query(
      sql<{
        n: number;
        refused: number;
      }>`select count(*)::int as n, count(refused)::int as refused from delivery_history where command = 'deliver' and voided_at is null`,
    );
    expect(rows).toEqual([{ n: 2 * LINES, refused: 0 }]);
    const asked = open.map(({ waybill_no }) => simulator.control.waybills({ num: waybill_no })[0]?.counters.questions ?? 0);
    // Only those whose answer was lost with the worker are asked twice: sixteen are under way at once.
    expect(asked.filter((times) => times > 1).length).toBeLessThanOrEqual(16);
    expect(direct).toHaveLength(LINES);
    await third.stop();
  });
});
