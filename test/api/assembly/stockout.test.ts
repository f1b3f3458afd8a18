import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { seoulDay, startOf } from '../../support/clock.ts';
import { command, commandLine, listedLine, placeIn, storedRow } from '../../support/scenes/orders.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const historyOf = async (deliveryNo: string) => (await stack.get(`/api/bo/v1/deliveries/${deliveryNo}`)).body.history;

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
      allowedCommands: ['clear-stockout'],
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
