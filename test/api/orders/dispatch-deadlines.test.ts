import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { calendarOf } from '../../../domain/dispatch/calendar.ts';
import { dueOn } from '../../../domain/dispatch/deadline.ts';
import { koreanDay } from '../../../domain/korea.ts';
import { type LineOverrides, ORDERED_AT, orderBody } from '../../support/scenes/orders.ts';
import { commandPickup, pickupIn, placedLine } from '../../support/scenes/pickups.ts';
import { createDispatchPolicy, createPlace, deadlinesOf, dispatchPolicyBody, inOpenDays } from '../../support/scenes/shipping.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const policies = '/item/v1/shipping/dispatch-policies';
const post = (body: unknown) => stack.post('/api/order/v1/orders', body);
type Line = LineOverrides & { dispatchPolicyNo?: unknown; requestedDispatchOn?: unknown; dispatchDueOn?: unknown };
async function taken(lines: Line[]) {
  const body = orderBody(lines);
  const { status, body: answer } = await post(body);
  expect([status, answer.code]).toEqual([201, undefined]);
  return { body, lines: await deadlinesOf(stack.db, body.orderNo) };
}
const paidOn = koreanDay(new Date(ORDERED_AT));
/** The n-th open day after the day of payment, of a place without a calendar of its own. */
const openDay = (n: number) => {
  const policy = { dispatchPolicyNo: 1, dispatchType: 'B' as const, readyDays: n, closeTime: null };
  return dueOn({ policy, paidAt: ORDERED_AT, requestedOn: null }, calendarOf({ days: [], weeks: [] }, null));
};
const later = '2999-12-31';

test("a line's own policy, its place's, the default one; none before there is one", async () => {
  const bare = await taken([{}, { requestedDispatchOn: later }]);
  expect(bare.lines).toMatchObject([
    { due: null, by: null, terms: null },
    { due: later, by: 'requested', terms: { policy: null, requestedOn: later } },
  ]);
  const [one, two] = [await createDispatchPolicy(stack, inOpenDays(1)), await createDispatchPolicy(stack, inOpenDays(2))];
  const three = await createDispatchPolicy(stack, { ...inOpenDays(3), isDefault: true });
  const placeNo = await createPlace(stack, { dispatchPolicyNo: two });
  const { lines, body } = await taken([
    { placeNo, dispatchPolicyNo: one },
    { placeNo },
    { placeNo: null },
    { placeNo, dispatchPolicyNo: String(one), dispatchDueOn: later },
    { placeNo, requestedDispatchOn: later },
  ]);
  const terms = (dispatchPolicyNo: number, readyDays: number, place: number | null, requestedOn: string | null = null) => ({
    policy: { dispatchPolicyNo, dispatchType: 'B', readyDays, closeTime: null },
    placeNo: place,
    requestedOn,
    paidAt: new Date(body.orderedAt as string).toISOString(),
  });
  expect(lines).toEqual([
    { line_no: 1, due: openDay(1), by: 'policy', terms: terms(one, 1, placeNo) },
    { line_no: 2, due: openDay(2), by: 'policy', terms: terms(two, 2, placeNo) },
    { line_no: 3, due: openDay(3), by: 'policy', terms: terms(three, 3, null) },
    { line_no: 4, due: later, by: 'channel', terms: null },
    { line_no: 5, due: openDay(2), by: 'policy', terms: terms(two, 2, placeNo, later) },
  ]);
  const kept = await stack.db.query(
    sql`select dispatch_policy_no as no, requested_dispatch_on as day from order_lines where order_no = ${body.orderNo} order by line_no`,
  );
  expect(kept).toEqual([
    { no: one, day: null },
    { no: null, day: null },
    { no: null, day: null },
    { no: one, day: null },
    { no: null, day: later },
  ]);
});

test("a line without a place has the default place's policy and calendar", async () => {
  const dispatchPolicyNo = await createDispatchPolicy(stack, inOpenDays(5));
  const placeNo = await createPlace(stack, { isDefaultShippingPlace: true, dispatchPolicyNo });
  const { lines } = await taken([{ placeNo: null }]);
  expect(lines).toMatchObject([{ due: openDay(5), terms: { placeNo, policy: { dispatchPolicyNo } } }]);
});

test('D takes the requested day, F none', async () => {
  const [d, f] = ['D', 'F'].map((dispatchType) => ({ dispatchType, dispatchCloseTime: null }));
  const [requested, never] = [await createDispatchPolicy(stack, d), await createDispatchPolicy(stack, f)];
  const { lines } = await taken([
    { dispatchPolicyNo: requested, requestedDispatchOn: later },
    { dispatchPolicyNo: requested },
    { dispatchPolicyNo: never, requestedDispatchOn: later },
  ]);
  expect(lines).toMatchObject([
    { due: later, by: 'requested' },
    { due: null, by: null, terms: null },
    { due: null, by: null, terms: null },
  ]);
});

