import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { orderBody, receiver } from '../../support/scenes/orders.ts';
import { createPlace, createPolicy, quoteOf } from '../../support/scenes/shipping.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let placeNo: number;
let policyNo: number;
beforeAll(async () => {
  stack = await startStack({}, { hasWorker: false });
  placeNo = await createPlace(stack);
  policyNo = await createPolicy(stack, placeNo, { feeType: 3, shippingFee: [{ condition: 20_000 }] });
});
afterAll(() => stack.stop());

describe('POST /api/bo/v1/shipping-fees/quote', () => {
  test('bundles in words, and their total', async () => {
    const other = await createPlace(stack);
    const { status, body } = await quoteOf(stack, '63122', [
      { placeNo, quantity: 2, unitPrice: 12_900 },
      { placeNo: other, quantity: 1, unitPrice: 500 },
    ]);
    expect(status).toBe(200);
    expect(body).toEqual({
      bundles: [
        {
          placeNo,
          itemsAmount: 25_800,
          policyNo,
          feeType: 3,
          baseFee: 0,
          surcharge: 3_000,
          fee: 3_000,
          payment: 'prepaid',
          reason: `상품 금액 25,800원 · 정책 ${policyNo}(조건부무료 20,000원 이상 무료, 미만 2,500원) 0원 · 제주 추가 3,000원`,
        },
        {
          placeNo: other,
          itemsAmount: 500,
          policyNo: null,
          feeType: null,
          baseFee: 0,
          surcharge: 0,
          fee: 0,
          payment: 'none',
          reason: '적용할 묶음배송비 정책 없음: 배송비 없음',
        },
      ],
      totalFee: 3_000,
    });
  });

  test('an order of the same lines carries the same fees', async () => {
    const second = await createPlace(stack, { imposeType: 2 });
    const named = await createPolicy(stack, second, { fee: 4_000, isDefault: false });
    await createPolicy(stack, second, { fee: 3_000 });
    const lines = [
      { placeNo, quantity: 1, unitPrice: 9_000 },
      { placeNo: second, quantity: 1, unitPrice: 1_000 },
      { placeNo: second, policyNo: named, quantity: 2, unitPrice: 2_000 },
      { placeNo, quantity: 1, unitPrice: 10_999 },
    ];
    for (const zipCode of ['06236', '63122', '63365']) {
      const quoted = (await quoteOf(stack, zipCode, lines)).body;
      const { body } = await stack.post('/api/order/v1/orders', orderBody(lines, { receiver: { ...receiver, zipCode } }));
      const shown = ({ bundles }: { bundles: any[] }) =>
        bundles.map((each) => [each.placeNo, each.policyNo, each.baseFee, each.surcharge, each.fee, each.payment]);
      expect(shown({ bundles: body.deliveries.map((each: any) => ({ placeNo: each.placeNo, ...each.shippingFee })) })).toEqual(
        shown(quoted),
      );
    }
  });

  test('digit strings are numbers, an unknown policy falls to the default', async () => {
    const { body } = await quoteOf(stack, '06236', [
      { placeNo: String(placeNo), policyNo: '999999999', quantity: 1, unitPrice: 1 },
    ]);
    expect(body).toMatchObject({ totalFee: 2_500, bundles: [{ policyNo }] });
  });

  test('changes and stores nothing', async () => {
    const count = async () => (await stack.db.query(sql<{ count: number }>`select count(*) from requests`))[0]?.count;
    const before = await count();
    await quoteOf(stack, '06236', [{ placeNo, quantity: 1, unitPrice: 1 }]);
    expect(await count()).toBe(before);
  });

  test.each<[string, string, (lines: object[]) => object[]]>([
    ['no line', '06236', () => []],
    ['201 lines', '06236', ([line]) => Array.from({ length: 201 }, () => line as object)],
    ['a zip code of six digits that never was', '835080', (lines) => lines],
    ['quantity 0', '06236', ([line]) => [{ ...line, quantity: 0 }]],
    ['a price as a string', '06236', ([line]) => [{ ...line, unitPrice: '1' }]],
    ['a negative price', '06236', ([line]) => [{ ...line, unitPrice: -1 }]],
    ['half a won', '06236', ([line]) => [{ ...line, unitPrice: 0.5 }]],
    ['placeNo 0', '06236', ([line]) => [{ ...line, placeNo: 0 }]],
  ])('%s: 400', async (_, zipCode, change) => {
    const { status, body, headers } = await quoteOf(stack, zipCode, change([{ placeNo, quantity: 1, unitPrice: 1 }]));
    expect([status, body.code, headers.get('content-type')]).toEqual([400, 'BAD_REQUEST', 'application/problem+json']);
  });

  test('asks for policy.read', async () => {
    const body = { zipCode: '06236', lines: [{ placeNo, quantity: 1, unitPrice: 1 }] };
    const post = async (token: string | null) => (await stack.post('/api/bo/v1/shipping-fees/quote', body, { token })).status;
    expect(await post(null)).toBe(401);
    expect(await post(await stack.token(['policy.write']))).toBe(403);
    expect(await post(await stack.token(['policy.read']))).toBe(200);
  });
});
