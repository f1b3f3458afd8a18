import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import pg from 'pg';
import { recordsWaiting } from '../../support/scenes/faults.ts';
import { commandLine, type PlacedLine, placeIn } from '../../support/scenes/orders.ts';
import { createPlace, newRange, numberAt, RANGES, rangeNow } from '../../support/scenes/shipping.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const ship = (line: PlacedLine) => commandLine(stack, 'ship', line, { autoWaybill: true });
async function linesAt(placeNo: number, count: number): Promise<PlacedLine[]> {
  return Promise.all(Array.from({ length: count }, () => placeIn(stack, 'released', { placeNo })));
}

/** The unique waybill alone would keep two from one number too; these show that whoever draws has the range to itself. */
describe('the range is locked while a number is drawn', () => {
  test('who waits has taken nothing yet, and goes on behind what the one before has taken', async () => {
    const placeNo = await createPlace(stack);
    const range = await newRange(stack, placeNo);
    const lines = await linesAt(placeNo, 3);
    const holder = new pg.Client({ connectionString: stack.databaseUrl });
    await holder.connect();
    await holder.query('begin');
    await holder.query('select from waybill_ranges where range_no = $1 for no key update', [range.rangeNo]);
    const shipped = lines.map(ship);
    await recordsWaiting(stack, 3);
    // Nobody has the first number in hand: this would wait for them.
    await holder.query(`set local lock_timeout = '1s'`);
    const first = [numberAt(range, 0), lines[0]?.deliveryNo];
    await holder.query(
      `insert into waybills (carrier_code, waybill_no, delivery_no, closed_at) values ('04', $1, $2, null)`,
      first,
    );
    await holder.query('update waybill_ranges set next_no = next_no + 1 where range_no = $1', [range.rangeNo]);
    await holder.query('commit');
    await holder.end();
    const drawn = (await Promise.all(shipped)).map(({ waybillNo }) => waybillNo);
    expect(drawn.sort()).toEqual([1, 2, 3].map((at) => numberAt(range, at)));
    expect(await rangeNow(stack, range)).toMatchObject({ used: 4 });
  });

  test('sixty at one moment over its end: consecutive, told once that it runs low, no transaction in another’s way', async () => {
    const placeNo = await createPlace(stack);
    const range = await newRange(stack, placeNo, { size: 50, lowAt: 30 });
    const lines = await linesAt(placeNo, 60);
    const before = await deadlocks();
    const results = await Promise.all(lines.map(ship));
    const drawn = results.flatMap(({ waybillNo }) => waybillNo ?? []);
    expect(drawn.sort()).toEqual(Array.from({ length: 50 }, (_, at) => numberAt(range, at)));
    const refused = results.flatMap(({ error }) => error?.code ?? []);
    expect(refused).toEqual(Array(10).fill('WAYBILL_RANGE_EMPTY'));
    expect(await rangeNow(stack, range)).toMatchObject({ used: 50, left: 0, state: 'used-up' });
    const told = await stack.db.query(sql<{ data: any }>`
      select data from events where type = 'waybill-range.low' and subject = ${`waybill-range/${range.rangeNo}`}`);
    expect(told.map(({ data }) => data.left)).toEqual([29]);
    expect(await deadlocks()).toBe(before);
  }, 60_000);

  test('a range that is paused while it is drawn from gives no number after its pause is answered', async () => {
    const placeNo = await createPlace(stack);
    const range = await newRange(stack, placeNo);
    const lines = await linesAt(placeNo, 20);
    const { placeNo: at, carrierCode, rule, from, to } = range;
    const shipped = lines.map(ship);
    const paused = await stack.put(`${RANGES}/${range.rangeNo}`, { placeNo: at, carrierCode, rule, from, to, paused: true });
    const { used } = paused.body;
    const results = await Promise.all(shipped);
    expect(results.filter(({ ok }) => ok)).toHaveLength(used);
    expect(await rangeNow(stack, range)).toMatchObject({ used, state: 'paused' });
  }, 60_000);

  test('two who change it at once, and overlap: one of them is refused', async () => {
    const placeNo = await createPlace(stack);
    const [one, other] = [await newRange(stack, placeNo, { size: 10 }), await newRange(stack, placeNo, { size: 10 })];
    const wide = (range: typeof one, from: string, to: string) =>
      stack.put(`${RANGES}/${range.rangeNo}`, { placeNo, carrierCode: '04', rule: 'none', from, to });
    // Each reaches into what lies between them.
    const middle = numberAt(one, 5_000);
    const answers = await Promise.all([wide(one, one.from, middle), wide(other, middle, other.to)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });
});

const deadlocks = async () =>
  (
    await stack.db.query(sql<{ n: number }>`select deadlocks::int as n from pg_stat_database where datname = current_database()`)
  )[0]?.n;
