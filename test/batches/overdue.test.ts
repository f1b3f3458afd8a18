import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { markOverdue } from '../../db/deliveries/overdue.ts';
import { seoulDay } from '../support/clock.ts';
import { runBatch, runsOf } from '../support/scenes/batches.ts';
import {
  commandLine,
  delayNotice,
  type PlacedLine,
  pathTo,
  placeIn,
  storedHistory,
  storedRow,
  take,
} from '../support/scenes/orders.ts';
import { releasedRows } from '../support/scenes/rows.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** Each line that has not left by its day is marked once. */
const ID = 'dispatch-overdue';
let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const run = () => runBatch(stack, ID);
/** Days far enough from today that midnight changes nothing. */
const [LONG_AGO, PAST, AHEAD] = [seoulDay(-20), seoulDay(-3), seoulDay(5)];

/** Shifts the day of a line, as if it had been ordered with that one. */
const due = ({ deliveryNo }: PlacedLine, on: string | null) =>
  stack.db.query(
    sql`update delivery_lines set dispatch_due_on = ${on}, dispatch_due_by = ${on && 'channel'} where delivery_no = ${deliveryNo}`,
  );
/** Shifts the day that was promised for it into the past. */
const promised = ({ deliveryNo }: PlacedLine, on: string) =>
  stack.db.query(sql`update delivery_lines set delay_expected_on = ${on} where delivery_no = ${deliveryNo}`);
const marks = async (line: PlacedLine) => {
  const history = await storedHistory(stack, line);
  return {
    marked: (await storedRow(stack, line)).overdue_at !== null,
    entries: history.filter(({ command }) => command === 'overdue').length,
  };
};
const ONCE = { marked: true, entries: 1 };
const NEVER = { marked: false, entries: 0 };

describe('which lines', () => {
  test.each(['ordered', 'instructed', 'released', 'awaitingShipment'] as const)(
    '%s after its day: once, with a row in its history',
    async (state) => {
      const line = await placeIn(stack, state);
      await due(line, PAST);
      const before = await storedRow(stack, line);
      expect(await run()).toMatchObject({ examined: 1, succeeded: 1, failed: 0, skipped: 0, errors: [] });
      expect(await run()).toMatchObject({ examined: 0, succeeded: 0 });
      expect(await marks(line)).toEqual(ONCE);
      // The line itself is as it was, and goes on.
      expect(await storedRow(stack, line)).toEqual({ ...before, overdue_at: expect.any(Date) });
      const { body } = await stack.get(`/api/bo/v1/deliveries/${line.deliveryNo}`);
      const entry = body.history.at(-1);
      expect(entry).toMatchObject({ command: 'overdue', by: 'schedule', from: state, to: state, revision: null });
      expect(entry).not.toHaveProperty('refused');
      const rest = ['instruct', 'release', 'ship'].slice(Math.min(2, pathTo[state].length));
      await take(stack, line, state === 'awaitingShipment' ? ['clear-stockout', 'ship'] : rest);
      expect(await run()).toMatchObject({ examined: 0 });
      expect(await marks(line)).toEqual(ONCE);
    },
  );

  test('what has its day still to come, none at all, has left or was canceled is left alone', async () => {
    const lines = await Promise.all(
      (['ordered', 'released', 'shipped', 'delivered', 'canceled'] as const).map((state) => placeIn(stack, state)),
    );
    const [ahead, without, ...gone] = lines;
    if (!ahead || !without) throw new Error('no lines');
    await due(ahead, AHEAD);
    await due(without, null);
    for (const line of gone) await due(line, PAST);
    expect(await run()).toMatchObject({ examined: 0 });
    for (const line of lines) expect(await marks(line)).toEqual(NEVER);
  });

  test('a day that was promised instead is the one that counts, also where there was none before', async () => {
    const [noticed, missed, without] = await Promise.all([1, 2, 3].map(() => placeIn(stack, 'ordered')));
    for (const line of [noticed, missed, without] as PlacedLine[]) {
      await due(line, line === without ? null : LONG_AGO);
      expect(await commandLine(stack, 'notify-delay', line, {}, { ...delayNotice(), reason: '재고' })).toMatchObject({
        ok: true,
      });
    }
    for (const line of [missed, without] as PlacedLine[]) await promised(line, PAST);
    expect(await run()).toMatchObject({ examined: 2, succeeded: 2 });
    expect(await marks(noticed as PlacedLine)).toEqual(NEVER);
    for (const line of [missed, without] as PlacedLine[]) expect(await marks(line)).toEqual(ONCE);
  });

  test('a line that was late and then missed its promise too is marked once in its life', async () => {
    const line = await placeIn(stack, 'ordered');
    await due(line, LONG_AGO);
    await run();
    await commandLine(stack, 'notify-delay', line, {}, { ...delayNotice(), reason: '재고' });
    await promised(line, PAST);
    expect(await run()).toMatchObject({ examined: 0 });
    expect(await marks(line)).toEqual(ONCE);
  });

  test('a restored row is marked again, its history keeps the first', async () => {
    const line = await placeIn(stack, 'ordered');
    await due(line, PAST);
    await run();
    await stack.db.query(sql`update delivery_lines set overdue_at = null where delivery_no = ${line.deliveryNo}`);
    await run();
    expect(await marks(line)).toEqual(ONCE);
  });

  test('the day after the line’s is the first on which it is late', async () => {
    const [deliveryNo] = await releasedRows(stack.db, 1);
    await stack.db.query(
      sql`update delivery_lines set dispatch_due_on = '2026-11-27', dispatch_due_by = 'policy' where delivery_no = ${deliveryNo}`,
    );
    expect(await markOverdue(stack.db.query, '2026-11-27', 10)).toBe(0);
    expect(await markOverdue(stack.db.query, '2026-11-28', 10)).toBe(1);
  });
});

test('not in the list, whose clients know two; by its id it is there with its runs', async () => {
  const { body } = await stack.get('/api/bo/v1/batches');
  expect(body.items.map(({ id }: { id: string }) => id)).toEqual(['auto-complete', 'waybill-registration']);
  const { status, body: batch } = await stack.get(`/api/bo/v1/batches/${ID}`);
  expect([status, batch.id, batch.timeZone]).toEqual([200, ID, 'Asia/Seoul']);
  await run();
  expect((await runsOf(stack, ID))[0]).toMatchObject({ trigger: 'manual', by: 'kim' });
});
