import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deliveryWorkflowId } from '../../../workflows/messages/delivery.ts';
import { pickupWorkflowId } from '../../../workflows/messages/pickup.ts';
import { listedLine, type PlacedLine, receiver, take } from '../../support/scenes/orders.ts';
import {
  claimBody,
  claimsOn,
  commandPickup,
  DELIVERED,
  openClaim,
  orderLinesOf,
  pickupIn,
  pickupOf,
  placeAndTake,
  placedLine,
  postClaim,
  storedPickup,
  takePickup,
} from '../../support/scenes/pickups.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const statusOf = async (workflowId: string) => (await stack.temporal.workflow.getHandle(workflowId).describe()).status.name;
const exchangeLine = (line: PlacedLine, deliveryNo: string, lineNo: number): PlacedLine => ({ ...line, deliveryNo, lineNo });
const linesOf = (line: PlacedLine) => orderLinesOf(stack, line);

describe('반품완료', () => {
  test('lowers the line’s valid quantity, and ends the line’s workflow with its last piece', async () => {
    const line = await placedLine(stack, DELIVERED, { quantity: 3 });
    const workflowId = deliveryWorkflowId(line.deliveryNo, line.lineNo);
    const [first, second] = [await openClaim(stack, 'return', line, 1), await openClaim(stack, 'return', line, 2)];
    await takePickup(stack, first, ['instruct', 'confirm', 'complete']);
    expect(await listedLine(stack, line)).toMatchObject({ state: 'delivered', quantity: 3, validQuantity: 2 });
    expect(await statusOf(workflowId)).toBe('RUNNING');
    await takePickup(stack, second, ['instruct', 'confirm', 'complete']);
    expect(await listedLine(stack, line)).toBeUndefined();
    expect(await claimsOn(stack, line)).toEqual({
      [first]: { quantity: 1, status: 'settled' },
      [second]: { quantity: 2, status: 'settled' },
    });
    await eventually(async () => (await statusOf(workflowId)) === 'COMPLETED');
    await eventually(async () => (await statusOf(pickupWorkflowId(second))) === 'COMPLETED');
  });

  test('records per item restock/dispose quantities and fault side; what is not named is restocked whole', async () => {
    const [one, two] = await placeAndTake(stack, DELIVERED, [{ quantity: 5 }, { quantity: 4 }]);
    if (!one || !two) throw new Error('no lines');
    const items = [
      { lineNo: 1, quantity: 5, reasonCode: 'DAMAGED' },
      { lineNo: 2, quantity: 3, reasonCode: 'CHANGE_OF_MIND' },
    ];
    const { pickupNo } = (await postClaim(stack, claimBody('return', one.orderNo, items))).body.pickups[0];
    await takePickup(stack, pickupNo, ['instruct', 'confirm']);
    const inspected = [{ lineNo: 1, restock: 2, dispose: 3, fault: 'buyer' }];
    expect(await commandPickup(stack, 'complete', pickupNo, { items: inspected })).toMatchObject({ ok: true });
    expect(await pickupOf(stack, pickupNo)).toMatchObject({
      items: [
        { lineNo: 1, quantity: 5, restock: 2, dispose: 3, fault: 'buyer' },
        { lineNo: 2, quantity: 3, restock: 3, dispose: 0, fault: 'buyer' },
      ],
      returnFee: { bearer: 'buyer' },
      completedAt: expect.any(String),
    });
    expect(await listedLine(stack, one)).toBeUndefined();
    expect(await listedLine(stack, two)).toMatchObject({ validQuantity: 1 });
  });

  test.each([
    ['CHANGE_OF_MIND', 'buyer'],
    ['OTHER', null],
    ['DEFECT', 'seller'],
    ['DAMAGED', 'seller'],
    ['WRONG_ITEM', 'seller'],
    ['LATE', 'seller'],
  ])('absent items = all restocked, fault from the claim’s reasonCode: %s → %p', async (reasonCode, fault) => {
    const pickupNo = await pickupIn(stack, 'completed', await placedLine(stack), 'return', { reasonCode });
    expect(await pickupOf(stack, pickupNo)).toMatchObject({
      items: [{ quantity: 1, reasonCode, restock: 1, dispose: 0, fault }],
      returnFee: { bearer: fault },
    });
  });

  test.each([
    ['restock + dispose below the quantity', [{ lineNo: 1, restock: 1, dispose: 0 }]],
    ['restock + dispose above the quantity', [{ lineNo: 1, restock: 2, dispose: 1 }]],
    ['a line that is not in the pickup', [{ lineNo: 2, restock: 2, dispose: 0 }]],
    // biome-ignore format: one case a line
    ['a line twice', [{ lineNo: 1, restock: 2, dispose: 0 }, { lineNo: 1, restock: 2, dispose: 0 }]],
  ])('%s is QUANTITY_MISMATCH: nothing is settled, no exchange is sent', async (_, items) => {
    const line = await placedLine(stack);
    const pickupNo = await openClaim(stack, 'exchange', line, 2);
    await takePickup(stack, pickupNo, ['instruct', 'confirm']);
    const before = await storedPickup(stack, pickupNo);
    expect(await commandPickup(stack, 'complete', pickupNo, { items })).toMatchObject({
      ok: false,
      error: { code: 'QUANTITY_MISMATCH', title: '재입고와 폐기 수량의 합이 회수 수량과 다릅니다' },
    });
    expect(await storedPickup(stack, pickupNo)).toEqual(before);
    expect(await claimsOn(stack, line)).toEqual({ [pickupNo]: { quantity: 2, status: 'reserved' } });
    expect(await linesOf(line)).toHaveLength(1);
  });
});

