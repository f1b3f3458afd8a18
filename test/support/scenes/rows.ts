import { sql } from 'kysely';
import type { Db } from '../../../db/database.ts';
import { seoulDay } from '../clock.ts';
import { unique } from './orders.ts';

/** A line for a list, as PostgreSQL holds it; no workflow runs for it. */
export interface ListedRow {
  deliveryNo: string;
  lineNo?: number;
  orderNo?: string;
  state?: string;
  kind?: 'order' | 'exchange';
  quantity?: number;
  canceled?: number;
  returned?: number;
  orderedAt?: string;
  instructedAt?: string | null;
  releasedAt?: string | null;
  shippedAt?: string | null;
  deliveredAt?: string | null;
  updatedAt?: string;
  productId?: number;
  productName?: string;
  placeNo?: number | null;
  methodCode?: string;
  carrierCode?: string | null;
  waybillNo?: string | null;
  receiverName?: string;
  receiverPhone?: string;
  ordererName?: string;
  ordererPhone?: string;
  dispatchDueOn?: string | null;
  delayExpectedOn?: string | null;
}

/** Puts rows straight into the tables that the lists read: an order and a delivery for each deliveryNo. */
export async function insertRows(db: Db, rows: ListedRow[]): Promise<void> {
  const full = rows.map((row) => ({
    lineNo: 1,
    orderNo: `O-${row.deliveryNo}`,
    state: 'ordered',
    kind: 'order',
    quantity: 2,
    canceled: 0,
    returned: 0,
    orderedAt: '2026-11-23T00:00:00Z',
    instructedAt: null,
    releasedAt: null,
    shippedAt: null,
    deliveredAt: null,
    updatedAt: new Date().toISOString(),
    productId: 1,
    productName: '캠핑 의자',
    placeNo: 176_042,
    methodCode: '20',
    carrierCode: null,
    waybillNo: null,
    receiverName: '홍길동',
    receiverPhone: '010-1234-5678',
    ordererName: '김주문',
    ordererPhone: '010-2345-6789',
    dispatchDueOn: null,
    delayExpectedOn: null,
    ...row,
  }));
  const from = sql`from jsonb_to_recordset(${JSON.stringify(full)}::jsonb) as r ("deliveryNo" text, "lineNo" int, "orderNo" text, state text, kind text, quantity int,
    canceled int, returned int, "orderedAt" timestamptz, "instructedAt" timestamptz, "releasedAt" timestamptz, "shippedAt" timestamptz,
    "deliveredAt" timestamptz, "updatedAt" timestamptz, "productId" bigint, "productName" text, "placeNo" bigint, "methodCode" text, "carrierCode" text,
    "waybillNo" text, "receiverName" text, "receiverPhone" text, "ordererName" text, "ordererPhone" text,
    "dispatchDueOn" date, "delayExpectedOn" date)`;
  await db.transaction(async (query) => {
    for (const statement of [
      sql`insert into orders (order_no, body_hash, ordered_at, orderer_name, orderer_phone, receiver_name, receiver_phone, receiver_zip_code, receiver_address1)
       select distinct on ("orderNo") "orderNo", '', "orderedAt", "ordererName", "ordererPhone", "receiverName", "receiverPhone", '06236', '서울' ${from}
       on conflict do nothing`,
      sql`insert into order_lines (order_no, line_no, delivery_no, product_id, product_name, quantity, unit_price, place_no, method_code)
       select "orderNo", "lineNo", "deliveryNo", "productId", "productName", quantity, 1000, "placeNo", "methodCode" ${from}`,
      sql`insert into deliveries (delivery_no, order_no, kind, place_no, method_code, ordered_at)
       select distinct on ("deliveryNo") "deliveryNo", "orderNo", kind, "placeNo", "methodCode", "orderedAt" ${from} on conflict do nothing`,
      sql`insert into delivery_lines (delivery_no, line_no, order_no, kind, product_id, place_no, method_code, ordered_at, state, revision, quantity,
         canceled, returned, carrier_code, waybill_no, instructed_at, released_at, shipped_at, delivered_at, started_at, updated_at,
         dispatch_due_on, dispatch_due_by, delay_expected_on, delay_reason_code, delay_noticed_at)
       select "deliveryNo", "lineNo", "orderNo", kind, "productId", "placeNo", "methodCode", "orderedAt", state, 1, quantity, canceled, returned, "carrierCode",
         "waybillNo", "instructedAt", "releasedAt", "shippedAt", "deliveredAt", now(), "updatedAt", "dispatchDueOn",
         case when "dispatchDueOn" is not null then 'policy' end, "delayExpectedOn",
         case when "delayExpectedOn" is not null then 'STOCK' end, case when "delayExpectedOn" is not null then now() end ${from}`,
    ])
      await query(statement);
  });
}

/** Delivery numbers that sort as they are counted, for one test's own rows. */
export function numbers(prefix: string): (at: number) => string {
  const own = unique(prefix);
  return (at) => `${own}-${String(at).padStart(5, '0')}`;
}

/** Released lines in the table, each in a delivery of its own; no workflow runs for them. */
export async function releasedRows(db: Db, count: number, more: object = {}): Promise<string[]> {
  const own = unique('BS');
  const rows = Array.from({ length: count }, (_, at) => ({
    deliveryNo: `${own}-${at}`,
    state: 'released',
    methodCode: '10',
    ...more,
  }));
  await insertRows(db, rows);
  return rows.map(({ deliveryNo }) => deliveryNo);
}

/** Released lines in the table whose day (발송기한) was three days ago. */
export async function lateRows(db: Db, count: number): Promise<string[]> {
  const numbers = await releasedRows(db, count);
  await db.query(
    sql`update delivery_lines set dispatch_due_on = ${seoulDay(-3)}, dispatch_due_by = 'policy' where delivery_no = any(${numbers})`,
  );
  return numbers;
}

/** Of these lines: how many are marked as overdue, how many entries say so, and of how many lines. */
export async function overdueCounts(db: Db, numbers: string[]) {
  const [counts] = await db.query(sql<{ marked: number; entries: number; lines: number }>`
    select (select count(*) from delivery_lines where delivery_no = any(${numbers}) and overdue_at is not null) as marked,
           count(*) as entries, count(distinct delivery_no) as lines
      from delivery_history where delivery_no = any(${numbers}) and command = 'overdue'`);
  if (!counts) throw new Error('no counts');
  return counts;
}
