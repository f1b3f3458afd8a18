import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cancel, commandLine, type LineOverrides, orderBody, receiver, take } from '../../support/scenes/orders.ts';
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
import { createPlace, createPolicy, placeBody, policyBody, quoteOf } from '../../support/scenes/shipping.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const conditional = { feeType: 3, shippingFee: [{ condition: 20_000 }] };
const noFee = { policyNo: null, feeType: null, baseFee: 0, surcharge: 0, fee: 0, payment: 'none' };

/** An order's answer: its deliveries with their fees. */
async function order(lines: LineOverrides[], zipCode = '06236') {
  const body = orderBody(lines, { receiver: { ...receiver, zipCode } });
  const { status, body: answer } = await stack.post('/api/order/v1/orders', body);
  if (status !== 201) throw new Error(`order: ${status} ${JSON.stringify(answer)}`);
  const deliveries: { deliveryNo: string; placeNo: number | null; methodCode: string; lineNos: number[]; shippingFee: any }[] =
    answer.deliveries;
  const lineOf = (lineNo: number) => ({
    orderNo: body.orderNo,
    lineNo,
    deliveryNo: deliveries.find(({ lineNos }) => lineNos.includes(lineNo))?.deliveryNo ?? '',
  });
  return { body, answer, deliveries, orderNo: body.orderNo, lineOf };
}
const line = (placeNo: number | null, more: LineOverrides = {}): LineOverrides => ({
  placeNo,
  unitPrice: 10_000,
  quantity: 1,
  ...more,
});

/** A place with a default policy. */
async function place(policy: object = {}, more: object = {}): Promise<[placeNo: number, policyNo: number]> {
  const placeNo = await createPlace(stack, more);
  return [placeNo, await createPolicy(stack, placeNo, policy)];
}

describe('each delivery of an order carries its fee, policy and payment as they were when ordered', () => {
  test('조건부무료: below the condition, at it; the bundle counts, not the line', async () => {
    const [placeNo, policyNo] = await place(conditional);
    const below = await order([line(placeNo)]);
    const fee = { policyNo, feeType: 3, baseFee: 2_500, surcharge: 0, fee: 2_500, payment: 'prepaid' };
    expect(below.deliveries).toMatchObject([{ placeNo, shippingFee: fee }]);
    const detail = await stack.get(`/api/bo/v1/deliveries/${below.deliveries[0]?.deliveryNo}`);
    expect(detail.body.shippingFee).toEqual(fee);
    const free = await order([line(placeNo), line(placeNo)]);
    expect(free.deliveries).toMatchObject([{ lineNos: [1, 2], shippingFee: { ...fee, baseFee: 0, fee: 0 } }]);
  });

  test('착불, the policy a line names, and the greatest where the place says so', async () => {
    const [placeNo] = await place({}, { imposeType: 2 });
    const collect = await createPolicy(stack, placeNo, {
      fee: 4_000,
      isPrepayment: false,
      isCashOnDelivery: true,
      isDefault: false,
    });
    const { deliveries } = await order([line(placeNo), line(placeNo, { policyNo: collect })]);
    expect(deliveries).toMatchObject([{ shippingFee: { policyNo: collect, fee: 4_000, payment: 'collect' } }]);
  });

  test('제주 and 도서산간 pay more, also when free', async () => {
    const [placeNo] = await place({ feeType: 1, fee: 0 });
    expect((await order([line(placeNo)], '63122')).deliveries[0]?.shippingFee).toMatchObject({ surcharge: 3_000, fee: 3_000 });
    expect((await order([line(placeNo)], '40221')).deliveries[0]?.shippingFee).toMatchObject({ surcharge: 5_000, fee: 5_000 });
    const [quiet] = await place({}, { isSetAdditionalShippingFee: false });
    expect((await order([line(quiet)], '63122')).deliveries[0]?.shippingFee).toMatchObject({ surcharge: 0, fee: 2_500 });
  });

  test('a place that is not registered, or without policy: fee 0 and payment none', async () => {
    const empty = await createPlace(stack);
    const { deliveries } = await order([line(999_999_999), line(empty), line(empty, { policyNo: 1, methodCode: '20' })], '63122');
    expect(deliveries.map(({ shippingFee }) => shippingFee)).toEqual([noFee, noFee, noFee]);
  });

  test('방문수령 and e-쿠폰 have none; a place that sends by parcel and by vehicle asks once', async () => {
    const [placeNo] = await place();
    const { deliveries } = await order(['30', '20', '10', '40'].map((methodCode) => line(placeNo, { methodCode })));
    expect(deliveries.map(({ methodCode, shippingFee: { fee, payment } }) => [methodCode, fee, payment])).toEqual([
      ['30', 0, 'none'],
      ['20', 2_500, 'prepaid'],
      ['10', 0, 'prepaid'],
      ['40', 0, 'none'],
    ]);
  });

  test('without placeNo the default place, else null', async () => {
    const before = await order([line(null)]);
    expect(before.deliveries).toMatchObject([{ placeNo: null, shippingFee: noFee }]);
    const [placeNo] = await place({}, { isDefaultShippingPlace: true });
    const after = await order([line(null), line(placeNo)]);
    expect(after.deliveries).toMatchObject([{ placeNo, lineNos: [1, 2], shippingFee: { fee: 2_500 } }]);
    expect((await quoteOf(stack, '06236', [{ quantity: 1, unitPrice: 1 }])).body.bundles).toMatchObject([{ placeNo }]);
    await stack.put(`/item/v1/shipping/places/${placeNo}`, placeBody());
    expect((await order([line(null)])).deliveries).toMatchObject([{ placeNo: null }]);
  });

  test('a later policy change alters no order, nor what its cancellation costs', async () => {
    const [placeNo, policyNo] = await place(conditional);
    const placed = await order([line(placeNo), line(placeNo)], '63122');
    const change = policyBody(placeNo, { feeType: 2, fee: 9_000 });
    expect((await stack.put(`/item/v1/shipping/policies/${policyNo}`, change)).status).toBe(200);
    await stack.put(`/item/v1/shipping/places/${placeNo}`, placeBody({ jejuAdditionalShippingFee: 7_000 }));
    const again = await stack.post('/api/order/v1/orders', placed.body);
    expect([again.status, again.body]).toEqual([200, placed.answer]);
    expect(placed.deliveries[0]?.shippingFee).toMatchObject({ feeType: 3, baseFee: 0, surcharge: 3_000, fee: 3_000 });
    const canceled = await cancel(stack, [{ ...placed.lineOf(1), quantity: 1 }]);
    expect(canceled.body).toMatchObject({ feeBefore: 3_000, feeAfter: 5_500 });
    expect((await order([line(placeNo)], '63122')).deliveries[0]?.shippingFee).toMatchObject({ fee: 16_000 });
  });

  test('orders that come while the policy changes carry one policy whole or the other', async () => {
    const [placeNo, policyNo] = await place({ fee: 1_000 });
    const prepaid = policyBody(placeNo, { fee: 1_000 });
    const collect = policyBody(placeNo, { fee: 7_000, isPrepayment: false, isCashOnDelivery: true });
    const changes = Array.from({ length: 6 }, (_, at) =>
      stack.put(`/item/v1/shipping/policies/${policyNo}`, at % 2 ? prepaid : collect),
    );
    const orders = Array.from({ length: 8 }, () => order([line(placeNo)]));
    for (const { status } of await Promise.all(changes)) expect(status).toBe(200);
    for (const { deliveries } of await Promise.all(orders))
      expect([
        [1_000, 'prepaid'],
        [7_000, 'collect'],
      ]).toContainEqual([deliveries[0]?.shippingFee.fee, deliveries[0]?.shippingFee.payment]);
  });
});

