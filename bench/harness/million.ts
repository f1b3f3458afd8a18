import { withClient } from '../../local/servers/postgres.ts';

/** Words in the generated rows that the lists are searched for. */
export const generated = {
  /** In one product name of ten. */
  frequentWord: '의자',
  /** In one line of a thousand. */
  scarceWord: '자개',
  /** In the names of ten products, one line of three hundred. */
  someWords: '접이식 의자 1',
  /** In one line of twenty thousand: less than a page. */
  rareWord: '보석함',
  /** Lines of a batch of work. */
  batch: 200,
  places: 200,
  firstPlace: 176_000,
  receiver: '김민준',
};

/** `count` delivery lines of one year, two per order on average, with a shop's usual mix of states: the old ones are delivered. */
const statements = (count: number): string[] => {
  const orders = Math.ceil(count / 2);
  // Deterministic noise in [0, 1): the same rows in every run.
  const noise = (seed: string) => `((hashint8(${seed}) & 2147483647) / 2147483648.0)`;
  const orderedAt = `date_trunc('milliseconds', now()) - interval '365 days' * ((${orders} - i)::float8 / ${orders})`;
  return [
    `create temporary table drawn as
      select i, line_no, 'S' || lpad(i::text, 9, '0') as order_no,
        -- Every fifth order leaves from two places.
        'D' || lpad(i::text, 9, '0') || case when i % 5 = 0 and line_no > 1 then '2' else '1' end as delivery_no,
        ${orderedAt} as ordered_at,
        365.0 * (${orders} - i) / ${orders} as age,
        ${noise('i * 8 + line_no')} as a, ${noise('i * 8 + line_no + 4000000007')} as b,
        ${noise('i * 2 + (case when i % 5 = 0 and line_no > 1 then 1 else 0 end) + 9000000011')} as d
      from generate_series(1, ${orders}) i, lateral generate_series(1, 1 + i % 3) line_no`,
    `create temporary table lines as
      select *,
        case when a < 0.02 then 'canceled'
             when age < 60 and b < 0.006 then 'awaitingShipment'
             when age < 0.5 then case when a < 0.7 then 'ordered' else 'instructed' end
             when age < 1.5 then case when a < 0.1 then 'ordered' when a < 0.5 then 'instructed' else 'released' end
             when age < 3 then case when a < 0.3 then 'released' else 'shipped' end
             when age < 7 then case when a < 0.6 then 'shipped' else 'delivered' end
             when a < 0.022 then 'shipped' else 'delivered' end as state,
        case when d < 0.02 then null else ${generated.firstPlace} + floor(${generated.places} * d * d)::bigint end as place_no,
        case when d < 0.9 then '10' when d < 0.95 then '20' when d < 0.98 then '30' else '40' end as method_code,
        (array['04', '04', '04', '04', '05', '05', '08', '08', '01', '06'])[1 + floor(d * 10000)::int % 10] as carrier_code,
        1 + floor(b * 3)::int as quantity
      from drawn`,
    `insert into orders (order_no, body_hash, channel, ordered_at, orderer_name, orderer_phone, receiver_name, receiver_phone,
        receiver_zip_code, receiver_address1, receiver_address2)
      select 'S' || lpad(i::text, 9, '0'), md5(i::text), '자사몰', ${orderedAt}, name, phone, name, phone,
        lpad((i % 60000)::text, 5, '0'), '서울특별시 강남구 테헤란로 ' || i % 500, i % 30 || '동 ' || i % 1500 || '호'
      from (select i, '010-' || lpad((i / 10000 % 10000)::text, 4, '0') || '-' || lpad((i % 10000)::text, 4, '0') as phone,
              (array['김', '이', '박', '최', '정', '강', '조', '윤', '장', '임'])[1 + i % 10]
              || (array['민준', '서연', '도윤', '지우', '하준', '서현', '지호', '수아', '예준', '하은', '주원', '지유', '우진', '채원',
                        '건우', '다은', '현우', '소율', '선우', '유나'])[1 + i / 10 % 20]
              || case when i % 7 = 0 then '' else chr(44032 + 28 * (i / 200 % 60)) end as name
            from generate_series(1, ${orders}) i) people`,
    `insert into order_lines (order_no, line_no, delivery_no, product_id, product_name, option_name, quantity, unit_price, place_no, method_code)
      select order_no, line_no, delivery_no, 40000 + floor(b * 3000)::int,
        -- A product has one name, but for the rare word: an order's own.
        (array['접이식', '원목', '경량', '프리미엄', '국내산', '유기농', '휴대용', '캠핑'])[1 + floor(b * 8)::int] || ' '
        || case when a > 0.99995 then '나전칠기 ${generated.rareWord}' when floor(b * 3000) between 1500 and 1502 then '${generated.scarceWord} 쟁반'
                else (array['${generated.frequentWord}', '책상', '랜턴', '텐트', '커피', '쿠키', '감귤', '현미', '이불', '베개'])[1 + floor(b * 3000)::int % 10] end
        || ' ' || 100 + floor(b * 3000)::int, (array['카키', '블랙', '베이지', null])[1 + i % 4], quantity,
        1000 * (1 + floor(b * 90)::int), place_no, method_code
      from lines`,
    `insert into deliveries (delivery_no, order_no, kind, place_no, method_code, ordered_at)
      select distinct on (delivery_no) delivery_no, order_no, 'order', place_no, method_code, ordered_at from lines order by delivery_no`,
    `insert into delivery_lines (delivery_no, line_no, order_no, kind, product_id, place_no, method_code, ordered_at, state, revision,
        quantity, canceled, returned, carrier_code, waybill_no, tracking_level, instructed_at, released_at, shipped_at, delivered_at,
        stockout_reason, started_at, finished_at, created_at, updated_at, dispatch_due_on, dispatch_due_by)
      select delivery_no, line_no, order_no, case when a > 0.995 then 'exchange' else 'order' end, 40000 + floor(b * 3000)::int, place_no,
        method_code, ordered_at, state, 1 + passed, quantity, case when state = 'canceled' then quantity else 0 end,
        case when state = 'delivered' and b > 0.99 then quantity else 0 end,
        case when passed >= 3 and method_code = '10' then carrier_code end,
        case when passed >= 3 and method_code = '10' then lpad((i * 10 + right(delivery_no, 1)::int)::text, 12, '6') end,
        case when passed = 4 then 6 when passed = 3 then 2 end,
        case when passed >= 1 then ordered_at + interval '3 hours' * (1 + b) end,
        case when passed >= 2 then ordered_at + interval '9 hours' * (1 + b) end,
        case when passed >= 3 then ordered_at + interval '20 hours' * (1 + b) end,
        case when passed >= 4 then ordered_at + interval '40 hours' * (1 + b) end,
        case when state = 'awaitingShipment' then '입고 지연' end, ordered_at,
        case when state = 'canceled' or age > 100 or (state = 'delivered' and b > 0.99) then ordered_at + interval '95 days' end,
        ordered_at, ordered_at + interval '40 hours' * (1 + b),
        case when d < 0.95 then (ordered_at at time zone 'Asia/Seoul')::date + 1 + floor(b * 2)::int end, case when d < 0.95 then 'policy' end
      from (select *, case state when 'instructed' then 1 when 'released' then 2 when 'awaitingShipment' then 2 when 'shipped' then 3
                                 when 'delivered' then 4 else 0 end as passed from lines) l
      order by ordered_at`,
    // Everything that was released has been in a batch of work.
    `create temporary table worked as
      select delivery_no, line_no, state, released_at,
        1 + (row_number() over (order by released_at, delivery_no, line_no) - 1) / ${generated.batch} as no
      from delivery_lines where released_at is not null and state <> 'awaitingShipment'`,
    `insert into work_batches (state, owner, owner_asked_at, state_asked_at, created_by, created_at, completed_at)
      select case when bool_or(state = 'released') then 'picking' else 'completed' end, 'bench', min(released_at), min(released_at),
        'bench', min(released_at), case when bool_or(state = 'released') then null else max(released_at) end
      from worked group by no order by no`,
    `insert into work_batch_lines (work_batch_no, delivery_no, line_no, is_open, dropped_as)
      select no, delivery_no, line_no, state = 'released', case when state = 'canceled' then 'canceled' end from worked`,
  ];
};

