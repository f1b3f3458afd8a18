import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { findLine } from '../../../db/deliveries/find.ts';
import { toDeliveryLine } from '../../../db/deliveries/row.ts';
import type { DeliveryLine } from '../../../domain/deliveries/line.ts';
import { rebuildableLines } from '../../../worker/rebuild/lines.ts';
import { rebuildRows } from '../../../worker/rebuild/rows.ts';
import { DELIVERY_WORKFLOW, deliveryStartOptions, deliveryWorkflowId } from '../../../workflows/messages/delivery.ts';
import { pickupWorkflowId } from '../../../workflows/messages/pickup.ts';
import { commandLine, listedLine, type PlacedLine, placeOrder, take, uniqueWaybill } from '../../support/scenes/orders.ts';
import { DELIVERED, openClaim, pickupOf, placeAndTake, takePickup } from '../../support/scenes/pickups.ts';
import { rebuilt } from '../../support/scenes/record.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const rebuild = (dryRun = false, changedSince?: Date) => rebuilt(stack, dryRun, changedSince);

const place = async (path: string[]): Promise<PlacedLine> => {
  const [line] = await placeOrder(stack);
  if (!line) throw new Error('no line');
  await take(stack, line, path);
  return line;
};

const row = async ({ deliveryNo, lineNo }: PlacedLine) =>
  (
    await stack.db.query(
      sql<Record<string, unknown>>`select * from delivery_lines where delivery_no = ${deliveryNo} and line_no = ${lineNo}`,
    )
  )[0];

const same = async (line: PlacedLine, before: Record<string, unknown> | undefined) =>
  expect({ ...(await row(line)), updated_at: 0, started_at: 0, created_at: 0 }).toEqual({
    ...before,
    updated_at: 0,
    started_at: 0,
    created_at: 0,
  });

