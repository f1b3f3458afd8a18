import { sql } from 'kysely';
import type { EventType } from '../../domain/events/types.ts';
import { type ExceptionKind, exceptionKinds } from '../../domain/tracking.ts';
import { build, json, type Query } from '../statement.ts';

export interface ExceptionFacts {
  kind: ExceptionKind;
  fid: string;
  deliveryNo?: string | null;
  pickupNo?: string | null;
  carrierCode?: string | null;
  waybillNo: string;
  reason?: string;
  journalId?: number;
  waybillId?: number;
}

/** What a tracker says of numbers that we do not know could be any text: that is not told. */
const unknown: readonly ExceptionKind[] = ['unknown-number', 'waybill-mismatch'];

/** Opens an exception for a waybill, and tells of it; while it is open, the same problem again is only counted. */
export async function raiseException(query: Query, facts: ExceptionFacts): Promise<void> {
  const { kind, fid, deliveryNo, pickupNo, carrierCode, waybillNo, reason, journalId, waybillId } = facts;
  const inserted = build
    .insertInto('tracking_exceptions')
    .values({
      kind,
      fid,
      delivery_no: deliveryNo ?? null,
      pickup_no: pickupNo ?? null,
      carrier_code: carrierCode ?? null,
      waybill_no: waybillNo,
      reason: reason ? `${exceptionKinds[kind]}: ${reason}` : exceptionKinds[kind],
      journal_id: journalId ?? null,
      waybill_id: waybillId ?? null,
    })
    .onConflict((open) =>
      open
        .columns(['kind', 'fid', 'waybill_no'])
        .where('state', '=', sql.lit('open'))
        .doUpdateSet((eb) => ({
          count: eb('tracking_exceptions.count', '+', 1),
          last_at: sql<Date>`now()`,
          reason: eb.ref('excluded.reason'),
          journal_id: eb.fn.coalesce('excluded.journal_id', 'tracking_exceptions.journal_id'),
        })),
    )
    .returning(['id', 'first_at', 'count']);
  const isOurs = !unknown.includes(kind);
  const parcel = { carrierCode: isOurs ? (carrierCode ?? null) : null, waybillNo: isOurs ? waybillNo : null };
  const data = json({ kind, deliveryNo: deliveryNo ?? null, pickupNo: pickupNo ?? null, ...parcel });
  await query(sql`with raised as (${inserted})
    insert into events (type, at, subject, data)
    select ${sql.lit('tracking.exception' satisfies EventType)}, first_at, ${deliveryNo ?? pickupNo ?? kind},
           ${data}::jsonb || jsonb_build_object('exceptionId', id)
      from raised where count = 1`);
}
