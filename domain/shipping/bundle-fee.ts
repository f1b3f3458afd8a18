import type { MethodCode } from '../delivery-method.ts';
import { isOldZipCode, type PostalArea, postalAreaNames, postalAreaOf } from './postal-areas.ts';

/** 정책구분 (docs/sources/requirements.md#bundle-fee-3). */
export const feeTypes = { 1: '무료', 2: '유료', 3: '조건부무료' } as const;
export type FeeType = keyof typeof feeTypes;

/** 묶음배송비 최소/최대 부과: whether a bundle with several policies pays the lowest or the highest fee. */
export const imposeTypes = { 1: '최소 부과', 2: '최대 부과' } as const;
export type ImposeType = keyof typeof imposeTypes;

export type Payment = 'prepaid' | 'collect' | 'none';

/** A bundle shipping fee policy (묶음배송비 정책); amounts are whole won. */
export interface FeePolicy {
  policyNo: number;
  feeType: FeeType;
  fee: number;
  /** Type 3: free from this amount. */
  condition: number;
  isPrepayment: boolean;
  isCashOnDelivery: boolean;
  isDefault: boolean;
}

/** What a shipping place (출하지) charges for bundles sent from it, now or at the time of an order. */
export interface PlaceTerms {
  imposeType: ImposeType;
  /** Surcharges in won; 0 where the place charges none. */
  jeju: number;
  remote: number;
  policies: FeePolicy[];
}

/** The parts of an order line that its shipping fee depends on. */
export interface FeeLine {
  placeNo: number | null;
  policyNo: number | null;
  quantity: number;
  unitPrice: number;
}

export interface BundleFee {
  policyNo: number | null;
  feeType: FeeType | null;
  /** The policy's fee. */
  baseFee: number;
  /** The surcharge of the postal code. */
  surcharge: number;
  fee: number;
  payment: Payment;
}

export interface Bundle extends BundleFee {
  placeNo: number | null;
  itemsAmount: number;
  /** How the fee was computed, in Korean. */
  reason: string;
}

/** Whether goods are sent: collection in person and e-coupons have no shipping fee. */
export const travels = (methodCode: MethodCode): boolean => methodCode === '10' || methodCode === '20';

export const itemsAmountOf = (lines: readonly { quantity: number; unitPrice: number }[]): number =>
  lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);

/** The fee of one policy for a bundle of this amount. */
export function policyFee({ feeType, fee, condition }: FeePolicy, itemsAmount: number): number {
  switch (feeType) {
    case 1:
      return 0;
    case 2:
      return fee;
    case 3:
      return itemsAmount >= condition ? 0 : fee;
    default:
      return feeType satisfies never;
  }
}

/** When the fee is paid, by the policy's flags; both = prepaid. */
export function paymentOf({ isPrepayment, isCashOnDelivery }: FeePolicy): Payment {
  if (isPrepayment) return 'prepaid';
  return isCashOnDelivery ? 'collect' : 'none';
}

const surchargeOf = (terms: PlaceTerms, area: PostalArea | null) => (area === null ? 0 : terms[area]);

/** The policies of the lines, ordered by number; a line without a policy of this place uses the place's default. */
function concerned({ policies }: PlaceTerms, lines: readonly FeeLine[]): FeePolicy[] {
  const found = new Map<number, FeePolicy>();
  const byDefault = policies.find(({ isDefault }) => isDefault);
  for (const { policyNo } of lines) {
    const named = policyNo === null ? undefined : policies.find((policy) => policy.policyNo === policyNo);
    const policy = named ?? byDefault;
    if (policy) found.set(policy.policyNo, policy);
  }
  return [...found.values()].sort((a, b) => a.policyNo - b.policyNo);
}

const none: BundleFee = { policyNo: null, feeType: null, baseFee: 0, surcharge: 0, fee: 0, payment: 'none' };
const won = (amount: number) => `${String(amount).replace(/\B(?=(\d{3})+$)/g, ',')}원`;