describe('npm run rebuild compares rows with running workflows and with the history rows of finished ones', () => {
  test('rows that agree are left alone', async () => {
    await place(['instruct']);
    expect(await rebuild()).toMatchObject({ repaired: 0, unrepaired: 0, printed: [] });
  });

  test('a row changed by SQL is written as its workflow says, and the difference is printed', async () => {
    const line = await place(['instruct', 'release', 'ship']);
    const before = await row(line);
    await stack.db.query(
      sql`update delivery_lines set state = 'delivered', revision = 9, waybill_no = '999999999' where delivery_no = ${line.deliveryNo}`,
    );
    const dry = await rebuild(true);
    expect(dry.printed).toEqual([expect.stringContaining('state "delivered" → "shipped"')]);
    expect(await row(line)).toMatchObject({ state: 'delivered' });
    expect(await rebuild()).toMatchObject({ repaired: 1, unrepaired: 0, printed: [expect.stringContaining(line.deliveryNo)] });
    await same(line, before);
    expect(await commandLine(stack, 'deliver', line)).toMatchObject({ ok: true, revision: 5 });
  });

  test('with --changed-since only rows that were written since then are compared, as after a restore', async () => {
    const [old, young] = [await place(['instruct']), await place(['instruct', 'release'])];
    const [clock] = await stack.db.query(sql<{ now: Date }>`select now() as now`);
    const wrong = (line: PlacedLine, at: string) =>
      stack.db.query(sql`update delivery_lines set state = 'shipped', revision = 9, carrier_code = '04', waybill_no = ${uniqueWaybill()},
        updated_at = now() + ${at}::interval where delivery_no = ${line.deliveryNo}`);
    await wrong(old, '-1 hour');
    await wrong(young, '0');
    expect((await rebuild(false, clock?.now)).printed).toEqual([expect.stringContaining(young.deliveryNo)]);
    expect(await row(young)).toMatchObject({ state: 'released', revision: 3 });
    expect(await row(old)).toMatchObject({ state: 'shipped', revision: 9 });
    expect((await rebuild()).printed).toEqual([expect.stringContaining(old.deliveryNo)]);
  });

  test('a deleted row of a running line comes back with its product, waybill and stockout reason', async () => {
    const shipped = await place(['instruct', 'release', 'ship']);
    const waiting = await place(['instruct', 'release', 'report-stockout']);
    const before = [await row(shipped), await row(waiting)];
    await stack.db.query(sql`delete from delivery_lines where delivery_no = any(${[shipped.deliveryNo, waiting.deliveryNo]})`);
    expect(await rebuild()).toMatchObject({ repaired: 2, unrepaired: 0 });
    await same(shipped, before[0]);
    await same(waiting, before[1]);
    expect(await listedLine(stack, waiting)).toMatchObject({ state: 'awaitingShipment', stockoutReason: '시험' });
  });

  test('a delay notice comes back with its row; lines that an earlier version ran or recorded without any agree', async () => {
    const noticed = await place(['instruct', 'notify-delay']);
    const before = await row(noticed);
    await stack.db.query(sql`delete from delivery_lines where delivery_no = ${noticed.deliveryNo}`);
    expect(await rebuild()).toMatchObject({ repaired: 1, unrepaired: 0 });
    await same(noticed, before);

    const ended = await place(['instruct']);
    await stack.post(`/api/order/v1/orders/${ended.orderNo}/cancellations`, { lines: [{ lineNo: 1, quantity: 2 }] });
    await stack.db.query(sql`update delivery_history set snapshot = snapshot - ${['delayExpectedOn', 'delayReasonCode', 'delayNoticedAt']}::text[]
      where delivery_no = ${ended.deliveryNo}`);
    const running = await place([]);
    const found = await findLine(stack.db.query, running.deliveryNo, running.lineNo);
    if (!found) throw new Error('no row');
    const { delayExpectedOn: _on, delayReasonCode: _why, delayNoticedAt: _at, ...line } = toDeliveryLine(found);
    const { attributes: _, ...start } = deliveryStartOptions(line as DeliveryLine, { openDays: 90 });
    await stack.temporal.workflow.getHandle(start.workflowId).terminate();
    await stack.temporal.workflow.start(DELIVERY_WORKFLOW, { ...start, taskQueue: stack.taskQueue });
    expect(await rebuild()).toMatchObject({ repaired: 0, unrepaired: 0, printed: [] });
    // A worker of that version would answer without those fields.
    const handle = { describe: async () => ({ status: { name: 'RUNNING' } }), query: async () => line };
    const older = { withDeadline: (_: number, ask: () => unknown) => ask(), workflow: { getHandle: () => handle } };
    const keys = rebuildableLines(async () => {});
    const only = {
      ...keys,
      page: async (_: unknown, { after }: { after: unknown }) =>
        after ? [] : [{ delivery_no: running.deliveryNo, line_no: 1, order_no: running.orderNo }],
    };
    const printed: string[] = [];
    const options = { db: stack.db, client: older as never, dryRun: true, print: (text: string) => printed.push(text) };
    expect([await rebuildRows(options, only), printed]).toMatchObject([{ examined: 1, repaired: 0 }, []]);
    await take(stack, running, ['notify-delay']);
    expect(await rebuild()).toMatchObject({ repaired: 0, unrepaired: 0, printed: [] });
  });

  test('a deleted or changed row of a finished line comes back from its history', async () => {
    const line = await place(['instruct']);
    await stack.post(`/api/order/v1/orders/${line.orderNo}/cancellations`, { lines: [{ lineNo: 1, quantity: 2 }] });
    const before = await row(line);
    expect(before).toMatchObject({ state: 'canceled', finished_at: expect.any(Date) });
    await stack.db.query(sql`delete from delivery_lines where delivery_no = ${line.deliveryNo}`);
    expect(await rebuild()).toMatchObject({ repaired: 1, unrepaired: 0 });
    await same(line, before);
    expect(await commandLine(stack, 'release', line)).toMatchObject({ ok: false, error: { code: 'LINE_FINISHED' } });
  });

  test('a line whose run was lost is started anew where it stood', async () => {
    const line = await place(['instruct', 'release']);
    await stack.temporal.workflow.getHandle(deliveryWorkflowId(line.deliveryNo, line.lineNo)).terminate('시험');
    expect(await rebuild()).toMatchObject({
      repaired: 1,
      unrepaired: 0,
      printed: [expect.stringContaining('started anew at released')],
    });
    expect(await commandLine(stack, 'ship', line, { carrierCode: '04', waybillNo: '880000000001' })).toMatchObject({
      ok: true,
      state: 'shipped',
    });
    expect(await rebuild()).toMatchObject({ repaired: 0, unrepaired: 0 });
  });

  test('a pickup changed by SQL is written as its workflow says, one whose run was lost is started anew', async () => {
    const [line] = await placeAndTake(stack, DELIVERED, [{ quantity: 2 }]);
    if (!line) throw new Error('no line');
    const [changed, lost] = [await openClaim(stack, 'return', line), await openClaim(stack, 'exchange', line)];
    await takePickup(stack, changed, ['instruct', 'confirm', 'hold']);
    const before = await pickupOf(stack, changed);
    await stack.db.query(
      sql`update pickups set state = 'completed', held = false, hold_reason = null, revision = 9 where pickup_no = ${changed}`,
    );
    await stack.db.query(sql`update pickup_items set restock = 1, dispose = 0 where pickup_no = ${changed}`);
    await stack.temporal.workflow.getHandle(pickupWorkflowId(lost)).terminate('시험');
    const { repaired, printed } = await rebuild();
    expect({ repaired, printed: printed.sort() }).toEqual({
      repaired: 2,
      printed: [expect.stringContaining('state "completed" → "confirmed"'), expect.stringContaining('started anew at requested')],
    });
    expect(await pickupOf(stack, changed)).toEqual({ ...before, updatedAt: expect.any(String) });
    await takePickup(stack, changed, ['resume', 'complete']);
    await takePickup(stack, lost, ['instruct']);
  });
});
