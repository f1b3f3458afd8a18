import { describe, expect, test } from '@jest/globals';
import { bundleFee, collectionFee, type FeePolicy, type PlaceTerms, quote, travels } from '../../domain/shipping/bundle-fee.ts';
import { jejuCodes, postalAreaOf, remoteCodes } from '../../domain/shipping/postal-areas.ts';

const policy = (policyNo: number, more: Partial<FeePolicy> = {}): FeePolicy => ({
  policyNo,
  feeType: 2,
  fee: 2_500,
  condition: 0,
  isPrepayment: true,
  isCashOnDelivery: false,
  isDefault: false,
  ...more,
});
const place = (policies: FeePolicy[], more: Partial<PlaceTerms> = {}): PlaceTerms => ({
  imposeType: 1,
  jeju: 3_000,
  remote: 5_000,
  policies,
  ...more,
});
const line = (unitPrice: number, policyNo: number | null = null, quantity = 1, placeNo: number | null = 1) => ({
  placeNo,
  policyNo,
  quantity,
  unitPrice,
});

describe('정책구분 1: 무료 · 2: 유료 · 3: 조건부', () => {
  const conditional = place([policy(1, { feeType: 3, condition: 20_000, isDefault: true })]);

  test('무료 asks nothing, 유료 its fee', () => {
    expect(bundleFee(place([policy(1, { feeType: 1, isDefault: true })]), null, [line(100)])).toMatchObject({
      feeType: 1,
      fee: 0,
      payment: 'prepaid',
    });
    expect(bundleFee(place([policy(1, { isDefault: true })]), null, [line(1_000_000)])).toMatchObject({ feeType: 2, fee: 2_500 });
  });

  test.each([
    [19_999, 2_500],
    [20_000, 0],
    [20_001, 0],
  ])('조건부무료: %i won against 20,000 → %i', (amount, fee) => {
    expect(bundleFee(conditional, null, [line(amount)])).toMatchObject({ itemsAmount: amount, baseFee: fee, fee });
  });

  test('the condition is compared with the bundle, not with a line: 4 × 5,000 is enough', () => {
    expect(bundleFee(conditional, null, [line(5_000, null, 2), line(10_000)])).toMatchObject({ itemsAmount: 20_000, fee: 0 });
  });
});

describe('계산 방식에 따라 배송비 최소/최대 부과', () => {
  const policies = [policy(1, { fee: 4_000, isDefault: true }), policy(2, { isPrepayment: false, isCashOnDelivery: true })];

  test('1 least · 2 greatest of the policies concerned, and that policy gives the payment', () => {
    const lines = [line(100, 1), line(100, 2)];
    expect(bundleFee(place(policies, { imposeType: 1 }), null, lines)).toMatchObject({
      policyNo: 2,
      fee: 2_500,
      payment: 'collect',
    });
    expect(bundleFee(place(policies, { imposeType: 2 }), null, lines)).toMatchObject({
      policyNo: 1,
      fee: 4_000,
      payment: 'prepaid',
    });
  });

  test('a policy that no line asks for is not concerned', () => {
    expect(bundleFee(place(policies), null, [line(100)])).toMatchObject({ policyNo: 1, fee: 4_000 });
  });

  test("a line without policyNo, or with one that is not this place's, uses the place's default", () => {
    expect(bundleFee(place(policies, { imposeType: 2 }), null, [line(100, 2), line(100)])).toMatchObject({ policyNo: 1 });
    expect(bundleFee(place(policies), null, [line(100, 99)])).toMatchObject({ policyNo: 1 });
  });

  test('선결제와 착불 both = prepaid, neither = none', () => {
    const paid = (more: Partial<FeePolicy>) =>
      bundleFee(place([policy(1, { isDefault: true, ...more })]), null, [line(1)]).payment;
    expect(paid({ isPrepayment: true, isCashOnDelivery: true })).toBe('prepaid');
    expect(paid({ feeType: 1, isPrepayment: false })).toBe('none');
  });

  test('no place, no policy, no lines: fee 0 and payment none', () => {
    const nothing = { policyNo: null, feeType: null, baseFee: 0, surcharge: 0, fee: 0, payment: 'none' };
    expect(bundleFee(undefined, 'jeju', [line(100)])).toMatchObject(nothing);
    expect(bundleFee(place([]), 'jeju', [line(100)])).toMatchObject(nothing);
    expect(bundleFee(place([policy(1, { isDefault: false })]), 'jeju', [line(100)])).toMatchObject(nothing);
    expect(bundleFee(place(policies), 'jeju', [])).toMatchObject(nothing);
  });
});

