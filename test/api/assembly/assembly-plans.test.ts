import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { seoulDay } from '../../support/clock.ts';
import { ledgerOf, planOf, setOfTwo, shownPlan, stepPlan, stocksOf, takePlan } from '../../support/scenes/assembly.ts';
import { placeIn } from '../../support/scenes/orders.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const giftSet = () => setOfTwo(stack);
const stocks = (set: { coffee: number; cookie: number; product: number }) => stocksOf(stack, set);
const statusOf = async (uid: number) => (await shownPlan(stack, uid)).plan_status;

describe('등록된 가공품은 상품가공 계획 API에서 가공 계획을 등록해 가공품을 완성합니다', () => {
  test('planned → in progress (materials reserved) → completed (materials consumed, finished stock added)', async () => {
    const set = await giftSet();
    const body = { assembly_product_uid: String(set.uid), plan_quantity: '6', plan_date: '2999-12-31', comment: ' 연말 ' };
    const made = await stack.post('/v2/assembly/plan', body);
    const uid = made.body.response.assembly_plan_uid;
    expect(made.body).toEqual({
      code: '9999',
      message: 'ok',
      response: { assembly_plan_uid: expect.stringMatching(/^\d+$/), plan_status: 1 },
    });
    expect(await stocks(set)).toEqual([
      [20, 20],
      [10, 10],
      [0, 0],
    ]);
    expect((await stepPlan(stack, uid, 'start')).body).toEqual({
      code: '9999',
      message: 'ok',
      response: { assembly_plan_uid: uid, plan_status: 2 },
    });
    expect(await stocks(set)).toEqual([
      [20, 8],
      [10, 4],
      [0, 0],
    ]);
    const done = await stepPlan(stack, uid, 'complete', { completed_quantity: 6 });
    expect(done.body.response).toEqual({ assembly_plan_uid: uid, plan_status: 3, completed_quantity: '6' });
    expect(await stocks(set)).toEqual([
      [8, 8],
      [4, 4],
      [6, 6],
    ]);
    expect(await ledgerOf(stack, set.coffee)).toEqual([
      ['set', 20, 0],
      ['consume', -12, 0],
    ]);
    expect(await ledgerOf(stack, set.product)).toEqual([['produce', 6, 0]]);
    expect(await shownPlan(stack, uid)).toMatchObject({
      member_id: '70',
      shipping_product_id: String(set.product),
      plan_quantity: '6',
      completed_quantity: '6',
      plan_date: '2999-12-31',
      plan_status: 3,
      plan_status_name: '가공완료',
      is_overdue: false,
      comment: '연말',
      item_list: expect.arrayContaining([expect.objectContaining({ shipping_product_id: String(set.coffee), quantity: '12' })]),
      history: [
        { command: 'plan', by: 'kim', plan_status: 1 },
        { command: 'start', by: 'kim', plan_status: 2 },
        { command: 'complete', by: 'kim', plan_status: 3 },
      ],
    });
  });

  test('partial completion with completed_quantity: the rest of the reservation is given back', async () => {
    const set = await giftSet();
    const uid = await planOf(stack, set.uid, 10);
    await takePlan(stack, uid, 'start', ['complete', { completed_quantity: '3' }]);
    expect(await stocks(set)).toEqual([
      [14, 14],
      [7, 7],
      [3, 3],
    ]);
    expect(await shownPlan(stack, uid)).toMatchObject({ plan_quantity: '10', completed_quantity: '3' });
  });

  test('without completed_quantity all of it is complete', async () => {
    const set = await giftSet();
    await takePlan(stack, await planOf(stack, set.uid, 2), 'start', 'complete');
    expect(await stocks(set)).toEqual([
      [16, 16],
      [8, 8],
      [2, 2],
    ]);
  });

  test('canceled: the reservation is given back; before the start there is none', async () => {
    const set = await giftSet();
    const started = await planOf(stack, set.uid, 4);
    await takePlan(stack, started, 'start', 'cancel');
    await takePlan(stack, await planOf(stack, set.uid, 4), 'cancel');
    expect(await stocks(set)).toEqual([
      [20, 20],
      [10, 10],
      [0, 0],
    ]);
    expect(await statusOf(started)).toBe(4);
  });

  test('a started plan keeps its recipe when the assembly product changes', async () => {
    const set = await giftSet();
    const uid = await planOf(stack, set.uid, 2);
    await takePlan(stack, uid, 'start');
    const item_list = [{ shipping_product_id: set.cookie, quantity: 5 }];
    expect((await stack.put(`/v2/assembly/product/${set.uid}`, { member_id: 70, item_list })).status).toBe(200);
    await takePlan(stack, uid, 'complete');
    expect(await stocks(set)).toEqual([
      [16, 16],
      [8, 8],
      [2, 2],
    ]);
  });

  test('a material that a parcel took meanwhile is not refused: 0, and the shortfall in the ledger', async () => {
    const set = await giftSet();
    const uid = await planOf(stack, set.uid, 10);
    await takePlan(stack, uid, 'start');
    await placeIn(stack, 'shipped', { productId: set.cookie, quantity: 4 });
    await takePlan(stack, uid, 'complete');
    expect(await stocks(set)).toEqual([
      [0, 0],
      [0, 0],
      [10, 10],
    ]);
    expect((await ledgerOf(stack, set.cookie)).at(-1)).toEqual(['consume', -6, 4]);
  });
});

