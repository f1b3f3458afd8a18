import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { markOverdue } from '../../../db/deliveries/overdue.ts';
import { toDeliveryLine } from '../../../db/deliveries/row.ts';
import { wholeLine } from '../../../domain/deliveries/line.ts';
import { lineData, lineEvent, pickupEvent } from '../../../domain/events/event.ts';
import { seoulDay } from '../../support/clock.ts';
import {
  command,
  commandLine,
  type PlacedLine,
  placeIn,
  placeOrder,
  storedRow,
  take,
  unique,
} from '../../support/scenes/orders.ts';
import { commandPickup, openClaim, placedLine } from '../../support/scenes/pickups.ts';
import { decided, heldLine, recordOf } from '../../support/scenes/record.ts';
import { callback } from '../../support/scenes/tracking.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';
import { type Heard, heardFrom } from './hearing.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const all = (query?: string) => heardFrom(stack, query);
const of = async ({ deliveryNo, lineNo }: Omit<PlacedLine, 'orderNo'>) =>
  (await all()).filter(({ data }) => data.deliveryNo === deliveryNo && data.lineNo === lineNo);
const types = (heard: Heard[]) => heard.map(({ type }) => type.replace(/^\w+\./, ''));

describe('a line tells of each step, at once and in order', () => {
  test('from the order to 배송완료 and back', async () => {
    const line = await placeIn(stack, 'delivered');
    await take(stack, line, ['reopen', 'correct-waybill', 'undo', 'undo']);
    const heard = await of(line);
    expect(types(heard)).toEqual(
      'ordered instructed released shipped delivered reopened waybill-corrected undone undone'.split(' '),
    );
    expect(heard.map(({ data }) => data.revision)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const now = toDeliveryLine((await storedRow(stack, line)) as any);
    expect(heard.at(-1)?.data).toEqual(lineData(now, 'undo'));
  });

  test('결품, 발송지연안내, a part of a cancellation, the end', async () => {
    const line = await placeIn(stack, 'released', { quantity: 3 });
    await take(stack, line, ['report-stockout', 'notify-delay', 'clear-stockout']);
    const cancel = (quantity: number) =>
      stack.post(`/api/order/v1/orders/${line.orderNo}/cancellations`, { lines: [{ lineNo: 1, quantity }] });
    expect((await cancel(1)).status).toBe(200);
    expect((await cancel(2)).status).toBe(200);
    const heard = (await of(line)).slice(3);
    expect(types(heard)).toEqual(['stockout-reported', 'delay-noticed', 'stockout-cleared', 'canceled', 'canceled']);
    expect(heard[1]?.data).toMatchObject({ reasonCode: 'STOCK', expectedOn: seoulDay(5) });
    expect(heard.map(({ data }) => [data.state, data.validQuantity, data.finished]).slice(3)).toEqual([
      ['released', 2, false],
      ['canceled', 0, true],
    ]);
  });

  test('분할 and 분할취소: the line and its part, each in its own order', async () => {
    const line = await placeIn(stack, 'ordered', { quantity: 5 });
    const { newLine } = await commandLine(stack, 'split', line, { quantity: 2 });
    const part = { ...line, ...newLine };
    await commandLine(stack, 'merge', part);
    expect(types(await of(line))).toEqual(['ordered', 'split', 'merged']);
    expect((await of(line))[1]?.data.newLine).toEqual(newLine);
    const [split, merged] = await of(part);
    expect([split?.type, merged?.type]).toEqual(['delivery.split', 'delivery.merged']);
    expect(split?.data.splitFrom).toEqual({ deliveryNo: line.deliveryNo, lineNo: 1 });
    expect(merged?.data).toMatchObject({ finished: true, validQuantity: 0 });
  });

  test('set by set: an order of many lines, many commands at one moment, the overdue mark', async () => {
    const lines = await placeOrder(
      stack,
      Array.from({ length: 12 }, () => ({})),
    );
    await command(stack, 'instruct', [{ deliveryNo: lines[0]?.deliveryNo }]);
    await stack.db.query(
      sql`update delivery_lines set dispatch_due_on = ${seoulDay(-3)}, dispatch_due_by = 'channel' where delivery_no = ${lines[0]?.deliveryNo}`,
    );
    expect(await markOverdue(stack.db.query, seoulDay(0), 100)).toBe(12);
    for (const line of lines) {
      const heard = await of(line);
      expect(types(heard)).toEqual(['ordered', 'instructed', 'overdue']);
      expect(heard[2]?.data).toEqual(lineData(toDeliveryLine((await storedRow(stack, line)) as any), 'overdue'));
    }
  });

  test('a refused command tells nothing', async () => {
    const line = await placeIn(stack, 'ordered');
    expect((await commandLine(stack, 'release', line)).ok).toBe(false);
    expect(types(await of(line))).toEqual(['ordered']);
  });
});

describe('a pickup tells of each step', () => {
  test('held, converted, completed; the exchange that it sends is ordered', async () => {
    const line = await placedLine(stack);
    const pickupNo = await openClaim(stack, 'return', line);
    const act = (name: string, more: object = {}) => commandPickup(stack, name, pickupNo, {}, { reason: '사유', ...more });
    for (const name of ['instruct', 'confirm', 'hold', 'resume', 'convert-to-exchange']) await act(name);
    const { exchangeDeliveryNo } = await commandPickup(stack, 'complete', pickupNo);
    const heard = (await all()).filter(({ data }) => data.pickupNo === pickupNo);
    expect(types(heard)).toEqual('requested instructed confirmed held resumed converted completed'.split(' '));
    expect(heard[0]?.data).toMatchObject({ kind: 'return', orderNo: line.orderNo, deliveryNo: line.deliveryNo, revision: 1 });
    expect(heard[0]?.data.items).toEqual([
      { lineNo: 1, productId: 43_897, quantity: 1, reasonCode: 'DEFECT', restock: null, dispose: null, fault: null },
    ]);
    expect(Object.keys(heard[0]?.data ?? {}).sort()).toEqual(Object.keys(heard[1]?.data ?? {}).sort());
    const [ordered] = (await all()).filter(({ data }) => data.deliveryNo === exchangeDeliveryNo && !data.pickupNo);
    expect(ordered).toMatchObject({ type: 'delivery.ordered', data: { kind: 'exchange', state: 'ordered', revision: 1 } });
  });
});

test('배송추적 예외: told when it opens, not when it is counted', async () => {
  const line = await placeIn(stack, 'shipped');
  for (const minutes of [1, 2]) {
    await callback(stack, line.deliveryNo, line.waybillNo, -99, { time_trans: `2026-11-23 14:0${minutes}:00` });
    await eventually(async () => {
      const [row] = await stack.db.query(
        sql<{ count: number }>`select count from tracking_exceptions where delivery_no = ${line.deliveryNo}`,
      );
      return row?.count === minutes;
    });
  }
  const heard = (await all('&types=tracking.exception')).filter(({ data }) => data.deliveryNo === line.deliveryNo);
  expect(heard.map(({ data }) => data)).toEqual([
    {
      kind: 'scan-error',
      deliveryNo: line.deliveryNo,
      pickupNo: null,
      carrierCode: '04',
      waybillNo: line.waybillNo,
      exceptionId: expect.any(Number),
    },
  ]);
});

test('a repair takes back what was told, in the open', async () => {
  const line = await placeIn(stack, 'ordered');
  const record = recordOf(stack);
  const before = await heldLine(stack, line);
  const act = (from: typeof before, name: 'instruct' | 'release' | 'notify-delay') =>
    decided(from, name, unique('R'), { expectedOn: seoulDay(5), reasonCode: 'STOCK' }, new Date().toISOString());
  const lost = act(before, 'instruct');
  const further = act(lost.next, 'release');
  await record(lost.entry);
  await record(further.entry);
  const kept = act(before, 'notify-delay');
  await record(kept.entry);
  const heard = await of(line);
  expect(heard.map(({ type, data }) => [type, data.revision, data.state])).toEqual([
    ['delivery.ordered', 1, 'ordered'],
    ['delivery.instructed', 2, 'instructed'],
    ['delivery.released', 3, 'released'],
    ['delivery.released', 2, 'ordered'],
    ['delivery.instructed', 2, 'ordered'],
    ['delivery.delay-noticed', 2, 'ordered'],
  ]);
  expect(heard.map(({ data }) => data.corrects ?? null)).toEqual([null, null, null, heard[2]?.id, heard[1]?.id, null]);
});

test('after all of this: each history row with a type has one event, and each says what its snapshot does', async () => {
  const rows = await stack.db.query(sql<any>`
    select h.id, h.command, h.snapshot, e.type, e.data, count(*) over (partition by h.id) as events
      from delivery_history h left join events e on e.history_id = h.id and e.corrects is null and e.subject = h.delivery_no || '/' || h.line_no
     where h.refused is null`);
  expect(rows.length).toBeGreaterThan(40);
  for (const { command, snapshot, type, data, events } of rows) {
    expect(events).toBe(1);
    if (snapshot === null)
      expect([command, type]).toEqual([command, command === 'order' ? 'delivery.ordered' : 'delivery.overdue']);
    else expect({ type, data }).toEqual(lineEvent(wholeLine(snapshot), command) ?? { type: null, data: null });
  }
  const pickups = await stack.db.query(sql<any>`
    select h.command, h.snapshot, e.type, e.data from pickup_history h
      left join events e on e.history_id = h.id and e.corrects is null and e.subject = h.pickup_no where h.refused is null`);
  for (const { command, snapshot, type, data } of pickups)
    if (snapshot !== null) expect({ type, data }).toEqual(pickupEvent(snapshot, command) ?? { type: null, data: null });
    else expect([command, type]).toEqual(['claim', 'pickup.requested']);
});
