import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { listedLine, type PlacedLine, placeIn } from '../../support/scenes/orders.ts';
import { BULK, downloaded, ended, start, upload, workbook } from '../../support/scenes/sheets.ts';
import { createPlace, newRange, numberAt, rangeNow } from '../../support/scenes/shipping.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const released = (placeNo: number, more: object = {}) => placeIn(stack, 'released', { placeNo, ...more });
async function placeWithRange(more: Parameters<typeof newRange>[2] = { autoWaybill: true }) {
  const placeNo = await createPlace(stack);
  return { placeNo, range: await newRange(stack, placeNo, more) };
}
/** A row that names a carrier alone. */
const rowOf = ({ deliveryNo, lineNo }: PlacedLine, carrier = '04') => [deliveryNo, String(lineNo), carrier, ''];
const validated = async (...rows: string[][]) => (await upload(stack, await workbook(rows))).body;
async function shipped(id: string) {
  await start(stack, id);
  return ended(stack, id);
}
const results = async (id: string) => (await downloaded(stack, `${BULK}/${id}/result.xlsx`)).slice(1);

test('a row with a carrier alone takes the next number of its place, and the result says which', async () => {
  const { placeNo, range } = await placeWithRange();
  const lines = [await released(placeNo), await released(placeNo)];
  const job = await validated(...lines.map((line) => rowOf(line)));
  expect(job).toMatchObject({ valid: 2, invalid: 0 });
  expect(await shipped(job.id)).toMatchObject({ succeeded: 2, failed: 0 });
  const drawn = await Promise.all(lines.map(async (line) => (await listedLine(stack, line))?.waybillNo));
  expect([...drawn].sort()).toEqual([numberAt(range, 0), numberAt(range, 1)]);
  const rows = await results(job.id);
  expect(rows.map((row) => row[3])).toEqual(drawn);
  expect(rows.map((row) => row.slice(-2))).toEqual(drawn.map((no) => ['성공', `운송장 대역에서 받은 번호 ${no}`]));
});

test('lines of one delivery share a number', async () => {
  const { placeNo, range } = await placeWithRange();
  const line = await released(placeNo);
  const job = await validated([line.deliveryNo, '', '04', '']);
  expect(await shipped(job.id)).toMatchObject({ succeeded: 1 });
  expect(await rangeNow(stack, range)).toMatchObject({ used: 1 });
});

test('the sheet uploaded twice, before and after, draws once: what has left is skipped', async () => {
  const { placeNo, range } = await placeWithRange();
  const line = await released(placeNo);
  const [first, second] = [await validated(rowOf(line)), await validated(rowOf(line))];
  const ends = await Promise.all([shipped(first.id), shipped(second.id)]);
  expect(ends.map(({ succeeded }) => succeeded).sort()).toEqual([0, 1]);
  expect(ends.map(({ skipped }) => skipped).sort()).toEqual([0, 1]);
  expect(ends.map(({ failed }) => failed)).toEqual([0, 0]);
  expect(await validated(rowOf(line))).toMatchObject({ valid: 0, invalid: 0, skipped: 1 });
  expect(await rangeNow(stack, range)).toMatchObject({ used: 1 });
  // The result, uploaded again as it came.
  const [row] = await results(ends[0].succeeded === 1 ? first.id : second.id);
  expect(await validated((row ?? []).slice(0, 4).map(String))).toMatchObject({ skipped: 1 });
});

test('without the default of the place, of a carrier it has no range of, and without a carrier, the row says so as ever', async () => {
  const plain = await placeWithRange({});
  const { placeNo } = await placeWithRange();
  const job = await validated(
    rowOf(await released(plain.placeNo)),
    rowOf(await released(placeNo), '05'),
    rowOf(await released(placeNo), '77'),
    rowOf(await released(placeNo), ''),
  );
  expect(job).toMatchObject({ valid: 0, invalid: 4 });
  expect(job.errors.map(({ code }: any) => code)).toEqual(Array(4).fill('WAYBILL_REQUIRED'));
});

test('a range that ends in the middle of the sheet fails the rows after it, and they stay as they were', async () => {
  const { placeNo } = await placeWithRange({ autoWaybill: true, size: 1 });
  const lines = [await released(placeNo), await released(placeNo)];
  const job = await validated(...lines.map((line) => rowOf(line)));
  expect(await shipped(job.id)).toMatchObject({ succeeded: 1, failed: 1 });
  const reasons = (await results(job.id)).map((row) => String(row.at(-1)));
  expect(reasons.filter((reason) => reason.includes('운송장 대역이 없거나'))).toHaveLength(1);
});
