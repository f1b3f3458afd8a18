import { defineEntity, p } from '@mikro-orm/core';
import { identity, now, references } from '../columns.ts';

/** A parcel that is being verified (검품): found by its delivery, or by the waybill it was shipped under. */
export const VerificationEntity = defineEntity({
  name: 'VerificationEntity',
  tableName: 'verifications',
  properties: {
    verificationId: identity().primary(),
    deliveryNo: p.text().nullable(),
    waybillNo: p.text().nullable(),
    owner: p.text(),
    ownerAskedAt: p.datetime(),
    openedAt: now(),
    /** When the last product was scanned. */
    completedAt: p.datetime().nullable(),
    /** When its parcel was shipped or given up: nobody works on it any more. */
    closedAt: p.datetime().nullable(),
  },
  checks: [{ name: 'verifications_parcel', expression: '(delivery_no is null) <> (waybill_no is null)' }],
  indexes: [{ name: 'verifications_owner', properties: ['owner', 'verificationId'], where: 'closed_at is null' }],
  uniques: [
    { name: 'verifications_open_delivery', properties: ['deliveryNo'], where: 'closed_at is null' },
    { name: 'verifications_open_waybill', properties: ['waybillNo'], where: 'closed_at is null' },
  ],
});

/** One scan of a product, by the scanner's own id of it. */
export const VerificationScanEntity = defineEntity({
  name: 'VerificationScanEntity',
  tableName: 'verification_scans',
  properties: {
    verificationId: references(p.bigint('number').primary(), 'verification_scans.verification_id', () => VerificationEntity),
    scanId: p.text().primary(),
    at: now(),
    by: p.text(),
    barcode: p.text(),
    /** The line that it counts for; null = it was refused. */
    deliveryNo: p.text().nullable(),
    lineNo: p.integer().nullable(),
    refused: p.text().nullable(),
  },
  checks: [{ name: 'verification_scans_outcome', expression: '(line_no is null) = (refused is not null)' }],
});
