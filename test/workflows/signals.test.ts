import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deliveryWorkflowId } from '../../workflows/messages/delivery.ts';
import { command, commandLine, type PlacedLine, placeIn, storedHistory, storedRow } from '../support/scenes/orders.ts';
import { eventually, type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const handleOf = ({ deliveryNo, lineNo }: PlacedLine) =>
  stack.temporal.workflow.getHandle(deliveryWorkflowId(deliveryNo, lineNo));
const signal = (line: PlacedLine, name: string, ...args: unknown[]) => handleOf(line).signal(name, ...args);
const commandsOf = async (line: PlacedLine) => (await storedHistory(stack, line)).map(({ command: name }) => name);
const scan = (line: { waybillNo: string | null }, level: unknown, more: object = {}) => ({
  requestId: `scan-${line.waybillNo}-${level}`,
  carrierCode: '04',
  waybillNo: line.waybillNo,
  level,
  ...more,
});

describe('tracking as a signal', () => {
  test('first movement, then 배송완료: two history rows by the tracker', async () => {
    const line = await placeIn(stack, 'shipped');
    await signal(line, 'track', scan(line, 2));
    await signal(line, 'track', scan(line, 6));
    await eventually(async () => (await storedRow(stack, line)).state === 'delivered');
    expect(await storedRow(stack, line)).toMatchObject({ tracking_level: 6, revision: 6 });
    expect((await storedHistory(stack, line)).slice(-2)).toMatchObject([
      { command: 'track', by: 'tracker', refused: null },
      { command: 'deliver', by: 'tracker', refused: null },
    ]);
  });

  test('no ordering, duplicates happen: a lower or repeated level leaves no trace', async () => {
    const line = await placeIn(stack, 'shipped');
    for (const level of [3, 2, 3, 1, 0, -99]) await signal(line, 'track', scan(line, level));
    await signal(line, 'track', scan(line, 6));
    await signal(line, 'track', scan(line, 6));
    await eventually(async () => (await storedRow(stack, line)).state === 'delivered');
    expect(await commandLine(stack, 'reopen', line, {}, { reason: '오배송' })).toMatchObject({ ok: true });
    expect((await commandsOf(line)).slice(4)).toEqual(['track', 'deliver', 'reopen']);
  });

  test.each([
    ['another waybill', { waybillNo: '000000000000' }],
    ['another carrier', { carrierCode: '05' }],
  ])('a scan of %s is nothing to this line', async (_, other) => {
    const line = await placeIn(stack, 'shipped');
    await signal(line, 'track', scan(line, 6, other));
    expect(await commandLine(stack, 'undo', line, {}, { reason: '시험' })).toMatchObject({ ok: true, state: 'released' });
  });

  test('a scan before or after the line carries it is nothing either', async () => {
    const line = await placeIn(stack, 'shipped');
    expect(await commandLine(stack, 'undo', line, {}, { reason: '시험' })).toMatchObject({ ok: true });
    await signal(line, 'track', scan(line, 6));
    expect(await commandLine(stack, 'undo', line, {}, { reason: '시험' })).toMatchObject({ ok: true, state: 'instructed' });
  });
});

describe('no signal, however odd, stops a line', () => {
  test.each<[string, string, unknown[]]>([
    ['a scan of nothing', 'track', []],
    ['a scan that is null', 'track', [null]],
    ['a scan with a level in letters', 'track', ['six']],
    ['a level that is no number', 'track', [{ level: 'x' }]],
    ['a level between two', 'track', [{ level: 2.5 }]],
    ['a level that no integer holds', 'track', [{ level: 3e9 }]],
    ['a signal nobody knows', 'hello', [{ level: 6 }]],
    ['a 배송완료 with a level in letters', 'submit', [{ command: 'deliver', actor: 'tracker', level: 'x' }]],
    ['a NUL in who', 'submit', [{ command: 'undo', hasReason: true, by: 'a\u0000b' }]],
    ['a NUL in the request', 'submit', [{ command: 'undo', hasReason: true, requestId: 'a\u0000b' }]],
    ['a NUL in a command nobody knows', 'submit', [{ command: 'a\u0000b' }]],
  ])('%s', async (_, name, args) => {
    const line = await placeIn(stack, 'shipped');
    const filled = args.map((arg) => (name === 'track' && arg !== null && typeof arg === 'object' ? scan(line, 0, arg) : arg));
    await signal(line, name, ...filled);
    const result = await commandLine(
      stack,
      'correct-waybill',
      line,
      { carrierCode: '06', waybillNo: line.waybillNo },
      { reason: '오기입' },
    );
    expect(result).toMatchObject({ ok: true, state: 'shipped' });
    expect(await storedRow(stack, line)).toMatchObject({ state: 'shipped', carrier_code: '06' });
  });

  const delay = { command: 'notify-delay', hasReason: true, expectedOn: '2027-03-01', reasonCode: 'STOCK' };
  test.each<[string, { command: string; [field: string]: unknown }]>([
    ['a time that is none', { command: 'report-stockout', hasReason: true, expectedAt: 'soon' }],
    ['a day that the calendar does not have', { ...delay, expectedOn: '2027-02-30' }],
    ['a day that is no text', { ...delay, expectedOn: 20270230 }],
    ['a reason that nobody knows', { ...delay, reasonCode: 'toString' }],
    ['an autoClear that is no boolean', { command: 'report-stockout', hasReason: true, autoClear: 'perhaps' }],
  ])('%s: refused, and the line goes on', async (_, message) => {
    const line = await placeIn(stack, 'released');
    await signal(line, 'submit', message);
    const { body } = await command(stack, 'report-stockout', [{ deliveryNo: line.deliveryNo }], { reason: '재고 없음' });
    expect(body.results).toMatchObject([{ ok: true, state: 'awaitingShipment', revision: 4 }]);
    expect((await storedHistory(stack, line)).slice(3)).toMatchObject([
      { command: message.command, refused: expect.any(String) },
      { command: 'report-stockout', refused: null },
    ]);
  });
});

describe('an update by hand, from the Temporal CLI', () => {
  test.each([[[]], [[null]], [['ship']], [[{}]], [[{ actor: 'admin' }]]])('%j is refused, and the line goes on', async (args) => {
    const line = await placeIn(stack, 'released');
    await expect(handleOf(line).executeUpdate('ship', { args: args as never })).rejects.toThrow();
    expect(await commandLine(stack, 'undo', line, {}, { reason: '시험' })).toMatchObject({
      ok: true,
      state: 'instructed',
      revision: 4,
    });
  });

  test('an update nobody knows is refused', async () => {
    const line = await placeIn(stack, 'ordered');
    await expect(handleOf(line).executeUpdate('explode', { args: [{}] })).rejects.toThrow();
    await expect(
      handleOf(line).executeUpdate('track', { args: [{ actor: 'tracker', level: 6, requestId: 'x' }] }),
    ).rejects.toThrow();
    expect(await commandLine(stack, 'instruct', line)).toMatchObject({ ok: true });
  });
});
