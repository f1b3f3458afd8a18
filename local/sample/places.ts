import { z } from 'zod';
import { accept, type Loading } from './client.ts';
import type { SampleOrder } from './orders.ts';

interface Policy {
  feeType: 1 | 2 | 3;
  fee: number;
  isPrepayment: boolean;
  isCashOnDelivery: boolean;
  isDefault: boolean;
  condition?: number;
}

interface Place {
  /** Its number in the catalog; also its number in a new database. */
  catalogNo: number;
  body: { placeName: string; [field: string]: unknown };
  /** The name of its dispatch policy; none = the default one. */
  dispatch?: string;
  policies: Policy[];
}

const prepaid = { isPrepayment: true, isCashOnDelivery: false };
const collect = { isPrepayment: false, isCashOnDelivery: true };
const surcharges = (jeju: number, remote: number) => ({
  isSetAdditionalShippingFee: true,
  jejuAdditionalShippingFee: jeju,
  backwoodsAdditionalShippingFee: remote,
});

/** The places that the catalog's products leave from, in the order in which a new database numbers them. */
const places: readonly Place[] = [
  {
    catalogNo: 176042,
    body: {
      placeName: '이천 물류센터',
      zipCode: '17379',
      addr1: '경기도 이천시 마장면 덕평로 811',
      addr2: 'A동 2층',
      isDefaultShippingPlace: true,
      ...surcharges(3_000, 5_000),
      imposeType: 1,
    },
    dispatch: '당일발송 (15시 마감)',
    policies: [
      { feeType: 3, fee: 3_000, ...prepaid, isDefault: true, condition: 50_000 },
      { feeType: 2, fee: 2_500, ...collect, isDefault: false },
      { feeType: 1, fee: 0, ...prepaid, isDefault: false },
    ],
  },
  {
    catalogNo: 176043,
    body: {
      placeName: '나주 식품센터',
      zipCode: '58217',
      addr1: '전라남도 나주시 빛가람로 601',
      addr2: '냉장동',
      isDefaultShippingPlace: false,
      ...surcharges(4_000, 7_000),
      imposeType: 2,
    },
    dispatch: '산지직송 (11시 마감)',
    policies: [
      { feeType: 3, fee: 3_500, ...prepaid, isDefault: true, condition: 30_000 },
      { feeType: 2, fee: 4_000, ...prepaid, isDefault: false },
    ],
  },
  {
    catalogNo: 176044,
    body: {
      placeName: '남양주 가구창고',
      zipCode: '12279',
      addr1: '경기도 남양주시 와부읍 경강로 926',
      addr2: null,
      isDefaultShippingPlace: false,
      ...surcharges(30_000, 50_000),
      imposeType: 2,
    },
    dispatch: '주문제작 (영업일 5일)',
    policies: [{ feeType: 2, fee: 20_000, ...collect, isDefault: true }],
  },
];

/** The dispatch policies; the first one is the default. */
const dispatchPolicies = [
  { dispatchPolicyName: '순차발송 (영업일 2일)', dispatchType: 'B', readyDurationDay: 2, isDefault: true },
  { dispatchPolicyName: '당일발송 (15시 마감)', dispatchType: 'A', dispatchCloseTime: '15:00', isDefault: false },
  { dispatchPolicyName: '산지직송 (11시 마감)', dispatchType: 'A', dispatchCloseTime: '11:00', isDefault: false },
  { dispatchPolicyName: '주문제작 (영업일 5일)', dispatchType: 'E', readyDurationDay: 5, isDefault: false },
  { dispatchPolicyName: '발송일 지정', dispatchType: 'D', isDefault: false },
];
const DISPATCH = '/item/v1/shipping/dispatch-policies';

const dispatchSchema = z.object({ dispatchPolicyNo: z.int(), dispatchPolicyName: z.string() });

/** Registers the dispatch policies that do not exist yet. Returns their numbers by their names. */
async function dispatchNumbers({ send, progress }: Loading): Promise<Map<string, number>> {
  const known = accept('발송정책 조회', z.object({ dispatchPolicies: z.array(dispatchSchema) }), await send('GET', DISPATCH));
  const found = new Map(known.dispatchPolicies.map((each) => [each.dispatchPolicyName, each.dispatchPolicyNo]));
  for (const policy of dispatchPolicies) {
    const name = policy.dispatchPolicyName;
    if (found.has(name)) continue;
    const answer = await send('POST', DISPATCH, policy);
    found.set(name, accept(`발송정책 ${name}`, z.object({ dispatchPolicyNo: z.int() }), answer).dispatchPolicyNo);
  }
  progress(`예제 발송정책 ${dispatchPolicies.length}가지`);
  return found;
}

const placeSchema = z.object({ placeNo: z.int(), placeName: z.string() });
const policySchema = z.object({ feeType: z.int(), fee: z.int() });

/** Registers the places and policies that do not exist yet. Returns their real numbers by their numbers in the catalog. */
export async function placeNumbers(loading: Loading): Promise<Map<number, number>> {
  const { send, progress } = loading;
  const dispatchNos = await dispatchNumbers(loading);
  const found = new Map<number, number>();
  const answer = await send('GET', '/item/v1/shipping/places?pageSize=500');
  const known = accept('출하지 조회', z.object({ places: z.array(placeSchema) }), answer).places;
  for (const {
    catalogNo,
    body: { placeName, ...body },
    dispatch,
    policies,
  } of places) {
    const whole = { placeName, ...body, dispatchPolicyNo: dispatchNos.get(dispatch ?? '') ?? null };
    const place =
      known.find((each) => each.placeName === placeName) ??
      accept(`출하지 ${placeName}`, placeSchema, await send('POST', '/item/v1/shipping/places', whole));
    found.set(catalogNo, place.placeNo);
    const asked = await send('GET', `/item/v1/shipping/places/${place.placeNo}/policies`);
    const there = accept(`${placeName} 정책 조회`, z.object({ policies: z.array(policySchema) }), asked).policies;
    for (const { condition = 0, ...policy } of policies) {
      if (there.some(({ feeType, fee }) => feeType === policy.feeType && fee === policy.fee)) continue;
      const fees = { ...policy, placeNo: place.placeNo, shippingFee: [{ condition }] };
      accept(`${placeName} 정책`, z.object({ policyNo: z.int() }), await send('POST', '/item/v1/shipping/policies', fees));
    }
  }
  progress(`예제 출하지 ${places.length}곳과 묶음배송비 정책`);
  return found;
}

/** The orders with the places' real numbers. */
export const leavingFrom = (numbers: ReadonlyMap<number, number>, orders: readonly SampleOrder[]): SampleOrder[] =>
  orders.map((order) => ({
    ...order,
    body: {
      ...order.body,
      lines: order.body.lines.map((line) =>
        line.placeNo === undefined ? line : { ...line, placeNo: numbers.get(line.placeNo) ?? line.placeNo },
      ),
    },
  }));
