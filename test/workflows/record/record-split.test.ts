import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { Activities } from '../../../activities/index.ts';
import type { DeliveryCommand, DeliveryInput } from '../../../domain/deliveries/commands.ts';
import { type DeliveryLine, type LineKey, validQuantity } from '../../../domain/deliveries/line.ts';
import type { Actor } from '../../../domain/machine.ts';
import type { RecordResult } from '../../../workflows/messages/delivery.ts';
import { placeIn, placeOrder, storedHistory, storedRow, unique, uniqueWaybill } from '../../support/scenes/orders.ts';
import { decided, heldLine, recordOf, voidedCommands } from '../../support/scenes/record.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let record: Activities['record'];
const repairs: string[] = [];
beforeAll(async () => {
  stack = await startStack();
  record = recordOf(stack, { onRepair: (kind) => repairs.push(kind) });
});
afterAll(() => stack.stop());
beforeEach(() => {
  repairs.length = 0;
});

const held = (line: LineKey) => heldLine(stack, line);
/** What this line has split off last. */
const splitOff = ({ line }: RecordResult): LineKey => {
  if (!line?.lastSplit) throw new Error('nothing was split off');
  return line.lastSplit;
};
type Input = DeliveryInput & { actor?: Actor };
const decidedNow = (line: DeliveryLine, command: DeliveryCommand, requestId: string, input: Input = {}) =>
  decided(line, command, requestId, input, new Date().toISOString());
/** Decides on `line`, as a workflow does, and records it; the workflow itself is never told. */
async function act(line: DeliveryLine, command: DeliveryCommand, requestId = unique('R'), input: Input = {}) {
  const { next, entry } = decidedNow(line, command, requestId, input);
  return { next, result: await record(entry) };
}
/** A released line of five, of which two have been split off. */
async function splitLine() {
  const line = await held(await placeIn(stack, 'released', { quantity: 5 }));
  const { result } = await act(line, 'split', unique('R'), { quantity: 2 });
  const parent = result.line as DeliveryLine;
  return { whole: line, parent, part: await held(splitOff(result)) };
}
/** What the parent's record is sent for a merge: its own step, and the end of the part. */
function merging(parent: DeliveryLine, part: DeliveryLine, requestId = unique('R')) {
  const { next: ended } = decidedNow(part, 'merge', requestId);
  const input = { actor: 'machine', quantity: validQuantity(part), part: ended } as const;
  const { entry } = decidedNow(parent, 'absorb', `${requestId}-${part.deliveryNo}`, input);
  return { ended, entry: { ...entry, merged: { line: ended, requestId } } };
}

describe('a split: one transaction', () => {
  test('the line, its part in a delivery of its own, and both histories', async () => {
    const placed = await placeIn(stack, 'released', { quantity: 5 });
    const line = await held(placed);
    const { next, result } = await act(line, 'split', unique('R'), { quantity: 2 });
    const { lastSplit, ...rest } = result.line as DeliveryLine;
    expect(rest).toEqual({ ...next, lastSplit: undefined });
    expect(lastSplit).toMatchObject({ revision: 4, lineNo: 2, state: 'released', validQuantity: 2 });
    expect(await held(placed)).toEqual(result.line);

    const numbers = { deliveryNo: lastSplit?.deliveryNo ?? '', lineNo: 2 };
    const splitFrom = { deliveryNo: line.deliveryNo, lineNo: 1 };
    expect(await held(numbers)).toEqual({ ...line, ...numbers, quantity: 2, revision: 1, splitFrom });
    const [mine, theirs] = [await storedRow(stack, placed), await storedRow(stack, numbers)];
    const inherited = 'order_no kind place_no method_code ordered_at product_id released_at dispatch_due_on'.split(' ');
    for (const column of inherited) expect(theirs[column]).toEqual(mine[column]);
    expect(theirs).toMatchObject({ root_line_no: 1, started_at: null });
    expect(mine).toMatchObject({ quantity: 3, root_line_no: null });
    expect((await storedHistory(stack, placed)).at(-1)).toMatchObject({ command: 'split', revision: 4 });
    expect(await storedHistory(stack, numbers)).toMatchObject([{ command: 'split', revision: 1 }]);
    const [delivery] = await stack.db.query(sql`select * from deliveries where delivery_no = ${numbers.deliveryNo}`);
    expect(delivery).toMatchObject({ fee: 0, payment: 'none', split_from_delivery_no: line.deliveryNo, kind: 'order' });
  });

  test('a part of a part names its own line, and the number that the shop knows', async () => {
    const { part } = await splitLine();
    const { result } = await act(part, 'split', unique('R'), { quantity: 1 });
    const small = await storedRow(stack, splitOff(result));
    expect(small).toMatchObject({ split_from_delivery_no: part.deliveryNo, split_from_line_no: 2, root_line_no: 1, line_no: 3 });
  });

  test('출고완료 of a part takes the waybill for what leaves; 결품등록 keeps its reason with what is missing', async () => {
    const line = await held(await placeIn(stack, 'released', { quantity: 5 }));
    const missing = await act(line, 'report-stockout', unique('R'), { quantity: 1 });
    const waits = await held(splitOff(missing.result));
    expect(waits).toMatchObject({ state: 'awaitingShipment', quantity: 1 });
    const left = await act(missing.result.line as DeliveryLine, 'ship', unique('R'), {
      carrierCode: '04',
      waybillNo: uniqueWaybill(),
      quantity: 3,
    });
    expect(left.result.line).toMatchObject({ state: 'shipped', quantity: 3 });
    expect(await held(splitOff(left.result))).toMatchObject({
      state: 'released',
      quantity: 1,
      waybillNo: null,
    });
  });

  test('a waybill that is taken: nothing of the part is there', async () => {
    const [other, line] = [await placeIn(stack, 'shipped'), await placeIn(stack, 'released', { quantity: 5 })];
    const input = { carrierCode: '04', waybillNo: other.waybillNo ?? '', quantity: 3 };
    expect((await act(await held(line), 'ship', unique('R'), input)).result).toEqual({ refused: 'WAYBILL_IN_USE' });
    const rows = await stack.db.query(sql`select from delivery_lines where order_no = ${line.orderNo}`);
    expect(rows).toHaveLength(1);
  });

  test('lines of one order that are split at once get numbers of their own', async () => {
    const placed = await placeOrder(
      stack,
      [1, 2, 3, 4].map(() => ({ quantity: 3 })),
    );
    const lines = await Promise.all(placed.map(held));
    const results = await Promise.all(lines.map((line) => act(line, 'split', 'R-at-once', { quantity: 1 })));
    const numbers = results.map(({ result }) => result.line?.lastSplit?.lineNo);
    expect(numbers.sort()).toEqual([5, 6, 7, 8]);
    expect(new Set(results.map(({ result }) => result.line?.lastSplit?.deliveryNo)).size).toBe(4);
  });
});

