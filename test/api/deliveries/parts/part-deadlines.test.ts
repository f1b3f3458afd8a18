import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { calendarOf } from '../../../../domain/dispatch/calendar.ts';
import { dueOn } from '../../../../domain/dispatch/deadline.ts';
import { daysAgo, onOneDay, seoulDay, seoulTime } from '../../../support/clock.ts';
import { commandLine, type LineOverrides, type PlacedLine, placeOrder, storedRow, take } from '../../../support/scenes/orders.ts';
import { createDispatchPolicy, createPlace, inOpenDays } from '../../../support/scenes/shipping.ts';
import { type Stack, startStack } from '../../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const promised = '2999-12-31';
const PAID_DAYS_AGO = 14;
/** A line of five, paid two weeks ago. */
async function paidLine(overrides: LineOverrides) {
  const [line] = await placeOrder(stack, [{ quantity: 5, ...overrides }], {
    orderedAt: seoulTime(Date.parse(daysAgo(PAID_DAYS_AGO))),
  });
  return line as PlacedLine;
}
/** The day that one open day of this policy gives for what is paid, or split, so long ago. */
const oneOpenDay = (days: number, own: { day: string; open: boolean }[] = []) => {
  const policy = { dispatchPolicyNo: 1, dispatchType: 'B' as const, readyDays: 1, closeTime: null };
  const facts = { days: own.map((each) => ({ ...each, placeNo: 0, name: '재고 조사' })), weeks: [] };
  return dueOn({ policy, paidAt: daysAgo(days), requestedOn: null }, calendarOf(facts, null));
};
const splitOff = async (line: PlacedLine, fields: object = { quantity: 2 }, command = 'split'): Promise<PlacedLine> => {
  const { newLine } = await commandLine(stack, command, line, fields, { reason: '재고 부족' });
  return { ...line, ...newLine };
};
const deadlineOf = async (line: PlacedLine) => {
  const { dispatch_due_on: on, dispatch_due_by: by, dispatch_terms: terms, overdue_at } = await storedRow(stack, line);
  return { on, by, terms: terms as { policy: unknown; paidAt: string } | null, overdue: overdue_at !== null };
};
const policyLine = async () => {
  const dispatchPolicyNo = await createDispatchPolicy(stack, inOpenDays(1));
  return { dispatchPolicyNo, line: await paidLine({ placeNo: await createPlace(stack, { dispatchPolicyNo }) }) };
};
const markOverdue = (line: PlacedLine) =>
  stack.db.query(sql`update delivery_lines set overdue_at = now() where delivery_no = ${line.deliveryNo}`);

describe('발송기한 of a part', () => {
  test('by policy: counted from the split, by the policy as it was, and not overdue as its line is', () =>
    onOneDay(async () => {
      const { dispatchPolicyNo, line } = await policyLine();
      const before = await deadlineOf(line);
      expect(before).toMatchObject({ on: oneOpenDay(PAID_DAYS_AGO), by: 'policy' });
      await markOverdue(line);
      await stack.put(`/item/v1/shipping/dispatch-policies/${dispatchPolicyNo}`, {
        ...{ dispatchPolicyName: '느림', dispatchType: 'B', readyDurationDay: 30, isDefault: false },
      });
      const split = await splitOff(line);
      const part = await deadlineOf(split);
      expect(part).toMatchObject({ on: oneOpenDay(0), by: 'policy', overdue: false });
      expect(part.terms).toMatchObject({ policy: before.terms?.policy });
      expect(Date.parse(part.terms?.paidAt ?? '')).toBeGreaterThan(Date.parse(daysAgo(1)));
      expect(await deadlineOf(line)).toEqual({ ...before, overdue: true });
      await take(stack, line, ['instruct', 'release']);
      expect(await deadlineOf(await splitOff(line, { quantity: 1 }, 'report-stockout'))).toMatchObject({ on: oneOpenDay(0) });
    }));

  test("never before its line's, on the calendar as it is now", () =>
    onOneDay(async () => {
      const { line } = await policyLine();
      await stack.db.query(sql`update delivery_lines set dispatch_due_on = ${promised} where delivery_no = ${line.deliveryNo}`);
      await markOverdue(line);
      expect(await deadlineOf(await splitOff(line))).toMatchObject({ on: promised, by: 'policy', overdue: true });
      const next = oneOpenDay(0) ?? '';
      await stack.put(`/api/bo/v1/calendar/days/${next}`, { open: false, name: '재고 조사' });
      const other = (await policyLine()).line;
      expect((await deadlineOf(await splitOff(other))).on).toBe(oneOpenDay(0, [{ day: next, open: false }]));
      await stack.delete(`/api/bo/v1/calendar/days/${next}`);
    }));

  test('the day that the buyer was told stays, and so does that it has passed', async () => {
    const { line } = await policyLine();
    await take(stack, line, ['notify-delay']);
    await markOverdue(line);
    const part = await splitOff(line);
    expect(await deadlineOf(part)).toMatchObject({ overdue: true });
    expect((await storedRow(stack, part)).delay_expected_on).toBe(seoulDay(5));
  });
});