describe('제주 and 도서산간', () => {
  test.each([
    ['62999', null],
    ['63000', 'remote'],
    ['63001', 'remote'],
    ['63002', 'jeju'],
    ['63364', 'jeju'],
    ['63365', 'remote'],
    ['63644', 'jeju'],
    ['63645', null],
    ['22385', null],
    ['22386', 'remote'],
    ['23116', 'remote'],
    ['23117', null],
    ['31708', 'remote'],
    ['40240', 'remote'],
    ['46771', 'remote'],
    ['52572', null],
    ['53089', 'remote'],
    ['53105', null],
    ['58826', 'remote'],
    ['58827', null],
    ['06236', null],
    ['6300', null],
    ['abcde', null],
    ['', null],
  ] as const)('%s → %s', (zipCode, area) => {
    expect(postalAreaOf(zipCode)).toBe(area);
  });

  test('the table is in order, and its ranges do not overlap', () => {
    for (const ranges of [jejuCodes, remoteCodes])
      for (const [at, [first, last]] of ranges.entries()) {
        expect(last).toBeGreaterThanOrEqual(first);
        expect(first).toBeGreaterThan(ranges[at - 1]?.[1] ?? 0);
      }
  });

  test('the surcharge comes on top, also of fee 0; an area that is both pays the remote one', () => {
    const terms = new Map([[1, place([policy(1, { feeType: 1, isDefault: true })])]]);
    const feeTo = (zipCode: string) => quote(terms, zipCode, [line(100)]).bundles[0];
    expect(feeTo('63122')).toMatchObject({ baseFee: 0, surcharge: 3_000, fee: 3_000 });
    expect(feeTo('63365')).toMatchObject({ surcharge: 5_000, fee: 5_000 });
    expect(feeTo('06236')).toMatchObject({ surcharge: 0, fee: 0 });
  });
});

describe('in words, and other uses', () => {
  test('the reason says what was asked, picked and added', () => {
    const terms = place(
      [policy(1, { feeType: 3, condition: 20_000, isDefault: true }), policy(2, { feeType: 2, fee: 1_000_000 })],
      { imposeType: 2 },
    );
    expect(bundleFee(terms, 'remote', [line(15_000, 1), line(1_000, 2, 4)]).reason).toBe(
      '상품 금액 19,000원 · 정책 1(조건부무료 20,000원 이상 무료, 미만 2,500원) 2,500원 · 정책 2(유료) 1,000,000원 · ' +
        '최대 부과: 정책 2 1,000,000원 · 도서산간 추가 5,000원',
    );
  });

  test('a collection is a parcel of its own: the fee whatever the condition, nothing by a free policy', () => {
    const terms = place([policy(1, { feeType: 3, condition: 1_000 }), policy(2, { feeType: 1, fee: 900 })]);
    const ordered = (policyNo: number) => ({ ...terms, policyNo, area: null });
    expect(collectionFee(ordered(1), null)).toBe(2_500);
    expect(collectionFee(ordered(1), 'jeju')).toBe(5_500);
    expect(collectionFee(ordered(2), 'remote')).toBe(5_000);
  });

  test('방문수령 and e-쿠폰 do not travel', () => {
    expect((['10', '20', '30', '40'] as const).filter(travels)).toEqual(['10', '20']);
  });
});