function explain({ policyNo, feeType, fee, condition }: FeePolicy, asked: number): string {
  const free = feeType === 3 ? ` ${won(condition)} 이상 무료, 미만 ${won(fee)}` : '';
  return `정책 ${policyNo}(${feeTypes[feeType]}${free}) ${won(asked)}`;
}

/**
 * The fee of one bundle: the lines of one place (docs/sources/contract.md#bundle-shipping-fee). Each policy involved gives a fee by
 * its type; the place's imposeType picks the lowest or the highest (of equal ones the lowest number). That policy decides how it is
 * paid. The postal code's surcharge is added, also to a fee of 0. Without lines, place or policy there is no fee.
 */
export function bundleFee(
  terms: PlaceTerms | undefined,
  area: PostalArea | null,
  lines: readonly FeeLine[],
): Omit<Bundle, 'placeNo'> {
  const itemsAmount = itemsAmountOf(lines);
  if (!terms) return { ...none, itemsAmount, reason: '등록되지 않은 출하지: 배송비 없음' };
  const asked = concerned(terms, lines).map((policy) => ({ policy, baseFee: policyFee(policy, itemsAmount) }));
  const [first] = asked;
  if (!first) return { ...none, itemsAmount, reason: '적용할 묶음배송비 정책 없음: 배송비 없음' };
  const least = terms.imposeType === 1;
  const chosen = asked.reduce((best, next) =>
    (least ? next.baseFee < best.baseFee : next.baseFee > best.baseFee) ? next : best,
  );
  const surcharge = surchargeOf(terms, area);
  const { policy, baseFee } = chosen;
  const reason = [
    `상품 금액 ${won(itemsAmount)}`,
    ...asked.map((each) => explain(each.policy, each.baseFee)),
    ...(asked.length > 1 ? [`${imposeTypes[terms.imposeType]}: 정책 ${policy.policyNo} ${won(baseFee)}`] : []),
    ...(area !== null && surcharge > 0 ? [`${postalAreaNames[area]} 추가 ${won(surcharge)}`] : []),
  ].join(' · ');
  const { policyNo, feeType } = policy;
  return { itemsAmount, policyNo, feeType, baseFee, surcharge, fee: baseFee + surcharge, payment: paymentOf(policy), reason };
}

/** Groups lines into bundles, one for each place in the order the places first appear, and adds up their fees. */
export function quote(
  terms: ReadonlyMap<number, PlaceTerms>,
  zipCode: string,
  lines: readonly FeeLine[],
): { bundles: Bundle[]; totalFee: number } {
  const area = postalAreaOf(zipCode);
  const unknown = area === null && isOldZipCode(zipCode) ? ' · 옛 우편번호: 도서산간 여부 모름' : '';
  const bundles = [...Map.groupBy(lines, ({ placeNo }) => placeNo)].map(([placeNo, own]) => {
    const bundle = bundleFee(placeNo === null ? undefined : terms.get(placeNo), area, own);
    return { placeNo, ...bundle, reason: `${bundle.reason}${unknown}` };
  });
  return { bundles, totalFee: bundles.reduce((sum, { fee }) => sum + fee, 0) };
}

/** The terms of a bundle when it was ordered; later changes of policy, place or postal table do not affect them. */
export interface FrozenTerms extends PlaceTerms {
  /** The policy that was applied. */
  policyNo: number;
  area: PostalArea | null;
}

/**
 * The cost of collecting a bundle's goods once. It is a parcel of its own, so the policy's fee is charged regardless of its
 * condition (a free policy has none), plus the surcharge of the place of collection.
 */
export function collectionFee(terms: FrozenTerms, area: PostalArea | null): number {
  const policy = terms.policies.find((each) => each.policyNo === terms.policyNo);
  if (!policy) return 0;
  return (policy.feeType === 1 ? 0 : policy.fee) + surchargeOf(terms, area);
}
