import { type ExceptionKind, exceptionKinds } from '../../domain/tracking.ts';
import type { Query } from '../statement.ts';

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

/** Puts a waybill where a person finds it; while it is open, the same trouble again only counts. */
export async function raiseException(query: Query, facts: ExceptionFacts): Promise<void> {
  await query(
    `insert into tracking_exceptions (kind, fid, delivery_no, pickup_no, carrier_code, waybill_no, reason, journal_id, waybill_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (kind, fid, waybill_no) where state = 'open' do update
       set count = tracking_exceptions.count + 1, last_at = now(), reason = excluded.reason,
           journal_id = coalesce(excluded.journal_id, tracking_exceptions.journal_id)`,
    [
      facts.kind,
      facts.fid,
      facts.deliveryNo ?? null,
      facts.pickupNo ?? null,
      facts.carrierCode ?? null,
      facts.waybillNo,
      facts.reason ? `${exceptionKinds[facts.kind]}: ${facts.reason}` : exceptionKinds[facts.kind],
      facts.journalId ?? null,
      facts.waybillId ?? null,
    ],
  );
}
