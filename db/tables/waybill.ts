import { defineEntity, p } from '@mikro-orm/core';
import { waybillRules } from '../../domain/shipping/waybill-range.ts';
import type { Registration } from '../../domain/tracking.ts';
import { identity, isOneOf, namesOf, now, oneOf, references } from './columns.ts';
import { DeliveryEntity } from './order.ts';
import { PickupEntity } from './pickup.ts';
import { ShippingPlaceEntity } from './shipping.ts';

/** A number range (운송장 대역) of a carrier and a place; numbers before `nextNo` are used, or were used by hand. */
export const WaybillRangeEntity = defineEntity({
  name: 'WaybillRangeEntity',
  tableName: 'waybill_ranges',
  properties: {
    rangeNo: identity().primary(),
    placeNo: references(p.bigint('number'), 'waybill_ranges.place_no', () => ShippingPlaceEntity),
    carrierCode: p.text(),
    rule: oneOf(namesOf(waybillRules)),
    /** How many digits a number is written with, without a check digit. */
    digits: p.integer(),
    firstNo: p.bigint('number'),
    lastNo: p.bigint('number'),
    nextNo: p.bigint('number'),
    /** With fewer left it runs low, which is told once. */
    lowAt: p.integer(),
    lowToldAt: p.datetime().nullable(),
    paused: p.boolean(),
    /** Lines of the place that leave without a waybill take one of these. */
    autoWaybill: p.boolean(),
    by: p.text(),
    /** When the request that wrote it was stored; an older request executed later changes nothing. */
    askedAt: p.datetime(),
    createdAt: now(),
    updatedAt: now(),
  },
  checks: [
    isOneOf('waybill_ranges_rule_check', 'rule', namesOf(waybillRules)),
    { name: 'waybill_ranges_numbers', expression: 'first_no <= next_no and next_no <= last_no + 1' },
  ],
  indexes: [
    { name: 'waybill_ranges_place', properties: ['placeNo', 'carrierCode', 'rangeNo'] },
    { name: 'waybill_ranges_carrier', properties: ['carrierCode', 'rangeNo'] },
  ],
});

/** One owner per open waybill: unique (carrier, number) while `closedAt` is null; claimed and freed by `record`. */
export const WaybillEntity = defineEntity({
  name: 'WaybillEntity',
  tableName: 'waybills',
  properties: {
    id: identity().primary(),
    carrierCode: p.text(),
    waybillNo: p.text(),
    /** The delivery that claimed it first; others may share it (합포장). */
    deliveryNo: references(p.text().nullable(), 'waybills.delivery_no', () => DeliveryEntity),
    /** Or the pickup that has it. */
    pickupNo: references(p.text().nullable(), 'waybills.pickup_no', () => PickupEntity),
    openedAt: now(),
    closedAt: p.datetime().nullable(),
    /** Set when the tracker knows it. */
    registeredAt: p.datetime().nullable(),
    registrationFailures: p.integer().default(0),
    registrationRefusedAt: p.datetime().nullable(),
    /** The batch run that last tried it, and the one that has it now. */
    registrationRun: p.text().nullable(),
    registrationLease: p.datetime().nullable(),
    registrationLeaseBy: p.text().nullable(),
    trackingLevel: p.integer().nullable(),
    movedAt: p.datetime().nullable(),
    /** When it was last checked for silence. */
    lookedAt: p.datetime().nullable(),
    /** When it was last asked about, the tracker's answer, and the time before which it is not asked again. */
    askedAt: p.datetime().nullable(),
    askedOutcome: p.text().$type<'delivered' | 'moving' | 'unknown' | 'limited' | 'again'>().nullable(),
    askedScanAt: p.datetime().nullable(),
    askAfter: p.datetime().nullable(),
    /** Set when there is nothing left to ask. */
    settledAt: p.datetime().nullable(),
    /** The range it was drawn from, and the request that drew it; null = somebody has typed it. */
    rangeNo: references(p.bigint('number').nullable(), 'waybills.range_no', () => WaybillRangeEntity),
    drawnBy: p.text().nullable(),
  },
  checks: [{ name: 'waybills_one_owner', expression: 'num_nonnulls(delivery_no, pickup_no) = 1' }],
  indexes: [
    { name: 'waybills_delivery', properties: ['deliveryNo'] },
    { name: 'waybills_pickup', properties: ['pickupNo'], where: 'pickup_no is not null' },
    { name: 'waybills_number', properties: ['waybillNo', 'carrierCode'] },
    {
      name: 'waybills_to_register',
      properties: ['registrationFailures', 'id'],
      where: "closed_at is null and registered_at is null and registration_refused_at is null and carrier_code <> '99'",
    },
    {
      name: 'waybills_to_ask',
      expression:
        "CREATE INDEX waybills_to_ask ON public.waybills USING btree (COALESCE(asked_at, '-infinity'::timestamp with time zone), id) WHERE ((closed_at IS NULL) AND (settled_at IS NULL) AND (pickup_no IS NULL))",
    },
    {
      name: 'waybills_unscanned',
      expression:
        'CREATE INDEX waybills_unscanned ON public.waybills USING btree (GREATEST(looked_at, opened_at)) WHERE ((closed_at IS NULL) AND (moved_at IS NULL))',
    },
    {
      name: 'waybills_stalled',
      expression:
        'CREATE INDEX waybills_stalled ON public.waybills USING btree (GREATEST(looked_at, moved_at)) WHERE ((closed_at IS NULL) AND (moved_at IS NOT NULL) AND (tracking_level < 6))',
    },
  ],
  uniques: [{ name: 'waybills_open', properties: ['carrierCode', 'waybillNo'], where: 'closed_at is null' }],
});

/** Every attempt to register a waybill at the tracker, written before it is made, and its result. */
export const WaybillRegistrationEntity = defineEntity({
  name: 'WaybillRegistrationEntity',
  tableName: 'waybill_registrations',
  properties: {
    id: identity().primary(),
    waybillId: references(p.bigint('number'), 'waybill_registrations.waybill_id', () => WaybillEntity),
    fid: p.text(),
    carrierCode: p.text(),
    waybillNo: p.text(),
    outcome: p.enum(['registered', 'failed', 'refused', 'covered']),
    /** The registration of the same number that covers this one too. */
    coveredBy: references(
      p.bigint('number').nullable(),
      'waybill_registrations.covered_by',
      (): object => WaybillRegistrationEntity,
    ),
    eCode: p.text().nullable(),
    request: p.json<object>().nullable(),
    answer: p.json<NonNullable<Registration['answer']> | { error: string }>().nullable(),
    runKey: p.text().nullable(),
    at: now(),
    by: p.text(),
  },
  indexes: [
    { name: 'waybill_registrations_fid', properties: ['fid', 'waybillNo'] },
    { name: 'waybill_registrations_run', properties: ['runKey'], where: 'run_key is not null' },
    { name: 'waybill_registrations_waybill', properties: ['waybillId'] },
  ],
});
