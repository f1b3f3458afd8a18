import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { seoulDay } from '../../support/clock.ts';
import { planOf, setOfTwo, setStock, shownPlan, stepPlan, stocksOf, takePlan } from '../../support/scenes/assembly.ts';
import { placeIn } from '../../support/scenes/orders.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const giftSet = () => setOfTwo(stack);
const stocks = (set: { coffee: number; cookie: number; product: number }) => stocksOf(stack, set);
const statusOf = async (uid: number) => (await shownPlan(stack, uid)).plan_status;

describe('bad input', () => {
  test('start with too little material: 4090, each shortage named', async () => {
    const set = await giftSet();
    const uid = await planOf(stack, set.uid, 11);
    const { status, body } = await stepPlan(stack, uid, 'start');
    expect([status, body.code]).toEqual([409, '4090']);
    expect(body.message).toContain(String(set.coffee));
    const shortage = (id: number, required: number, available: number) => ({
      shipping_product_id: String(id),
      product_name: `상품 ${id}`,
      required_quantity: String(required),
      available_quantity: String(available),
      shortage_quantity: String(required - available),
    });
    expect(body.response.shortage_list).toHaveLength(2);
    expect(body.response.shortage_list).toEqual(
      expect.arrayContaining([shortage(set.coffee, 22, 20), shortage(set.cookie, 11, 10)]),
    );
    expect(await statusOf(uid)).toBe(1);
    expect(await stocks(set)).toEqual([
      [20, 20],
      [10, 10],
      [0, 0],
    ]);
    await setStock(stack, set.coffee, 22);
    await setStock(stack, set.cookie, 11);
    await takePlan(stack, uid, 'start');
  });

  test('what released lines are promised is not there for a plan', async () => {
    const set = await giftSet();
    await placeIn(stack, 'released', { productId: set.cookie, quantity: 3 });
    expect(await stepPlan(stack, await planOf(stack, set.uid, 8), 'start')).toMatchObject({
      status: 409,
      body: { code: '4090' },
    });
    await takePlan(stack, await planOf(stack, set.uid, 7), 'start');
  });

  test('two plans racing for the last material: one starts', async () => {
    const set = await giftSet();
    const uids = [await planOf(stack, set.uid, 6), await planOf(stack, set.uid, 6)];
    const answers = await Promise.all(uids.map((uid) => stepPlan(stack, uid, 'start')));
    expect(answers.map(({ body }) => body.code).sort()).toEqual(['4090', '9999']);
    expect(await stocks(set)).toEqual([
      [20, 8],
      [10, 4],
      [0, 0],
    ]);
  });

  test('complete more than planned, 0, −1, 1.5, "2a": 4000', async () => {
    const set = await giftSet();
    const uid = await planOf(stack, set.uid, 5);
    await takePlan(stack, uid, 'start');
    for (const completed_quantity of [6, 0, -1, 1.5, '2a'])
      expect([completed_quantity, (await stepPlan(stack, uid, 'complete', { completed_quantity })).body.code]).toEqual([
        completed_quantity,
        '4000',
      ]);
    expect(await statusOf(uid)).toBe(2);
  });

  test('complete or cancel twice, start twice, complete before the start: 4090, and nothing moves', async () => {
    const set = await giftSet();
    const [completed, canceled] = [await planOf(stack, set.uid, 2), await planOf(stack, set.uid, 2)];
    expect((await stepPlan(stack, completed, 'complete')).body.code).toBe('4090');
    await takePlan(stack, completed, 'start');
    expect((await stepPlan(stack, completed, 'start')).body.code).toBe('4090');
    await takePlan(stack, completed, 'complete');
    await takePlan(stack, canceled, 'cancel');
    for (const uid of [completed, canceled])
      for (const step of ['start', 'complete', 'cancel'])
        expect([step, await stepPlan(stack, uid, step)]).toMatchObject([step, { status: 409, body: { code: '4090' } }]);
    expect(await stocks(set)).toEqual([
      [16, 16],
      [8, 8],
      [2, 2],
    ]);
  });

  test('complete twice at once: it is made once', async () => {
    const set = await giftSet();
    const uid = await planOf(stack, set.uid, 3);
    await takePlan(stack, uid, 'start');
    const answers = await Promise.all([1, 2, 3].map(() => stepPlan(stack, uid, 'complete')));
    expect(answers.map(({ body }) => body.code).sort()).toEqual(['4090', '4090', '9999']);
    expect(await stocks(set)).toEqual([
      [14, 14],
      [7, 7],
      [3, 3],
    ]);
  });

  test.each<[string, object, string]>([
    ['no assembly_product_uid', { assembly_product_uid: undefined }, '4000'],
    ['an unknown one', { assembly_product_uid: 999_999_999 }, '4040'],
    ['quantity 0', { plan_quantity: 0 }, '4000'],
    ['quantity −1', { plan_quantity: -1 }, '4000'],
    ['quantity 1.5', { plan_quantity: 1.5 }, '4000'],
    ['quantity "2a"', { plan_quantity: '2a' }, '4000'],
    ['no date', { plan_date: undefined }, '4000'],
    ['30 February', { plan_date: '2026-02-30' }, '4000'],
    ['a date with slashes', { plan_date: '2026/11/30' }, '4000'],
    ['2,001 letters of comment', { comment: '가'.repeat(2_001) }, '4000'],
  ])('a plan with %s', async (_name, odd, code) => {
    const set = await giftSet();
    const body = { assembly_product_uid: set.uid, plan_quantity: 1, plan_date: seoulDay(30), ...odd };
    expect((await stack.post('/v2/assembly/plan', body)).body.code).toBe(code);
  });

  test('an unknown plan, another member’s plan: 4040; without assembly.write: 4030', async () => {
    const set = await giftSet();
    const uid = await planOf(stack, set.uid, 1);
    expect((await stepPlan(stack, 999_999_999, 'start')).body.code).toBe('4040');
    expect((await stack.get('/v2/assembly/plan/999999999')).body.code).toBe('4040');
    const token = await stack.token(['assembly.read', 'assembly.write'], { member_id: 71 });
    expect((await stack.get(`/v2/assembly/plan/${uid}`, { token })).body.code).toBe('4040');
    expect((await stepPlan(stack, uid, 'start', {}, { token })).body.code).toBe('4040');
    expect(
      (
        await stack.post(
          '/v2/assembly/plan',
          { assembly_product_uid: set.uid, plan_quantity: 1, plan_date: seoulDay(30) },
          { token },
        )
      ).body.code,
    ).toBe('4040');
    expect((await stack.get('/v2/assembly/plans', { token })).body.response.total_count).toBe(0);
    const reader = await stack.token(['assembly.read']);
    expect((await stepPlan(stack, uid, 'start', {}, { token: reader })).body.code).toBe('4030');
    expect(await statusOf(uid)).toBe(1);
  });
});
