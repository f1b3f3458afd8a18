import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { recalculatePage } from '../../db/operations/recalculations.ts';
import { hold } from '../support/scenes/locks.ts';
import { orderBody, take, unique } from '../support/scenes/orders.ts';
import { createDispatchPolicy, createPlace, deadlinesOf, inOpenDays } from '../support/scenes/shipping.ts';
import { eventually, type Stack, startStack } from '../support/stack.ts';

/** A change of the calendar alters later orders only, until the open lines are reckoned anew. */
let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const path = '/api/bo/v1/calendar/recalculate';
const last = async () => (await stack.get(path)).body;
async function recalculated(body: object = {}) {
  await eventually(async () => (await last()).state !== 'running');
  const { status, body: begun } = await stack.post(path, body);
  expect([status, begun.code]).toEqual([202, undefined]);
  await eventually(async () => (await last()).state === 'done');
  return last();
}
/** A place of its own whose lines leave within three open days. */
async function placeWithin3Days() {
  const dispatchPolicyNo = await createDispatchPolicy(stack, inOpenDays(3));
  return createPlace(stack, { dispatchPolicyNo });
}
async function ordered(lines: object[]): Promise<string> {
  const body = orderBody(lines as never);
  const { status } = await stack.post('/api/order/v1/orders', body);
  expect(status).toBe(201);
  return body.orderNo;
}
const closed = (date: string, placeNo: number) =>
  stack.put(`/api/bo/v1/calendar/days/${date}`, { open: false, name: '재고 조사', placeNo });
const daysOf = async (orderNo: string) => (await deadlinesOf(stack.db, orderNo)).map(({ due }) => due ?? '');

describe('reckoned anew', () => {
  test('days by policy move behind a day that was closed; the days of channel and buyer stay, and so does what has left', async () => {
    const placeNo = await placeWithin3Days();
    const far = '2999-12-31';
    const dayByRequest = await createDispatchPolicy(stack, { dispatchType: 'D', dispatchCloseTime: null });
    const orderNo = await ordered([
      { placeNo },
      { placeNo, dispatchDueOn: far },
      { placeNo, dispatchPolicyNo: dayByRequest, requestedDispatchOn: far },
      { placeNo },
    ]);
    const [first = '', ...others] = await daysOf(orderNo);
    const [row] = await stack.db.query(
      sql<{ delivery_no: string }>`select delivery_no from delivery_lines where order_no = ${orderNo} and line_no = 4`,
    );
    await take(stack, { deliveryNo: row?.delivery_no ?? '', lineNo: 4, orderNo }, ['instruct', 'release', 'ship']);

    await closed(first, placeNo);
    expect(await daysOf(orderNo)).toEqual([first, ...others]);
    const later = await ordered([{ placeNo }]);
    const [moved = ''] = await daysOf(later);
    expect(moved > first).toBe(true);

    expect((await recalculated()).changed).toBeGreaterThanOrEqual(1);
    expect(await daysOf(orderNo)).toEqual([moved, ...others]);
    expect(await recalculated()).toMatchObject({ changed: 0, placeNo: null });
  });

  test('of one place only, when one is named', async () => {
    const [one, other] = [await placeWithin3Days(), await placeWithin3Days()];
    const orders = [await ordered([{ placeNo: one }]), await ordered([{ placeNo: other }])];
    const [day = ''] = await daysOf(orders[0] ?? '');
    await closed(day, one);
    await closed(day, other);
    expect(await recalculated({ placeNo: one })).toMatchObject({ placeNo: one, examined: 1, changed: 1 });
    expect((await daysOf(orders[0] ?? ''))[0]).not.toBe(day);
    expect(await daysOf(orders[1] ?? '')).toEqual([day]);
  });

  test('page after page, each line once, also when a line moves on between pages', async () => {
    const placeNo = await placeWithin3Days();
    const orders = [];
    for (let at = 0; at < 5; at++) orders.push(await ordered([{ placeNo }, { placeNo }]));
    const [day = ''] = await daysOf(orders[0] ?? '');
    await closed(day, placeNo);
    const requestId = unique('R');
    await stack.db.query(
      sql`insert into calendar_recalculations (request_id, place_no, by) values (${requestId}, ${placeNo}, 'kim')`,
    );
    const page = () => stack.db.transaction((query) => recalculatePage(query, requestId, 3));
    const [line] = await stack.db.query(
      sql<{ delivery_no: string }>`select delivery_no from delivery_lines where order_no = ${orders[4] ?? ''} and line_no = 1`,
    );
    let pages = 0;
    for (let more = true; more; pages++) {
      ({ more } = await page());
      if (pages === 0)
        await take(stack, { deliveryNo: line?.delivery_no ?? '', lineNo: 1, orderNo: orders[4] ?? '' }, ['instruct', 'release']);
    }
    expect(pages).toBeGreaterThan(3);
    expect(await last()).toMatchObject({ state: 'done', examined: 10, changed: 10 });
    for (const orderNo of orders) for (const due of await daysOf(orderNo)) expect(due > day).toBe(true);
    // Asked for again by a retry, the last page changes nothing.
    expect(await page()).toEqual({ more: false, examined: 10, changed: 10 });
  });
});

describe('one at a time', () => {
  test('a second one is refused while one is open, and may begin after it', async () => {
    const placeNo = await placeWithin3Days();
    const orderNo = await ordered([{ placeNo }]);
    const [day = ''] = await daysOf(orderNo);
    await closed(day, placeNo);
    const letGo = await hold(stack, sql`select 1 from delivery_lines where order_no = ${orderNo} for update`);
    const [one, two] = await Promise.all([stack.post(path, { placeNo }), stack.post(path, { placeNo })]);
    expect([one.status, two.status].sort()).toEqual([202, 409]);
    expect([one.body.code, two.body.code]).toContain('RECALCULATION_RUNNING');
    expect(await last()).toMatchObject({ state: 'running', placeNo, by: expect.any(String) });
    await letGo();
    await eventually(async () => (await last()).state === 'done');
    expect(await last()).toMatchObject({ examined: 1, changed: 1 });
    expect(await recalculated({ placeNo })).toMatchObject({ examined: 1, changed: 0 });
  });

  test('a place that is no number is refused and nothing begins', async () => {
    await eventually(async () => (await last()).state !== 'running');
    const before = await last();
    for (const placeNo of [0, -1, 'x', 1.5]) expect((await stack.post(path, { placeNo })).status).toBe(400);
    expect(await last()).toEqual(before);
  });
});
