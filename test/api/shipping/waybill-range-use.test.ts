import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { expectSame } from '../../support/scenes/faults.ts';
import {
  command,
  commandLine,
  listedLine,
  type PlacedLine,
  placeIn,
  releasedLines,
  storedHistory,
} from '../../support/scenes/orders.ts';
import { createPlace, newRange, numberAt, RANGES, rangeNow } from '../../support/scenes/shipping.ts';
import { type Stack, startStack } from '../../support/stack.ts';

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

describe('where there is none to take', () => {
  const refusedAs = async (line: PlacedLine, code: string, fields: object = AUTO) => {
    expect(codeOf(await ship(line, fields))).toBe(code);
    expect(await listedLine(stack, line)).toMatchObject({ state: 'released', waybillNo: null });
    expect((await storedHistory(stack, line)).map((row) => row.command)).toEqual(['order', 'instruct', 'release']);
    await expectSame(stack, line);
  };

  test('the line does not move: no range, none of that carrier, none of several, a paused one', async () => {
    const bare = await createPlace(stack);
    await refusedAs(await released(bare), 'WAYBILL_RANGE_EMPTY');
    await refusedAs(await placeIn(stack, 'released', { placeNo: null }), 'WAYBILL_RANGE_EMPTY');
    const { placeNo, range } = await placeWithRange();
    const line = await released(placeNo);
    await refusedAs(line, 'WAYBILL_RANGE_EMPTY', { ...AUTO, carrierCode: '05' });
    const body = { placeNo, carrierCode: '04', rule: 'none', from: range.from, to: range.to };
    await stack.put(`${RANGES}/${range.rangeNo}`, { ...body, paused: true });
    await refusedAs(line, 'WAYBILL_RANGE_EMPTY');
    await stack.put(`${RANGES}/${range.rangeNo}`, body);
    await newRange(stack, placeNo, { carrierCode: '05' });
    await refusedAs(line, 'WAYBILL_RANGE_AMBIGUOUS');
    expect(await ship(line, { ...AUTO, carrierCode: '04' })).toMatchObject({ ok: true, waybillNo: range.from });
  });

  test('a range that ends goes over to the next of its carrier, and then nothing moves', async () => {
    const { placeNo, range } = await placeWithRange({ size: 2 });
    const more = await newRange(stack, placeNo, { size: 1 });
    const lines = await Promise.all(Array.from({ length: 5 }, () => released(placeNo)));
    const results = await Promise.all(lines.map((line) => ship(line)));
    const drawn = results.flatMap(({ ok, waybillNo }) => (ok ? [waybillNo] : []));
    expect(drawn.sort()).toEqual([range.from, range.to, more.from].sort());
    expect(results.filter(({ ok }) => !ok).map(codeOf)).toEqual(['WAYBILL_RANGE_EMPTY', 'WAYBILL_RANGE_EMPTY']);
    expect(await rangeNow(stack, range)).toMatchObject({ state: 'used-up', left: 0, nextWaybillNo: null });
    const refused = lines[results.findIndex(({ ok }) => !ok)] as PlacedLine;
    await refusedAs(refused, 'WAYBILL_RANGE_EMPTY');
    await newRange(stack, placeNo);
    expect(await ship(refused)).toMatchObject({ ok: true });
  });

  test('lines of one delivery share the last number of a range', async () => {
    const { placeNo, range } = await placeWithRange({ size: 1 });
    const lines = await releasedLines(stack, 3, {}, { placeNo });
    const { body } = await command(stack, 'ship', [{ deliveryNo: lines[0].deliveryNo, ...AUTO }]);
    expect(body.results.map((result: any) => result.waybillNo)).toEqual(Array(3).fill(range.from));
  });
});

