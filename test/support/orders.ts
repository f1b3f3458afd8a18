import type { Stack } from './stack.ts';

let running = 0;
const seed = `${process.pid}${Date.now().toString(36)}`;

/** A business number that no other test has. */
export const unique = (prefix: string): string => `${prefix}-${seed}-${++running}`;

/** A waybill of twelve digits that no other test has. */
export const uniqueWaybill = (): string =>
  String(process.pid % 1000).padStart(3, '1') + String(Date.now() % 10_000).padStart(4, '2') + String(++running).padStart(5, '0');

export const receiver = {
  name: '홍길동',
  phone: '010-1234-5678',
  zipCode: '06236',
  address1: '서울특별시 강남구 테헤란로 123',
  address2: '4층 401호',
  memo: '문 앞에 놓아주세요',
};

export interface LineOverrides {
  lineNo?: number;
  productId?: number | string;
  productName?: string;
  quantity?: number;
  unitPrice?: number;
  placeNo?: number | string | null;
  methodCode?: string;
  policyNo?: number;
}

/** An order as the shop sends it. */
export function orderBody(lines: LineOverrides[] = [{}], more: Record<string, unknown> = {}) {
  return {
    orderNo: unique('T'),
    orderedAt: '2026-11-23T09:00:00+09:00',
    channel: '자사몰',
    orderer: { name: '김주문', phone: '010-2345-6789', email: 'gildong@example.com' },
    receiver,
    lines: lines.map((line, at) => ({
      lineNo: at + 1,
      productId: 43_897,
      productName: '캠핑 의자',
      optionName: '카키',
      quantity: 2,
      unitPrice: 39_000,
      placeNo: 176_042,
      methodCode: '10',
      ...line,
    })),
    ...more,
  };
}

export interface PlacedLine {
  orderNo: string;
  deliveryNo: string;
  lineNo: number;
}

/** Posts an order and answers its lines with their delivery numbers, in lineNo order. */
export async function placeOrder(
  stack: Stack,
  lines: LineOverrides[] = [{}],
  more: Record<string, unknown> = {},
): Promise<PlacedLine[]> {
  const body = orderBody(lines, more);
  const { status, body: answer } = await stack.post('/api/order/v1/orders', body);
  if (status !== 201) throw new Error(`order: ${status} ${JSON.stringify(answer)}`);
  const deliveries = answer.deliveries as { deliveryNo: string; lineNos: number[] }[];
  return deliveries
    .flatMap(({ deliveryNo, lineNos }) => lineNos.map((lineNo) => ({ orderNo: body.orderNo, deliveryNo, lineNo })))
    .sort((a, b) => a.lineNo - b.lineNo);
}

/** Sends a command to lines; `more` goes into the body beside `lines`. */
export const command = (stack: Stack, name: string, lines: object[], more: object = {}, headers: Record<string, string> = {}) =>
  stack.post(`/api/bo/v1/delivery-lines/${name}`, { lines, ...more }, { headers });

/** Commands one line and answers its result. */
export async function commandLine(
  stack: Stack,
  name: string,
  { deliveryNo, lineNo }: PlacedLine,
  fields: object = {},
  more: object = {},
) {
  const { status, body } = await command(stack, name, [{ deliveryNo, lineNo, ...fields }], more);
  if (status !== 200) throw new Error(`${name}: ${status} ${JSON.stringify(body)}`);
  return body.results[0];
}

/** Takes a line along a path of commands, filling in what they need; throws when one is refused. */
export async function take(stack: Stack, line: PlacedLine, path: string[]): Promise<{ waybillNo: string | null }> {
  let waybillNo: string | null = null;
  for (const name of path) {
    const needsWaybill = name === 'ship' || name === 'correct-waybill';
    if (needsWaybill) waybillNo = uniqueWaybill();
    const result = await commandLine(stack, name, line, needsWaybill ? { carrierCode: '04', waybillNo } : {}, { reason: '시험' });
    if (!result.ok) throw new Error(`${name} on ${line.deliveryNo}/${line.lineNo}: ${JSON.stringify(result)}`);
  }
  return { waybillNo };
}

/** The line as the list shows it, or undefined when it is not in the list. */
export async function listedLine(stack: Stack, { deliveryNo, lineNo }: PlacedLine) {
  const { body } = await stack.get(`/api/bo/v1/delivery-lines?deliveryNo=${deliveryNo}`);
  return (body.items as { lineNo: number; [field: string]: any }[]).find((item) => item.lineNo === lineNo);
}
