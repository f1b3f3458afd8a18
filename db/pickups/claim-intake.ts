import { createHash } from 'node:crypto';
import { numberOf } from '../../domain/korea.ts';
import type { PickupKind, ReasonCode } from '../../domain/pickups/pickup.ts';
import { collectionFee } from '../../domain/shipping/bundle-fee.ts';
import { postalAreaOf } from '../../domain/shipping/postal-areas.ts';
import { orderFee, withQuantities } from '../../domain/shipping/shipping-fee.ts';
import type { DeliveryLineRow } from '../deliveries/row.ts';
import { findOrderFees } from '../shipping/terms.ts';
import type { Query } from '../statement.ts';

/** A claim as the order system sends it, parsed. */
export interface Claim {
  claimNo: string;
  kind: PickupKind;
  orderNo: string;
  items: {
    lineNo: number;
    quantity: number;
    reasonCode: ReasonCode;
    reason: string | null;
    exchangeTo?: { productId: number; productName: string; optionName: string | null } | null | undefined;
  }[];
  pickupFrom?:
    | { name: string; phone: string; zipCode: string; address1: string; address2: string | null; memo: string | null }
    | null
    | undefined;
}

/** A row of `claims`. */
export interface ClaimRow {
  claim_no: string;
  order_no: string;
  body_hash: string;
  status: 'reserving' | 'open' | 'releasing';
  request_id: string;
  pickup_nos: Record<string, string>;
}

/** What identifies a claim's content: the same body again is the same claim. */
export const claimHash = (body: Claim) => createHash('sha256').update(JSON.stringify(body)).digest('hex');

export const findClaim = async (query: Query, claimNo: string): Promise<ClaimRow | undefined> =>
  (await query<ClaimRow>('select * from claims where claim_no = $1', [claimNo]))[0];

/** Notes the claim with a pickup number for each delivery concerned, before any quantity is reserved under it. */
export async function insertClaim(query: Query, requestId: string, body: Claim, lines: DeliveryLineRow[]): Promise<void> {
  const concerned = lines.filter((line) => body.items.some(({ lineNo }) => lineNo === line.line_no));
  const deliveryNos = [...new Set(concerned.map((line) => line.delivery_no))].sort();
  const sequences = await query<{ n: number }>(`select nextval('pickup_no_seq') as n from generate_series(1, $1)`, [
    deliveryNos.length,
  ]);
  const now = new Date();
  const pickupNos = Object.fromEntries(deliveryNos.map((each, at) => [each, numberOf('P', sequences[at]?.n ?? 0, now)]));
  await query(
    `insert into claims (claim_no, order_no, kind, body_hash, status, request_id, pickup_nos)
     values ($1, $2, $3, $4, 'reserving', $5, $6) on conflict do nothing`,
    [body.claimNo, body.orderNo, body.kind, claimHash(body), requestId, JSON.stringify(pickupNos)],
  );
}

