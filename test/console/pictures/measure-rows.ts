import { withClient } from '../../../local/servers/postgres.ts';

/** Product names of the rows, to filter by. */
export const LOADED = '측정용 상품';

/**
 * Puts `count` released lines straight into PostgreSQL, one an order, all as old as one another: lists are read as of any
 * other row, commands on them would find no workflow.
 */
export async function loadReleasedLines(databaseUrl: string, count: number): Promise<void> {
  const numbers = `generate_series(1, ${count}) i`;
  // In milliseconds, as the product writes them.
  const at = `date_trunc('milliseconds', now()) - interval '10 days' + i * interval '1 second'`;
  await withClient(databaseUrl, async (client) => {
    await client.query('set session_replication_role = replica');
    await client.query(`insert into orders (order_no, body_hash, channel, ordered_at, orderer_name, orderer_phone, receiver_name,
        receiver_phone, receiver_zip_code, receiver_address1)
      select 'SM' || i, md5(i::text), '자사몰', ${at}, '김측정', '010-1234-5678', '이측정', '010-1234-5678', '06236', '서울특별시 강남구'
      from ${numbers}`);
    await client.query(`insert into order_lines (order_no, line_no, delivery_no, product_id, product_name, option_name, quantity,
        unit_price, place_no, method_code)
      select 'SM' || i, 1, 'DM' || lpad(i::text, 8, '0'), 40000 + i % 3000, '${LOADED} ' || i % 3000, '카키', 1 + i % 3, 39000, 176042, '10'
      from ${numbers}`);
    await client.query(`insert into deliveries (delivery_no, order_no, kind, place_no, method_code, ordered_at)
      select 'DM' || lpad(i::text, 8, '0'), 'SM' || i, 'order', 176042, '10', ${at} from ${numbers}`);
    await client.query(`insert into delivery_lines (delivery_no, line_no, order_no, kind, product_id, place_no, method_code,
        ordered_at, state, revision, quantity, canceled, returned, instructed_at, released_at, started_at, created_at, updated_at)
      select 'DM' || lpad(i::text, 8, '0'), 1, 'SM' || i, 'order', 40000 + i % 3000, 176042, '10', ${at}, 'released', 3, 1 + i % 3, 0, 0,
        ${at} + interval '1 hour', ${at} + interval '2 hours', ${at}, ${at}, ${at} + interval '2 hours'
      from ${numbers}`);
    await client.query('reset session_replication_role');
    await client.query('vacuum (analyze) orders, order_lines, deliveries, delivery_lines');
  });
}
