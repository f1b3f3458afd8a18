import type { Client } from '@temporalio/client';
import pLimit from 'p-limit';
import { keywords } from '../../commands/keywords.ts';
import type { Db } from '../../db/database.ts';
import { type DeliveryLineRow, toDeliveryLine } from '../../db/deliveries/row.ts';
import { createIntake } from '../../db/orders/intake.ts';
import { markLinesStarted } from '../../db/record/start.ts';
import type { OrderLine } from '../../domain/order.ts';
import { DELIVERY_WORKFLOW, deliveryStartOptions } from '../../workflows/messages/delivery.ts';

export interface Line {
  deliveryNo: string;
  lineNo: number;
}

const LINES_AN_ORDER = 20;
const ORDERS_AT_ONCE = 8;
const QUANTITY = 2;

const person = { name: '홍길동', phone: '010-1234-5678' };
const orderLine = (lineNo: number): OrderLine => ({
  lineNo,
  productId: 43897,
  productName: '캠핑 의자',
  optionName: null,
  quantity: QUANTITY,
  unitPrice: 39000,
  placeNo: 176042,
  methodCode: '10',
});

/** Takes orders as the API does, until there are so many open lines, each with its workflow. */
export async function loadLines(
  { db, temporal, taskQueue }: { db: Db; temporal: Client; taskQueue: string },
  count: number,
  say: (text: string) => void,
): Promise<Line[]> {
  const limit = pLimit(ORDERS_AT_ONCE);
  const intake = createIntake(db.query);
  const start = async (row: DeliveryLineRow) => {
    const { attributes, ...options } = deliveryStartOptions(toDeliveryLine(row), { openDays: 90 });
    const typedSearchAttributes = keywords(attributes);
    await temporal.workflow.start(DELIVERY_WORKFLOW, { ...options, taskQueue, typedSearchAttributes });
  };
  let started = 0;
  const take = async (lines: number, orderAt: number): Promise<Line[]> => {
    const order = {
      orderNo: `REHEARSAL-${orderAt}`,
      orderedAt: new Date().toISOString(),
      channel: null,
      orderer: { ...person, email: null },
      receiver: { ...person, zipCode: '06236', address1: '서울특별시 강남구 테헤란로 123', address2: null, memo: null },
      lines: Array.from({ length: lines }, (_, at) => orderLine(at + 1)),
    };
    const taken = await intake.take(order, { requestId: `rehearsal-${orderAt}`, by: 'rehearsal' });
    if (!taken) throw new Error(`${order.orderNo} was there already`);
    await Promise.all(taken.lines.map(start));
    await markLinesStarted(db.query, taken.lines);
    started += lines;
    if (Math.floor(started / 10_000) > Math.floor((started - lines) / 10_000)) say(`${started.toLocaleString('en')} lines`);
    return taken.lines.map(({ delivery_no, line_no }) => ({ deliveryNo: delivery_no, lineNo: line_no }));
  };
  const orders = Math.ceil(count / LINES_AN_ORDER);
  const sizes = Array.from({ length: orders }, (_, at) => Math.min(LINES_AN_ORDER, count - at * LINES_AN_ORDER));
  return (await Promise.all(sizes.map((size, at) => limit(() => take(size, at))))).flat();
}
