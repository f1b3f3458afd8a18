import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { commandLine, listedLine, take, uniqueWaybill } from '../../support/scenes/orders.ts';
import {
  claimBody,
  commandPickup,
  DELIVERED,
  openClaim,
  pickupOf,
  placeAndTake,
  SHIPPED,
  takePickup,
} from '../../support/scenes/pickups.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

async function deliveredLine(quantity = 2) {
  const [line] = await placeAndTake(stack, DELIVERED, [{ quantity }]);
  if (!line) throw new Error('no line');
  return line;
}

describe('회수처리', () => {
  test('반품접수 → 회수지시 → 회수확인 → 회수완료 lowers the valid quantity; the line leaves the lists at 0 (반품완료)', async () => {
    const line = await deliveredLine(2);
    const first = await openClaim(stack, 'return', line, 1);
    expect(await pickupOf(stack, first)).toMatchObject({
      state: 'requested',
      stateName: '반품접수',
      kind: 'return',
      masked: true,
      allowedCommands: ['instruct', 'withdraw'],
    });
    const waybillNo = uniqueWaybill();
    expect(await commandPickup(stack, 'instruct', first, { carrierCode: '04', waybillNo })).toMatchObject({
      ok: true,
      state: 'instructed',
      stateName: '회수지시',
    });
    expect(await commandPickup(stack, 'confirm', first)).toMatchObject({ ok: true, state: 'confirmed' });
    expect(
      await commandPickup(stack, 'complete', first, { items: [{ lineNo: 1, restock: 0, dispose: 1, fault: 'buyer' }] }),
    ).toMatchObject({ ok: true, state: 'completed' });
    const detail = await pickupOf(stack, first);
    expect(detail).toMatchObject({
      state: 'completed',
      allowedCommands: [],
      items: [{ restock: 0, dispose: 1, fault: 'buyer' }],
      returnFee: { bearer: 'buyer' },
    });
    expect(detail.history.map((entry: { command: string }) => entry.command)).toEqual([
      'claim',
      'instruct',
      'confirm',
      'complete',
    ]);
    expect(await listedLine(stack, line)).toMatchObject({ validQuantity: 1, state: 'delivered' });

    const second = await openClaim(stack, 'return', line, 1);
    await takePickup(stack, second, ['instruct', 'confirm', 'complete']);
    expect(await listedLine(stack, line)).toBeUndefined();
    expect(await commandLine(stack, 'reopen', line, {}, { reason: '시험' })).toMatchObject({
      ok: false,
      error: { code: 'LINE_FINISHED' },
    });
  });

  test('a completed exchange starts a new delivery line of kind exchange for the same products and receiver, linked both ways', async () => {
    const line = await deliveredLine(2);
    const pickupNo = await openClaim(stack, 'exchange', line, 1, {
      exchangeTo: { productId: 50_001, productName: '캠핑 의자', optionName: '베이지' },
    });
    await takePickup(stack, pickupNo, ['instruct', 'confirm']);
    const done = await commandPickup(stack, 'complete', pickupNo);
    expect(done).toMatchObject({ ok: true, state: 'completed', exchangeDeliveryNo: expect.stringMatching(/^D/) });
    const { body: order } = await stack.get(`/api/order/v1/orders/${line.orderNo}`);
    expect(order.pickups).toMatchObject([
      { pickupNo, exchangeDeliveryNo: done.exchangeDeliveryNo, originalDeliveryNo: line.deliveryNo },
    ]);
    const exchange = { ...line, deliveryNo: done.exchangeDeliveryNo, lineNo: 2 };
    expect(await listedLine(stack, exchange)).toMatchObject({
      kind: 'exchange',
      state: 'ordered',
      productId: 50_001,
      optionName: '베이지',
      quantity: 1,
      methodCode: '10',
    });
    await take(stack, exchange, DELIVERED);
    expect(await listedLine(stack, exchange)).toMatchObject({ state: 'delivered' });
    // The exchanged quantity of the original can never be claimed again; the other one can.
    const refused = await stack.post('/api/order/v1/claims', claimBody('return', line.orderNo, [{ lineNo: 1, quantity: 2 }]));
    expect(refused).toMatchObject({ status: 409, body: { code: 'NOT_CLAIMABLE' } });
    await openClaim(stack, 'return', line, 1);
  });

  test('회수확인 상태의 교환을 교환 중 반품처리: kind becomes return and the history and list show it', async () => {
    const line = await deliveredLine(1);
    const pickupNo = await openClaim(stack, 'exchange', line, 1);
    expect(await pickupOf(stack, pickupNo)).toMatchObject({ stateName: '교환접수' });
    await takePickup(stack, pickupNo, ['instruct', 'confirm', 'convert-to-return']);
    expect(await pickupOf(stack, pickupNo)).toMatchObject({ kind: 'return', convertedFromExchange: true, state: 'confirmed' });
    await takePickup(stack, pickupNo, ['complete']);
    expect(await listedLine(stack, line)).toBeUndefined();
  });

  test('반품불가 and 접수철회 give the claimed quantity back', async () => {
    const line = await deliveredLine(1);
    const refused = await openClaim(stack, 'return', line, 1);
    expect(
      await stack.post('/api/order/v1/claims', claimBody('return', line.orderNo, [{ lineNo: 1, quantity: 1 }])),
    ).toMatchObject({ status: 409 });
    await takePickup(stack, refused, ['instruct', 'confirm', 'refuse']);
    expect(await pickupOf(stack, refused)).toMatchObject({ state: 'refused', stateName: '반품불가', returnsToBuyer: true });
    const withdrawn = await openClaim(stack, 'return', line, 1);
    await takePickup(stack, withdrawn, ['withdraw']);
    expect(await listedLine(stack, line)).toMatchObject({ validQuantity: 1 });
    await openClaim(stack, 'return', line, 1);
  });

  test('a claim over several deliveries opens one pickup per delivery; the same claimNo again answers the same', async () => {
    const lines = await placeAndTake(stack, SHIPPED, [{}, { placeNo: 176_129 }, { placeNo: 176_129 }]);
    const body = claimBody(
      'return',
      lines[0]?.orderNo ?? '',
      lines.map(({ lineNo }) => ({ lineNo, quantity: 1 })),
    );
    const first = await stack.post('/api/order/v1/claims', body);
    expect(first).toMatchObject({
      status: 201,
      body: {
        claimNo: body.claimNo,
        pickups: [{ items: [{ lineNo: 1, quantity: 1 }] }, { items: [{ lineNo: 2 }, { lineNo: 3 }] }],
      },
    });
    const again = await stack.post('/api/order/v1/claims', body);
    expect(again).toMatchObject({ status: 200, body: first.body });
    expect(await stack.post('/api/order/v1/claims', { ...body, kind: 'exchange' })).toMatchObject({
      status: 409,
      body: { code: 'CLAIM_EXISTS' },
    });
    const withdrawal = await stack.post(`/api/order/v1/claims/${body.claimNo}/withdraw`, {});
    expect(withdrawal).toMatchObject({ status: 200, body: { succeeded: 2, failed: 0 } });
  });

  test('the screens show exactly what 회수지시처리, 회수확인처리, 회수완료처리 work on', async () => {
    const line = await deliveredLine(3);
    const [requested, instructed, confirmed] = [
      await openClaim(stack, 'return', line),
      await openClaim(stack, 'return', line),
      await openClaim(stack, 'return', line),
    ];
    await takePickup(stack, instructed ?? '', ['instruct']);
    await takePickup(stack, confirmed ?? '', ['instruct', 'confirm']);
    const screen = async (name: string) =>
      (await stack.get(`/api/bo/v1/pickups?screen=${name}&orderNo=${line.orderNo}`)).body.items.map(
        (item: { pickupNo: string }) => item.pickupNo,
      );
    expect(await screen('instruct')).toEqual([requested]);
    expect(await screen('confirm')).toEqual([instructed]);
    expect(await screen('complete')).toEqual([confirmed]);
  });
});
