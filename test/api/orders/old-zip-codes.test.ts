import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { orderBody, receiver, unique } from '../../support/scenes/orders.ts';
import { DELIVERED, placedLine } from '../../support/scenes/pickups.ts';
import { feeLine, placeWithPolicy, quoteOf } from '../../support/scenes/shipping.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const surcharges = {
  isSetAdditionalShippingFee: true,
  jejuAdditionalShippingFee: 3_000,
  backwoodsAdditionalShippingFee: 5_000,
};

describe('six-digit postal codes of before 2015 are taken, with the fee by what is known, and a mark', () => {
  test.each<[string, string, number, true | undefined]>([
    ['135080', '135-080', 0, true],
    ['135-080', '135-080', 0, true],
    ['１３５\u2013０８０', '135-080', 0, true],
    ['690-756', '690-756', 3_000, true],
    ['699902', '699-902', 3_000, true],
    ['700-010', '700-010', 0, true],
    ['63122', '63122', 3_000, undefined],
    ['63365', '63365', 5_000, undefined],
    ['06236', '06236', 0, undefined],
  ])('%s → %s, surcharge %p', async (sent, kept, surcharge, mark) => {
    const [placeNo] = await placeWithPolicy(stack, {}, surcharges);
    const body = orderBody([feeLine(placeNo)], { receiver: { ...receiver, zipCode: sent } });
    const { status, body: answer } = await stack.post('/api/order/v1/orders', body);
    expect([status, answer.zipCodeOld, answer.deliveries[0].shippingFee.surcharge]).toEqual([201, mark, surcharge]);
    const again = await stack.post('/api/order/v1/orders', body);
    expect(again).toMatchObject({ status: 200, body: answer });
    const detail = (await stack.get(`/api/bo/v1/deliveries/${answer.deliveries[0].deliveryNo}`)).body;
    expect([detail.receiver.zipCode, detail.receiver.zipCodeOld]).toEqual([kept, mark]);

    const quoted = (await quoteOf(stack, sent, [{ placeNo, quantity: 1, unitPrice: 1 }])).body;
    expect([quoted.zipCodeOld, quoted.bundles[0].surcharge]).toEqual([mark, surcharge]);
    expect(/도서산간 여부 모름/.test(quoted.bundles[0].reason)).toBe(mark === true && surcharge === 0);
  });

  test('where a return is collected too', async () => {
    const [placeNo] = await placeWithPolicy(stack, {}, surcharges);
    const line = await placedLine(stack, DELIVERED, feeLine(placeNo));
    const { status, body } = await stack.post('/api/order/v1/claims', {
      claimNo: unique('C'),
      kind: 'return',
      orderNo: line.orderNo,
      items: [{ lineNo: 1, quantity: 1, reasonCode: 'CHANGE_OF_MIND' }],
      pickupFrom: { ...receiver, zipCode: '690756' },
    });
    expect(status).toBe(201);
    const detail = (await stack.get(`/api/bo/v1/pickups/${body.pickups[0].pickupNo}`)).body;
    expect(detail.pickupFrom).toMatchObject({ zipCode: '690-756', zipCodeOld: true });
  });

  test.each(['012-345', '835-080', '13-5080', '1350801', '135--080', '13508'.repeat(3)])(
    '%s never was one: 400',
    async (zipCode) => {
      const answer = await stack.post('/api/order/v1/orders', orderBody([{}], { receiver: { ...receiver, zipCode } }));
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'receiver.zipCode' }] } });
    },
  );
});
