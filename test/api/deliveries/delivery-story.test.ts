import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { commandLine, listedLine, placeOrder, uniqueWaybill } from '../../support/scenes/orders.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

describe('관리자는 배송처리대상 목록을 조회 후 배송상태 값을 업데이트 합니다', () => {
  test('주문완료 -> 배송지시 -> 출고지시 -> 출고완료 -> 배송완료, the list shows each step at once', async () => {
    const [line] = await placeOrder(stack);
    if (!line) throw new Error('no line');
    expect(await listedLine(stack, line)).toMatchObject({
      state: 'ordered',
      stateName: '주문완료',
      revision: 1,
      allowedCommands: ['instruct', 'split', 'notify-delay'],
    });

    expect(await commandLine(stack, 'instruct', line)).toMatchObject({ ok: true, state: 'instructed', revision: 2 });
    expect(await listedLine(stack, line)).toMatchObject({ state: 'instructed', stateName: '배송지시', revision: 2 });

    expect(await commandLine(stack, 'release', line)).toMatchObject({ ok: true, state: 'released', revision: 3 });
    expect(await listedLine(stack, line)).toMatchObject({
      state: 'released',
      allowedCommands: ['ship', 'report-stockout', 'split', 'notify-delay', 'undo'],
    });

    const waybillNo = uniqueWaybill();
    const typed = `${waybillNo.slice(0, 4)}-${waybillNo.slice(4)}`;
    expect(await commandLine(stack, 'ship', line, { carrierCode: '04', waybillNo: typed })).toMatchObject({
      ok: true,
      state: 'shipped',
    });
    expect(await listedLine(stack, line)).toMatchObject({ state: 'shipped', carrierCode: '04', waybillNo });

    expect(await commandLine(stack, 'deliver', line)).toMatchObject({ ok: true, state: 'delivered', revision: 5 });
    const { body } = await stack.get(`/api/bo/v1/deliveries/${line.deliveryNo}?live=true`);
    expect(body.lines[0]).toMatchObject({ state: 'delivered', live: { state: 'delivered', revision: 5 } });
    expect(body.history.map(({ command, by }: { command: string; by: string }) => [command, by])).toEqual([
      ['order', 'kim'],
      ['instruct', 'kim'],
      ['release', 'kim'],
      ['ship', 'kim'],
      ['deliver', 'kim'],
    ]);
  });
});
