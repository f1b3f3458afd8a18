import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { finishedRun, shipped, startBatch, startTrackedStack, type TrackedStack } from '../support/scenes/batches.ts';
import { handleOf, holdRows, recordsWaiting } from '../support/scenes/faults.ts';
import { commandLine, storedRow, uniqueWaybill } from '../support/scenes/orders.ts';
import { eventually } from '../support/stack.ts';

let stack: TrackedStack;
beforeAll(async () => {
  stack = await startTrackedStack();
});
afterAll(() => stack.stop());

test('a waybill corrected while 배송완료 of the old one is on its way: the line stays shipped, and the run says so', async () => {
  const line = await shipped(stack);
  stack.simulator.control.preload({ parcels: [{ num: line.waybillNo, level: 6 }] });
  const letGo = await holdRows(stack.databaseUrl, [line]);
  const fields = { carrierCode: '04', waybillNo: uniqueWaybill() };
  const corrected = commandLine(stack, 'correct-waybill', line, fields, { reason: '오기입' });
  await recordsWaiting(stack, 1);
  const started = await startBatch(stack, 'auto-complete');
  // The batch's signal waits behind the correction once it is in the line's history.
  await eventually(async () =>
    (await handleOf(stack, line).fetchHistory()).events?.some((event) => event.workflowExecutionSignaledEventAttributes),
  );
  await letGo();
  expect(await corrected).toMatchObject({ ok: true });
  const run = await finishedRun(stack, 'auto-complete', started);
  expect(run).toMatchObject({ examined: 1, failed: 1, errors: [{ code: 'REVISION_CONFLICT', deliveryNo: line.deliveryNo }] });
  expect(await storedRow(stack, line)).toMatchObject({ state: 'shipped', waybill_no: fields.waybillNo });
});
