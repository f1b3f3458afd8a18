import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  asked,
  command,
  commandLine,
  commandWithKey,
  listedLine,
  type PlacedLine,
  type pathTo,
  placeIn,
  storedHistory,
  storedRow,
  take,
  unique,
  uniqueWaybill,
} from '../../../support/scenes/orders.ts';
import { type Stack, startStack } from '../../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const unshipped = ['ordered', 'instructed', 'released', 'awaitingShipment'] as const;
const five = (state: keyof typeof pathTo) => placeIn(stack, state, { quantity: 5 });
const parcel = () => ({ carrierCode: '04', waybillNo: uniqueWaybill() });
/** The part as a line of its own, which can be commanded. */
const partOf = (line: PlacedLine, result: { newLine: { deliveryNo: string; lineNo: number } }): PlacedLine => ({
  orderNo: line.orderNo,
  deliveryNo: result.newLine.deliveryNo,
  lineNo: result.newLine.lineNo,
});
async function split(line: PlacedLine, quantity: number) {
  const result = await commandLine(stack, 'split', line, { quantity });
  expect(result).toMatchObject({ ok: true });
  return { result, part: partOf(line, result) };
}
const code = (result: { ok: boolean; error?: { code: string } }) => (result.ok ? 'ok' : result.error?.code);

describe('분할취소 (merge)', () => {
  test.each(unshipped)('in %s: the part ends with nothing left, its line has all again', async (state) => {
    const line = await five(state);
    const { part } = await split(line, 2);
    expect(await commandLine(stack, 'merge', part)).toMatchObject({ ok: true, state, validQuantity: 0 });
    expect(await listedLine(stack, part)).toBeUndefined();
    expect(await listedLine(stack, line)).toMatchObject({ validQuantity: 5, splitTo: [] });
    expect((await storedHistory(stack, line)).slice(-2)).toMatchObject([{ command: 'split' }, { command: 'absorb', by: 'kim' }]);
    expect(await storedRow(stack, part)).toMatchObject({ finished_at: expect.any(Date), quantity: 0 });
    expect(code(await commandLine(stack, 'instruct', part))).toBe('LINE_FINISHED');
  });

  test('several parts of one line in one request', async () => {
    const line = await five('released');
    const parts = [(await split(line, 1)).part, (await split(line, 2)).part];
    const { body } = await command(
      stack,
      'merge',
      parts.flatMap((part) => asked(part)),
    );
    expect(body).toMatchObject({ succeeded: 2, failed: 0 });
    expect(await listedLine(stack, line)).toMatchObject({ validQuantity: 5 });
  });

  test('MERGE_NOT_POSSIBLE: no part, another state, something has left, the line has ended', async () => {
    const line = await five('instructed');
    const { part } = await split(line, 2);
    expect(code(await commandLine(stack, 'merge', line))).toBe('MERGE_NOT_POSSIBLE');
    await take(stack, part, ['release']);
    expect(code(await commandLine(stack, 'merge', part))).toBe('MERGE_NOT_POSSIBLE');
    await take(stack, line, ['release', 'ship']);
    expect(code(await commandLine(stack, 'merge', part))).toBe('MERGE_NOT_POSSIBLE');
    expect(await listedLine(stack, part)).toMatchObject({ state: 'released', validQuantity: 2 });

    const middle = await split(await five('released'), 4);
    const last = await split(middle.part, 1);
    expect(code(await commandLine(stack, 'merge', middle.part))).toBe('ok');
    expect(code(await commandLine(stack, 'merge', last.part))).toBe('MERGE_NOT_POSSIBLE');
  });

  test('merged and shipped at once: one of them, and no quantity is lost or doubled', async () => {
    const line = await five('released');
    const { part } = await split(line, 2);
    const [merged, shipped] = await Promise.all([commandLine(stack, 'merge', part), commandLine(stack, 'ship', line, parcel())]);
    expect(shipped.ok).toBe(true);
    const [mine, theirs] = [await storedRow(stack, line), await storedRow(stack, part)];
    expect([mine.valid_quantity, theirs.valid_quantity]).toEqual(merged.ok ? [5, 0] : [3, 2]);
  });

  test('the same request again is answered as it was', async () => {
    const line = await five('released');
    const { part } = await split(line, 2);
    const key = unique('key');
    const first = await commandWithKey(stack, 'merge', part, key);
    expect(first.body.succeeded).toBe(1);
    expect((await commandWithKey(stack, 'merge', part, key)).body).toEqual(first.body);
  });
});
