import { sql } from 'kysely';
import { prepared, type Query, type Row } from '../statement.ts';

/** A waybill belongs to a delivery or to a pickup. */
export type WaybillOwner = { deliveryNo: string } | { pickupNo: string };

type Waybill = Row<'waybills'>;
interface Numbered {
  carrierCode: string;
  waybillNo: string;
}

const claim = prepared<Numbered & { deliveryNo: string | null; pickupNo: string | null }, Pick<Waybill, 'id'>>(
  'waybill-claim',
  (of) => sql`
    insert into waybills (carrier_code, waybill_no, delivery_no, pickup_no)
    values (${of('carrierCode')}, ${of('waybillNo')}, ${of('deliveryNo')}, ${of('pickupNo')})
    on conflict (carrier_code, waybill_no) where closed_at is null do nothing returning id`,
);
const wake = prepared<Numbered>(
  'waybill-wake',
  (of) => sql`
    update waybills set settled_at = null
     where carrier_code = ${of('carrierCode')} and waybill_no = ${of('waybillNo')} and closed_at is null and settled_at is not null`,
);
const lock = prepared<Numbered>(
  'waybill-lock',
  (of) => sql`
    select id from waybills
     where carrier_code = ${of('carrierCode')} and waybill_no = ${of('waybillNo')} and closed_at is null for update`,
);
const free = prepared<Numbered>(
  'waybill-free',
  (of) => sql`
    update waybills w set closed_at = now()
     where w.carrier_code = ${of('carrierCode')} and w.waybill_no = ${of('waybillNo')} and w.closed_at is null
       and not exists (select from delivery_lines l
                        where l.carrier_code = w.carrier_code and l.waybill_no = w.waybill_no and l.finished_at is null)
       and not exists (select from pickups p
                        where p.carrier_code = w.carrier_code and p.waybill_no = w.waybill_no and p.finished_at is null)`,
);

/**
 * Claims an open waybill for its owner, in `record`'s transaction. There is one owner per carrier and number
 * (docs/sources/contract.md#delivery); with `combine` (합포장) another delivery from the same place to the same receiver may share it.
 * Returns why it cannot be claimed, or null.
 */
export async function claimWaybill(
  query: Query,
  owner: WaybillOwner,
  carrierCode: string,
  waybillNo: string,
  combine: boolean,
): Promise<'WAYBILL_IN_USE' | null> {
  const deliveryNo = 'deliveryNo' in owner ? owner.deliveryNo : null;
  const pickupNo = 'pickupNo' in owner ? owner.pickupNo : null;
  if ((await query(claim({ carrierCode, waybillNo, deliveryNo, pickupNo }))).length > 0) return null;
  const [first] = await query(sql<Pick<Waybill, 'delivery_no' | 'pickup_no'>>`
    select delivery_no, pickup_no from waybills
     where carrier_code = ${carrierCode} and waybill_no = ${waybillNo} and closed_at is null for update`);
  // It was freed between the two statements: the retry of the local activity claims it.
  if (!first) throw new Error(`waybill ${carrierCode} ${waybillNo} was freed meanwhile`);
  if (first.delivery_no === deliveryNo && first.pickup_no === pickupNo) {
    await wakeWaybill(query, carrierCode, waybillNo);
    return null;
  }
  if (deliveryNo === null || first.delivery_no === null) return 'WAYBILL_IN_USE';
  const { ours, same } = await holdersOf(query, carrierCode, waybillNo, deliveryNo);
  if (!ours && !(combine && same)) return 'WAYBILL_IN_USE';
  await wakeWaybill(query, carrierCode, waybillNo);
  await coverDelivery(query, deliveryNo, carrierCode, waybillNo);
  return null;
}

/** About the open lines with this waybill: is one of this delivery (`ours`), have all the same place and receiver (`same`)? */
async function holdersOf(query: Query, carrierCode: string, waybillNo: string, deliveryNo: string) {
  const [holders] = await query(sql<{ ours: boolean | null; same: boolean | null }>`
    select bool_or(l.delivery_no = mine.delivery_no) as ours, bool_and(${SAME_RECEIVER}) as same
      from delivery_lines l
      join orders o on o.order_no = l.order_no
      join deliveries mine on mine.delivery_no = ${deliveryNo}
      join orders m on m.order_no = mine.order_no
     where l.carrier_code = ${carrierCode} and l.waybill_no = ${waybillNo} and l.finished_at is null`);
  return holders ?? { ours: null, same: null };
}

const SAME_RECEIVER = sql`l.place_no is not distinct from mine.place_no
  and (o.receiver_name, phone_number(o.receiver_phone), o.receiver_zip_code, o.receiver_address1, coalesce(o.receiver_address2, ''))
    = (m.receiver_name, phone_number(m.receiver_phone), m.receiver_zip_code, m.receiver_address1, coalesce(m.receiver_address2, ''))`;

/** A shipped line has it (again), so auto-complete must check it again. */
export async function wakeWaybill(query: Query, carrierCode: string, waybillNo: string): Promise<void> {
  await query(wake({ carrierCode, waybillNo }));
}

/** A delivery that joins a registered waybill (합포장) gets a row in 주문배송정보연동이력 that refers to that registration. */
async function coverDelivery(query: Query, deliveryNo: string, carrierCode: string, waybillNo: string): Promise<void> {
  await query(sql`
    insert into waybill_registrations (waybill_id, fid, carrier_code, waybill_no, outcome, covered_by, by)
    select r.waybill_id, ${deliveryNo}, r.carrier_code, r.waybill_no, 'covered', r.id, r.by
      from waybills w join waybill_registrations r on r.waybill_id = w.id and r.outcome = 'registered'
     where w.carrier_code = ${carrierCode} and w.waybill_no = ${waybillNo} and w.closed_at is null and w.registered_at is not null
       and not exists (select from waybill_registrations c where c.waybill_id = w.id and c.fid = ${deliveryNo})
     order by r.id limit 1`);
}

/** Frees a waybill when no open line and no open pickup has it any more. */
export async function freeWaybill(query: Query, carrierCode: string, waybillNo: string): Promise<void> {
  await query(lock({ carrierCode, waybillNo }));
  await query(free({ carrierCode, waybillNo }));
}
