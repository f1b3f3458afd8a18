import { defineEntity, p } from '@mikro-orm/core';
import type { Share } from '../../domain/deliveries/spread.ts';
import {
  type Fault,
  type Pickup,
  type PickupKind,
  type PickupState,
  pickupStates,
  reasonCodes,
} from '../../domain/pickups/pickup.ts';
import { identity, isOneOf, namesOf, now, oneOf, references } from './columns.ts';
import { DeliveryEntity, OrderEntity } from './order.ts';

const kinds = ['return', 'exchange'] satisfies PickupKind[];

/** A claim (반품·교환 접수) of the order system: one pickup for each delivery concerned. */
export const ClaimEntity = defineEntity({
  name: 'ClaimEntity',
  tableName: 'claims',
  properties: {
    claimNo: p.text().primary(),
    orderNo: references(p.text(), 'claims.order_no', () => OrderEntity),
    kind: p.enum(kinds),
    bodyHash: p.text(),
    /** reserving = quantities are being reserved · open = its pickups exist · releasing = refused, reservations are released. */
    status: p.enum(['reserving', 'open', 'releasing']),
    requestId: p.text(),
    /** deliveryNo → pickupNo, assigned before any quantity is reserved. */
    pickupNos: p.json<Record<string, string>>(),
    /** What is reserved of which line; null in claims from before lines could be split: their items name the lines. */
    shares: p.json<Share[]>().nullable(),
    createdAt: now(),
    /** When an execution last began to open or release it: one that is being opened is not given back by the sweep. */
    drivenAt: now(),
  },
  indexes: [
    { name: 'claims_order', properties: ['orderNo'] },
    { name: 'claims_unopened', properties: ['drivenAt'], where: "status <> 'open'" },
  ],
});

/** The projection of a pickup, written only by `recordPickup`, with the address of collection. */
export const PickupEntity = defineEntity({
  name: 'PickupEntity',
  tableName: 'pickups',
  properties: {
    pickupNo: p.text().primary(),
    claimNo: references(p.text(), 'pickups.claim_no', () => ClaimEntity),
    orderNo: references(p.text(), 'pickups.order_no', () => OrderEntity),
    originalDeliveryNo: references(p.text(), 'pickups.original_delivery_no', () => DeliveryEntity),
    exchangeDeliveryNo: p.text().nullable(),
    kind: p.enum(kinds),
    convertedFromExchange: p.boolean().default(false),
    convertedFromReturn: p.boolean().default(false),
    state: oneOf(namesOf(pickupStates)),
    held: p.boolean().default(false),
    holdReason: p.text().nullable(),
    revision: p.integer(),
    carrierCode: p.text().nullable(),
    waybillNo: p.text().nullable(),
    trackingLevel: p.integer().nullable(),
    arrivedAt: p.datetime().nullable(),
    requestedAt: p.datetime(),
    instructedAt: p.datetime().nullable(),
    confirmedAt: p.datetime().nullable(),
    completedAt: p.datetime().nullable(),
    finishedAt: p.datetime().nullable(),
    startedAt: p.datetime().nullable(),
    pickupName: p.text(),
    pickupPhone: p.text(),
    pickupZipCode: p.text(),
    pickupAddress1: p.text(),
    pickupAddress2: p.text().nullable(),
    pickupMemo: p.text().nullable(),
    /** The cost of collecting once, and the order's shipping fee without and with the return, at the time of the claim. */
    collectionFee: p.bigint('number').defaultRaw('0'),
    feeBefore: p.bigint('number').defaultRaw('0'),
    feeAfter: p.bigint('number').defaultRaw('0'),
    createdAt: now(),
    updatedAt: now(),
  },
  checks: [
    isOneOf('pickups_state', 'state', namesOf(pickupStates)),
    { name: 'pickups_revision_check', property: 'revision', expression: 'revision >= 1' },
    { name: 'pickups_collection_fee_check', property: 'collectionFee', expression: 'collection_fee >= 0' },
    { name: 'pickups_held', expression: "not held or state = 'confirmed'" },
    { name: 'pickups_waybill_whole', expression: '(carrier_code is null) = (waybill_no is null)' },
  ],
  indexes: [
    { name: 'pickups_requested', properties: ['requestedAt', 'pickupNo'] },
    { name: 'pickups_state', properties: ['state', 'requestedAt', 'pickupNo'] },
    { name: 'pickups_kind', properties: ['kind', 'requestedAt', 'pickupNo'] },
    { name: 'pickups_instructed_at', properties: ['instructedAt', 'pickupNo'], where: 'instructed_at is not null' },
    { name: 'pickups_confirmed_at', properties: ['confirmedAt', 'pickupNo'], where: 'confirmed_at is not null' },
    { name: 'pickups_completed_at', properties: ['completedAt', 'pickupNo'], where: 'completed_at is not null' },
    { name: 'pickups_now_instructed', properties: ['instructedAt', 'pickupNo'], where: "state = 'instructed'" },
    { name: 'pickups_now_confirmed', properties: ['confirmedAt', 'pickupNo'], where: "state = 'confirmed'" },
    { name: 'pickups_updated', properties: ['updatedAt', 'pickupNo'] },
    { name: 'pickups_claim_no', properties: ['claimNo'] },
    { name: 'pickups_order_no', properties: ['orderNo'] },
    { name: 'pickups_original_delivery_no', properties: ['originalDeliveryNo'] },
    {
      name: 'pickups_waybill',
      expression:
        'CREATE INDEX pickups_waybill ON public.pickups USING btree (waybill_no text_pattern_ops, carrier_code) WHERE (waybill_no IS NOT NULL)',
    },
    ...['pickup_no', 'claim_no', 'order_no', 'original_delivery_no'].map((column) => ({
      name: `pickups_${column}_key`,
      expression: `CREATE INDEX pickups_${column}_key ON public.pickups USING btree (number_key(${column}) text_pattern_ops)`,
    })),
    { name: 'pickups_not_started', properties: ['createdAt'], where: 'started_at is null' },
  ],
});

