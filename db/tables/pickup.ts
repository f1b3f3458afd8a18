import { defineEntity, p } from '@mikro-orm/core';
import type { Fault, Pickup, PickupKind, PickupState, ReasonCode } from '../../domain/pickup.ts';

/** A claim (반품·교환 접수) of the order system: one pickup for each delivery concerned. */
export const ClaimEntity = defineEntity({
  name: 'ClaimEntity',
  tableName: 'claims',
  properties: {
    claimNo: p.text().primary(),
    orderNo: p.text(),
    kind: p.text().$type<PickupKind>(),
    bodyHash: p.text(),
    /** reserving = quantities are being held · open = its pickups exist · releasing = refused, being given back. */
    status: p.text().$type<'reserving' | 'open' | 'releasing'>(),
    requestId: p.text(),
    /** deliveryNo → pickupNo, given before any quantity is reserved under it. */
    pickupNos: p.json<Record<string, string>>(),
    createdAt: p.datetime(),
  },
});

/** The projection of a pickup, written by `recordPickup` alone, and where to collect from. */
export const PickupEntity = defineEntity({
  name: 'PickupEntity',
  tableName: 'pickups',
  properties: {
    pickupNo: p.text().primary(),
    claimNo: p.text(),
    orderNo: p.text(),
    originalDeliveryNo: p.text(),
    exchangeDeliveryNo: p.text().nullable(),
    kind: p.text().$type<PickupKind>(),
    convertedFromExchange: p.boolean(),
    state: p.text().$type<PickupState>(),
    held: p.boolean(),
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
    /** What collecting once costs, and the order's shipping fee without and with the return, as when it was claimed. */
    collectionFee: p.bigint('number'),
    feeBefore: p.bigint('number'),
    feeAfter: p.bigint('number'),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** What a pickup brings back, line by line, with the texts that never travel. */
export const PickupItemEntity = defineEntity({
  name: 'PickupItemEntity',
  tableName: 'pickup_items',
  properties: {
    pickupNo: p.text().primary(),
    lineNo: p.integer().primary(),
    productId: p.bigint('number'),
    productName: p.text(),
    optionName: p.text().nullable(),
    quantity: p.integer(),
    reasonCode: p.text().$type<ReasonCode>(),
    reason: p.text().nullable(),
    exchangeProductId: p.bigint('number').nullable(),
    exchangeProductName: p.text().nullable(),
    exchangeOptionName: p.text().nullable(),
    restock: p.integer().nullable(),
    dispose: p.integer().nullable(),
    fault: p.text().$type<Fault>().nullable(),
  },
});

/** Append-only, as delivery_history. */
export const PickupHistoryEntity = defineEntity({
  name: 'PickupHistoryEntity',
  tableName: 'pickup_history',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    pickupNo: p.text(),
    at: p.datetime(),
    by: p.text(),
    command: p.text(),
    fromState: p.text().nullable(),
    toState: p.text(),
    revision: p.integer().nullable(),
    reason: p.text().nullable(),
    refused: p.text().nullable(),
    requestId: p.text(),
    snapshot: p.json<Pickup>().nullable(),
    voidedAt: p.datetime().nullable(),
  },
});
