import { withClient } from '../../local/servers/postgres.ts';

/** Two lines an order, one delivery, one parcel. */
const PER_ORDER = 2;

/** Of the n-th order, from 1: of one width, so that a range of orders is a range of numbers. */
export const deliveryNoOf = (order: number): string => `G${String(order).padStart(10, '0')}`;
const NUMBER = `'G' || lpad(i::text, 10, '0')`;

/** Ordered within the last 60 days, and delivered 40 hours later at most now. */
const ORDERED = `date_trunc('milliseconds', now()) - interval '42 hours' - interval '60 days' * (((i * 7919) % 100000) / 100000.0)`;

const STATEMENTS = [
  `insert into orders (order_no, body_hash, channel, ordered_at, orderer_name, orderer_phone, receiver_name, receiver_phone,
      receiver_zip_code, receiver_address1, receiver_address2)
    select ${NUMBER}, md5(i::text), '자사몰', ${ORDERED}, name, phone, name, phone, lpad((i % 60000)::text, 5, '0'),
      '서울특별시 강남구 테헤란로 ' || i % 500, i % 30 || '동 ' || i % 1500 || '호'
    from (select i, '010-' || lpad((i / 10000 % 10000)::text, 4, '0') || '-' || lpad((i % 10000)::text, 4, '0') as phone,
            (array['김', '이', '박', '최', '정', '강', '조', '윤', '장', '임'])[1 + i % 10] || chr((44032 + 28 * (i / 10 % 300))::int)
            || (array['준', '연', '윤', '우', '현', '아', '은', '원', '진', '나'])[1 + i / 3000 % 10] as name
          from generate_series($1::bigint, $2) i) people
    on conflict do nothing`,
  `insert into order_lines (order_no, line_no, delivery_no, product_id, product_name, option_name, quantity, unit_price, place_no, method_code)
    select ${NUMBER}, line_no, ${NUMBER}, 40000 + (i * 31 + line_no) % 3000, '캠핑 의자 ' || (i * 31 + line_no) % 3000, '카키', 2, 39000,
      176000 + i % 200, '10'
    from generate_series($1::bigint, $2) i, generate_series(1, ${PER_ORDER}) line_no on conflict do nothing`,
  `insert into deliveries (delivery_no, order_no, kind, place_no, method_code, ordered_at)
    select ${NUMBER}, ${NUMBER}, 'order', 176000 + i % 200, '10', ${ORDERED} from generate_series($1::bigint, $2) i on conflict do nothing`,
  `insert into delivery_lines (delivery_no, line_no, order_no, kind, product_id, place_no, method_code, ordered_at, state, revision,
      quantity, carrier_code, waybill_no, tracking_level, instructed_at, released_at, shipped_at, delivered_at, started_at, created_at)
    select ${NUMBER}, line_no, ${NUMBER}, 'order', 40000 + (i * 31 + line_no) % 3000, 176000 + i % 200, '10', at, 'delivered', 5,
      2, '04', lpad(i::text, 12, '6'), 6, at + interval '3 hours', at + interval '9 hours', at + interval '20 hours',
      at + interval '40 hours', at, at
    from generate_series($1::bigint, $2) i, generate_series(1, ${PER_ORDER}) line_no, lateral (select ${ORDERED} as at) ordered
    on conflict do nothing`,
  `insert into waybills (carrier_code, waybill_no, delivery_no, registered_at, tracking_level, moved_at, settled_at)
    select '04', lpad(i::text, 12, '6'), ${NUMBER}, now(), 6, now(), now() from generate_series($1::bigint, $2) i on conflict do nothing`,
  // A row for each step of its life, as record writes it.
  `insert into delivery_history (delivery_no, line_no, at, "by", command, from_state, to_state, revision, request_id, snapshot)
    select delivery_no, line_no, ordered_at + interval '10 hours' * (step - 1), 'growth', command, from_state, to_state, step,
      'growth-' || delivery_no || '-' || line_no || '-' || step, jsonb_build_object('deliveryNo', delivery_no, 'lineNo', line_no,
        'orderNo', order_no, 'kind', kind, 'productId', product_id, 'methodCode', method_code, 'state', to_state, 'revision', step,
        'quantity', quantity, 'canceled', 0, 'returned', 0, 'claims', '{}'::jsonb, 'carrierCode', carrier_code, 'waybillNo', waybill_no,
        'trackingLevel', tracking_level, 'instructedAt', instructed_at, 'releasedAt', released_at, 'shippedAt', shipped_at,
        'deliveredAt', delivered_at, 'stockoutExpectedAt', null, 'autoClear', true, 'finishedAt', null)
    from delivery_lines, (values (1, 'order', null, 'ordered'), (2, 'instruct', 'ordered', 'instructed'),
        (3, 'release', 'instructed', 'released'), (4, 'ship', 'released', 'shipped'), (5, 'deliver', 'shipped', 'delivered'))
      as steps (step, command, from_state, to_state)
    where delivery_no between 'G' || lpad($1::bigint::text, 10, '0') and 'G' || lpad($2::bigint::text, 10, '0')
    on conflict do nothing`,
];

/** Writes delivered lines set by set, all or none; those that are there already stay. Returns the orders' numbers, first and last. */
export async function insertDelivered(url: string, after: number, lines: number): Promise<[string, string]> {
  const [first, last] = [Math.floor(after / PER_ORDER) + 1, Math.ceil((after + lines) / PER_ORDER)];
  await withClient(url, async (client) => {
    await client.query('begin');
    for (const statement of STATEMENTS) await client.query(statement, [first, last]);
    await client.query('commit');
  });
  return [deliveryNoOf(first), deliveryNoOf(last)];
}