describe('교환: a new delivery line of kind exchange, at `ordered`, linked both ways', () => {
  test('the same products and receiver, place and method; several lines in one delivery, with the next free lineNo', async () => {
    const overrides = { placeNo: 176_129, methodCode: '20' };
    const placed = await placeAndTake(stack, DELIVERED, [
      { ...overrides, productId: 11, lineNo: 3 },
      { ...overrides, productId: 22, lineNo: 7, quantity: 5 },
    ]);
    const [one, two] = placed as [PlacedLine, PlacedLine];
    const exchangeTo = { productId: 33, productName: '캠핑 의자 대형' };
    const items = [
      { lineNo: 3, quantity: 1 },
      { lineNo: 7, quantity: 4, exchangeTo },
    ];
    const { pickupNo } = (await postClaim(stack, claimBody('exchange', one.orderNo, items))).body.pickups[0];
    await takePickup(stack, pickupNo, ['instruct', 'confirm']);
    const { exchangeDeliveryNo } = await commandPickup(stack, 'complete', pickupNo);
    const { body } = await stack.get(`/api/bo/v1/deliveries/${exchangeDeliveryNo}`, {
      token: await stack.token(['delivery.read', 'pii.read']),
    });
    expect(body).toMatchObject({ orderNo: one.orderNo, placeNo: 176_129, methodCode: '20', receiver });
    expect(body.lines).toMatchObject([
      { lineNo: 8, kind: 'exchange', state: 'ordered', productId: 11, optionName: '카키', quantity: 1 },
      {
        lineNo: 9,
        kind: 'exchange',
        state: 'ordered',
        productId: 33,
        productName: '캠핑 의자 대형',
        optionName: null,
        quantity: 4,
      },
    ]);
    expect(body.history).toMatchObject([
      { command: 'order', by: pickupNo },
      { command: 'order', by: pickupNo },
    ]);
    expect(await pickupOf(stack, pickupNo)).toMatchObject({ exchangeDeliveryNo, originalDeliveryNo: one.deliveryNo });
    // The original stays as it was sent; what was exchanged of it cannot be claimed again.
    expect(await listedLine(stack, two)).toMatchObject({ validQuantity: 5, state: 'delivered' });
    expect(await claimsOn(stack, two)).toEqual({ [pickupNo]: { quantity: 4, status: 'exchanged' } });
    for (const lineNo of [8, 9]) expect(await statusOf(deliveryWorkflowId(exchangeDeliveryNo, lineNo))).toBe('RUNNING');
  });

  test('exchanges of one order at once: each has its own delivery and the next free lineNo', async () => {
    const line = await placedLine(stack, DELIVERED, { quantity: 4 });
    const pickupNos = await Promise.all([1, 2, 3].map(() => pickupIn(stack, 'confirmed', line, 'exchange')));
    const results = await Promise.all(pickupNos.map((pickupNo) => commandPickup(stack, 'complete', pickupNo)));
    expect(new Set(results.map(({ exchangeDeliveryNo }) => exchangeDeliveryNo)).size).toBe(3);
    expect((await linesOf(line)).map(({ line_no, kind }) => [line_no, kind])).toEqual([
      [1, 'order'],
      [2, 'exchange'],
      [3, 'exchange'],
      [4, 'exchange'],
    ]);
  });

  test('it is shipped and delivered as any other, and can be returned in its turn', async () => {
    const line = await placedLine(stack);
    const pickupNo = await pickupIn(stack, 'completed', line, 'exchange');
    const sent = exchangeLine(line, (await pickupOf(stack, pickupNo)).exchangeDeliveryNo, 2);
    await take(stack, sent, DELIVERED);
    const back = await openClaim(stack, 'return', sent);
    expect(await pickupOf(stack, back)).toMatchObject({
      originalDeliveryNo: sent.deliveryNo,
      items: [{ lineNo: 2, quantity: 1 }],
    });
    await takePickup(stack, back, ['instruct', 'confirm', 'complete']);
    expect(await listedLine(stack, sent)).toBeUndefined();
    expect(await listedLine(stack, line)).toMatchObject({ validQuantity: 2 });
  });

  test('교환 중 반품처리: completed as a return, it sends nothing and lowers the quantity; history and list show it', async () => {
    const line = await placedLine(stack);
    const pickupNo = await pickupIn(stack, 'confirmed', line, 'exchange');
    await takePickup(stack, pickupNo, ['convert-to-return', 'complete']);
    const { body } = await stack.get(`/api/bo/v1/pickups?pickupNo=${pickupNo}`);
    expect(body.items).toMatchObject([
      { kind: 'return', convertedFromExchange: true, state: 'completed', exchangeDeliveryNo: null },
    ]);
    expect((await pickupOf(stack, pickupNo)).history[3]).toMatchObject({
      command: 'convert-to-return',
      by: 'kim',
      reason: '시험',
    });
    expect(await linesOf(line)).toHaveLength(1);
    expect(await listedLine(stack, line)).toMatchObject({ validQuantity: 1 });
  });
});
