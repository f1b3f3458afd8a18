import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { seoulDay, startOf } from '../../support/clock.ts';
import { assembly, planOf, productId, shippingProduct, shownStockout, startedPlan } from '../../support/scenes/assembly.ts';
import { command, commandLine, listedLine, placeIn, storedRow } from '../../support/scenes/orders.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const historyOf = async (deliveryNo: string) => (await stack.get(`/api/bo/v1/deliveries/${deliveryNo}`)).body.history;
const started = (uid: number, quantity: number) => startedPlan(stack, uid, quantity);
const waiting = (productId: number, quantity: number, orderedAt: string) =>
  placeIn(stack, 'awaitingShipment', { productId, quantity }, { orderedAt });
const stockoutOf = (id: number) => shownStockout(stack, id);

describe('관리자는 결품처리대상 목록을 조회 후 결품상태 값을 업데이트 합니다', () => {
  test('출고지시 -> 출고대기(결품등록): reason, expectedAt and autoClear are kept', async () => {
    const line = await placeIn(stack, 'released');
    const expected = seoulDay(7);
    const more = { reason: '공장 입고 지연', expectedAt: expected, autoClear: false };
    expect(await commandLine(stack, 'report-stockout', line, {}, more)).toMatchObject({ ok: true, state: 'awaitingShipment' });
    expect(await listedLine(stack, line)).toMatchObject({
      state: 'awaitingShipment',
      stateName: '출고대기',
      stockoutReason: '공장 입고 지연',
      stockoutExpectedAt: startOf(expected),
      allowedCommands: ['clear-stockout', 'split', 'notify-delay'],
    });
    expect(await storedRow(stack, line)).toMatchObject({ auto_clear: false });
    expect((await historyOf(line.deliveryNo)).at(-1)).toMatchObject({
      command: 'report-stockout',
      reason: '공장 입고 지연',
      by: 'kim',
    });
  });

  test('출고대기 -> 출고지시(결품해제): all three are forgotten, the history keeps the reason', async () => {
    const line = await placeIn(stack, 'awaitingShipment');
    expect(await commandLine(stack, 'clear-stockout', line)).toMatchObject({ ok: true, state: 'released' });
    expect(await listedLine(stack, line)).toMatchObject({ state: 'released', stockoutReason: null, stockoutExpectedAt: null });
    expect(await storedRow(stack, line)).toMatchObject({ auto_clear: true });
    expect((await historyOf(line.deliveryNo)).map(({ command, reason }: any) => [command, reason])).toEqual([
      ['order', undefined],
      ['instruct', '시험'],
      ['release', '시험'],
      ['report-stockout', '시험'],
      ['clear-stockout', undefined],
    ]);
  });

  test('autoClear is true by default, expectedAt may be unknown', async () => {
    const line = await placeIn(stack, 'awaitingShipment');
    expect(await storedRow(stack, line)).toMatchObject({ auto_clear: true, stockout_expected_at: null, stockout_reason: '시험' });
  });

  test.each([undefined, null, '', '   '])('결품등록 with the reason %p: REASON_REQUIRED', async (reason) => {
    const line = await placeIn(stack, 'released');
    expect(await commandLine(stack, 'report-stockout', line, {}, { reason })).toMatchObject({
      ok: false,
      error: { code: 'REASON_REQUIRED' },
    });
    expect(await storedRow(stack, line)).toMatchObject({ state: 'released', revision: 3, stockout_reason: null });
  });

  test.each([
    { expectedAt: 'soon' },
    { expectedAt: '2026-02-30' },
    { autoClear: 'yes' },
    { reason: 7 },
    { reason: 'x'.repeat(1_001) },
  ])('a body with %p is 400 before anything happens', async (odd) => {
    const line = await placeIn(stack, 'released');
    const { status, body } = await command(stack, 'report-stockout', [{ deliveryNo: line.deliveryNo, lineNo: 1 }], {
      reason: '결품',
      ...odd,
    });
    expect(status).toBe(400);
    expect(body.errors[0].path).toBe(Object.keys(odd)[0]);
    expect(await storedRow(stack, line)).toMatchObject({ state: 'released', revision: 3 });
  });

  test('the stockout of a line that is canceled is forgotten with it', async () => {
    const line = await placeIn(stack, 'awaitingShipment');
    await stack.post(`/api/order/v1/orders/${line.orderNo}/cancellations`, { lines: [{ lineNo: 1, quantity: 2 }] });
    expect(await storedRow(stack, line)).toMatchObject({ state: 'canceled', stockout_reason: null });
  });
});

