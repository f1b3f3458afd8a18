import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deliveryWorkflowId } from '../../workflows/messages/delivery.ts';
import { clockStruck, holdRows, recordsWaiting } from '../support/scenes/faults.ts';
import {
  cancel,
  command,
  commandLine,
  delayNotice,
  listedLine,
  type PlacedLine,
  placeIn,
  storedHistory,
  storedRow,
  unique,
} from '../support/scenes/orders.ts';
import { eventually, type Stack, startStack } from '../support/stack.ts';

const OPEN_DAYS = 0.00002;
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ LINE_OPEN_DAYS: String(OPEN_DAYS) });
});
afterAll(() => stack.stop());

const handleOf = ({ deliveryNo, lineNo }: PlacedLine) =>
  stack.temporal.workflow.getHandle(deliveryWorkflowId(deliveryNo, lineNo));
const closed = (line: PlacedLine) => eventually(async () => (await storedRow(stack, line)).finished_at !== null);
const ended = (line: PlacedLine) => eventually(async () => (await handleOf(line).describe()).status.name === 'COMPLETED');

describe('a line stays open after `delivered` for LINE_OPEN_DAYS', () => {
  test('then it is finished, in the state it is in: by the clock, one revision later', async () => {
    const line = await placeIn(stack, 'delivered');
    await closed(line);
    await ended(line);
    const row = await storedRow(stack, line);
    expect(row).toMatchObject({ state: 'delivered', revision: 6, valid_quantity: 2 });
    const open = (row.finished_at as Date).getTime() - (row.delivered_at as Date).getTime();
    expect(open).toBeGreaterThanOrEqual(OPEN_DAYS * 86_400_000 - 5);
    expect((await storedHistory(stack, line)).at(-1)).toMatchObject({ command: 'close', by: 'machine', revision: 6 });
    expect(await listedLine(stack, line)).toMatchObject({ state: 'delivered', allowedCommands: [] });
    const { body } = await stack.get(`/api/bo/v1/deliveries/${line.deliveryNo}?live=true`);
    expect(body.lines[0].live).toBeNull();
    expect(body.history.at(-1)).toMatchObject({ command: 'close', from: 'delivered', to: 'delivered' });
  });

  test('then every command answers LINE_FINISHED, and nothing changes', async () => {
    const line = await placeIn(stack, 'delivered');
    await closed(line);
    const before = await storedRow(stack, line);
    for (const name of [
      'instruct',
      'release',
      'ship',
      'deliver',
      'report-stockout',
      'clear-stockout',
      'notify-delay',
      'correct-waybill',
      'undo',
      'reopen',
    ])
      expect([
        name,
        (
          await commandLine(
            stack,
            name,
            line,
            { carrierCode: '04', waybillNo: '123456789012' },
            { reason: '시험', ...delayNotice() },
          )
        ).error?.code,
      ]).toEqual([name, 'LINE_FINISHED']);
    expect((await cancel(stack, [line])).body.results).toMatchObject([{ error: { code: 'LINE_FINISHED' } }]);
    await ended(line);
    expect(await commandLine(stack, 'reopen', line, {}, { reason: '시험' })).toMatchObject({ error: { code: 'LINE_FINISHED' } });
    expect(await storedRow(stack, line)).toEqual(before);
  });

  test('then its waybill is free for another delivery', async () => {
    const [line, other] = [await placeIn(stack, 'delivered'), await placeIn(stack, 'released')];
    await closed(line);
    expect(await commandLine(stack, 'ship', other, { carrierCode: '04', waybillNo: line.waybillNo })).toMatchObject({ ok: true });
    expect(await listedLine(stack, line)).toMatchObject({ waybillNo: line.waybillNo });
  });

  test('the same key still gives what it gave before', async () => {
    const line = await placeIn(stack, 'shipped');
    const headers = { 'idempotency-key': unique('key') };
    const deliver = () => command(stack, 'deliver', [{ deliveryNo: line.deliveryNo, lineNo: 1 }], {}, headers);
    const first = await deliver();
    await closed(line);
    await ended(line);
    expect((await deliver()).body).toEqual(first.body);
    expect((await storedHistory(stack, line)).map(({ command: name }) => name).slice(-2)).toEqual(['deliver', 'close']);
  });
});

describe('and longer', () => {
  const claim = (line: PlacedLine, name: string) =>
    handleOf(line).executeUpdate(name, { args: [{ requestId: unique(name), actor: 'machine', pickupNo: 'P1', quantity: 1 }] });

  test('when it was taken back before: only 배송완료 starts the clock again', async () => {
    const line = await placeIn(stack, 'delivered');
    await commandLine(stack, 'reopen', line, {}, { reason: '오배송' });
    const witness = await placeIn(stack, 'delivered');
    await closed(witness);
    expect(await storedRow(stack, line)).toMatchObject({ state: 'shipped', finished_at: null });
    await commandLine(stack, 'deliver', line);
    await closed(line);
  });

  test('also when the clock strikes while it is taken back and delivered anew: its days begin with the new 배송완료', async () => {
    const line = await eventually(async () => {
      const line = await placeIn(stack, 'delivered');
      const letGo = await holdRows(stack.databaseUrl, [line]);
      const reopened = commandLine(stack, 'reopen', line, {}, { reason: '오배송' });
      await recordsWaiting(stack, 1);
      // By signal: an update would be judged by what the line still is.
      await handleOf(line).signal('submit', { command: 'deliver', requestId: unique('R'), actor: 'admin' });
      await eventually(() => clockStruck(stack, line));
      await letGo();
      // On a machine that slept the clock may have struck before: then once more.
      return (await reopened).ok && line;
    });
    await closed(line);
    const row = await storedRow(stack, line);
    const open = (row.finished_at as Date).getTime() - (row.delivered_at as Date).getTime();
    expect(open).toBeGreaterThanOrEqual(OPEN_DAYS * 86_400_000);
    expect((await storedHistory(stack, line)).map(({ command }) => command).slice(-3)).toEqual(['reopen', 'deliver', 'close']);
  });

  test('while a claim on it is open; then it closes', async () => {
    const line = await placeIn(stack, 'delivered');
    await claim(line, 'reserve-claim');
    const witness = await placeIn(stack, 'delivered');
    await closed(witness);
    expect(await storedRow(stack, line)).toMatchObject({
      finished_at: null,
      claims: { P1: { quantity: 1, status: 'reserved' } },
    });
    await claim(line, 'settle-return');
    await closed(line);
    expect(await storedRow(stack, line)).toMatchObject({ state: 'delivered', valid_quantity: 1 });
  });

  test('a line that is shipped stays open for ever', async () => {
    const line = await placeIn(stack, 'shipped');
    const witness = await placeIn(stack, 'delivered');
    await closed(witness);
    expect(await storedRow(stack, line)).toMatchObject({ state: 'shipped', finished_at: null });
    expect((await handleOf(line).describe()).status.name).toBe('RUNNING');
  });
});

test('wholly canceled, it ends at once', async () => {
  const line = await placeIn(stack, 'canceled');
  expect((await storedRow(stack, line)).finished_at).not.toBeNull();
  await ended(line);
});
