import { defineEntity, p } from '@mikro-orm/core';
import { type DelayReason, delayReasons } from '../../domain/deliveries/delay.ts';
import { type Claim, type DeliveryKind, type DeliveryLine, deliveryStates } from '../../domain/deliveries/line.ts';
import { methods } from '../../domain/delivery-method.ts';
import { type DispatchTerms, dueBys } from '../../domain/dispatch/policy.ts';
import { unshippedStates } from '../../domain/dispatch/status.ts';
import { computed, isOneOf, namesOf, now, oneOf, references, referencesTogether } from './columns.ts';
import { DeliveryEntity, OrderLineEntity } from './order.ts';

/** Condition for a row in the delivery lists: valid quantity and not canceled (docs/sources/requirements.md#delivery-6). */
const LISTED = "valid_quantity > 0 and state <> 'canceled'";
/** What ends nearly every index: a page continues after a line. */
const KEY = ['deliveryNo', 'lineNo'] as const;
/** Condition for a row that has still to leave. */
const UNSHIPPED = `state in (${unshippedStates.map((state) => `'${state}'`).join(', ')})`;

/** A part names its line and the number by which the shop knows it. */
const PART =
  '(split_from_delivery_no is null) = (root_line_no is null) and (split_from_line_no is null) = (root_line_no is null)';

