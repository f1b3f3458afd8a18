import { trackableCarriers } from '../../domain/carriers.ts';
import type { Parcel, Registration } from '../../domain/tracking.ts';
import type { Db } from '../database.ts';
import type { Query } from '../statement.ts';
import { raiseException } from './raise-exception.ts';

/** A waybill that the tracker does not know yet, by whoever claimed it first. */
export interface Unregistered {
  id: number;
  carrier_code: string;
  waybill_no: string;
  delivery_no: string | null;
  pickup_no: string | null;
}

export const parcelOf = ({ delivery_no, pickup_no, carrier_code, waybill_no }: Unregistered): Parcel => ({
  fid: pickup_no ?? delivery_no ?? '',
  carrierCode: carrier_code,
  waybillNo: waybill_no,
});

const FAILED_RUNS_UNTIL_EXCEPTION = 10;
/** Longer than one attempt and the pause before the next. */
const LEASE = `interval '1 minute'`;
const FREE = '(w.registration_lease is null or w.registration_lease < now() or w.registration_lease_by = $1)';
const OPEN = 'w.closed_at is null and w.registered_at is null and w.registration_refused_at is null';

/** 주문내역상태 출고완료, 배송방법 택배, 주문배송정보연동이력 미등록 (docs/sources/requirements.md#batches-5); pickups under way the same. */
export function dueWaybills(db: Db, runKey: string, rowAgeSeconds: number, most: number): Promise<Unregistered[]> {
  return db.query(
    `select w.id, w.carrier_code, w.waybill_no, w.delivery_no, w.pickup_no from waybills w
      where ${OPEN} and w.carrier_code <> '99' and w.carrier_code = any($4)
        and w.registration_run is distinct from $1 and ${FREE} and w.opened_at <= now() - interval '1 second' * $2
        and (exists (select from delivery_lines l where l.carrier_code = w.carrier_code and l.waybill_no = w.waybill_no
                       and l.state = 'shipped' and l.method_code = '10')
             or exists (select from pickups p where p.pickup_no = w.pickup_no and p.state = 'instructed'))
      order by w.registration_failures, w.id limit $3`,
    [runKey, rowAgeSeconds, most, trackableCarriers],
  );
}

/**
 * Writes an attempt down before it is made, and takes the waybill for this run: so a worker that dies leaves the trace that
 * makes a later 03 ours, and no other run posts meanwhile. Null = it is another run's, or done.
 */
export async function beginAttempt(
  db: Db,
  waybill: Unregistered,
  run: { key: string; by: string; request: object },
): Promise<number | null> {
  const { fid, carrierCode, waybillNo } = parcelOf(waybill);
  const rows = await db.query<{ id: number }>(
    `with mine as (
       update waybills w set registration_lease = now() + ${LEASE}, registration_lease_by = $1
        where w.id = $2 and ${OPEN} and w.registration_run is distinct from $1 and ${FREE} returning w.id)
     insert into waybill_registrations (waybill_id, fid, carrier_code, waybill_no, outcome, request, run_key, by)
     select id, $3, $4, $5, 'failed', $6, $1, $7 from mine returning id`,
    [run.key, waybill.id, fid, carrierCode, waybillNo, JSON.stringify(run.request), run.by],
    'registration-attempt',
  );
  return rows[0]?.id ?? null;
}

/** 03 is ours when we have tried this waybill under this fid before. */
export async function isOurs(db: Db, attemptId: number, { fid, carrierCode, waybillNo }: Parcel): Promise<boolean> {
  const rows = await db.query(
    `select 1 from waybill_registrations where fid = $1 and waybill_no = $2 and carrier_code = $3 and id < $4
        and outcome in ('registered', 'failed') limit 1`,
    [fid, waybillNo, carrierCode, attemptId],
  );
  return rows.length > 0;
}

type Kept = 'registered' | 'failed' | 'refused';

/** What an attempt came to; the waybill itself when this was its last in the run. */
export async function keepAttempt(
  query: Query,
  waybill: Unregistered,
  attempt: { id: number; outcome: Kept; result: Registration; runKey: string; last: boolean },
): Promise<void> {
  const { id, outcome, result, runKey, last } = attempt;
  const answer = JSON.stringify(result.answer ?? { error: result.reason });
  await query(
    'update waybill_registrations set outcome = $2, e_code = $3, answer = $4 where id = $1',
    [id, outcome, result.eCode, answer],
    'registration-answer',
  );
  if (!last) return;
  const exception = {
    fid: parcelOf(waybill).fid,
    deliveryNo: waybill.delivery_no,
    pickupNo: waybill.pickup_no,
    carrierCode: waybill.carrier_code,
    waybillNo: waybill.waybill_no,
    waybillId: waybill.id,
    reason: result.reason,
  };
  switch (outcome) {
    case 'registered':
      await registered(query, waybill, id);
      break;
    case 'refused':
      await query('update waybills set registration_refused_at = now(), registration_lease = null where id = $1', [waybill.id]);
      await raiseException(query, { ...exception, kind: 'registration-refused' });
      break;
    case 'failed': {
      const rows = await query<{ registration_failures: number }>(
        `update waybills set registration_failures = registration_failures + 1, registration_run = $2, registration_lease = null
          where id = $1 and registration_run is distinct from $2 returning registration_failures`,
        [waybill.id, runKey],
      );
      if ((rows[0]?.registration_failures ?? 0) >= FAILED_RUNS_UNTIL_EXCEPTION)
        await raiseException(query, { ...exception, kind: 'registration-failed' });
      break;
    }
    default:
      outcome satisfies never;
  }
}

/** Registered: the other deliveries under this waybill (합포장) get a row that names it, and nobody has to look any more. */
async function registered(query: Query, { id, delivery_no, carrier_code, waybill_no }: Unregistered, attemptId: number) {
  const known = await query<{ registration_failures: number }>(
    'update waybills set registered_at = now(), registration_lease = null where id = $1 returning registration_failures',
    [id],
    'registration-done',
  );
  await query(
    `insert into waybill_registrations (waybill_id, fid, carrier_code, waybill_no, outcome, covered_by, by)
     select r.waybill_id, l.delivery_no, r.carrier_code, r.waybill_no, 'covered', r.id, r.by
       from waybill_registrations r,
            (select distinct delivery_no from delivery_lines where carrier_code = $2 and waybill_no = $3) l
      where r.id = $1 and l.delivery_no <> $4`,
    [attemptId, carrier_code, waybill_no, delivery_no ?? ''],
    'registration-covered',
  );
  if ((known[0]?.registration_failures ?? 0) >= FAILED_RUNS_UNTIL_EXCEPTION)
    await query(
      `update tracking_exceptions e set state = 'resolved', resolved_at = now(), resolved_by = r.by
         from waybill_registrations r
        where r.id = $2 and e.waybill_id = $1 and e.kind = 'registration-failed' and e.state = 'open'`,
      [id, attemptId],
    );
}
