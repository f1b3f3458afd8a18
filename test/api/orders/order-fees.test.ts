import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { cancel, type LineOverrides } from '../../support/scenes/orders.ts';
import {
  conditional,
  createPlace,
  createPolicy,
  feeLine,
  noFee,
  orderWithFees,
  placeBody,
  placeWithPolicy,
  policyBody,
  quoteOf,
} from '../../support/scenes/shipping.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const order = (lines: LineOverrides[], zipCode?: string) => orderWithFees(stack, lines, zipCode);
const line = feeLine;
const place = (policy: object = {}, more: object = {}) => placeWithPolicy(stack, policy, more);

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
    // One that comes to its turn after a newer one is dropped (SUPERSEDED).
    const statuses = (await Promise.all(changes)).map(({ status }) => status);
    expect(statuses.filter((status) => status !== 409)).toEqual(statuses.filter((status) => status === 200));
    expect(statuses).toContain(200);
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
      sql`update requests set answered_at = null, status = null, answer = null, locked_until = null where key = ${`fee-${orderNo}`}`,
    );
    expect((await post()).body).toEqual(body);
  });
});
