import { sql } from 'kysely';
import { type ExceptionKind, exceptionKinds } from '../../domain/tracking.ts';
import { build, type Query } from '../statement.ts';

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

/** Opens an exception for a waybill; while it is open, the same problem again is only counted. */
export async function raiseException(query: Query, facts: ExceptionFacts): Promise<void> {
  const { kind, fid, deliveryNo, pickupNo, carrierCode, waybillNo, reason, journalId, waybillId } = facts;
  await query(
    build
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
      ),
  );
}