describe('a split that its workflow does not know of', () => {
  test('asked again, at once or late: the same part, and no other', async () => {
    const line = await held(await placeIn(stack, 'released', { quantity: 5 }));
    const request = unique('R');
    const first = await act(line, 'split', request, { quantity: 2 });
    expect((await act(line, 'split', request, { quantity: 2 })).result).toEqual(first.result);
    const next = first.result.line as DeliveryLine;
    const moved = (await act(next, 'undo')).next;
    const { revision: _, ...newLine } = next.lastSplit as NonNullable<DeliveryLine['lastSplit']>;
    const again = await record(decidedNow(moved, 'split', request, { quantity: 2 }).entry);
    expect(again).toEqual({ repeated: { state: 'released', revision: 4, validQuantity: 3, newLine } });
    expect(repairs).toEqual([]);
  });

  test('asked again while its row is further on: what is beyond is taken back, and the part is there once', async () => {
    const [line, request] = [await held(await placeIn(stack, 'released', { quantity: 5 })), unique('R')];
    const { result } = await act(line, 'split', request, { quantity: 2 });
    await act(result.line as DeliveryLine, 'undo');
    expect((await act(line, 'split', request, { quantity: 2 })).result).toEqual(result);
    expect([await held(line), await voidedCommands(stack, line)]).toEqual([result.line, ['undo']]);
  });

  test('another command: the workflow hears of it first, and nothing of it is taken back', async () => {
    const { whole, parent, part } = await splitLine();
    const { result } = await act(whole, 'undo');
    expect(result).toEqual({ missed: parent });
    expect(await held(whole)).toEqual(parent);
    expect((await act(parent, 'undo')).result).toEqual({});
    expect(await held(part)).toEqual(part);
    expect([repairs, await voidedCommands(stack, whole)]).toEqual([[], []]);
  });

  test('with more after it: what can be taken back is, and the split is not', async () => {
    const { whole, parent } = await splitLine();
    await act(parent, 'undo');
    expect((await act(whole, 'report-stockout')).result).toEqual({ missed: parent });
    const { next, result } = await act(parent, 'report-stockout');
    expect(result).toEqual({});
    expect(await held(whole)).toEqual(next);
    expect([repairs, await voidedCommands(stack, whole)]).toEqual([['ahead'], ['undo']]);
  });
});

describe('a merge: one transaction', () => {
  test('the line takes back what the part gives, and both histories name who asked', async () => {
    const { whole, parent, part } = await splitLine();
    const { ended, entry } = merging(parent, part);
    expect(await record(entry)).toEqual({});
    expect(await held(parent)).toEqual({ ...parent, quantity: whole.quantity, revision: 5 });
    expect(await held(part)).toEqual(ended);
    expect(ended).toMatchObject({ quantity: 0, state: 'released', revision: 2 });
    expect(await storedHistory(stack, part)).toMatchObject([{ command: 'split' }, { command: 'merge', revision: 2 }]);
    // The part's own record finds its request done; the line's, asked again, too.
    expect(
      await record({ ...entry, line: ended, command: 'merge', requestId: entry.merged.requestId, merged: undefined }),
    ).toEqual({
      line: ended,
    });
    expect(await record(entry)).toEqual({ line: { ...parent, quantity: 5, revision: 5 } });
  });

  test('a part that has moved meanwhile is not merged, and its line keeps its quantity', async () => {
    const { parent, part } = await splitLine();
    const { entry } = merging(parent, part);
    await act(part, 'split', unique('R'), { quantity: 1 });
    expect(await record(entry)).toEqual({ refused: 'REVISION_CONFLICT' });
    expect(await held(parent)).toEqual(parent);
  });

  test('a merge that the line’s workflow does not know of is heard of first', async () => {
    const { parent, part } = await splitLine();
    await record(merging(parent, part).entry);
    const { result } = await act(parent, 'undo');
    expect(result.missed).toMatchObject({ quantity: 5, revision: 5, state: 'released' });
    expect(validQuantity(await held(part))).toBe(0);
  });
});
