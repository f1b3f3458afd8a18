import { defineEntity, p } from '@mikro-orm/core';
import type { Registration } from '../../domain/tracking.ts';
import { identity, now, references } from './columns.ts';
import { DeliveryEntity } from './order.ts';
import { PickupEntity } from './pickup.ts';

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
