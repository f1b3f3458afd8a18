import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { Activities } from '../../../activities/index.ts';
import type { DeliveryCommand, DeliveryInput } from '../../../domain/deliveries/commands.ts';
import { ledgerOf, shippingProduct, stockOf } from '../../support/scenes/assembly.ts';
import { type PlacedLine, placeIn, releasedLines, unique, uniqueWaybill } from '../../support/scenes/orders.ts';
import { countingRecordOf, decideStored, heldLine } from '../../support/scenes/record.ts';
import { createPlace, newRange, numberAt, rangeNow } from '../../support/scenes/shipping.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let record: Activities['record'];
let counted: { transactions: number };
beforeAll(async () => {
  stack = await startStack();
  ({ record, counted } = countingRecordOf(stack));
});
beforeEach(() => {
  counted.transactions = 0;
});
afterAll(() => stack.stop());

const held = (line: PlacedLine) => heldLine(stack, line);
const act = (line: PlacedLine, command: DeliveryCommand, requestId?: string, input?: DeliveryInput) =>
  decideStored(stack, record, line, command, requestId, input);

describe('a line that leaves brings its waybill in the same statement', () => {
  const parcel = (waybillNo: string) => ({ carrierCode: '04', waybillNo });
  const ship = (line: PlacedLine, waybillNo: string, requestId?: string) => act(line, 'ship', requestId, parcel(waybillNo));
  const openWaybills = (waybillNo: string) =>
    stack.db.query(
      sql<{ delivery_no: string }>`select delivery_no from waybills where waybill_no = ${waybillNo} and closed_at is null`,
    );

  test('many at one moment: each its own, one for all lines of a delivery', async () => {
    const [alone, shared] = [await Promise.all([1, 2, 3].map(() => placeIn(stack, 'released'))), await releasedLines(stack, 3)];
    const together = uniqueWaybill();
    const leaving = [
      ...alone.map((line) => ({ line, waybillNo: uniqueWaybill() })),
      ...shared.map((line) => ({ line, waybillNo: together })),
    ];
    const acts = await Promise.all(leaving.map(({ line, waybillNo }) => ship(line, waybillNo)));
    expect(await Promise.all(acts.map(({ write }) => write()))).toEqual(leaving.map(() => ({})));
    expect(counted.transactions).toBe(0);
    for (const [at, { line, waybillNo }] of leaving.entries()) {
      expect(await held(line)).toEqual(acts[at]?.next);
      expect(await openWaybills(waybillNo)).toEqual([{ delivery_no: line.deliveryNo }]);
    }
  });

  test('strangers with one waybill at one moment: the first leaves, the others are refused and stay as they are', async () => {
    // Two that nobody else concerns go ahead, so that the strangers come together.
    const [ahead, lines] = await Promise.all(
      [2, 4].map((n) => Promise.all(Array.from({ length: n }, () => placeIn(stack, 'released')))),
    );
    if (!ahead || !lines) throw new Error('no lines');
    const waybillNo = uniqueWaybill();
    const going = await Promise.all(ahead.map((line) => ship(line, uniqueWaybill())));
    const acts = await Promise.all(lines.map((line) => ship(line, waybillNo)));
    const before = await Promise.all(lines.map(held));
    const results = await Promise.all([...going, ...acts].map(({ write }) => write()));
    const refused = { refused: 'WAYBILL_IN_USE' };
    expect(results).toEqual([{}, {}, {}, refused, refused, refused]);
    expect(await openWaybills(waybillNo)).toEqual([{ delivery_no: lines[0]?.deliveryNo }]);
    for (const [at, line] of lines.entries()) expect(await held(line)).toEqual(at === 0 ? acts[0]?.next : before[at]);
  });

  test('a waybill that somebody is about to take holds up neither lines that stay nor those in the other lane', async () => {
    const [wanting, free, staying] = await Promise.all([
      placeIn(stack, 'released'),
      placeIn(stack, 'released'),
      placeIn(stack, 'ordered'),
    ]);
    const [waybillNo, taker] = [uniqueWaybill(), await placeIn(stack, 'released')];
    const waiting = await ship(wanting, waybillNo);
    const going = [await ship(free, uniqueWaybill()), await act(staying, 'instruct')];
    let ended = false;
    let write: Promise<unknown> = Promise.resolve();
    await stack.db.transaction(async (query) => {
      const { deliveryNo } = taker;
      await query(
        sql`insert into waybills (carrier_code, waybill_no, delivery_no) values (${'04'}, ${waybillNo}, ${deliveryNo})`,
      );
      write = waiting.write().then((result) => {
        ended = true;
        return result;
      });
      expect(await Promise.all(going.map((act) => act.write()))).toEqual([{}, {}]);
      expect(ended).toBe(false);
    });
    expect(await write).toEqual({ refused: 'WAYBILL_IN_USE' });
  });

  test('its own delivery’s waybill, open already, and a delivery that needs none', async () => {
    const [first, second] = await releasedLines(stack, 2);
    const waybillNo = uniqueWaybill();
    for (const line of [first, second]) expect(await (await ship(line, waybillNo)).write()).toEqual({});
    expect(counted.transactions).toBe(1);
    expect(await openWaybills(waybillNo)).toEqual([{ delivery_no: first.deliveryNo }]);
    const direct = await placeIn(stack, 'released', { methodCode: '30' });
    const leaving = await act(direct, 'ship');
    expect(await leaving.write()).toEqual({});
    expect(await held(direct)).toEqual(leaving.next);
    expect(counted.transactions).toBe(1);
  });

  test('told again after an undo: its outcome of then, and no waybill is taken', async () => {
    const line = await placeIn(stack, 'released');
    const [waybillNo, requestId] = [uniqueWaybill(), unique('R')];
    const first = await ship(line, waybillNo, requestId);
    expect(await first.write()).toEqual({});
    expect(await (await act(line, 'undo')).write()).toEqual({});
    expect(await openWaybills(waybillNo)).toEqual([]);
    const undone = await held(line);
    const { state, revision } = first.next;
    expect(await (await ship(line, waybillNo, requestId)).write()).toMatchObject({ repeated: { state, revision } });
    expect(await openWaybills(waybillNo)).toEqual([]);
    expect(await held(line)).toEqual(undone);
  });

  test('a product whose stock is kept gives its quantity, once for each line', async () => {
    const product = await shippingProduct(stack, 7);
    const lines = await Promise.all([1, 2].map(() => placeIn(stack, 'released', { productId: product, quantity: 3 })));
    const acts = await Promise.all(lines.map((line) => ship(line, uniqueWaybill())));
    expect(await Promise.all(acts.map(({ write }) => write()))).toEqual([{}, {}]);
    expect(await stockOf(stack, product)).toEqual([1, 1]);
    expect((await ledgerOf(stack, product)).filter(([kind]) => kind === 'ship')).toEqual([
      ['ship', -3, 0],
      ['ship', -3, 0],
    ]);
  });
});

