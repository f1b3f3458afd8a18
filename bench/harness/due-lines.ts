import { sql } from 'kysely';
import pLimit from 'p-limit';
import { keywords } from '../../commands/keywords.ts';
import { type DeliveryLineRow, toDeliveryLine } from '../../db/deliveries/row.ts';
import { DELIVERY_WORKFLOW, deliveryStartOptions } from '../../workflows/messages/delivery.ts';
import { queueOf } from './programs.ts';
import type { Servers } from './servers.ts';

/** As many as one of our processes has under way: with more the embedded Temporal is not faster, and its database connection may break. */
const STARTS_AT_ONCE = 16;

/** Inserts shipped lines as one day's rows of a shop, an order each; parcels have a waybill. Returns their rows. */
export async function insertShipped({ db }: Servers, seed: string, count: number, methodCode: '10' | '20') {
  const { query } = db.product;
  await query(sql`insert into orders (order_no, body_hash, ordered_at, orderer_name, orderer_phone, receiver_name, receiver_phone, receiver_zip_code, receiver_address1)
     select ${seed} || n, '', now(), '홍길동', '010-1234-5678', '홍길동', '010-1234-5678', '06236', '서울특별시 강남구 테헤란로 123'
       from generate_series(1, ${count}::int) n`);
  await query(sql`insert into order_lines (order_no, line_no, delivery_no, product_id, product_name, quantity, unit_price, place_no, method_code)
     select ${seed} || n, 1, ${seed} || n, 43897, '캠핑 의자', 2, 39000, 176042, ${methodCode} from generate_series(1, ${count}::int) n`);
  await query(sql`insert into deliveries (delivery_no, order_no, kind, place_no, method_code, ordered_at)
     select ${seed} || n, ${seed} || n, 'order', 176042, ${methodCode}, now() from generate_series(1, ${count}::int) n`);
  await query(sql`insert into delivery_lines (delivery_no, line_no, order_no, kind, product_id, place_no, method_code, ordered_at, state, revision,
         quantity, carrier_code, waybill_no, instructed_at, released_at, shipped_at, started_at)
     select ${seed} || n, 1, ${seed} || n, 'order', 43897, 176042, ${methodCode}, now(), 'shipped', 4, 2,
            case ${methodCode} when '10' then '04' end, case ${methodCode} when '10' then '7' || lpad(n::text, 11, '0') end, now(), now(), now(), now()
       from generate_series(1, ${count}::int) n`);
  if (methodCode === '10')
    await query(sql`insert into waybills (carrier_code, waybill_no, delivery_no)
       select '04', '7' || lpad(n::text, 11, '0'), ${seed} || n from generate_series(1, ${count}::int) n`);
  return query(sql<DeliveryLineRow>`select * from delivery_lines where delivery_no like ${`${seed}%`}`);
}

/** Starts the workflows of these rows. */
export async function startLines({ temporal }: Servers, rows: DeliveryLineRow[]): Promise<void> {
  const limit = pLimit(STARTS_AT_ONCE);
  const start = (row: DeliveryLineRow) => {
    const { attributes, ...options } = deliveryStartOptions(toDeliveryLine(row), { openDays: 90 });
    return temporal.workflow.start(DELIVERY_WORKFLOW, {
      ...options,
      taskQueue: queueOf('product'),
      typedSearchAttributes: keywords(attributes),
    });
  };
  await Promise.all(rows.map((row) => limit(() => start(row))));
}
