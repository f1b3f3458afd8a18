import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  command,
  commandLine,
  listedLine,
  type PlacedLine,
  placeIn,
  releasedLines,
  storedRow,
  take,
  uniqueWaybill,
} from '../../support/scenes/orders.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const parcel = (waybillNo: string, carrierCode = '04') => ({ carrierCode, waybillNo });
const ship = (line: PlacedLine, waybillNo: string, more: object = {}) =>
  commandLine(stack, 'ship', line, parcel(waybillNo), more);
const inUse = { ok: false, error: { code: 'WAYBILL_IN_USE' } };
/** Lines of one order and one delivery, released. */
const releasedLine = async (more: Record<string, unknown> = {}, overrides: object = {}) =>
  (await releasedLines(stack, 1, more, overrides))[0];

describe('출고완료 of a parcel needs carrier and waybill', () => {
  test.each([
    [{}, 'WAYBILL_REQUIRED'],
    [{ carrierCode: '04' }, 'WAYBILL_REQUIRED'],
    [{ waybillNo: '123456789012' }, 'WAYBILL_REQUIRED'],
    [{ carrierCode: '04', waybillNo: '- -' }, 'WAYBILL_REQUIRED'],
    [{ carrierCode: '77', waybillNo: '123456789012' }, 'CARRIER_UNKNOWN'],
    [{ carrierCode: '04', waybillNo: '12345678' }, 'WAYBILL_INVALID'],
    [{ carrierCode: '04', waybillNo: '123456789012345' }, 'WAYBILL_INVALID'],
    [{ carrierCode: '04', waybillNo: 'EE123456789KR' }, 'WAYBILL_INVALID'],
    [{ carrierCode: '12', waybillNo: 'EE1234KR' }, 'WAYBILL_INVALID'],
  ])('%p: %s, and the line stays', async (fields, code) => {
    const line = await releasedLine();
    expect(await commandLine(stack, 'ship', line, fields)).toMatchObject({ ok: false, error: { code } });
    expect(await storedRow(stack, line)).toMatchObject({ state: 'released', revision: 3, carrier_code: null, waybill_no: null });
  });

  test('an international waybill with blanks and hyphens is kept without them', async () => {
    const line = await releasedLine();
    const digits = uniqueWaybill().slice(-9);
    expect(await commandLine(stack, 'ship', line, parcel(`EE ${digits}-KR`, '12'))).toMatchObject({ ok: true });
    expect(await listedLine(stack, line)).toMatchObject({ carrierCode: '12', waybillNo: `EE${digits}KR` });
  });

  test.each(['20', '30', '40'])('method %s may leave without one', async (methodCode) => {
    const line = await releasedLine({}, { methodCode });
    expect(await commandLine(stack, 'ship', line)).toMatchObject({ ok: true, state: 'shipped' });
    expect(await listedLine(stack, line)).toMatchObject({ carrierCode: null, waybillNo: null });
  });
});