describe('a line that leaves with a number of its place', () => {
  const DRAWS = { autoWaybill: true };
  const placed = async () => {
    const placeNo = await createPlace(stack);
    return { range: await newRange(stack, placeNo), line: await placeIn(stack, 'released', { placeNo }) };
  };
  const usedOf = async (range: { rangeNo: number }) => (await rangeNow(stack, range)).used;

  test('and the record again, its answer lost: the same number, however often', async () => {
    const { range, line } = await placed();
    const { next, write } = await act(line, 'ship', unique('R'), DRAWS);
    const row = { ...next, carrierCode: '04', waybillNo: numberAt(range, 0) };
    for (const each of [await write(), await write(), await write()]) expect(each).toEqual({ line: row });
    expect(await held(line)).toEqual(row);
    expect(await usedOf(range)).toBe(1);
  });

  test('two records of one command at one moment: one number', async () => {
    const { range, line } = await placed();
    const { write } = await act(line, 'ship', unique('R'), DRAWS);
    const both = await Promise.all([write(), write()]);
    expect(both.map(({ line: row }) => row?.waybillNo)).toEqual([numberAt(range, 0), numberAt(range, 0)]);
    expect(await usedOf(range)).toBe(1);
  });

  test('a command that was done and undone, recorded once more, tells what it did then and draws nothing', async () => {
    const { range, line } = await placed();
    const [requestId, released] = [unique('R'), await held(line)];
    await (await act(line, 'ship', requestId, DRAWS)).write();
    await (await act(line, 'undo')).write();
    const again = await act(line, 'ship', requestId, DRAWS);
    expect(await again.write()).toEqual({ repeated: { state: 'shipped', revision: released.revision + 1, validQuantity: 2 } });
    expect(await usedOf(range)).toBe(1);
    expect(await held(line)).toMatchObject({ state: 'released', waybillNo: null });
  });

  test('a number that its workflow does not know of is freed, and nobody gets it again', async () => {
    const { range, line } = await placed();
    const mine = await act(line, 'ship', unique('R'), DRAWS);
    // Another command was recorded on the same line, and nobody was told.
    await (await act(line, 'ship', unique('lost'), DRAWS)).write();
    expect(await mine.write()).toMatchObject({ line: { waybillNo: numberAt(range, 1) } });
    const open = await stack.db.query(
      sql<{ waybill_no: string }>`select waybill_no from waybills where range_no = ${range.rangeNo} and closed_at is null`,
    );
    expect(open).toEqual([{ waybill_no: numberAt(range, 1) }]);
    expect(await held(line)).toMatchObject({ state: 'shipped', waybillNo: numberAt(range, 1) });
  });
});
