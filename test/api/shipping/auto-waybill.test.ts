import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { expectSame, waybillOwner } from '../../support/scenes/faults.ts';
import {
  command,
  commandLine,
  listedLine,
  type PlacedLine,
  placeIn,
  releasedLines,
  unique,
  uniqueWaybill,
} from '../../support/scenes/orders.ts';
import { createPlace, newRange, numberAt, rangeNow } from '../../support/scenes/shipping.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const AUTO = { autoWaybill: true };
const released = (placeNo: number, more: object = {}) => placeIn(stack, 'released', { placeNo, ...more });
const ship = (line: PlacedLine, fields: object = AUTO) => commandLine(stack, 'ship', line, fields);
const codeOf = (result: any) => result.error?.code;
/** A place with a range of its own. */
async function placeWithRange(more: Parameters<typeof newRange>[2] = {}) {
  const placeNo = await createPlace(stack);
  return { placeNo, range: await newRange(stack, placeNo, more) };
}

describe('출고완료 without a number', () => {
  test('takes the next of the place, which the answer, the line and the waybill say', async () => {
    const { placeNo, range } = await placeWithRange();
    const lines = [await released(placeNo), await released(placeNo)] as const;
    for (const [at, line] of lines.entries()) {
      const waybillNo = numberAt(range, at);
      expect(await ship(line)).toMatchObject({ ok: true, state: 'shipped', carrierCode: '04', waybillNo });
      expect(await listedLine(stack, line)).toMatchObject({ state: 'shipped', carrierCode: '04', waybillNo });
      expect(await waybillOwner(stack, waybillNo)).toBe(line.deliveryNo);
      await expectSame(stack, line);
    }
    expect(await rangeNow(stack, range)).toMatchObject({ used: 2, left: 998, nextWaybillNo: numberAt(range, 2) });
  });

  test('롯데: with its check digit, of the carrier that is asked', async () => {
    const { placeNo } = await placeWithRange();
    await newRange(stack, placeNo, { carrierCode: '08', rule: 'lotte', from: '70000000001', to: '70000000009' });
    const line = await released(placeNo);
    const waybillNo = `70000000001${70000000001 % 7}`;
    expect(await ship(line, { ...AUTO, carrierCode: '08' })).toMatchObject({ carrierCode: '08', waybillNo });
  });

  test('a repeat under its key tells the same number and takes no other', async () => {
    const { placeNo, range } = await placeWithRange();
    const line = await released(placeNo);
    const headers = { 'idempotency-key': unique('key') };
    const send = () => command(stack, 'ship', [{ deliveryNo: line.deliveryNo, lineNo: line.lineNo, ...AUTO }], {}, headers);
    const [first, second] = [await send(), await send()];
    expect(first.body.results).toMatchObject([{ ok: true, waybillNo: numberAt(range, 0) }]);
    expect(second.body).toEqual(first.body);
    expect(await rangeNow(stack, range)).toMatchObject({ used: 1 });
  });

  test('lines of one delivery in one command share a number; a later line of it leaves under its own', async () => {
    const { placeNo, range } = await placeWithRange();
    const [first, second, third] = await releasedLines(stack, 3, {}, { placeNo });
    const { body } = await command(
      stack,
      'ship',
      [first, second].map(({ deliveryNo, lineNo }) => ({ deliveryNo, lineNo, ...AUTO })),
    );
    expect(body.results.map((result: any) => result.waybillNo)).toEqual([numberAt(range, 0), numberAt(range, 0)]);
    expect(await ship(third as PlacedLine)).toMatchObject({ waybillNo: numberAt(range, 1) });
    const [whole] = [await releasedLines(stack, 3, {}, { placeNo })];
    const all = await command(stack, 'ship', [{ deliveryNo: whole[0].deliveryNo, ...AUTO }]);
    expect(all.body.results.map((result: any) => result.waybillNo)).toEqual(Array(3).fill(numberAt(range, 2)));
  });

  test('a part that is shipped takes one, and the rest stays without', async () => {
    const { placeNo, range } = await placeWithRange();
    const line = await released(placeNo, { quantity: 5 });
    const result = await ship(line, { ...AUTO, quantity: 2 });
    expect(result).toMatchObject({ ok: true, validQuantity: 2, waybillNo: numberAt(range, 0), newLine: { validQuantity: 3 } });
    await expectSame(stack, line);
    expect(await ship({ ...line, ...result.newLine })).toMatchObject({ ok: true, waybillNo: numberAt(range, 1) });
  });

  test('as a signal too (Prefer: respond-async)', async () => {
    const { placeNo, range } = await placeWithRange();
    const line = await released(placeNo);
    const body = { lines: [{ deliveryNo: line.deliveryNo, lineNo: line.lineNo, ...AUTO }] };
    const { status } = await stack.post('/api/bo/v1/delivery-lines/ship', body, { headers: { prefer: 'respond-async' } });
    expect(status).toBe(202);
    await eventually(async () => (await listedLine(stack, line))?.state === 'shipped');
    expect(await listedLine(stack, line)).toMatchObject({ waybillNo: numberAt(range, 0) });
  });

  test('both a number and the wish for one are refused before anything happens', async () => {
    const line = await released((await placeWithRange()).placeNo);
    const { status, body } = await command(stack, 'ship', [{ ...line, ...AUTO, carrierCode: '04', waybillNo: uniqueWaybill() }]);
    expect([status, body.errors[0].path]).toEqual([400, 'lines.0.autoWaybill']);
  });
});

describe('the default of the place', () => {
  test('parcels without a number take one, unless the line says no; what is no parcel leaves without', async () => {
    const { placeNo, range } = await placeWithRange(AUTO);
    const [plain, unwilling, direct] = [
      await released(placeNo),
      await released(placeNo),
      await released(placeNo, { methodCode: '20' }),
    ];
    expect(await ship(plain, {})).toMatchObject({ ok: true, waybillNo: numberAt(range, 0) });
    expect(codeOf(await ship(unwilling, { autoWaybill: false }))).toBe('WAYBILL_REQUIRED');
    expect(await ship(direct, {})).toMatchObject({ ok: true });
    expect(await listedLine(stack, direct)).toMatchObject({ waybillNo: null });
    expect(await rangeNow(stack, range)).toMatchObject({ used: 1 });
  });

  test('without one, a parcel needs a number as ever', async () => {
    const { placeNo, range } = await placeWithRange();
    expect(codeOf(await ship(await released(placeNo), {}))).toBe('WAYBILL_REQUIRED');
    expect(await rangeNow(stack, range)).toMatchObject({ used: 0 });
  });
});