describe('a range in use', () => {
  const eventsOf = async ({ rangeNo }: { rangeNo: number }) => {
    const { body } = await stack.get('/api/bo/v1/events?types=waybill-range.low&limit=500');
    return body.items.filter((event: any) => event.data.rangeNo === rangeNo);
  };
  const exceptionsOf = async ({ rangeNo }: { rangeNo: number }) => {
    const { body } = await stack.get('/api/bo/v1/tracking-exceptions?kind=waybill-range-low');
    return body.items.filter(({ fid }: any) => fid === `대역 ${rangeNo}`);
  };
  const shipped = async (placeNo: number) => expect(await ship(await released(placeNo))).toMatchObject({ ok: true });

  test('that runs low is told of once, by an event and an exception that people resolve', async () => {
    const { placeNo, range } = await placeWithRange({ size: 5, lowAt: 4 });
    await shipped(placeNo);
    expect([await eventsOf(range), await exceptionsOf(range)]).toEqual([[], []]);
    await shipped(placeNo);
    await shipped(placeNo);
    const { rangeNo } = range;
    expect(await eventsOf(range)).toMatchObject([{ data: { rangeNo, placeNo, carrierCode: '04', left: 3 } }]);
    const [exception, ...others] = await exceptionsOf(range);
    expect(others).toEqual([]);
    expect(exception).toMatchObject({
      state: 'open',
      count: 1,
      deliveryNo: null,
      carrierCode: '04',
      waybillNo: numberAt(range, 2),
    });
    expect(exception.reason).toContain(`출하지 ${placeNo}, 남은 번호 3개`);
    expect(await rangeNow(stack, range)).toMatchObject({ low: true });
    const resolved = await stack.post(`/api/bo/v1/tracking-exceptions/${exception.id}/resolve`, { reason: '새 대역을 받음' });
    expect(resolved.body).toMatchObject({ state: 'resolved' });
    await shipped(placeNo);
    expect(await eventsOf(range)).toHaveLength(1);
  });

  test('that has grown is told of again when it runs low again', async () => {
    const { placeNo, range } = await placeWithRange({ size: 2, lowAt: 2 });
    await shipped(placeNo);
    const body = { placeNo, carrierCode: '04', rule: 'none', from: range.from, to: numberAt(range, 3), lowAt: 2 };
    expect((await stack.put(`${RANGES}/${range.rangeNo}`, body)).body).toMatchObject({ left: 3, used: 1, low: false });
    await shipped(placeNo);
    expect(await eventsOf(range)).toHaveLength(1);
    await shipped(placeNo);
    expect((await eventsOf(range)).map(({ data }: any) => data.left)).toEqual([1, 1]);
  });

  test('keeps what it has given: carrier, rule and beginning are fixed, the end lies after it', async () => {
    const { placeNo, range } = await placeWithRange();
    await shipped(placeNo);
    await shipped(placeNo);
    const body = { placeNo, carrierCode: '04', rule: 'none', from: range.from, to: range.to };
    const put = async (more: object) => {
      const { status, body: answer } = await stack.put(`${RANGES}/${range.rangeNo}`, { ...body, ...more });
      return [status, answer.code, answer.errors?.map(({ path }: any) => path)];
    };
    expect(await put({ carrierCode: '05' })).toEqual([409, 'WAYBILL_RANGE_USED', ['carrierCode']]);
    expect(await put({ from: numberAt(range, 1) })).toEqual([409, 'WAYBILL_RANGE_USED', ['from']]);
    expect(await put({ to: numberAt(range, 0) })).toEqual([409, 'WAYBILL_RANGE_USED', ['to']]);
    expect(await put({ to: numberAt(range, 1) })).toEqual([200, undefined, undefined]);
    expect(await rangeNow(stack, range)).toMatchObject({ state: 'used-up', used: 2, left: 0 });
  });

  test('is changed while lines take its numbers: none is lost, none is given twice', async () => {
    const { placeNo, range } = await placeWithRange();
    const lines = await Promise.all(Array.from({ length: 12 }, () => released(placeNo)));
    const body = { placeNo, carrierCode: '04', rule: 'none', from: range.from };
    const changes = Array.from({ length: 6 }, (_, n) =>
      stack.put(`${RANGES}/${range.rangeNo}`, { ...body, to: numberAt(range, 500 + n) }),
    );
    const [results] = await Promise.all([Promise.all(lines.map((line) => ship(line))), Promise.all(changes)]);
    const drawn = results.map(({ waybillNo }) => waybillNo).sort();
    expect(drawn).toEqual(Array.from({ length: 12 }, (_, at) => numberAt(range, at)));
    expect(await rangeNow(stack, range)).toMatchObject({ used: 12 });
  });
});
