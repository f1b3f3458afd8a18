import { type RawBuilder, sql } from 'kysely';

/**
 * Data of an event of a line, from a relation with the columns of delivery_lines: what `lineData` (domain/events/event.ts) makes of a
 * line, where rows are written set by set. test/api/events/told.test.ts compares them.
 */
export const lineJson = (l: RawBuilder<unknown>, command: string) => sql`jsonb_strip_nulls(jsonb_build_object(
    'splitFrom', case when ${l}.split_from_delivery_no is not null
                      then jsonb_build_object('deliveryNo', ${l}.split_from_delivery_no, 'lineNo', ${l}.split_from_line_no) end))
  || jsonb_build_object('deliveryNo', ${l}.delivery_no, 'lineNo', ${l}.line_no, 'orderNo', ${l}.order_no, 'kind', ${l}.kind,
    'productId', ${l}.product_id, 'methodCode', ${l}.method_code, 'state', ${l}.state, 'revision', ${l}.revision,
    'carrierCode', ${l}.carrier_code, 'waybillNo', ${l}.waybill_no, 'validQuantity', ${l}.valid_quantity,
    'finished', ${l}.finished_at is not null, 'command', ${sql.lit(command)}::text)`;

/** The same of a pickup `p`, with its items. */
export const pickupJson = (p: RawBuilder<unknown>, command: string) => sql`jsonb_build_object(
    'pickupNo', ${p}.pickup_no, 'claimNo', ${p}.claim_no, 'orderNo', ${p}.order_no, 'deliveryNo', ${p}.original_delivery_no,
    'exchangeDeliveryNo', ${p}.exchange_delivery_no, 'kind', ${p}.kind, 'state', ${p}.state, 'held', ${p}.held,
    'revision', ${p}.revision, 'carrierCode', ${p}.carrier_code, 'waybillNo', ${p}.waybill_no,
    'items', (select coalesce(jsonb_agg(jsonb_build_object('lineNo', i.line_no, 'productId', i.product_id, 'quantity', i.quantity,
                'reasonCode', i.reason_code, 'restock', i.restock, 'dispose', i.dispose, 'fault', i.fault) order by i.line_no), '[]')
                from pickup_items i where i.pickup_no = ${p}.pickup_no),
    'command', ${sql.lit(command)}::text)`;