describe('주문취소: what the fee would be for the remaining items', () => {
  const costs = async (lines: Parameters<typeof cancel>[1]) => {
    const { body } = await cancel(stack, lines);
    return [body.feeBefore, body.feeAfter];
  };

  test('falling below the condition, then nothing left of a bundle; the other place is untouched', async () => {
    const [placeNo] = await place(conditional);
    const [other] = await place({ fee: 3_000 });
    const { lineOf } = await order([line(placeNo, { quantity: 3 }), line(other)]);
    expect(await costs([{ ...lineOf(1), quantity: 1 }])).toEqual([3_000, 3_000]);
    expect(await costs([{ ...lineOf(1), quantity: 1 }])).toEqual([3_000, 5_500]);
    expect(await costs([{ ...lineOf(1), quantity: 1 }])).toEqual([5_500, 3_000]);
    expect(await costs([{ ...lineOf(2), quantity: 1 }])).toEqual([3_000, 0]);
  });

  test('what was refused changes nothing', async () => {
    const [placeNo] = await place();
    const { lineOf } = await order([line(placeNo)]);
    expect(await costs([{ ...lineOf(1), quantity: 5 }])).toEqual([2_500, 2_500]);
  });

  test('the same key again answers the same, though more was canceled since', async () => {
    const [placeNo] = await place(conditional);
    const { lineOf, orderNo } = await order([line(placeNo, { quantity: 3 })]);
    const post = () =>
      stack.post(
        `/api/order/v1/orders/${orderNo}/cancellations`,
        { lines: [{ lineNo: 1, quantity: 2 }] },
        { headers: { 'idempotency-key': `fee-${orderNo}` } },
      );
    const { body } = await post();
    expect(body).toMatchObject({ feeBefore: 0, feeAfter: 2_500 });
    expect(await costs([{ ...lineOf(1), quantity: 1 }])).toEqual([2_500, 0]);
    // As after a kill -9 between the cancellation and its answer: executed again, it tells the same.
    await stack.db.query(
      `update requests set answered_at = null, status = null, answer = null, locked_until = null where key = $1`,
      [`fee-${orderNo}`],
    );
    expect((await post()).body).toEqual(body);
  });
});

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
