import { sql } from 'kysely';
import type { Db } from '../../../db/database.ts';
import { daysAgo, seoulDay, seoulTime } from '../clock.ts';
import type { Http } from '../http.ts';
import type { State } from './line.ts';

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

/** When the shop took the orders of this file, unless they say otherwise: an hour ago. */
export const ORDERED_AT = daysAgo(1 / 24);

/** An order as the shop sends it. */
export function orderBody(lines: LineOverrides[] = [{}], more: Record<string, unknown> = {}) {
  return {
    orderNo: unique('T'),
    orderedAt: seoulTime(Date.parse(ORDERED_AT)),
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
  api: Http,
  lines: LineOverrides[] = [{}],
  more: Record<string, unknown> = {},
): Promise<PlacedLine[]> {
  const body = orderBody(lines, more);
  const order = () => api.post('/api/order/v1/orders', body);
  let { status, body: answer } = await order();
  // On a busy machine the answer may come later than the API waits: a shop sends the same order again and hears it.
  for (let again = 0; answer.code === 'COMMAND_PENDING' && again < 20; again++) ({ status, body: answer } = await order());
  if (status !== 201) throw new Error(`order: ${status} ${JSON.stringify(answer)}`);
  const deliveries = answer.deliveries as { deliveryNo: string; lineNos: number[] }[];
  return deliveries
    .flatMap(({ deliveryNo, lineNos }) => lineNos.map((lineNo) => ({ orderNo: body.orderNo, deliveryNo, lineNo })))
    .sort((a, b) => a.lineNo - b.lineNo);
}

/** Sends a command to lines; `more` goes into the body beside `lines`. */
export const command = (api: Http, name: string, lines: object[], more: object = {}, headers: Record<string, string> = {}) =>
  api.post(`/api/bo/v1/delivery-lines/${name}`, { lines, ...more }, { headers });

/** What a delay notice needs: a day that stays ahead, whatever midnight the test runs over. */
export const delayNotice = (days = 5) => ({ expectedOn: seoulDay(days), reasonCode: 'STOCK' });

/** Commands one line and answers its result. */
export async function commandLine(
  api: Http,
  name: string,
  { deliveryNo, lineNo }: PlacedLine,
  fields: object = {},
  more: object = {},
) {
  const { status, body } = await command(api, name, [{ deliveryNo, lineNo, ...fields }], more);
  if (status !== 200) throw new Error(`${name}: ${status} ${JSON.stringify(body)}`);
  return body.results[0];
}

/** Takes a line along a path of commands, filling in what they need; throws when one is refused. */
export async function take(api: Http, line: PlacedLine, path: string[]): Promise<{ waybillNo: string | null }> {
  let waybillNo: string | null = null;
  for (const name of path) {
    const needsWaybill = name === 'ship' || name === 'correct-waybill';
    if (needsWaybill) waybillNo = uniqueWaybill();
    const result = await commandLine(api, name, line, needsWaybill ? { carrierCode: '04', waybillNo } : {}, {
      reason: '시험',
      ...(name === 'notify-delay' ? delayNotice() : {}),
    });
    if (!result.ok) throw new Error(`${name} on ${line.deliveryNo}/${line.lineNo}: ${JSON.stringify(result)}`);
  }
  return { waybillNo };
}

/** The `n` lines of one new delivery, all released. */
export async function releasedLines(api: Http, n: number, more: Record<string, unknown> = {}, overrides: LineOverrides = {}) {
  const lines = await placeOrder(
    api,
    Array.from({ length: n }, () => overrides),
    more,
  );
  for (const name of ['instruct', 'release']) await command(api, name, [{ deliveryNo: lines[0]?.deliveryNo }]);
  return lines as [PlacedLine, PlacedLine, ...PlacedLine[]];
}

/** The line as the list shows it, or undefined when it is not in the list. */
export async function listedLine(api: Http, { deliveryNo, lineNo }: PlacedLine) {
  const { body } = await api.get(`/api/bo/v1/delivery-lines?deliveryNo=${deliveryNo}`);
  return (body.items as { lineNo: number; [field: string]: any }[]).find((item) => item.lineNo === lineNo);
}

/** The commands that bring a new line into each state; canceled is reached by `cancel`. */
export const pathTo: Record<Exclude<State, 'canceled'>, string[]> = {
  ordered: [],
  instructed: ['instruct'],
  released: ['instruct', 'release'],
  awaitingShipment: ['instruct', 'release', 'report-stockout'],
  shipped: ['instruct', 'release', 'ship'],
  delivered: ['instruct', 'release', 'ship', 'deliver'],
};

/** 주문취소 of a quantity of each line, all of one order. */
export const cancel = (api: Http, lines: { orderNo: string; lineNo: number; quantity?: number }[], more: object = {}) =>
  api.post(`/api/order/v1/orders/${lines[0]?.orderNo}/cancellations`, {
    lines: lines.map(({ lineNo, quantity = 2 }) => ({ lineNo, quantity })),
    ...more,
  });

/** A new order's one line of two pieces, taken into this state. */
export async function placeIn(api: Http, state: State, overrides: LineOverrides = {}, more: Record<string, unknown> = {}) {
  const [line] = await placeOrder(api, [overrides], more);
  if (!line) throw new Error('no line');
  if (state !== 'canceled') return { ...line, ...(await take(api, line, pathTo[state])) };
  await cancel(api, [line]);
  return { ...line, waybillNo: null };
}

/** The line's row as PostgreSQL has it, every column. */
export async function storedRow({ db }: { db: Db }, { deliveryNo, lineNo }: Omit<PlacedLine, 'orderNo'>) {
  const rows = await db.query(
    sql<{
      state: State;
      revision: number;
      [column: string]: unknown;
    }>`select * from delivery_lines where delivery_no = ${deliveryNo} and line_no = ${lineNo}`,
  );
  if (!rows[0]) throw new Error(`no row ${deliveryNo}/${lineNo}`);
  return rows[0];
}

/** Commands of the line's history as they count, oldest first. */
export async function storedHistory({ db }: { db: Db }, { deliveryNo, lineNo }: Omit<PlacedLine, 'orderNo'>) {
  return db.query(sql<{
    command: string;
    refused: string | null;
    revision: number | null;
    by: string;
    reason: string | null;
  }>`select command, refused, revision, by, reason from delivery_history
      where delivery_no = ${deliveryNo} and line_no = ${lineNo} and voided_at is null order by id`);
}

export const asked = ({ deliveryNo, lineNo }: PlacedLine, fields: object = {}) => [{ deliveryNo, lineNo, ...fields }];

/** A command for one line under an Idempotency-Key. */
export const commandWithKey = (api: Http, name: string, line: PlacedLine, key: string, fields: object = {}, more: object = {}) =>
  command(api, name, asked(line, fields), more, { 'idempotency-key': key });

/** An order whose JSON has this many bytes. */
export function orderOfBytes(bytes: number): string {
  const text = JSON.stringify({ ...orderBody(), padding: '' });
  return text.replace('"padding":""', `"padding":"${'x'.repeat(bytes - Buffer.byteLength(text))}"`);
}
