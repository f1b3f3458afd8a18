import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cancel, commandLine, type LineOverrides, receiver, take } from '../../support/scenes/orders.ts';
import {
  claimBody,
  commandPickup,
  openClaim,
  pickupOf,
  placedLine,
  postClaim,
  SHIPPED,
  takePickup,
} from '../../support/scenes/pickups.ts';
import { conditional, feeLine, noFee, orderWithFees, placeWithPolicy } from '../../support/scenes/shipping.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const order = (lines: LineOverrides[], zipCode?: string) => orderWithFees(stack, lines, zipCode);
const line = feeLine;
const place = (policy: object = {}, more: object = {}) => placeWithPolicy(stack, policy, more);

describe('반품·교환: the fee of collecting, who bears it by fault side, and the fee of what remains', () => {
  const feeOf = async (pickupNo: string) => (await pickupOf(stack, pickupNo)).returnFee;

  /** A shipped order of two lines of 10,000 from one place. */
  async function shipped(policy: object, more: object = {}) {
    const [placeNo] = await place(policy, more);
    const placed = await order([line(placeNo), line(placeNo)]);
    for (const lineNo of [1, 2]) await take(stack, placed.lineOf(lineNo), SHIPPED);
    return placed;
  }

  test.each([
    ['CHANGE_OF_MIND', 'buyer'],
    ['DEFECT', 'seller'],
    ['OTHER', null],
  ])('%s: borne by %s', async (reasonCode, bearer) => {
    const { lineOf } = await shipped(conditional);
    const pickupNo = await openClaim(stack, 'return', lineOf(1), 1, { reasonCode });
    expect(await feeOf(pickupNo)).toEqual({ amount: 2_500, bearer, feeBefore: 0, feeAfter: 2_500 });
  });

  test('the inspection decides whose fault it was', async () => {
    const { lineOf } = await shipped({});
    const pickupNo = await openClaim(stack, 'return', lineOf(1), 1, { reasonCode: 'CHANGE_OF_MIND' });
    await takePickup(stack, pickupNo, ['instruct', 'confirm']);
    const items = [{ lineNo: 1, restock: 1, dispose: 0, fault: 'seller' }];
    expect(await commandPickup(stack, 'complete', pickupNo, { items })).toMatchObject({ ok: true });
    expect(await feeOf(pickupNo)).toMatchObject({ amount: 2_500, bearer: 'seller' });
  });

  test('collected on Jeju it costs what Jeju costs; a free policy asks nothing', async () => {
    const { orderNo } = await shipped({});
    const pickupFrom = { ...receiver, zipCode: '63122' };
    const { body } = await postClaim(stack, claimBody('return', orderNo, [{ lineNo: 1, quantity: 1 }], { pickupFrom }));
    expect(await feeOf(body.pickups[0].pickupNo)).toMatchObject({ amount: 5_500, feeBefore: 2_500, feeAfter: 2_500 });
    const free = await shipped({ feeType: 1, fee: 0 });
    expect(await feeOf(await openClaim(stack, 'return', free.lineOf(1)))).toMatchObject({ amount: 0, feeBefore: 0, feeAfter: 0 });
  });

  test('an exchange travels twice and takes nothing from the order; 교환중반품 once, and does', async () => {
    const { lineOf } = await shipped(conditional);
    const pickupNo = await openClaim(stack, 'exchange', lineOf(1));
    expect(await feeOf(pickupNo)).toMatchObject({ amount: 5_000, feeBefore: 0, feeAfter: 0 });
    await takePickup(stack, pickupNo, ['instruct', 'confirm']);
    await commandPickup(stack, 'convert-to-return', pickupNo, {}, { reason: '재고 없음' });
    expect(await feeOf(pickupNo)).toMatchObject({ amount: 2_500, feeBefore: 0, feeAfter: 2_500 });
  });

  test('반품중교환 turns that around: it travels twice and takes nothing; who pays follows from the fault still', async () => {
    const { lineOf } = await shipped(conditional);
    const pickupNo = await openClaim(stack, 'return', lineOf(1), 1, { reasonCode: 'CHANGE_OF_MIND' });
    expect(await feeOf(pickupNo)).toEqual({ amount: 2_500, bearer: 'buyer', feeBefore: 0, feeAfter: 2_500 });
    await takePickup(stack, pickupNo, ['instruct', 'confirm', 'convert-to-exchange']);
    expect(await feeOf(pickupNo)).toEqual({ amount: 5_000, bearer: 'buyer', feeBefore: 0, feeAfter: 0 });
    const items = [{ lineNo: 1, restock: 1, dispose: 0, fault: 'seller' }];
    expect(await commandPickup(stack, 'complete', pickupNo, { items })).toMatchObject({ ok: true });
    expect(await feeOf(pickupNo)).toEqual({ amount: 5_000, bearer: 'seller', feeBefore: 0, feeAfter: 0 });
    const back = await openClaim(stack, 'exchange', lineOf(2), 1);
    await takePickup(stack, back, ['instruct', 'confirm', 'convert-to-return', 'convert-to-exchange']);
    expect(await feeOf(back)).toMatchObject({ amount: 5_000, bearer: 'seller' });
  });

  test('접수철회: nothing travelled, nothing changed', async () => {
    const { lineOf } = await shipped(conditional);
    const pickupNo = await openClaim(stack, 'return', lineOf(1));
    await commandPickup(stack, 'withdraw', pickupNo, {}, { reason: '고객 철회' });
    expect(await feeOf(pickupNo)).toMatchObject({ amount: 0, feeBefore: 0, feeAfter: 0 });
  });

  test('what was sent in exchange counts instead of what came back; it has no fee of its own', async () => {
    const { lineOf, orderNo } = await shipped(conditional);
    const pickupNo = await openClaim(stack, 'exchange', lineOf(1));
    await takePickup(stack, pickupNo, ['instruct', 'confirm', 'complete']);
    const { exchangeDeliveryNo } = await pickupOf(stack, pickupNo);
    const sent = { orderNo, deliveryNo: exchangeDeliveryNo, lineNo: 3 };
    const detail = (await stack.get(`/api/bo/v1/deliveries/${exchangeDeliveryNo}`)).body;
    expect(detail.shippingFee).toEqual(noFee);
    await eventually(async () => (await commandLine(stack, 'instruct', sent)).ok);
    const canceled = await cancel(stack, [{ ...sent, quantity: 1 }]);
    expect(canceled.body).toMatchObject({ succeeded: 1, feeBefore: 0, feeAfter: 2_500 });
    expect(await feeOf(await openClaim(stack, 'return', lineOf(2)))).toMatchObject({
      amount: 2_500,
      feeBefore: 2_500,
      feeAfter: 0,
    });
  });

  test('an order without a policy costs nothing to collect', async () => {
    const unregistered = await placedLine(stack, SHIPPED, { placeNo: 999_999_999 });
    expect(await feeOf(await openClaim(stack, 'return', unregistered))).toMatchObject({ amount: 0, feeBefore: 0, feeAfter: 0 });
  });
});
