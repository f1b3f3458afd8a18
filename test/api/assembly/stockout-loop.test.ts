import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { setOfOne, shownStockout, startedPlan, stockOf, takePlan } from '../../support/scenes/assembly.ts';
import { commandLine, type PlacedLine, placeIn, storedHistory, storedRow, take } from '../../support/scenes/orders.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const product = () => setOfOne(stack);
const started = (uid: number, quantity: number) => startedPlan(stack, uid, quantity);
const waiting = (productId: number, quantity: number, orderedAt: string) =>
  placeIn(stack, 'awaitingShipment', { productId, quantity }, { orderedAt });
const stateOf = async (line: PlacedLine) => (await storedRow(stack, line)).state;
const stockoutOf = (id: number) => shownStockout(stack, id);

describe('lines in 출고대기 get their stockout cleared when a plan adds stock', () => {
  test('oldest order first while stock lasts, each with history "assembly plan N"', async () => {
    const made = await product();
    const newest = await waiting(made.product, 2, '2026-11-22T09:00:00+09:00');
    const oldest = await waiting(made.product, 2, '2026-11-20T09:00:00+09:00');
    const middle = await waiting(made.product, 2, '2026-11-21T09:00:00+09:00');
    const plan = await started(made.uid, 5);
    await takePlan(stack, plan, 'complete');
    expect(await Promise.all([oldest, middle, newest].map(stateOf))).toEqual(['released', 'released', 'awaitingShipment']);
    const { history } = (await stack.get(`/api/bo/v1/deliveries/${oldest.deliveryNo}`)).body;
    expect(history.at(-1)).toMatchObject({ command: 'clear-stockout', by: `assembly plan ${plan}`, to: 'released' });
    expect(await stockOf(stack, made.product)).toEqual([5, 1]);
    expect(await stockoutOf(made.product)).toMatchObject({ waitingLines: 1, waitingQuantity: 2, stock: 5, available: 1 });
    await take(stack, oldest, ['ship']);
    expect(await stockOf(stack, made.product)).toEqual([3, 1]);
  });

  test('no line overtakes an older one that the stock is not enough for', async () => {
    const made = await product();
    const large = await waiting(made.product, 4, '2026-11-20T09:00:00+09:00');
    const small = await waiting(made.product, 1, '2026-11-21T09:00:00+09:00');
    await takePlan(stack, await started(made.uid, 3), 'complete');
    expect(await Promise.all([large, small].map(stateOf))).toEqual(['awaitingShipment', 'awaitingShipment']);
    await takePlan(stack, await started(made.uid, 2), 'complete');
    expect(await Promise.all([large, small].map(stateOf))).toEqual(['released', 'released']);
  });

  test('lines reported with autoClear: false never', async () => {
    const made = await product();
    const held = await placeIn(
      stack,
      'released',
      { productId: made.product, quantity: 1 },
      { orderedAt: '2026-11-20T09:00:00+09:00' },
    );
    await commandLine(stack, 'report-stockout', held, {}, { reason: '검수 불량', autoClear: false });
    const younger = await waiting(made.product, 1, '2026-11-21T09:00:00+09:00');
    await takePlan(stack, await started(made.uid, 10), 'complete');
    expect(await Promise.all([held, younger].map(stateOf))).toEqual(['awaitingShipment', 'released']);
  });

  test('what other released lines are promised is not given away again', async () => {
    const made = await product();
    await placeIn(stack, 'released', { productId: made.product, quantity: 3 });
    const line = await waiting(made.product, 1, '2026-11-20T09:00:00+09:00');
    await takePlan(stack, await started(made.uid, 3), 'complete');
    expect(await stateOf(line)).toBe('awaitingShipment');
    await takePlan(stack, await started(made.uid, 1), 'complete');
    expect(await stateOf(line)).toBe('released');
  });

  test('more lines than one page, while others are cleared and canceled by people', async () => {
    const made = await product();
    const lines: PlacedLine[] = [];
    for (let at = 0; at < 12; at++)
      lines.push(
        ...(await Promise.all(Array.from({ length: 20 }, () => waiting(made.product, 1, `2026-11-${10 + at}T09:00:00+09:00`)))),
      );
    await stack.put(`/v2/shipping/product/${made.material}/stock`, { quantity: 300, reason: '입고' });
    const plan = await started(made.uid, 235);
    const completed = takePlan(stack, plan, 'complete');
    await Promise.all(lines.slice(0, 5).map((line) => commandLine(stack, 'clear-stockout', line)));
    await completed;
    await eventually(async () => (await stockOf(stack, made.product))[1] === 0);
    expect(await stockoutOf(made.product)).toMatchObject({ waitingLines: 5, waitingQuantity: 5 });
    const states = await Promise.all(lines.map(stateOf));
    expect(states.slice(0, 220).filter((state) => state !== 'released')).toEqual([]);
    const cleared = await stack.db.query(
      sql<{
        n: number;
      }>`select count(*)::int as n from delivery_history where command = 'clear-stockout' and by = ${`assembly plan ${plan}`} and refused is null`,
    );
    expect(cleared[0]?.n).toBeGreaterThanOrEqual(230);
  });

  test('with the worker stopped in between: everything is done once when it is back', async () => {
    const made = await product();
    const line = await waiting(made.product, 2, '2026-11-20T09:00:00+09:00');
    const plan = await started(made.uid, 4);
    await stack.stopWorker();
    const completed = takePlan(stack, plan, 'complete');
    await eventually(async () => {
      const rows = await stack.db.query(sql`select 1 from requests where operation = ${'plan:complete'} and answered_at is null`);
      return rows.length > 0;
    });
    await stack.startWorker();
    await completed;
    expect(await stateOf(line)).toBe('released');
    expect(await stockOf(stack, made.product)).toEqual([4, 2]);
    expect((await storedHistory(stack, line)).filter(({ command }) => command === 'clear-stockout')).toHaveLength(1);
  });
});
