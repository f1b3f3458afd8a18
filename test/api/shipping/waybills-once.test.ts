import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { expectSame, waybillOwner } from '../../support/scenes/faults.ts';
import { commandLine, listedLine, type PlacedLine, placeIn, uniqueWaybill } from '../../support/scenes/orders.ts';
import { createPlace, newRange, numberAt, rangeNow } from '../../support/scenes/shipping.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const AUTO = { autoWaybill: true };
const released = (placeNo: number, more: object = {}) => placeIn(stack, 'released', { placeNo, ...more });
const ship = (line: PlacedLine, fields: object = AUTO) => commandLine(stack, 'ship', line, fields);
const undo = (line: PlacedLine) => commandLine(stack, 'undo', line, {}, { reason: '다시 포장' });
const codeOf = (result: any) => result.error?.code;
/** A place with a range of its own. */
async function placeWithRange(more: Parameters<typeof newRange>[2] = {}) {
  const placeNo = await createPlace(stack);
  return { placeNo, range: await newRange(stack, placeNo, more) };
}

describe('a number is never taken twice', () => {
  test('one that somebody typed before, here or elsewhere, open or freed, is passed over', async () => {
    const { placeNo, range } = await placeWithRange();
    const [open, freed, line] = [await released(placeNo), await released(placeNo), await released(placeNo)];
    expect(await ship(open, { carrierCode: '04', waybillNo: numberAt(range, 0) })).toMatchObject({ ok: true });
    expect(await ship(freed, { carrierCode: '04', waybillNo: numberAt(range, 1) })).toMatchObject({ ok: true });
    await undo(freed);
    expect(await waybillOwner(stack, numberAt(range, 1))).toBeNull();
    expect(await ship(line)).toMatchObject({ ok: true, waybillNo: numberAt(range, 2) });
    expect(await rangeNow(stack, range)).toMatchObject({ used: 3 });
  });

  test('more than a thousand of them together', async () => {
    const { placeNo, range } = await placeWithRange({ size: 1_500 });
    const line = await released(placeNo);
    await stack.db.query(sql`insert into waybills (carrier_code, waybill_no, delivery_no, closed_at)
      select '04', (${range.from}::bigint + n)::text, ${line.deliveryNo}, now() from generate_series(0, 1234) n`);
    expect(await ship(line)).toMatchObject({ ok: true, waybillNo: numberAt(range, 1_235) });
  });

  test('undone and shipped again: the next one; corrected by hand: the old one stays used', async () => {
    const { placeNo, range } = await placeWithRange();
    const line = await released(placeNo);
    await ship(line);
    await undo(line);
    expect(await listedLine(stack, line)).toMatchObject({ state: 'released', waybillNo: null });
    expect(await ship(line)).toMatchObject({ waybillNo: numberAt(range, 1) });
    await commandLine(stack, 'correct-waybill', line, { carrierCode: '04', waybillNo: uniqueWaybill() }, { reason: '훼손' });
    expect(await ship(await released(placeNo))).toMatchObject({ waybillNo: numberAt(range, 2) });
    await expectSame(stack, line);
  });

  test('one who is refused has taken none', async () => {
    const { placeNo, range } = await placeWithRange();
    const ordered = await placeIn(stack, 'ordered', { placeNo });
    expect(codeOf(await ship(ordered))).toBe('TRANSITION_NOT_ALLOWED');
    const line = await released(placeNo);
    expect(codeOf(await ship(line, { ...AUTO, carrierCode: '77' }))).toBe('CARRIER_UNKNOWN');
    expect(codeOf(await ship(line, { ...AUTO, revision: 1 }))).toBe('REVISION_CONFLICT');
    expect(await rangeNow(stack, range)).toMatchObject({ used: 0 });
  });

  test('fifty at one moment: each its own, without a gap', async () => {
    const { placeNo, range } = await placeWithRange();
    const lines = await Promise.all(Array.from({ length: 50 }, () => released(placeNo)));
    const results = await Promise.all(lines.map((line) => ship(line)));
    const drawn = results.map(({ waybillNo }) => waybillNo);
    expect(drawn.sort()).toEqual(Array.from({ length: 50 }, (_, at) => numberAt(range, at)));
    for (const line of lines) await expectSame(stack, line);
  }, 60_000);
});
