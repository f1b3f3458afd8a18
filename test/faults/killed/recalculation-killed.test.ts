import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { type ApiProcess, type ProcessStack, startProcesses } from '../../support/processes/process-stack.ts';
import { hold } from '../../support/scenes/locks.ts';
import { isHeldUp } from '../../support/scenes/personal-data.ts';
import { releasedRows } from '../../support/scenes/rows.ts';
import { eventually } from '../../support/stack.ts';

/** Three pages. */
const LINES = 2_300;
const path = '/api/bo/v1/calendar/recalculate';
let stack: ProcessStack;
let api: ApiProcess;
beforeAll(async () => {
  stack = await startProcesses({});
  api = await stack.startApi({}, false);
});
afterAll(() => stack.stop());

test('a worker killed in the middle of a recalculation: another goes on, each line is changed and counted once', async () => {
  const numbers = await releasedRows(stack.db, LINES);
  // Paid on a Monday and due, by the terms, on the first open day after it; the row says another day.
  const terms = JSON.stringify({
    policy: { dispatchPolicyNo: 1, dispatchType: 'B', readyDays: 1, closeTime: null },
    placeNo: null,
    requestedOn: null,
    paidAt: '2026-11-23T00:00:00Z',
  });
  await stack.db.query(sql`update delivery_lines set dispatch_due_on = '2026-11-23', dispatch_due_by = 'policy',
    dispatch_terms = ${terms}::jsonb where delivery_no = any(${numbers})`);
  const moved = async () =>
    (
      await stack.db.query(sql<{ n: number }>`select count(*) as n from delivery_lines
        where delivery_no = any(${numbers}) and dispatch_due_on = '2026-11-24'`)
    )[0]?.n;

  // The last line of the table's order is locked, so that the last page stands still in the middle.
  const letGo = await hold(
    stack,
    sql`select 1 from delivery_lines where delivery_no = any(${numbers}) order by ordered_at desc, delivery_no desc limit 1 for update`,
  );
  const first = await stack.startWorker();
  expect((await api.post(path, {})).status).toBe(202);
  await eventually(() => isHeldUp(stack, 'set dispatch_due_on = locked'));
  await first.kill();
  expect(await moved()).toBe(2_000);
  const second = await stack.startWorker();
  await eventually(async () => !(await isHeldUp(stack, 'set dispatch_due_on = locked')));
  await letGo();
  await eventually(async () => (await api.get(path)).body.state === 'done');
  expect((await api.get(path)).body).toMatchObject({ examined: LINES, changed: LINES });
  expect(await moved()).toBe(LINES);
  await second.stop();
});
