import { expect, test } from '@jest/globals';
import { array, assert, boolean, constantFrom, integer, nat, option, property, record, shuffledSubarray } from 'fast-check';
import {
  bundleFee,
  type FeePolicy,
  type FeeType,
  type ImposeType,
  type PlaceTerms,
  paymentOf,
  policyFee,
  quote,
} from '../../domain/shipping/bundle-fee.ts';

const MOST = 10_000_000;
const policies = array(
  record({
    feeType: constantFrom<FeeType>(1, 2, 3),
    fee: nat(MOST),
    condition: integer({ min: 1_000, max: MOST - 1 }),
    isPrepayment: boolean(),
    isCashOnDelivery: boolean(),
  }),
  { maxLength: 6 },
).chain((found) =>
  option(nat(5)).map((byDefault): FeePolicy[] =>
    found.map((policy, at) => ({ ...policy, policyNo: at + 1, isDefault: at === byDefault })),
  ),
);
const place = record({ imposeType: constantFrom<ImposeType>(1, 2), jeju: nat(MOST), remote: nat(MOST), policies });
const line = record({
  placeNo: option(integer({ min: 1, max: 4 })),
  policyNo: option(integer({ min: 1, max: 8 })),
  quantity: integer({ min: 1, max: 9_999 }),
  unitPrice: nat(1_000_000_000),
});
const lines = array(line, { minLength: 1, maxLength: 20 });
const terms = array(place, { maxLength: 3 }).map(
  (found): Map<number, PlaceTerms> => new Map(found.map((each, at) => [at + 1, each])),
);
const zipCode = constantFrom('06236', '63122', '63365', '40221');

test('a fee is never negative and always a whole number of won', () => {
  void assert(
    property(terms, zipCode, lines, (places, zip, all) => {
      const { bundles, totalFee } = quote(places, zip, all);
      for (const { baseFee, surcharge, fee, itemsAmount } of bundles)
        for (const amount of [baseFee, surcharge, fee, itemsAmount, totalFee])
          expect([amount >= 0, Number.isSafeInteger(amount)]).toEqual([true, true]);
    }),
  );
});

test('sum over bundles = total, and fee = baseFee + surcharge', () => {
  void assert(
    property(terms, zipCode, lines, (places, zip, all) => {
      const { bundles, totalFee } = quote(places, zip, all);
      expect(totalFee).toBe(bundles.reduce((sum, { fee }) => sum + fee, 0));
      for (const { baseFee, surcharge, fee } of bundles) expect(fee).toBe(baseFee + surcharge);
      expect(bundles.map(({ placeNo }) => placeNo)).toEqual([...new Set(all.map(({ placeNo }) => placeNo))]);
    }),
  );
});

test('the order of the lines is irrelevant', () => {
  const sorted = ({ bundles, totalFee }: ReturnType<typeof quote>) => ({
    totalFee,
    bundles: bundles.toSorted((a, b) => (a.placeNo ?? 0) - (b.placeNo ?? 0)),
  });
  void assert(
    property(
      terms,
      zipCode,
      lines.chain((all) => shuffledSubarray(all, { minLength: all.length }).map((shuffled) => ({ all, shuffled }))),
      (places, zip, { all, shuffled }) => {
        expect(sorted(quote(places, zip, shuffled))).toEqual(sorted(quote(places, zip, all)));
      },
    ),
  );
});

test('least ≤ greatest', () => {
  void assert(
    property(place, lines, (found, all) => {
      const feeBy = (imposeType: ImposeType) => bundleFee({ ...found, imposeType }, null, all).fee;
      expect(feeBy(1)).toBeLessThanOrEqual(feeBy(2));
    }),
  );
});

test('a conditional policy asks never more for a greater amount', () => {
  void assert(
    property(policies, nat(2 * MOST), nat(2 * MOST), (found, amount, more) => {
      for (const policy of found.filter(({ feeType }) => feeType === 3))
        expect(policyFee(policy, amount + more)).toBeLessThanOrEqual(policyFee(policy, amount));
    }),
  );
});

test('a fee is asked only by a policy that is concerned, with its payment', () => {
  void assert(
    property(place, lines, (found, all) => {
      const { policyNo, baseFee, payment, itemsAmount } = bundleFee(found, null, all);
      const policy = found.policies.find((each) => each.policyNo === policyNo);
      expect([baseFee, payment]).toEqual(policy ? [policyFee(policy, itemsAmount), paymentOf(policy)] : [0, 'none']);
      if (policy) expect(policy.isDefault || all.some((each) => each.policyNo === policy.policyNo)).toBe(true);
    }),
  );
});