test('what was taken stays as it was reckoned when the policy or the calendar is changed', async () => {
  const dispatchPolicyNo = await createDispatchPolicy(stack, inOpenDays(1));
  const placeNo = await createPlace(stack, { dispatchPolicyNo });
  const { body, lines } = await taken([{ placeNo }]);
  await stack.put(`${policies}/${dispatchPolicyNo}`, dispatchPolicyBody(inOpenDays(9)));
  await stack.put(`/api/bo/v1/calendar/days/${openDay(1)}`, { open: false, name: '재고 조사', placeNo });
  expect(await deadlinesOf(stack.db, body.orderNo)).toEqual(lines);
  const after = await taken([{ placeNo }]);
  expect(after.lines).toMatchObject([{ due: openDay(10), terms: { policy: { readyDays: 9 } } }]);
});

describe('400, naming the field, and nothing is written', () => {
  const yesterday = koreanDay(new Date(Date.parse(ORDERED_AT) - 86_400_000));
  test.each<[string, Line]>([
    ['dispatchPolicyNo', { dispatchPolicyNo: 999_999_999 }],
    ['dispatchPolicyNo', { dispatchPolicyNo: 'x' }],
    ['requestedDispatchOn', { requestedDispatchOn: yesterday }],
    ['requestedDispatchOn', { requestedDispatchOn: '2026-02-30' }],
    ['dispatchDueOn', { dispatchDueOn: yesterday }],
    ['dispatchDueOn', { dispatchDueOn: '2999-13-01' }],
    ['dispatchDueOn', { dispatchDueOn: '9999-12-31' }],
    ['dispatchDueOn', { dispatchDueOn: '2999-12-31T00:00:00Z' }],
  ])('%s: %j', async (field, line) => {
    const body = orderBody([{}, line]);
    const { status, body: answer } = await post(body);
    expect([status, answer.code, answer.errors?.[0]?.path]).toEqual([400, 'BAD_REQUEST', `lines.1.${field}`]);
    expect((await stack.get(`/api/order/v1/orders/${body.orderNo}`)).status).toBe(404);
  });

  test('the day of payment itself is allowed', async () => {
    const { lines } = await taken([{ dispatchDueOn: paidOn }]);
    expect(lines).toMatchObject([{ due: paidOn, by: 'channel' }]);
  });
});

test('an order that says nothing of dispatch has the hash it had before there was any', async () => {
  const [line] = orderBody([{}]).lines;
  const body = { ...orderBody(), lines: [{ ...line, dispatchPolicyNo: null, requestedDispatchOn: '', dispatchDueOn: null }] };
  expect((await post(body)).status).toBe(201);
  const { lines: _, ...head } = body;
  // As the version before had it: the fields of the schema then, in its order.
  const { lineNo, productId, productName, optionName, quantity, unitPrice, placeNo, methodCode } = line as any;
  const before = {
    ...head,
    orderedAt: new Date(body.orderedAt as string).toISOString(),
    lines: [{ lineNo, productId, productName, optionName, quantity, unitPrice, placeNo, methodCode }],
  };
  const [row] = await stack.db.query(sql<{ body_hash: string }>`select body_hash from orders where order_no = ${body.orderNo}`);
  expect(row?.body_hash).toBe(createHash('sha256').update(JSON.stringify(before)).digest('hex'));
  expect((await post({ ...body, lines: [line] })).status).toBe(200);
  expect((await post({ ...body, lines: [{ ...line, dispatchDueOn: later }] })).body.code).toBe('ORDER_EXISTS');
});

test("an exchange counts anew from its own beginning, by the first line's policy as it was; not by the channel's day", async () => {
  const dispatchPolicyNo = await createDispatchPolicy(stack, inOpenDays(2));
  const start = new Date();
  const exchanged = async (more: Line) => {
    const line = await placedLine(stack, ['instruct', 'release', 'ship', 'deliver'], more as LineOverrides);
    await stack.put(`${policies}/${dispatchPolicyNo}`, dispatchPolicyBody(inOpenDays(9)));
    const pickupNo = await pickupIn(stack, 'confirmed', line, 'exchange');
    await commandPickup(stack, 'complete', pickupNo);
    const [, fresh] = await deadlinesOf(stack.db, line.orderNo);
    return fresh;
  };
  const reckoned = (readyDays: number, paidAt: string) => {
    const policy = { dispatchPolicyNo, dispatchType: 'B' as const, readyDays, closeTime: null };
    return dueOn({ policy, paidAt, requestedOn: null }, calendarOf({ days: [], weeks: [] }, null));
  };
  const first = await exchanged({ dispatchPolicyNo });
  expect(Date.parse(first?.terms.paidAt)).toBeGreaterThanOrEqual(start.getTime() - 60_000);
  expect(first).toMatchObject({ due: reckoned(2, first?.terms.paidAt), by: 'policy', terms: { policy: { readyDays: 2 } } });
  const second = await exchanged({ dispatchPolicyNo, dispatchDueOn: later });
  expect(second).toMatchObject({ due: reckoned(9, second?.terms.paidAt), by: 'policy', terms: { policy: { readyDays: 9 } } });
});
