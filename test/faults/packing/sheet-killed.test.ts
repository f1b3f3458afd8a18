import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { type ApiProcess, type ProcessStack, startProcesses } from '../../support/processes/process-stack.ts';
import { expectSame, historyOf } from '../../support/scenes/faults.ts';
import { type PlacedLine, placeOrder } from '../../support/scenes/orders.ts';
import { BULK, csv, downloaded, ended, releaseSurely, start, upload } from '../../support/scenes/sheets.ts';
import { createPlace, newRange, numberAt } from '../../support/scenes/shipping.ts';
import { signToken, withoutPii } from '../../support/stack.ts';
import { stopAt } from './stop-at.ts';

/** Rows of the sheet; every third is a delivery of two lines. */
const ROWS = 36;
let stack: ProcessStack;
let api: ApiProcess;
beforeAll(async () => {
  stack = await startProcesses({ environment: { BULK_CONCURRENCY: '4' } });
  api = await stack.startApi({}, false);
});
afterAll(() => stack.stop());

const client = () => ({ url: api.url, token: () => signToken(withoutPii) });

/** A place that draws by itself, and released deliveries of it, in the order of the sheet that names a carrier alone for each. */
async function sheetOfPlace() {
  const placeNo = await createPlace(api);
  const range = await newRange(api, placeNo, { autoWaybill: true });
  const deliveries: PlacedLine[][] = [];
  for (let row = 0; row < ROWS; row++) deliveries.push(await placeOrder(api, Array(row % 3 === 2 ? 2 : 1).fill({ placeNo })));
  const numbers = deliveries.map(([line]) => ({ deliveryNo: line?.deliveryNo ?? '' }));
  await releaseSurely(api, numbers);
  const { body } = await upload(client(), csv(numbers.map(({ deliveryNo }) => [deliveryNo, '', '04', ''])), { name: '출고.csv' });
  expect(body).toMatchObject({ valid: ROWS, invalid: 0, skipped: 0 });
  return { range, lines: deliveries.flat(), deliveryNos: numbers.map(({ deliveryNo }) => deliveryNo), id: body.id as string };
}
type Sheet = Awaited<ReturnType<typeof sheetOfPlace>>;

/**
 * The numbers that deliveries have left with, by delivery: those that the range has given, from its first, and no others. One statement,
 * because what a killed worker had asked for may still be committed.
 */
async function numbersOf({ range, deliveryNos }: Sheet): Promise<Map<string, string>> {
  type Pair = [deliveryNo: string, waybillNo: string];
  const [now] = await stack.db.query(sql<{ left: Pair[]; given: Pair[]; used: number }>`
    select (select coalesce(jsonb_agg(distinct jsonb_build_array(delivery_no, waybill_no)), '[]') from delivery_lines
             where delivery_no = any(${deliveryNos}) and state = 'shipped') as left,
           (select coalesce(jsonb_agg(jsonb_build_array(delivery_no, waybill_no) order by waybill_no), '[]') from waybills
             where range_no = ${range.rangeNo}) as given,
           (select (next_no - first_no)::int from waybill_ranges where range_no = ${range.rangeNo}) as used`);
  const { left = [], given = [], used } = now ?? {};
  expect(given.map(([, waybillNo]) => waybillNo)).toEqual(given.map((_, at) => numberAt(range, at)));
  expect([used, left.length, new Map(given).size]).toEqual(Array(3).fill(given.length));
  expect(new Map(left)).toEqual(new Map(given));
  return new Map(given);
}

const shipOf = (deliveryNo: string | undefined, lineNo: number) =>
  `new.delivery_no = '${deliveryNo}' and new.line_no = ${lineNo} and new.command = 'ship'`;

describe('a sheet without waybills, and the worker killed in the middle of it', () => {
  test('with a number in hand, with outcomes that nobody has stored, and between the lines of a delivery', async () => {
    let worker = await stack.startWorker();
    const sheet = await sheetOfPlace();
    const { id, deliveryNos, lines } = sheet;
    // The job hears of nothing, while a record stands in the middle of the sheet with a number that is not committed.
    const unheard = await stopAt(stack, 'update', 'bulk_shipment_rows', `new.job_id = '${id}'`);
    const inHand = await stopAt(stack, 'insert', 'delivery_history', shipOf(deliveryNos[18], 1));
    expect((await start(api, id)).status).toBe(202);
    await inHand.reached();
    await unheard.reached();
    await worker.kill();
    await inHand.end();
    await unheard.end();
    const first = await numbersOf(sheet);
    expect(first.has(deliveryNos[18] ?? '')).toBe(false);
    expect(first.size).toBeGreaterThan(10);
    expect((await api.get(`${BULK}/${id}`)).body).toMatchObject({ state: 'running', processed: 0 });

    // The second line of a delivery whose first has left with a number.
    const between = await stopAt(stack, 'insert', 'delivery_history', shipOf(deliveryNos[29], 2));
    worker = await stack.startWorker();
    await between.reached();
    await worker.kill();
    await between.end();
    const second = await numbersOf(sheet);
    expect(second.has(deliveryNos[29] ?? '')).toBe(true);
    for (const [deliveryNo, waybillNo] of first) expect(second.get(deliveryNo)).toBe(waybillNo);

    worker = await stack.startWorker();
    expect(await ended(api, id)).toMatchObject({ state: 'completed', valid: ROWS, skipped: 0, succeeded: ROWS, failed: 0 });
    const last = await numbersOf(sheet);
    expect(last.size).toBe(ROWS);
    for (const [deliveryNo, waybillNo] of second) expect(last.get(deliveryNo)).toBe(waybillNo);
    for (const line of lines) {
      expect(await historyOf(stack, line)).toEqual(['order', 'instruct', 'release', 'ship']);
      await expectSame(stack, line);
    }
    const results = (await downloaded(client(), `${BULK}/${id}/result.xlsx`)).slice(1);
    expect(results.map((row) => [row[0], row[3], ...row.slice(-2)])).toEqual(
      deliveryNos.map((no) => [no, last.get(no), '성공', `운송장 대역에서 받은 번호 ${last.get(no)}`]),
    );
    await worker.stop();
  });
});
