import type { MethodCode } from '../delivery-method.ts';
import { type BundleFee, bundleFee, type FeeLine, type FrozenTerms, type PlaceTerms, travels } from './bundle-fee.ts';
import { postalAreaOf } from './postal-areas.ts';

/** A delivery to be created: lines of one place and one method. */
export interface FeeGroup {
  placeNo: number | null;
  methodCode: MethodCode;
  lines: readonly FeeLine[];
}

/** The fee of a delivery and the terms it was ordered under (null = it never has a fee). */
export interface DeliveryFee {
  fee: BundleFee;
  terms: FrozenTerms | null;
}

const nothing: DeliveryFee = {
  fee: { policyNo: null, feeType: null, baseFee: 0, surcharge: 0, fee: 0, payment: 'none' },
  terms: null,
};

/**
 * The fees of an order's deliveries, in the same order. A bundle is everything from one place. If part of it leaves by parcel and
 * part by own vehicle, its first delivery carries the whole fee and the others 0, so that the sum equals the quote. What is not
 * sent has no fee.
 */
export function deliveryFees(
  groups: readonly FeeGroup[],
  terms: ReadonlyMap<number, PlaceTerms>,
  zipCode: string,
): DeliveryFee[] {
  const area = postalAreaOf(zipCode);
  const travelling = groups.filter(({ methodCode }) => travels(methodCode));
  const ofPlace = Map.groupBy(travelling, ({ placeNo }) => placeNo);
  return groups.map((group) => {
    const together = travels(group.methodCode) ? (ofPlace.get(group.placeNo) ?? []) : [];
    const placeTerms = group.placeNo === null ? undefined : terms.get(group.placeNo);
    const lines = together.flatMap((each) => each.lines);
    const { policyNo, feeType, baseFee, surcharge, fee, payment } = bundleFee(placeTerms, area, lines);
    if (!placeTerms || policyNo === null) return nothing;
    const carries = together[0] === group;
    return {
      fee: { policyNo, feeType, ...(carries ? { baseFee, surcharge, fee } : { baseFee: 0, surcharge: 0, fee: 0 }), payment },
      terms: { ...placeTerms, area, policyNo },
    };
  });
}

/** A delivery of an order with the terms it was ordered under. */
export interface FeeDelivery {
  deliveryNo: string;
  placeNo: number | null;
  terms: FrozenTerms | null;
}

/** What is left of a line of an order. */
export interface RemainingLine {
  deliveryNo: string;
  lineNo: number;
  policyNo: number | null;
  unitPrice: number;
  /** The quantity that counts for the fee: valid, minus what an exchange has sent again as another line. */
  quantity: number;
}

/** The shipping cost of these lines of one order, under the terms they were ordered with; lines with quantity 0 do not count. */
export function orderFee(deliveries: readonly FeeDelivery[], lines: readonly RemainingLine[]): number {
  const travelling = deliveries.filter(({ terms }) => terms !== null);
  const bundles = [...Map.groupBy(travelling, ({ placeNo }) => placeNo)].map(([placeNo, own]) => {
    const terms = own[0]?.terms;
    const deliveryNos = new Set(own.map(({ deliveryNo }) => deliveryNo));
    const left = lines.filter(({ deliveryNo, quantity }) => quantity > 0 && deliveryNos.has(deliveryNo));
    return terms
      ? bundleFee(
          terms,
          terms.area,
          left.map((line) => ({ ...line, placeNo })),
        ).fee
      : 0;
  });
  return bundles.reduce((sum, fee) => sum + fee, 0);
}

/** The lines with these quantities added (or, if negative, taken away). */
export function withQuantities<Line extends RemainingLine>(
  lines: readonly Line[],
  changes: readonly { lineNo: number; by: number }[],
): Line[] {
  return lines.map((line) => {
    const by = changes.filter(({ lineNo }) => lineNo === line.lineNo).reduce((sum, change) => sum + change.by, 0);
    return { ...line, quantity: line.quantity + by };
  });
}
