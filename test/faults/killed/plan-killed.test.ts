import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { type ApiProcess, type ProcessStack, startProcesses } from '../../support/processes/process-stack.ts';
import { assembly, planOf, shippingProduct, shownPlan, stepPlan, stockOf, takePlan } from '../../support/scenes/assembly.ts';
import { historyOf, recordsWaiting, requestOf, rowOf } from '../../support/scenes/faults.ts';
import { type PlacedLine, placeOrder, take, unique } from '../../support/scenes/orders.ts';
import { eventually } from '../../support/stack.ts';

let stack: ProcessStack;
let api: ApiProcess;
beforeAll(async () => {
  stack = await startProcesses({ environment: { REQUEST_SWEEP_AFTER_MS: '5000' } });
  api = await stack.startApi({}, false);
});
afterAll(() => stack.stop());

/** Holds rows as another transaction would; the answer lets go. */
async function hold(sql: string, values: unknown[]): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: stack.databaseUrl });
  await client.connect();
  await client.query('begin');
  await client.query(sql, values);
  return () => client.end();
}

describe('a plan’s worker killed', () => {
  test.each([
    ['while the completion is being recorded', 'select 1 from assembly_plans where assembly_plan_uid = $1 for update', 'plan'],
    ['while the stockouts are being cleared', 'select 1 from delivery_lines where delivery_no = $1 for update', 'line'],
  ])('%s: made once, cleared once', async (_name, sql, held) => {
    const worker = await stack.startWorker();
    const material = await shippingProduct(api, 10);
    const made = await assembly(api, [[material, 2]]);
    const [line] = (await placeOrder(api, [{ productId: made.product, quantity: 2 }])) as [PlacedLine];
    await take(api, line, ['instruct', 'release', 'report-stockout']);
    const plan = await planOf(api, made.uid, 4);
    await takePlan(api, plan, 'start');
    const letGo = await hold(sql, [held === 'plan' ? plan : line.deliveryNo]);
    const key = unique('key');
    const sent = stepPlan(api, plan, 'complete', {}, { headers: { 'idempotency-key': key } });
    await recordsWaiting(stack, 1);
    await worker.kill();
    await letGo();
    const next = await stack.startWorker();
    await sent;
    const request = await eventually(async () => {
      const row = await requestOf(stack, key);
      return row?.answered_at && row;
    });
    expect(request.answer).toMatchObject({ code: '9999', response: { plan_status: 3, completed_quantity: '4' } });
    await eventually(async () => (await rowOf(stack, line)).state === 'released');
    expect(await historyOf(stack, line)).toEqual(['order', 'instruct', 'release', 'report-stockout', 'clear-stockout']);
    expect([await stockOf(api, material), await stockOf(api, made.product)]).toEqual([
      [2, 2],
      [4, 2],
    ]);
    expect((await shownPlan(api, plan)).history.map((row: any) => row.command)).toEqual(['plan', 'start', 'complete']);
    await next.stop();
  });
});