/** What a pickup brings back, line by line, with the texts that are not sent to Temporal. */
export const PickupItemEntity = defineEntity({
  name: 'PickupItemEntity',
  tableName: 'pickup_items',
  properties: {
    pickupNo: references(p.text().primary(), 'pickup_items.pickup_no', () => PickupEntity, 'cascade'),
    lineNo: p.integer().primary(),
    productId: p.bigint('number'),
    productName: p.text(),
    optionName: p.text().nullable(),
    quantity: p.integer(),
    reasonCode: p.enum(namesOf(reasonCodes)),
    reason: p.text().nullable(),
    exchangeProductId: p.bigint('number').nullable(),
    exchangeProductName: p.text().nullable(),
    exchangeOptionName: p.text().nullable(),
    /** What 반품중교환 has agreed on instead of what the claim asked for; counts once `pickups.converted_from_return`. */
    convertedProductId: p.bigint('number').nullable(),
    convertedProductName: p.text().nullable(),
    convertedOptionName: p.text().nullable(),
    restock: p.integer().nullable(),
    dispose: p.integer().nullable(),
    fault: p.enum(['buyer', 'seller'] satisfies Fault[]).nullable(),
  },
  checks: [
    { name: 'pickup_items_quantity_check', property: 'quantity', expression: 'quantity >= 1' },
    {
      name: 'pickup_items_inspected',
      expression: 'restock is null or (restock >= 0 and dispose >= 0 and restock + dispose = quantity)',
    },
    {
      name: 'pickup_items_converted',
      expression: '(converted_product_id is null) = (converted_product_name is null)',
    },
  ],
});

/**
 * The product that a request for 반품중교환 names for an item, noted before the pickup's workflow is asked: its texts are not sent to
 * Temporal, and a repair may need them long after the request is gone.
 */
export const PickupExchangeEntity = defineEntity({
  name: 'PickupExchangeEntity',
  tableName: 'pickup_exchanges',
  properties: {
    requestId: p.text().primary(),
    pickupNo: p.text().primary(),
    lineNo: p.integer().primary(),
    productId: p.bigint('number'),
    productName: p.text(),
    optionName: p.text().nullable(),
  },
});

/** Append-only, like delivery_history. */
export const PickupHistoryEntity = defineEntity({
  name: 'PickupHistoryEntity',
  tableName: 'pickup_history',
  properties: {
    id: identity().primary(),
    pickupNo: p.text(),
    at: p.datetime(),
    by: p.text(),
    command: p.text(),
    fromState: p.text().$type<PickupState>().nullable(),
    toState: p.text().$type<PickupState>(),
    revision: p.integer().nullable(),
    reason: p.text().nullable(),
    refused: p.text().nullable(),
    requestId: p.text(),
    snapshot: p.json<Pickup>().nullable(),
    voidedAt: p.datetime().nullable(),
  },
  indexes: [{ name: 'pickup_history_pickup', properties: ['pickupNo', 'at'] }],
  uniques: [
    { name: 'pickup_history_request', properties: ['requestId', 'pickupNo', 'command'], where: 'voided_at is null' },
    {
      name: 'pickup_history_revision',
      properties: ['pickupNo', 'revision'],
      where: 'voided_at is null and revision is not null',
    },
  ],
});