describe('a plan past its date is marked overdue by a timer', () => {
  test('a date that is over: at once', async () => {
    const set = await giftSet();
    const uid = await planOf(stack, set.uid, 1, seoulDay(-30));
    await eventually(async () => (await shownPlan(stack, uid)).is_overdue);
    expect((await shownPlan(stack, uid)).history.at(-1)).toMatchObject({
      command: 'mark-overdue',
      by: 'machine',
      plan_status: 1,
    });
    const listed = await stack.get(`/v2/assembly/plans?is_overdue=true&assembly_product_uid=${set.uid}`);
    expect(listed.body.response.data_list).toMatchObject([{ assembly_plan_uid: String(uid), is_overdue: true }]);
    await takePlan(stack, uid, 'start', 'complete');
    expect(await shownPlan(stack, uid)).toMatchObject({ plan_status: 3, is_overdue: true });
  });

  test('when its time comes, and not before; a finished one never', async () => {
    const set = await giftSet();
    // How long this machine takes for about as much as comes before the timer.
    const begun = performance.now();
    await stack.stopWorker();
    await stack.startWorker();
    await takePlan(stack, await planOf(stack, set.uid, 1), 'start', 'cancel');
    const soonMs = Math.max(2_000, 4 * (performance.now() - begun));
    await stack.stopWorker();
    const insert = (state: string) =>
      stack.db.query(sql<{
        uid: number;
      }>`insert into assembly_plans (assembly_plan_uid, assembly_product_uid, member_id, shipping_product_id, plan_quantity, plan_date, state,
           revision, due_at, request_id, created_at)
         values (nextval('assembly_plan_uid_seq'), ${set.uid}, 70, ${set.product}, 1, '2999-12-31', ${state}, 1, now() + interval '1 ms' * ${soonMs}, gen_random_uuid()::text, now() - interval '1 hour')
         returning assembly_plan_uid as uid, due_at`);
    const [waiting] = await insert('planned');
    const [canceled] = await insert('planned');
    await stack.startWorker();
    const plan = (row: { uid: number } | undefined) => row?.uid ?? 0;
    await takePlan(stack, plan(canceled), 'cancel');
    await takePlan(stack, plan(waiting), 'start');
    expect((await shownPlan(stack, plan(waiting))).is_overdue).toBe(false);
    await eventually(async () => (await shownPlan(stack, plan(waiting))).is_overdue);
    expect((await shownPlan(stack, plan(canceled))).is_overdue).toBe(false);
    const [row] = await stack.db.query(
      sql<{ late: boolean }>`select overdue_at >= due_at as late from assembly_plans where assembly_plan_uid = ${plan(waiting)}`,
    );
    expect(row?.late).toBe(true);
  });
});
