import { defineEntity, p } from '@mikro-orm/core';
import { type FeeType, feeTypes, type ImposeType, imposeTypes } from '../../domain/shipping/bundle-fee.ts';
import { namesOf, now, references } from './columns.ts';
import { DispatchPolicyEntity } from './dispatch.ts';

/** A shipping place (출하지): where bundles leave from, and its surcharges for Jeju and remote islands. */
export const ShippingPlaceEntity = defineEntity({
  name: 'ShippingPlaceEntity',
  tableName: 'shipping_places',
  properties: {
    placeNo: p.bigint('number').primary().autoincrement(),
    placeName: p.text(),
    zipCode: p.text(),
    addr1: p.text(),
    addr2: p.text().nullable(),
    /** The place for order lines that name none; at most one. */
    isDefault: p.boolean(),
    surchargeOn: p.boolean(),
    jejuSurcharge: p.bigint('number'),
    remoteSurcharge: p.bigint('number'),
    imposeType: p.integer().$type<ImposeType>(),
    /** The dispatch policy of lines that name none; null = the default one. */
    dispatchPolicyNo: references(p.bigint('number').nullable(), 'shipping_places.dispatch_policy_no', () => DispatchPolicyEntity),
    /** When the request that wrote it was stored; an older request executed later changes nothing. */
    askedAt: p.datetime(),
    createdAt: now(),
    updatedAt: now(),
  },
  checks: [
    { name: 'shipping_places_jeju_surcharge_check', property: 'jejuSurcharge', expression: 'jeju_surcharge >= 0' },
    { name: 'shipping_places_remote_surcharge_check', property: 'remoteSurcharge', expression: 'remote_surcharge >= 0' },
    {
      name: 'shipping_places_impose_type_check',
      property: 'imposeType',
      expression: `impose_type in (${namesOf(imposeTypes).join(', ')})`,
    },
  ],
  uniques: [{ name: 'shipping_places_default', properties: ['isDefault'], where: 'is_default' }],
});

/** A bundle shipping fee policy (묶음배송비 정책) of a place; at most one per place is the default. */
export const ShippingPolicyEntity = defineEntity({
  name: 'ShippingPolicyEntity',
  tableName: 'shipping_policies',
  properties: {
    policyNo: p.bigint('number').primary().autoincrement(),
    placeNo: references(p.bigint('number'), 'shipping_policies.place_no', () => ShippingPlaceEntity),
    feeType: p.integer().$type<FeeType>(),
    fee: p.bigint('number'),
    condition: p.bigint('number'),
    isPrepayment: p.boolean(),
    isCashOnDelivery: p.boolean(),
    isDefault: p.boolean(),
    askedAt: p.datetime(),
    createdAt: now(),
    updatedAt: now(),
  },
  checks: [
    {
      name: 'shipping_policies_fee_type_check',
      property: 'feeType',
      expression: `fee_type in (${namesOf(feeTypes).join(', ')})`,
    },
    { name: 'shipping_policies_fee_check', property: 'fee', expression: 'fee >= 0' },
    { name: 'shipping_policies_condition_check', property: 'condition', expression: 'condition >= 0' },
    { name: 'shipping_policies_paid', expression: 'fee_type = 1 or (fee > 0 and (is_prepayment or is_cash_on_delivery))' },
    { name: 'shipping_policies_condition', expression: 'fee_type <> 3 or (condition >= 1000 and condition <= 9999999)' },
  ],
  indexes: [{ name: 'shipping_policies_place', properties: ['placeNo', 'policyNo'] }],
  uniques: [{ name: 'shipping_policies_default', properties: ['placeNo'], where: 'is_default' }],
});

/** Append-only: who changed a place, a policy or the calendar and how; one row per request, so that a repeat has no second effect. */
export const ShippingChangeEntity = defineEntity({
  name: 'ShippingChangeEntity',
  tableName: 'shipping_changes',
  properties: {
    requestId: p.text().primary(),
    at: now(),
    by: p.text(),
    placeNo: p.bigint('number').nullable(),
    policyNo: p.bigint('number').nullable(),
    dispatchPolicyNo: p.bigint('number').nullable(),
    body: p.json<object>(),
    answer: p.json<object>().columnType('json'),
  },
  indexes: [{ name: 'shipping_changes_place', properties: ['placeNo', 'at'] }],
});