/** Writes the pickups of a claim whose quantities are all reserved; false when the claim is no longer being reserved. */
export async function insertPickups(
  query: Query,
  request: { id: string; sub: string },
  body: Claim,
  claim: ClaimRow,
  now: Date,
): Promise<boolean> {
  const opened = await query(
    `update claims set status = 'open' where claim_no = $1 and status = 'reserving' returning claim_no`,
    [body.claimNo],
  );
  if (opened.length === 0) return (await findClaim(query, body.claimNo))?.status === 'open';
  const from = body.pickupFrom;
  await query(
    `insert into pickups (pickup_no, claim_no, order_no, original_delivery_no, kind, state, revision, requested_at,
       pickup_name, pickup_phone, pickup_zip_code, pickup_address1, pickup_address2, pickup_memo)
     select n.value, $1, o.order_no, n.key, $2, 'requested', 1, $3,
            coalesce($4, o.receiver_name), coalesce($5, o.receiver_phone), coalesce($6, o.receiver_zip_code), coalesce($7, o.receiver_address1),
            case when $4::text is null then o.receiver_address2 else $8 end, case when $4::text is null then null else $9 end
       from orders o cross join jsonb_each_text($10) n where o.order_no = $11`,
    [
      body.claimNo,
      body.kind,
      now,
      from?.name ?? null,
      from?.phone ?? null,
      from?.zipCode ?? null,
      from?.address1 ?? null,
      from?.address2 ?? null,
      from?.memo ?? null,
      JSON.stringify(claim.pickup_nos),
      body.orderNo,
    ],
  );
  const items = body.items.map(({ exchangeTo, ...item }) => ({
    line_no: item.lineNo,
    quantity: item.quantity,
    reason_code: item.reasonCode,
    reason: item.reason,
    exchange_product_id: exchangeTo?.productId ?? null,
    exchange_product_name: exchangeTo?.productName ?? null,
    exchange_option_name: exchangeTo?.optionName ?? null,
  }));
  await query(
    `insert into pickup_items (pickup_no, line_no, product_id, product_name, option_name, quantity, reason_code, reason,
       exchange_product_id, exchange_product_name, exchange_option_name)
     select $3::jsonb ->> l.delivery_no, i.line_no, l.product_id, l.product_name, l.option_name, i.quantity, i.reason_code, i.reason,
            i.exchange_product_id, i.exchange_product_name, i.exchange_option_name
       from jsonb_to_recordset($2) as i (line_no int, quantity int, reason_code text, reason text,
                                         exchange_product_id bigint, exchange_product_name text, exchange_option_name text)
       join order_lines l on l.order_no = $1 and l.line_no = i.line_no`,
    [body.orderNo, JSON.stringify(items), JSON.stringify(claim.pickup_nos)],
  );
  await setReturnFees(query, body, claim);
  await query(
    `insert into pickup_history (pickup_no, at, by, command, from_state, to_state, revision, request_id)
     select pickup_no, $2, $3, 'claim', null, state, revision, $4 from pickups where claim_no = $1`,
    [body.claimNo, now, request.sub, request.id],
  );
  return true;
}

/**
 * What each pickup of a claim costs, under the terms its delivery was ordered under: collecting once from where it is collected, and
 * the order's shipping fee without and with the return.
 */
async function setReturnFees(query: Query, body: Claim, claim: ClaimRow): Promise<void> {
  const { deliveries, lines } = await findOrderFees(query, body.orderNo);
  const places = await query<{ pickup_no: string; pickup_zip_code: string }>(
    'select pickup_no, pickup_zip_code from pickups where claim_no = $1',
    [body.claimNo],
  );
  const before = orderFee(deliveries, lines);
  const fees = deliveries.flatMap(({ deliveryNo, terms }) => {
    const pickupNo = claim.pickup_nos[deliveryNo];
    const place = places.find((each) => each.pickup_no === pickupNo);
    if (!place || !terms) return [];
    const back = body.items.filter(({ lineNo }) =>
      lines.some((each) => each.lineNo === lineNo && each.deliveryNo === deliveryNo),
    );
    const left = withQuantities(
      lines,
      back.map(({ lineNo, quantity }) => ({ lineNo, by: -quantity })),
    );
    const once = collectionFee(terms, postalAreaOf(place.pickup_zip_code));
    return [{ pickup_no: pickupNo, once, before, after: orderFee(deliveries, left) }];
  });
  await query(
    `update pickups p set collection_fee = f.once, fee_before = f.before, fee_after = f.after
       from jsonb_to_recordset($1) as f (pickup_no text, once bigint, before bigint, after bigint) where p.pickup_no = f.pickup_no`,
    [JSON.stringify(fees)],
  );
}

/** The answer of an accepted claim. */
export async function acceptedClaim(query: Query, claimNo: string) {
  const rows = await query<{ pickup_no: string; original_delivery_no: string; items: { lineNo: number; quantity: number }[] }>(
    `select p.pickup_no, p.original_delivery_no,
       (select json_agg(json_build_object('lineNo', i.line_no, 'quantity', i.quantity) order by i.line_no) from pickup_items i where i.pickup_no = p.pickup_no) as items
       from pickups p where p.claim_no = $1 order by p.original_delivery_no`,
    [claimNo],
  );
  return {
    claimNo,
    pickups: rows.map((row) => ({ pickupNo: row.pickup_no, deliveryNo: row.original_delivery_no, items: row.items })),
  };
}
