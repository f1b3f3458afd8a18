import { sql } from 'kysely';
import { trackableCarriers } from '../../domain/carriers.ts';
import type { Parcel, Registration } from '../../domain/tracking.ts';
import type { Db } from '../database.ts';
import { build, json, named, type Query, type Row } from '../statement.ts';
import { raiseException } from './raise-exception.ts';

/** A waybill that the tracker does not know yet, with the delivery or pickup that claimed it first. */
export type Unregistered = Pick<Row<'waybills'>, 'id' | 'carrier_code' | 'waybill_no' | 'delivery_no' | 'pickup_no'>;

export const parcelOf = ({ delivery_no, pickup_no, carrier_code, waybill_no }: Unregistered): Parcel => ({
  fid: pickup_no ?? delivery_no ?? '',
  carrierCode: carrier_code,
  waybillNo: waybill_no,
});

const FAILED_RUNS_UNTIL_EXCEPTION = 10;
/** No other run has it; a lease is longer than one attempt and the pause before the next. */
const isFreeFor = (runKey: string) =>
  sql`(w.registration_lease is null or w.registration_lease < now() or w.registration_lease_by = ${runKey})`;
const isOpen = sql`w.closed_at is null and w.registered_at is null and w.registration_refused_at is null`;

/** 주문내역상태 출고완료, 배송방법 택배, 주문배송정보연동이력 미등록 (docs/sources/requirements.md#batches-5); open pickups likewise. */
export const dueWaybills = ({ query }: Pick<Db, 'query'>, runKey: string, rowAgeSeconds: number, most: number) =>
  query(sql<Unregistered>`
    select w.id, w.carrier_code, w.waybill_no, w.delivery_no, w.pickup_no from waybills w
     where ${isOpen} and w.carrier_code <> '99' and w.carrier_code = any(${trackableCarriers})
       and w.registration_run is distinct from ${runKey} and ${isFreeFor(runKey)}
       and w.opened_at <= now() - interval '1 second' * ${rowAgeSeconds}
       and (exists (select from delivery_lines l where l.carrier_code = w.carrier_code and l.waybill_no = w.waybill_no
                      and l.state = 'shipped' and l.method_code = '10')
            or exists (select from pickups p where p.pickup_no = w.pickup_no and p.state = 'instructed'))
     order by w.registration_failures, w.id limit ${most}`);

/**
 * Writes an attempt before it is made, and locks the waybill for this run. If the worker dies, the row shows that a later 03 is our
 * own registration, and no other run posts meanwhile. Null = it belongs to another run, or is done.
 */
export async function beginAttempt(
  db: Pick<Db, 'query'>,
  waybill: Unregistered,
  run: { key: string; by: string; request: object },
): Promise<number | null> {
  const { fid, carrierCode, waybillNo } = parcelOf(waybill);
  const attempt = sql<{ id: number }>`
    with mine as (
      update waybills w set registration_lease = now() + interval '1 minute', registration_lease_by = ${run.key}
       where w.id = ${waybill.id} and ${isOpen} and w.registration_run is distinct from ${run.key} and ${isFreeFor(run.key)}
      returning w.id)
    insert into waybill_registrations (waybill_id, fid, carrier_code, waybill_no, outcome, request, run_key, by)
    select id, ${fid}, ${carrierCode}, ${waybillNo}, 'failed', ${json(run.request)}, ${run.key}, ${run.by} from mine returning id`;
  const [row] = await db.query(named('registration-attempt', attempt));
  return row?.id ?? null;
}

/** 03 is our own registration if we have tried this waybill under this fid before. */
export async function isOurs({ query }: Pick<Db, 'query'>, attemptId: number, parcel: Parcel): Promise<boolean> {
  const earlier = build
    .selectFrom('waybill_registrations')
    .select('id')
    .where('fid', '=', parcel.fid)
    .where('waybill_no', '=', parcel.waybillNo)
    .where('carrier_code', '=', parcel.carrierCode)
    .where('id', '<', attemptId)
    .where('outcome', 'in', ['registered', 'failed'])
    .limit(1);
  return (await query(earlier)).length > 0;
}

type Failures = Pick<Row<'waybills'>, 'registration_failures'>;
type Kept = 'registered' | 'failed' | 'refused';

/** Stores the outcome of an attempt, and that of the waybill if this was its last attempt in the run. */
export async function keepAttempt(
  query: Query,
  waybill: Unregistered,
  attempt: { id: number; outcome: Kept; result: Registration; runKey: string; last: boolean },
): Promise<void> {
  const { id, outcome, result, runKey, last } = attempt;
  const answer = json(result.answer ?? { error: result.reason });
  await query(
    named(
      'registration-answer',
      sql`update waybill_registrations set outcome = ${outcome}, e_code = ${result.eCode}, answer = ${answer} where id = ${id}`,
    ),
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
      await query(sql`update waybills set registration_refused_at = now(), registration_lease = null where id = ${waybill.id}`);
      await raiseException(query, { ...exception, kind: 'registration-refused' });
      break;
    case 'failed': {
      const [failed] = await query(sql<Failures>`
        update waybills set registration_failures = registration_failures + 1, registration_run = ${runKey}, registration_lease = null
         where id = ${waybill.id} and registration_run is distinct from ${runKey} returning registration_failures`);
      if ((failed?.registration_failures ?? 0) >= FAILED_RUNS_UNTIL_EXCEPTION)
        await raiseException(query, { ...exception, kind: 'registration-failed' });
      break;
    }
    default:
      outcome satisfies never;
  }
}

/** Registered: the other deliveries with this waybill (합포장) get a row that refers to it, and its exceptions are closed. */
async function registered(query: Query, { id, delivery_no, carrier_code, waybill_no }: Unregistered, attemptId: number) {
  const done = sql<Failures>`
    update waybills set registered_at = now(), registration_lease = null where id = ${id} returning registration_failures`;
  const [known] = await query(named('registration-done', done));
  const covered = sql`
    insert into waybill_registrations (waybill_id, fid, carrier_code, waybill_no, outcome, covered_by, by)
    select r.waybill_id, l.delivery_no, r.carrier_code, r.waybill_no, 'covered', r.id, r.by
      from waybill_registrations r,
           (select distinct delivery_no from delivery_lines where carrier_code = ${carrier_code} and waybill_no = ${waybill_no}) l
     where r.id = ${attemptId} and l.delivery_no <> ${delivery_no ?? ''}`;
  await query(named('registration-covered', covered));
  if ((known?.registration_failures ?? 0) >= FAILED_RUNS_UNTIL_EXCEPTION)
    await query(sql`
      update tracking_exceptions e set state = 'resolved', resolved_at = now(), resolved_by = r.by
        from waybill_registrations r
       where r.id = ${attemptId} and e.waybill_id = ${id} and e.kind = 'registration-failed' and e.state = 'open'`);
}