describe('an open waybill of a carrier belongs to one delivery', () => {
  test('another delivery is WAYBILL_IN_USE, the same number of another carrier is not', async () => {
    const [mine, other] = [await placeIn(stack, 'shipped'), await releasedLine()];
    expect(await ship(other, mine.waybillNo ?? '')).toMatchObject(inUse);
    expect(await storedRow(stack, other)).toMatchObject({ state: 'released', revision: 3, waybill_no: null });
    expect(await commandLine(stack, 'ship', other, parcel(mine.waybillNo ?? '', '05'))).toMatchObject({ ok: true });
  });

  test('hyphens make no other number of it', async () => {
    const [mine, other] = [await placeIn(stack, 'shipped'), await releasedLine()];
    const typed = `${mine.waybillNo?.slice(0, 4)}-${mine.waybillNo?.slice(4)}`;
    expect(await ship(other, typed)).toMatchObject(inUse);
  });

  test('several lines of one delivery share one waybill, in one call or one after another', async () => {
    const waybillNo = uniqueWaybill();
    const [first, second, third] = await releasedLines(stack, 3);
    expect(await ship(first, waybillNo)).toMatchObject({ ok: true });
    const rest = [second, third as PlacedLine].map(({ deliveryNo, lineNo }) => ({ deliveryNo, lineNo, ...parcel(waybillNo) }));
    expect((await command(stack, 'ship', rest)).body).toMatchObject({ succeeded: 2 });
    const { body } = await stack.get(`/api/bo/v1/deliveries/${first.deliveryNo}`);
    expect(body).toMatchObject({
      carrierCode: '04',
      waybillNo,
      waybills: [{ carrierCode: '04', waybillNo, lineNos: [1, 2, 3] }],
    });
  });

  test('a delivery’s lines may leave under different waybills', async () => {
    const [first, second] = await releasedLines(stack, 2);
    const [one, two] = [uniqueWaybill(), uniqueWaybill()];
    expect(await ship(first, one)).toMatchObject({ ok: true });
    expect(await ship(second, two)).toMatchObject({ ok: true });
    const { body } = await stack.get(`/api/bo/v1/deliveries?deliveryNo=${first.deliveryNo}`);
    expect(body.items).toMatchObject([
      {
        waybillNo: two,
        waybills: [
          { waybillNo: one, lineNos: [1] },
          { waybillNo: two, lineNos: [2] },
        ],
        lineCount: 2,
        states: ['shipped'],
      },
    ]);
  });

  test('two admins racing for one waybill: one gets it', async () => {
    const waybillNo = uniqueWaybill();
    const lines = await Promise.all(Array.from({ length: 4 }, () => releasedLine()));
    const results = await Promise.all(lines.map((line) => ship(line, waybillNo)));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(results.filter(({ error }) => error?.code === 'WAYBILL_IN_USE')).toHaveLength(3);
    const shipped = await Promise.all(lines.map((line) => storedRow(stack, line)));
    expect(shipped.filter((row) => row.waybill_no === waybillNo)).toHaveLength(1);
    expect(shipped.map(({ state }) => state).sort()).toEqual(['released', 'released', 'released', 'shipped']);
  });

  test('delivered, it is still the delivery’s', async () => {
    const [mine, other] = [await placeIn(stack, 'delivered'), await releasedLine()];
    expect(await ship(other, mine.waybillNo ?? '')).toMatchObject(inUse);
  });
});

describe('a waybill that is given up is free', () => {
  test('by undo, for another delivery and for the same', async () => {
    const [mine, other] = [await placeIn(stack, 'shipped'), await releasedLine()];
    await take(stack, mine, ['undo']);
    expect(await ship(mine, mine.waybillNo ?? '')).toMatchObject({ ok: true });
    await take(stack, mine, ['undo']);
    expect(await ship(other, mine.waybillNo ?? '')).toMatchObject({ ok: true });
    expect(await ship(mine, mine.waybillNo ?? '')).toMatchObject(inUse);
  });

  test('by 운송장정정: the old one is free, the new one taken', async () => {
    const [mine, other, third] = [await placeIn(stack, 'shipped'), await releasedLine(), await releasedLine()];
    const corrected = uniqueWaybill();
    expect(await commandLine(stack, 'correct-waybill', mine, parcel(corrected, '05'), { reason: '오기입' })).toMatchObject({
      ok: true,
      state: 'shipped',
    });
    expect(await listedLine(stack, mine)).toMatchObject({ carrierCode: '05', waybillNo: corrected });
    expect(await ship(other, mine.waybillNo ?? '')).toMatchObject({ ok: true });
    expect(await commandLine(stack, 'ship', third, parcel(corrected, '05'))).toMatchObject(inUse);
  });

  test('운송장정정 to a number in use is refused, and the line keeps its own', async () => {
    const [mine, other] = [await placeIn(stack, 'shipped'), await placeIn(stack, 'shipped')];
    const wanted = parcel(other.waybillNo ?? '');
    expect(await commandLine(stack, 'correct-waybill', mine, wanted, { reason: '오기입' })).toMatchObject(inUse);
    expect(await storedRow(stack, mine)).toMatchObject({ state: 'shipped', revision: 4, waybill_no: mine.waybillNo });
    expect(await ship(await releasedLine(), mine.waybillNo ?? '')).toMatchObject(inUse);
  });

  test('not while another line of the delivery still carries it', async () => {
    const waybillNo = uniqueWaybill();
    const [first, second] = await releasedLines(stack, 2);
    await ship(first, waybillNo);
    await ship(second, waybillNo);
    await take(stack, first, ['undo']);
    const other = await releasedLine();
    expect(await ship(other, waybillNo)).toMatchObject(inUse);
    await take(stack, second, ['undo']);
    expect(await ship(other, waybillNo)).toMatchObject({ ok: true });
  });
});
