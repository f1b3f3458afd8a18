import { sql } from 'kysely';
import type { Db } from '../../../db/database.ts';
import type { Http } from '../http.ts';
import { type LineOverrides, orderBody, receiver, unique } from './orders.ts';

const places = '/item/v1/shipping/places';
const policies = '/item/v1/shipping/policies';

/** A policy that is free from 20,000 won on, and the fee of a delivery without a policy. */
export const conditional = { feeType: 3, shippingFee: [{ condition: 20_000 }] };
export const noFee = { policyNo: null, feeType: null, baseFee: 0, surcharge: 0, fee: 0, payment: 'none' };

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

/** An order's answer: its deliveries with their fees. */
export async function orderWithFees(api: Http, lines: LineOverrides[], zipCode = '06236') {
  const body = orderBody(lines, { receiver: { ...receiver, zipCode } });
  const { status, body: answer } = await api.post('/api/order/v1/orders', body);
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

/** One piece of 10,000 won, sent from this place. */
export const feeLine = (placeNo: number | null, more: LineOverrides = {}): LineOverrides => ({
  placeNo,
  unitPrice: 10_000,
  quantity: 1,
  ...more,
});

/** A place with a default policy. */
export async function placeWithPolicy(api: Http, policy: object, more: object): Promise<[placeNo: number, policyNo: number]> {
  const placeNo = await createPlace(api, more);
  return [placeNo, await createPolicy(api, placeNo, policy)];
}

/** What a refused call of the shipping wire answers. */
export const failure = (resultCode: number, message: unknown) => ({ resultCode, message });

export const policiesAt = async (api: Http, placeNo: number) =>
  (await api.get(`/item/v1/shipping/places/${placeNo}/policies`)).body;

/** A dispatch policy as a client sends it: 당일 14:00, nobody's default. */
export const dispatchPolicyBody = (more: object = {}) => ({
  dispatchPolicyName: '오늘출발',
  dispatchType: 'A',
  dispatchCloseTime: '14:00',
  isDefault: false,
  ...more,
});

/** A policy's terms of so many open days. */
export const inOpenDays = (readyDurationDay: number) => ({ dispatchType: 'B', readyDurationDay, dispatchCloseTime: null });

/** A new dispatch policy's number. */
export async function createDispatchPolicy(api: Http, more: object = {}): Promise<number> {
  const { status, body } = await api.post('/item/v1/shipping/dispatch-policies', dispatchPolicyBody(more));
  if (status !== 200) throw new Error(`dispatch policy: ${status} ${JSON.stringify(body)}`);
  return body.dispatchPolicyNo;
}

/** The deadlines of an order's lines as they are stored, by lineNo. */
export const deadlinesOf = (db: Db, orderNo: string) =>
  db.query(sql<{ line_no: number; due: string | null; by: string | null; terms: any }>`
    select line_no, dispatch_due_on as due, dispatch_due_by as by, dispatch_terms as terms
      from delivery_lines where order_no = ${orderNo} order by line_no`);

export const RANGES = '/api/bo/v1/waybill-ranges';

let ranges = 0;

/** A range of a thousand numbers of CJ대한통운 that no other call has, as a client sends it. */
export function rangeBody(placeNo: number, more: object = {}) {
  const from = 900_000_000_000 + (process.pid % 1_000) * 10_000_000 + ++ranges * 10_000;
  return { placeNo, carrierCode: '04', rule: 'none', from: String(from), to: String(from + 999), ...more };
}

/** A range of a size, registered. */
export async function newRange(
  api: Http,
  placeNo: number,
  { size, ...more }: { size?: number; [field: string]: unknown } = {},
): Promise<{ rangeNo: number; from: string; to: string; [field: string]: any }> {
  const body = rangeBody(placeNo, more);
  const to = size === undefined ? body.to : String(Number(body.from) + size - 1).padStart(body.from.length, '0');
  const { status, body: range } = await api.post(RANGES, { ...body, to });
  if (status !== 201) throw new Error(`range: ${status} ${JSON.stringify(range)}`);
  return range;
}

/** The range as it is listed now. */
export async function rangeNow(api: Http, { rangeNo }: { rangeNo: number }) {
  const { body } = await api.get(RANGES);
  return body.items.find((range: { rangeNo: number }) => range.rangeNo === rangeNo);
}

/** The numbers of a range by place, as waybills without a rule. */
export const numberAt = ({ from }: { from: string }, n: number) => String(Number(from) + n).padStart(from.length, '0');