describe('GET /api/bo/v1/stockouts: what is missing', () => {
  test('product, waiting lines and quantity, stock, how many could be made, open plans', async () => {
    const [coffee, cookie] = [await shippingProduct(stack, 20), await shippingProduct(stack, 9)];
    const made = await assembly(stack, [
      [coffee, 2],
      [cookie, 1],
    ]);
    await waiting(made.product, 2, '2026-11-20T09:00:00+09:00');
    await waiting(made.product, 1, '2026-11-21T09:00:00+09:00');
    const plan = await started(made.uid, 4);
    const past = seoulDay(-27);
    await planOf(stack, made.uid, 7, past);
    expect(
      await eventually(async () => {
        const found = await stockoutOf(made.product);
        return found.openPlans[0]?.overdue && found;
      }),
    ).toEqual({
      productId: made.product,
      productName: `상품 ${made.product}`,
      waitingLines: 2,
      waitingQuantity: 3,
      oldestOrderedAt: '2026-11-20T00:00:00.000Z',
      isRegistered: true,
      heldByMember: null,
      stock: null,
      available: 0,
      shortage: null,
      shortfall: 0,
      shippedBeyondStock: 0,
      isAssemblyProduct: true,
      assemblyProductUid: made.uid,
      makeable: 5,
      openPlans: [
        expect.objectContaining({ planQuantity: 7, planStatus: 1, planDate: past, overdue: true }),
        {
          assemblyPlanUid: plan,
          planStatus: 2,
          planStatusName: '가공중',
          planQuantity: 4,
          planDate: '2999-12-31',
          overdue: false,
        },
      ],
    });
  });

  test('a product that is not registered has its name from the order', async () => {
    const id = productId();
    await placeIn(stack, 'awaitingShipment', { productId: id, productName: '모르는 상품', quantity: 3 });
    expect(await stockoutOf(id)).toMatchObject({
      productName: '모르는 상품',
      waitingQuantity: 3,
      isRegistered: false,
      stock: null,
      available: null,
      isAssemblyProduct: false,
      makeable: 0,
      openPlans: [],
    });
  });

  test('pages by cursor both ways, counts, and refuses odd queries', async () => {
    for (let at = 0; at < 3; at++) await placeIn(stack, 'awaitingShipment', { productId: productId() });
    const all = (await stack.get('/api/bo/v1/stockouts?limit=500&count=true')).body;
    const ids = all.items.map((item: any) => item.productId);
    expect(all.total).toBe(ids.length);
    for (const [sort, wanted] of [
      ['productId', ids],
      ['-productId', [...ids].reverse()],
    ] as const) {
      const seen: number[] = [];
      let cursor = '';
      do {
        const { body } = await stack.get(`/api/bo/v1/stockouts?limit=2&sort=${sort}${cursor}`);
        seen.push(...body.items.map((item: any) => item.productId));
        cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
      } while (cursor !== '');
      expect(seen).toEqual(wanted);
    }
    const forged = Buffer.from(JSON.stringify(['productId', null, ['x']])).toString('base64url');
    for (const odd of ['limit=0', 'unknown=1', 'sort=stock', 'cursor=x', `cursor=${forged}`])
      expect([odd, (await stack.get(`/api/bo/v1/stockouts?${odd}`)).status]).toEqual([odd, 400]);
    const token = await stack.token(['assembly.read']);
    expect((await stack.get('/api/bo/v1/stockouts', { token })).status).toBe(403);
  });
});
