import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { constantFrom, integer, option, record, sample } from 'fast-check';
import { countLines } from '../../../db/deliveries/count.ts';
import { dueStatuses } from '../../../db/deliveries/due.ts';
import { findDeliveries, findLines } from '../../../db/deliveries/list.ts';
import { type DeliveryState, deliveryStates } from '../../../domain/deliveries/line.ts';
import { dispatchStatusOf, unshippedStates } from '../../../domain/dispatch/status.ts';
import { onOneDay, seoulDay } from '../../support/clock.ts';
import { insertRows, numbers } from '../../support/scenes/rows.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({}, { hasWorker: false });
});
afterAll(() => stack.stop());

const LINES = '/api/bo/v1/delivery-lines';
const states = Object.keys(deliveryStates) as DeliveryState[];

/** Lines in every state, due before, on and after these days, some with a notice, some canceled or returned. */
function anyLines(prefix: string, count: number) {
  const no = numbers(prefix);
  const day = option(integer({ min: -4, max: 5 }));
  const drawn = sample(
    record({
      state: constantFrom(...states, ...unshippedStates),
      dueIn: day,
      delayIn: option(day, { freq: 2 }),
      isLeft: integer({ min: 0, max: 5 }),
    }),
    count,
  );
  return drawn.map(({ state, dueIn, delayIn, isLeft }, at) => {
    const isEmpty = state === 'canceled' || isLeft === 0;
    return {
      deliveryNo: no(at),
      placeNo: 7_000,
      state,
      canceled: isEmpty ? 2 : 0,
      dispatchDueOn: dueIn === null ? null : seoulDay(dueIn),
      delayExpectedOn: delayIn === null ? null : seoulDay(delayIn),
      validQuantity: isEmpty ? 0 : 2,
    };
  });
}

describe('due=', () => {
  test('finds in SQL what `dispatchStatusOf` says of each line, on any day, in any order', () =>
    onOneDay(async () => {
      const lines = anyLines('DUE', 250);
      await insertRows(stack.db, lines);
      const { query } = stack.db;
      for (const today of [-2, 0, 1].map((days) => seoulDay(days)))
        for (const status of dueStatuses) {
          const asked = { due: { status, today }, placeNo: 7_000 };
          const expected = lines.filter((line) => dispatchStatusOf(line, today) === status).map(({ deliveryNo }) => deliveryNo);
          expect(expected.length).toBeGreaterThan(0);
          for (const sort of ['dispatchDueOn', 'orderedAt'] as const) {
            const page = { filter: asked, sort, descending: false, limit: 500 };
            const found = async (list: typeof findLines | typeof findDeliveries) =>
              (await list(query, page)).map((row) => row.delivery_no).sort();
            expect([today, status, sort, await found(findLines)]).toEqual([today, status, sort, expected]);
            expect([today, status, sort, await found(findDeliveries)]).toEqual([today, status, sort, expected]);
          }
          expect((await countLines(query, asked, 10_001, false)).count).toBe(expected.length);
          const ordered = { ...asked, states: ['ordered', 'shipped'] satisfies DeliveryState[] };
          const alsoOrdered = lines.filter((line) => line.state === 'ordered' && expected.includes(line.deliveryNo));
          const page = await findLines(query, { filter: ordered, sort: 'dispatchDueOn', descending: true, limit: 500 });
          expect(page.map((row) => row.delivery_no).sort()).toEqual(alsoOrdered.map(({ deliveryNo }) => deliveryNo));
          expect((await countLines(query, ordered, 10_001, false)).count).toBe(alsoOrdered.length);
        }
      for (const { deliveryNo, state, canceled: _, ...line } of lines) {
        const { body } = await stack.get(`/api/bo/v1/deliveries/${deliveryNo}/items`);
        expect(body.items).toMatchObject([
          {
            dispatchDueOn: line.dispatchDueOn,
            dispatchDueBy: line.dispatchDueOn && 'policy',
            dispatchStatus: dispatchStatusOf({ state, ...line }, seoulDay()),
            delay: line.delayExpectedOn && { expectedOn: line.delayExpectedOn, reasonCode: 'STOCK' },
          },
        ]);
      }
    }));

  test('shows what is due first, and what has no state of those that have still to leave shows nothing', () =>
    onOneDay(async () => {
      const no = numbers('SOON');
      const rows = [-1, -3, -2, -2].map((days, at) => ({ deliveryNo: no(at), placeNo: 7_001, dispatchDueOn: seoulDay(days) }));
      await insertRows(stack.db, rows);
      const { body } = await stack.get(`${LINES}?due=late&placeNo=7001&count=true`);
      expect(body.items.map(({ deliveryNo }: any) => deliveryNo)).toEqual([no(1), no(2), no(3), no(0)]);
      expect(body.total).toBe(4);
      expect((await stack.get(`${LINES}?due=late&placeNo=7001&state=shipped&count=true`)).body).toEqual({
        items: [],
        nextCursor: null,
        total: 0,
      });
    }));

  test('the cursor of a line without a day leads to no line that is due', async () => {
    const cursor = Buffer.from(JSON.stringify(['dispatchDueOn', null, ['A', 1]])).toString('base64url');
    const { status, body } = await stack.get(`${LINES}?due=late&cursor=${cursor}`);
    expect([status, body.items]).toEqual([200, []]);
  });
});

test('배송목록 is in order of the line of each delivery that is due first', async () => {
  const no = numbers('FIRST');
  const line = (at: number, lineNo: number, days: number | null) => ({
    deliveryNo: no(at),
    lineNo,
    placeNo: 7_002,
    dispatchDueOn: days === null ? null : seoulDay(days),
  });
  await insertRows(stack.db, [line(1, 1, 9), line(1, 2, 2), line(2, 1, 3), line(2, 2, null), line(3, 1, null), line(4, 1, 1)]);
  const found = async (sort: string) =>
    (await stack.get(`/api/bo/v1/deliveries?placeNo=7002&sort=${sort}`)).body.items.map((item: any) => item.deliveryNo);
  expect(await found('dispatchDueOn')).toEqual([no(4), no(1), no(2), no(3)]);
  expect(await found('-dispatchDueOn')).toEqual([no(2), no(1), no(4), no(3)]);
});
