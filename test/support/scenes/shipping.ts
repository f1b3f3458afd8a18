import type { Http } from '../http.ts';
import { unique } from './orders.ts';

const places = '/item/v1/shipping/places';
const policies = '/item/v1/shipping/policies';

/** A shipping place as a client sends it; nobody's default unless told. */
export const placeBody = (more: object = {}) => ({
  placeName: unique('출하지'),
  zipCode: '17379',
  addr1: '경기도 이천시 마장면 덕평로 811',
  addr2: 'A동',
  isDefaultShippingPlace: false,
  isSetAdditionalShippingFee: true,
  backwoodsAdditionalShippingFee: 5_000,
  jejuAdditionalShippingFee: 3_000,
  imposeType: 1,
  ...more,
});

/** A policy as a client sends it: 유료 2,500, 선결제, its place's default. */
export const policyBody = (placeNo: number, more: object = {}) => ({
  feeType: 2,
  fee: 2_500,
  isPrepayment: true,
  isCashOnDelivery: false,
  placeNo,
  isDefault: true,
  shippingFee: [{ condition: 0 }],
  ...more,
});

/** A new place's number. */
export async function createPlace(api: Http, more: object = {}): Promise<number> {
  const { status, body } = await api.post(places, placeBody(more));
  if (status !== 201) throw new Error(`place: ${status} ${JSON.stringify(body)}`);
  return body.placeNo;
}

/** A new policy's number. */
export async function createPolicy(api: Http, placeNo: number, more: object = {}): Promise<number> {
  const { status, body } = await api.post(policies, policyBody(placeNo, more));
  if (status !== 200) throw new Error(`policy: ${status} ${JSON.stringify(body)}`);
  return body.policyNo;
}

/** The quote of these lines. */
export const quoteOf = (api: Http, zipCode: string, lines: object[]) =>
  api.post('/api/bo/v1/shipping-fees/quote', { zipCode, lines });
