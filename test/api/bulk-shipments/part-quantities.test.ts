import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  commandLine,
  listedLine,
  type PlacedLine,
  placeIn,
  placeOrder,
  take,
  uniqueWaybill,
} from '../../support/scenes/orders.ts';
import { BULK, csv, downloaded, ended, HEADER, start, upload, workbook } from '../../support/scenes/sheets.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

interface PartKey {
  deliveryNo: string;
  lineNo: number;
}
const TITLES = [...HEADER, '수량'];
const five = () => placeIn(stack, 'released', { quantity: 5 });
const rowOf = ({ deliveryNo, lineNo }: PlacedLine, quantity: string | number, no: string | number = lineNo) => [
  deliveryNo,
  String(no),
  '04',
  uniqueWaybill(),
  quantity,
];
async function shipped(...rows: (string | number)[][]) {
  const { status, body } = await upload(stack, await workbook(rows, TITLES));
  expect(status).toBe(201);
  await start(stack, body.id);
  return { id: body.id, job: await ended(stack, body.id) };
}

describe('a row with 수량', () => {
  test('less than what is valid: so many leave, the rest is a line of its own, and the result says which', async () => {
    const line = await five();
    const { id, job } = await shipped(rowOf(line, 3));
    expect(job).toMatchObject({ succeeded: 1, failed: 0 });
    const mine = (await listedLine(stack, line)) as unknown as { splitTo: PartKey[] };
    expect(mine).toMatchObject({ state: 'shipped', validQuantity: 3 });
    const [rest] = mine.splitTo as [PartKey];
    const part = { ...line, ...rest };
    expect(await listedLine(stack, part)).toMatchObject({ state: 'released', validQuantity: 2, waybillNo: null });
    const [, result] = await downloaded(stack, `${BULK}/${id}/result.xlsx`);
    expect(result?.slice(-2)).toEqual(['성공', `분할: 나머지 2개는 ${rest.deliveryNo} ${rest.lineNo}번 줄 (출고지시)`]);
    expect((await shipped(rowOf(part, 2))).job).toMatchObject({ succeeded: 1 });
    const { body } = await stack.get(`${BULK}/lookup?deliveryNo=${rest.deliveryNo}`);
    expect(body.items[0].lines).toMatchObject([{ splitFrom: { deliveryNo: line.deliveryNo, lineNo: 1 }, state: 'shipped' }]);
  });

  test.each([
    ['as much as is valid', 5],
    ['nothing', ''],
    ['a text with a unit', '5개'],
  ])('%s: the whole line leaves, nothing is split', async (_what, quantity) => {
    const line = await five();
    expect((await shipped(rowOf(line, quantity))).job).toMatchObject({ succeeded: 1 });
    expect(await listedLine(stack, line)).toMatchObject({ state: 'shipped', validQuantity: 5, splitTo: [] });
  });

  test.each([
    ['more than is left', 6, 'QUANTITY_EXCEEDED'],
    ['nought', 0, 'QUANTITY_INVALID'],
    ['a word', '세개', 'QUANTITY_INVALID'],
    ['a fraction', 1.5, 'DIGITS_LOST'],
  ])('%s is a fault of its row, and nothing leaves', async (_what, quantity, code) => {
    const line = await five();
    const { body } = await upload(stack, await workbook([rowOf(line, quantity)], TITLES));
    expect(body).toMatchObject({ valid: 0, invalid: 1, errors: [{ row: 2, deliveryNo: line.deliveryNo, code }] });
  });

  test('the same from a CSV, whatever column it stands in', async () => {
    const line = await five();
    const [deliveryNo, lineNo, carrier, waybill] = rowOf(line, 1) as [string, string, string, string];
    const bytes = csv([['1', deliveryNo, lineNo, carrier, waybill]], ['출고수량(개)', ...HEADER]);
    const { body } = await upload(stack, bytes, { name: '출고.csv' });
    await start(stack, body.id);
    expect(await ended(stack, body.id)).toMatchObject({ succeeded: 1 });
    expect(await listedLine(stack, line)).toMatchObject({ state: 'shipped', validQuantity: 1 });
  });

  test('without 순번, of a delivery of one line it is that line; of several only all of it can be meant', async () => {
    const line = await five();
    expect((await shipped(rowOf(line, 2, ''))).job).toMatchObject({ succeeded: 1 });
    expect(await listedLine(stack, line)).toMatchObject({ validQuantity: 2 });
    const [one, two] = (await placeOrder(stack, [{ quantity: 2 }, { quantity: 2 }])) as [PlacedLine, PlacedLine];
    for (const each of [one, two]) await take(stack, each, ['instruct', 'release']);
    const { body } = await upload(stack, await workbook([rowOf(one, 3, '')], TITLES));
    expect(body).toMatchObject({ valid: 0, errors: [{ code: 'LINE_NO_REQUIRED' }] });
    expect((await shipped(rowOf(one, 4, ''))).job).toMatchObject({ succeeded: 1 });
    expect(await listedLine(stack, two)).toMatchObject({ state: 'shipped', splitTo: [] });
  });

  test('what was split meanwhile cannot leave with more than it has', async () => {
    const line = await five();
    const { body } = await upload(stack, await workbook([rowOf(line, 5)], TITLES));
    await commandLine(stack, 'split', line, { quantity: 2 });
    await start(stack, body.id);
    expect(await ended(stack, body.id)).toMatchObject({ succeeded: 0, failed: 1 });
    const [, result] = await downloaded(stack, `${BULK}/${body.id}/result.xlsx`);
    expect(result?.at(-1)).toContain('남은 수량보다 많습니다');
    expect(await listedLine(stack, line)).toMatchObject({ state: 'released', validQuantity: 3 });
  });

  test('the part is alive at once', async () => {
    const line = await five();
    await shipped(rowOf(line, 4));
    const { splitTo } = (await listedLine(stack, line)) as unknown as { splitTo: PartKey[] };
    const detail = () => stack.get(`/api/bo/v1/deliveries/${splitTo[0]?.deliveryNo}?live=true`);
    await eventually(async () => (await detail()).body.lines[0].live !== null);
  });
});