/** The projection for the lists: one row per order line's delivery, written only by `record`. */
export const DeliveryLineEntity = defineEntity({
  name: 'DeliveryLineEntity',
  tableName: 'delivery_lines',
  properties: {
    deliveryNo: references(p.text().primary(), 'delivery_lines.delivery_no', () => DeliveryEntity),
    lineNo: p.integer().primary(),
    orderNo: p.text(),
    kind: p.enum(['order', 'exchange'] satisfies DeliveryKind[]),
    productId: p.bigint('number'),
    placeNo: p.bigint('number').nullable(),
    methodCode: p.enum(namesOf(methods)),
    orderedAt: p.datetime(),
    state: oneOf(namesOf(deliveryStates)),
    revision: p.integer(),
    quantity: p.integer(),
    canceled: p.integer().default(0),
    returned: p.integer().default(0),
    validQuantity: computed(p.integer().generated('(quantity - canceled - returned) stored')),
    claims: p.json<Record<string, Claim>>().defaultRaw("'{}'"),
    carrierCode: p.text().nullable(),
    waybillNo: p.text().nullable(),
    trackingLevel: p.integer().nullable(),
    instructedAt: p.datetime().nullable(),
    releasedAt: p.datetime().nullable(),
    shippedAt: p.datetime().nullable(),
    deliveredAt: p.datetime().nullable(),
    stockoutReason: p.text().nullable(),
    stockoutExpectedAt: p.datetime().nullable(),
    autoClear: p.boolean().default(true),
    /** The day in Seoul by which it has to leave (발송기한), and whose day that is; of what it was reckoned, null = the channel's. */
    dispatchDueOn: p.date().nullable(),
    dispatchDueBy: oneOf(namesOf(dueBys)).nullable(),
    dispatchTerms: p.json<DispatchTerms>().nullable(),
    /** When it was marked, once, as overdue. */
    overdueAt: p.datetime().nullable(),
    /** The day that was promised instead (발송지연안내). */
    delayExpectedOn: p.date().nullable(),
    delayReasonCode: oneOf<DelayReason>(namesOf(delayReasons)).nullable(),
    delayNoticedAt: p.datetime().nullable(),
    /** The line that this part was split off (분할), and the number by which the shop knows both; null = it is no part. */
    splitFromDeliveryNo: p.text().nullable(),
    splitFromLineNo: p.integer().nullable(),
    rootLineNo: p.integer().nullable(),
    /** What was split off this line last. */
    lastSplit: p.json<NonNullable<DeliveryLine['lastSplit']>>().nullable(),
    startedAt: p.datetime().nullable(),
    finishedAt: p.datetime().nullable(),
    createdAt: now(),
    updatedAt: now(),
    /** The order line with this number. */
    orderLine: referencesTogether(['order_no', 'line_no'], 'delivery_lines_order_no_line_no_fkey', () => OrderLineEntity),
  },
  checks: [
    isOneOf('delivery_lines_state', 'state', namesOf(deliveryStates)),
    { name: 'delivery_lines_revision_check', property: 'revision', expression: 'revision >= 1' },
    // Nothing is left of a part that has gone back to its line.
    { name: 'delivery_lines_quantity_check', property: 'quantity', expression: 'quantity >= 0' },
    { name: 'delivery_lines_part', expression: PART },
    { name: 'delivery_lines_canceled_check', property: 'canceled', expression: 'canceled >= 0' },
    { name: 'delivery_lines_returned_check', property: 'returned', expression: 'returned >= 0' },
    { name: 'delivery_lines_valid_quantity_check', property: 'validQuantity', expression: 'valid_quantity >= 0' },
    {
      name: 'delivery_lines_parcel_has_waybill',
      expression:
        "method_code <> '10' or state <> all (array['shipped', 'delivered']) or (carrier_code is not null and waybill_no is not null)",
    },
    { name: 'delivery_lines_dispatch_due', expression: '(dispatch_due_on is null) = (dispatch_due_by is null)' },
    isOneOf('delivery_lines_dispatch_due_by', 'dispatchDueBy', namesOf(dueBys), 'dispatch_due_by'),
    { name: 'delivery_lines_delay', expression: '(delay_noticed_at is null) = (delay_expected_on is null)' },
    isOneOf('delivery_lines_delay_reason_code', 'delayReasonCode', namesOf(delayReasons), 'delay_reason_code'),
    { name: 'delivery_lines_canceled_is_empty', expression: "state <> 'canceled' or valid_quantity = 0" },
  ],
  indexes: [
    { name: 'delivery_lines_ordered', properties: ['orderedAt', 'deliveryNo', 'lineNo'], where: LISTED },
    { name: 'delivery_lines_state_ordered', properties: ['state', 'orderedAt', 'deliveryNo', 'lineNo'], where: LISTED },
    {
      name: 'delivery_lines_instructed_at',
      properties: ['instructedAt', 'deliveryNo', 'lineNo'],
      where: `${LISTED} and instructed_at is not null`,
    },
    {
      name: 'delivery_lines_released_at',
      properties: ['releasedAt', 'deliveryNo', 'lineNo'],
      where: `${LISTED} and released_at is not null`,
    },
    {
      name: 'delivery_lines_shipped_at',
      properties: ['shippedAt', 'deliveryNo', 'lineNo'],
      where: `${LISTED} and shipped_at is not null`,
    },
    {
      name: 'delivery_lines_delivered_at',
      properties: ['deliveredAt', 'deliveryNo', 'lineNo'],
      where: `${LISTED} and delivered_at is not null`,
    },
    // Of what is in a state now, by the date of that state; 주문완료 has one by state, of 배송완료 nearly all are in it.
    { name: 'delivery_lines_now_instructed', properties: ['instructedAt', ...KEY], where: `${LISTED} and state = 'instructed'` },
    { name: 'delivery_lines_now_released', properties: ['releasedAt', ...KEY], where: `${LISTED} and state = 'released'` },
    {
      name: 'delivery_lines_now_awaiting_shipment',
      properties: ['releasedAt', ...KEY],
      where: `${LISTED} and state = 'awaitingShipment'`,
    },
    { name: 'delivery_lines_now_shipped', properties: ['shippedAt', ...KEY], where: `${LISTED} and state = 'shipped'` },
    {
      name: 'delivery_lines_due',
      properties: ['dispatchDueOn', 'deliveryNo', 'lineNo'],
      where: "dispatch_due_on is not null and state <> 'canceled'",
      include: ['shippedAt', 'placeNo', 'validQuantity'],
    },
    {
      name: 'delivery_lines_now_due',
      properties: ['state', 'dispatchDueOn', 'deliveryNo', 'lineNo'],
      where: `valid_quantity > 0 and dispatch_due_on is not null and ${UNSHIPPED}`,
      include: ['delayExpectedOn', 'placeNo'],
    },
    {
      name: 'delivery_lines_now_undated',
      properties: ['state', 'deliveryNo', 'lineNo'],
      where: `valid_quantity > 0 and dispatch_due_on is null and ${UNSHIPPED}`,
    },
    {
      name: 'delivery_lines_delayed',
      properties: ['state', 'delayExpectedOn', 'deliveryNo', 'lineNo'],
      where: `valid_quantity > 0 and delay_expected_on is not null and ${UNSHIPPED}`,
    },
    {
      name: 'delivery_lines_not_overdue',
      expression: `CREATE INDEX delivery_lines_not_overdue ON public.delivery_lines USING btree (coalesce(delay_expected_on, dispatch_due_on), delivery_no, line_no) WHERE overdue_at is null and coalesce(delay_expected_on, dispatch_due_on) is not null and valid_quantity > 0 and ${UNSHIPPED}`,
    },
    { name: 'delivery_lines_product', properties: ['productId', 'orderedAt', 'deliveryNo', 'lineNo'], where: LISTED },
    { name: 'delivery_lines_place', properties: ['placeNo', 'orderedAt', 'deliveryNo', 'lineNo'], where: LISTED },
    { name: 'delivery_lines_method', properties: ['methodCode', 'orderedAt', 'deliveryNo', 'lineNo'], where: LISTED },
    {
      name: 'delivery_lines_carrier',
      properties: ['carrierCode', 'orderedAt', 'deliveryNo', 'lineNo'],
      where: `${LISTED} and carrier_code is not null`,
    },
    {
      name: 'delivery_lines_exchange',
      properties: ['orderedAt', 'deliveryNo', 'lineNo'],
      where: `${LISTED} and kind = 'exchange'`,
    },
    { name: 'delivery_lines_updated', properties: ['updatedAt', 'deliveryNo', 'lineNo'], where: LISTED },
    {
      name: 'delivery_lines_waybill',
      expression:
        'CREATE INDEX delivery_lines_waybill ON public.delivery_lines USING btree (waybill_no text_pattern_ops, carrier_code) WHERE (waybill_no IS NOT NULL)',
    },
    {
      name: 'delivery_lines_parts',
      properties: ['splitFromDeliveryNo', 'splitFromLineNo'],
      where: 'split_from_delivery_no is not null',
    },
    { name: 'delivery_lines_not_started', properties: ['createdAt'], where: 'started_at is null' },
    {
      name: 'delivery_lines_without_parcel',
      properties: ['deliveryNo', 'lineNo'],
      where: "state = 'shipped' and method_code <> '10'",
    },
    { name: 'delivery_lines_released', properties: ['productId'], where: "state = 'released'", include: ['validQuantity'] },
    {
      name: 'delivery_lines_waiting',
      properties: ['productId', 'orderedAt', 'deliveryNo', 'lineNo'],
      where: "state = 'awaitingShipment'",
      include: ['validQuantity', 'autoClear'],
    },
  ],
  uniques: [{ name: 'delivery_lines_order_no_line_no_key', properties: ['orderNo', 'lineNo'] }],
});