const tables = ['orders', 'order_lines', 'product_names', 'deliveries', 'delivery_lines', 'work_batches', 'work_batch_lines'];

/**
 * Fills an empty database. Indexes are dropped and created again unchanged, and foreign keys are not checked, which takes a fifth
 * of the time and gives the same tables. Analyzed and vacuumed afterwards, like a table that autovacuum has processed.
 */
export async function loadMillion(url: string, count: number): Promise<void> {
  const indexes = await withClient(url, async (client) => {
    const { rows } = await client.query<{ name: string; definition: string }>(
      `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
         from pg_index i join pg_class t on t.oid = i.indrelid
        where t.relname = any($1)
          and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`,
      [tables],
    );
    for (const { name } of rows) await client.query(`drop index ${name}`);
    await client.query('set session_replication_role = replica');
    await client.query(`set work_mem = '128MB'`);
    for (const statement of statements(count)) await client.query(statement);
    return rows;
  });
  // Two at a time, the expensive ones over letters first.
  const left = indexes
    .map(({ definition }) => definition)
    .sort((a, b) => Number(b.includes(' gin ')) - Number(a.includes(' gin ')));
  const build = () =>
    withClient(url, async (client) => {
      await client.query(`set maintenance_work_mem = '256MB'`);
      await client.query('set max_parallel_maintenance_workers = 0');
      for (let next = left.shift(); next; next = left.shift()) await client.query(next);
    });
  await Promise.all([build(), build()]);
  await withClient(url, (client) => client.query(`vacuum (analyze) ${tables.join(', ')}`));
}
