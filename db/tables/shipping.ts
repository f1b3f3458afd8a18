import { defineEntity, p } from '@mikro-orm/core';
import type { FeeType, ImposeType } from '../../domain/bundle-fee.ts';

/** A shipping place (출하지): where bundles leave from, and what it adds for Jeju and remote islands. */
export const ShippingPlaceEntity = defineEntity({
  name: 'ShippingPlaceEntity',
  tableName: 'shipping_places',
  properties: {
    placeNo: p.bigint('number').primary(),
    placeName: p.text(),
    zipCode: p.text(),
    addr1: p.text(),
    addr2: p.text().nullable(),
    /** The place of order lines that name none; at most one. */
    isDefault: p.boolean(),
    surchargeOn: p.boolean(),
    jejuSurcharge: p.bigint('number'),
    remoteSurcharge: p.bigint('number'),
    imposeType: p.integer().$type<ImposeType>(),
    /** When the request that wrote it was stored: an older one that comes late changes nothing. */
    askedAt: p.datetime(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** A bundle shipping fee policy (묶음배송비 정책) of a place, at most one of them its default. */
export const ShippingPolicyEntity = defineEntity({
  name: 'ShippingPolicyEntity',
  tableName: 'shipping_policies',
  properties: {
    policyNo: p.bigint('number').primary(),
    placeNo: p.bigint('number'),
    feeType: p.integer().$type<FeeType>(),
    fee: p.bigint('number'),
    condition: p.bigint('number'),
    isPrepayment: p.boolean(),
    isCashOnDelivery: p.boolean(),
    isDefault: p.boolean(),
    askedAt: p.datetime(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** Append-only: who changed a place or policy and how; one row a request, so that a repeated one acts once. */
export const ShippingChangeEntity = defineEntity({
  name: 'ShippingChangeEntity',
  tableName: 'shipping_changes',
  properties: {
    requestId: p.text().primary(),
    at: p.datetime(),
    by: p.text(),
    placeNo: p.bigint('number'),
    policyNo: p.bigint('number').nullable(),
    body: p.json<object>(),
    answer: p.json<object>(),
  },
});
