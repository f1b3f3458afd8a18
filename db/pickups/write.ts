import { sql } from 'kysely';
import type { Share } from '../../domain/deliveries/spread.ts';
import type { Claim, ClaimItem } from '../../domain/pickups/claim.ts';
import { pickupJson } from '../events/data.ts';
import { noted } from '../events/noted.ts';
import { json, type Query, type Row } from '../statement.ts';
import type { ClaimRow } from './claims.ts';

/** Consecutive numbers for pickups. They may have gaps. */
export async function drawNumbers(query: Query, count: number): Promise<number[]> {
  const statement = sql<{ n: number }>`select nextval('pickup_no_seq') as n from generate_series(1, ${count})`;
  return (await query(statement)).map(({ n }) => n);
}

/** Writes a claim's pickups at revision 1, collected from the order's receiver unless the claim names another address. */
export async function insertPickups(
  query: Query,
  { claimNo, orderNo, kind, pickupFrom: from }: Claim,
  pickupNos: ClaimRow['pickup_nos'],
  now: Date,
): Promise<void> {
  const name = sql`${from?.name ?? null}::text`;
  await query(sql`
    insert into pickups (pickup_no, claim_no, order_no, original_delivery_no, kind, state, revision, requested_at,
      pickup_name, pickup_phone, pickup_zip_code, pickup_address1, pickup_address2, pickup_memo)
    select n.value, ${claimNo}, o.order_no, n.key, ${kind}, 'requested', 1, ${now},
           coalesce(${name}, o.receiver_name), coalesce(${from?.phone ?? null}, o.receiver_phone),
           coalesce(${from?.zipCode ?? null}, o.receiver_zip_code), coalesce(${from?.address1 ?? null}, o.receiver_address1),
           case when ${name} is null then o.receiver_address2 else ${from?.address2 ?? null} end,
           case when ${name} is null then null else ${from?.memo ?? null} end
      from orders o cross join jsonb_each_text(${json(pickupNos)}) n where o.order_no = ${orderNo}`);
}

/** Writes the items of a claim's pickups, with the texts of the order's lines: one for each share of an item. */
export async function insertItems(
  query: Query,
  { orderNo, items }: Claim,
  pickupNos: ClaimRow['pickup_nos'],
  shares: Share[],
): Promise<void> {
  const flat = shares.flatMap(({ askedLineNo, lineNo, quantity }) => {
    const item = items.find((each) => each.lineNo === askedLineNo);
    return item ? [{ reasonCode: item.reasonCode, reason: item.reason, ...item.exchangeTo, lineNo, quantity }] : [];
  });
  await query(sql`
    insert into pickup_items (pickup_no, line_no, product_id, product_name, option_name, quantity, reason_code, reason,
      exchange_product_id, exchange_product_name, exchange_option_name)
    select ${json(pickupNos)}::jsonb ->> l.delivery_no, l.line_no, l.product_id, l.product_name, l.option_name, i.quantity,
           i."reasonCode", i.reason, i."productId", i."productName", i."optionName"
      from jsonb_to_recordset(${json(flat)}) as i ("lineNo" int, quantity int, "reasonCode" text, reason text, "productId" bigint,
             "productName" text, "optionName" text)
      join order_lines l on l.order_no = ${orderNo} and l.line_no = i."lineNo"`);
}

/** What a request for 반품중교환 names for an item. */
export interface NamedExchange {
  pickupNo: string;
  lineNo: number;
  exchangeTo: NonNullable<ClaimItem['exchangeTo']>;
}

/** Notes what a request for 반품중교환 names, before the pickups' workflows are asked; once a request. */
export async function noteExchanges(query: Query, requestId: string, named: NamedExchange[]): Promise<void> {
  const flat = named.map(({ exchangeTo, ...item }) => ({ ...item, ...exchangeTo }));
  await query(sql`
    insert into pickup_exchanges (request_id, pickup_no, line_no, product_id, product_name, option_name)
    select ${requestId}, p.pickup_no, n."lineNo", n."productId", n."productName", n."optionName"
      from jsonb_to_recordset(${json(flat)}) as n ("pickupNo" text, "lineNo" int, "productId" bigint, "productName" text,
             "optionName" text)
      join pickups p on p.pickup_no = n."pickupNo"
    on conflict do nothing`);
}

/** The first row of each pickup's history, and its event: after its items, of which it tells. */
export async function insertHistory(
  query: Query,
  claimNo: string,
  { id, sub }: { id: string; sub: string },
  now: Date,
): Promise<void> {
  const columns = {
    ...{
      at: sql`${now}`,
      by: sql`${sub}`,
      command: sql`'claim'`,
      to: sql`p.state`,
      revision: sql`p.revision`,
      requestId: sql`${id}`,
    },
    ...{ type: sql`'pickup.requested'`, data: pickupJson(sql`p`, 'claim') },
  };
  const pickups = sql`from pickups p where p.claim_no = ${claimNo}`;
  await query(sql`with ${noted('pickup_history', [sql`p.pickup_no`], columns, pickups)} select id from noted`);
}

/** The cost of pickups, and their order's shipping fee without and with the return. */
export type ReturnFee = Pick<Row<'pickups'>, 'pickup_no' | 'collection_fee' | 'fee_before' | 'fee_after'>;

export async function updateReturnFees(query: Query, fees: ReturnFee[]): Promise<void> {
  await query(sql`
    update pickups p set collection_fee = f.collection_fee, fee_before = f.fee_before, fee_after = f.fee_after
      from jsonb_to_recordset(${json(fees)}) as f (pickup_no text, collection_fee bigint, fee_before bigint, fee_after bigint)
     where p.pickup_no = f.pickup_no`);
}
