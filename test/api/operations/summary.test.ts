import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { onOneDay, seoulDay } from '../../support/clock.ts';
import { unique } from '../../support/scenes/orders.ts';
import { pickupIn, placedLine } from '../../support/scenes/pickups.ts';
import { insertRows, type ListedRow } from '../../support/scenes/rows.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const LINES = '/api/bo/v1/delivery-lines';
/** How many rows a list has, by its own count. */
async function totalOf(list: string, asked: Record<string, string>): Promise<number> {
  const { status, body } = await stack.get(`${list}?${new URLSearchParams({ ...asked, count: 'true', limit: '1' })}`);
  expect([status, body.errors]).toEqual([200, undefined]);
  return body.total;
}
const summary = async () => (await stack.get('/api/bo/v1/summary')).body;
const inState = (among: any[], state: string) => among.find((each) => each.state === state);

const order = ['ordered', 'instructed', 'released', 'awaitingShipment', 'shipped', 'delivered'];
const dates = [undefined, 'instructedAt', 'releasedAt', 'releasedAt', 'shippedAt', 'deliveredAt'] as const;
/** A line in this state, which it reached at this instant, each step before an hour earlier. */
function lineAt(state: string, reached: string, more: Partial<ListedRow> = {}): ListedRow {
  const at = order.indexOf(state);
  const steps = [...new Set(dates.slice(1, at + 1))];
  const earlier = (hours: number) => new Date(Date.parse(reached) - hours * 3_600_000).toISOString();
  return {
    deliveryNo: unique('D'),
    state,
    orderedAt: earlier(steps.length),
    ...Object.fromEntries(steps.map((step, n) => [step, earlier(steps.length - 1 - n)])),
    ...more,
  };
}
const seoul = (day: string, time: string) => `${day}T${time}+09:00`;
/** On both sides of every border that counts. */
const moments = () => [
  seoul(seoulDay(-2), '12:00:00.000'),
  seoul(seoulDay(-1), '00:00:00.000'),
  seoul(seoulDay(-1), '23:59:59.999'),
  seoul(seoulDay(), '00:00:00.000'),
  seoul(seoulDay(), '09:59:59.999'),
  seoul(seoulDay(), '10:00:00.000'),
];
const insertEach = (more: Partial<ListedRow> = {}) =>
  insertRows(
    stack.db,
    order.flatMap((state) => moments().map((moment) => lineAt(state, moment, more))),
  );
/** What the lists leave out. */
const insertUnlisted = () =>
  insertRows(stack.db, [
    lineAt('ordered', seoul(seoulDay(), '10:30:00'), { state: 'canceled', quantity: 2, canceled: 2 }),
    lineAt('delivered', seoul(seoulDay(), '10:30:00'), { quantity: 2, returned: 2 }),
    lineAt('shipped', seoul(seoulDay(-1), '10:30:00'), { quantity: 2, returned: 2 }),
  ]);

describe('a number opens the list that it counts', () => {
  test('GET /summary: count and beforeToday of each state are the totals of its list', () =>
    onOneDay(async () => {
      await insertEach();
      await insertUnlisted();
      const { deliveries } = await summary();
      expect(deliveries.map(({ state, dateField }: any) => [state, dateField])).toEqual([
        ['ordered', 'orderedAt'],
        ['instructed', 'instructedAt'],
        ['released', 'releasedAt'],
        ['awaitingShipment', 'releasedAt'],
        ['shipped', 'shippedAt'],
        ['delivered', 'deliveredAt'],
      ]);
      for (const { state, dateField, count, beforeToday, waitingSince } of deliveries) {
        expect([state, await totalOf(LINES, { state })]).toEqual([state, count]);
        expect([state, await totalOf(LINES, { state, dateField, to: seoulDay(-1) })]).toEqual([state, beforeToday]);
        expect(beforeToday).toBeGreaterThanOrEqual(3);
        expect(count - beforeToday).toBeGreaterThanOrEqual(3);
        const oldest = (await stack.get(`${LINES}?state=${state}&sort=${dateField}&limit=1`)).body.items[0];
        expect([state, waitingSince]).toEqual([state, oldest[dateField]]);
      }
    }));

  test('of pickups too', () =>
    onOneDay(async () => {
      const before = (await summary()).pickups;
      for (const [state, date] of [
        ['requested', 'requested_at'],
        ['instructed', 'instructed_at'],
        ['confirmed', 'confirmed_at'],
        ['completed', 'completed_at'],
      ] as const) {
        const pickupNo = await pickupIn(stack, state, await placedLine(stack));
        await pickupIn(stack, state, await placedLine(stack));
        await stack.db.query(
          sql`update pickups set ${sql.ref(date)} = ${seoul(seoulDay(-1), '23:59:59.999')} where pickup_no = ${pickupNo}`,
        );
      }
      await pickupIn(stack, 'refused', await placedLine(stack));
      const { pickups } = await summary();
      for (const { state, dateField, count, beforeToday, waitingSince } of pickups) {
        const asked = { state, dateField };
        expect([state, await totalOf('/api/bo/v1/pickups', { state })]).toEqual([state, count]);
        expect([state, await totalOf('/api/bo/v1/pickups', { ...asked, to: seoulDay(-1) })]).toEqual([state, beforeToday]);
        if (count === 0) expect(waitingSince).toBeNull();
      }
      const more = (state: string, key: string) => inState(pickups, state)[key] - inState(before, state)[key];
      expect([more('confirmed', 'count'), more('confirmed', 'beforeToday')]).toEqual([2, 1]);
      expect([more('refused', 'count'), more('refused', 'beforeToday')]).toEqual([1, 0]);
      expect(inState(pickups, 'confirmed').dateField).toBe('confirmedAt');
      expect(inState(pickups, 'refused').dateField).toBe('requestedAt');
    }));

  test('GET /summary/hours: every hour of today and yesterday is the total of its list', () =>
    onOneDay(async () => {
      await insertEach({ placeNo: null });
      await insertUnlisted();
      const { days } = (await stack.get('/api/bo/v1/summary/hours')).body;
      expect(days.map(({ date, hours }: any) => [date, hours.map(({ hour }: any) => hour)])).toEqual(
        [seoulDay(), seoulDay(-1)].map((day) => [day, Array.from({ length: 24 }, (_, hour) => hour)]),
      );
      const fields = { ordered: 'orderedAt', instructed: 'instructedAt', shipped: 'shippedAt', delivered: 'deliveredAt' };
      for (const { date, hours } of days)
        for (const { hour, ...counts } of hours) {
          const clock = String(hour).padStart(2, '0');
          const between = { from: seoul(date, `${clock}:00:00`), to: seoul(date, `${clock}:59:59.999`) };
          const totals = await Promise.all(
            Object.entries(fields).map(async ([name, dateField]) => [name, await totalOf(LINES, { dateField, ...between })]),
          );
          expect([date, hour, counts]).toEqual([date, hour, Object.fromEntries(totals)]);
        }
      const at = (day: number, hour: number) => days[day].hours[hour];
      expect([at(0, 0).ordered, at(0, 9).shipped, at(1, 23).delivered].every((count) => count > 0)).toBe(true);
    }));
});
