import type { Query } from '../db/orm.ts';

/**
 * Claims an open waybill for a delivery, inside `record`'s transaction. One owner per carrier and number (contract, Waybills);
 * with `combine` (합포장) another delivery of the same place to the same receiver may share it. Answers why not, or null.
 */
export async function claimWaybill(
  query: Query,
  deliveryNo: string,
  carrierCode: string,
  waybillNo: string,
  combine: boolean,
): Promise<'WAYBILL_IN_USE' | null> {
  const claimed = await query<{ id: string }>(
    `insert into waybills (carrier_code, waybill_no, delivery_no) values ($1, $2, $3)
     on conflict (carrier_code, waybill_no) where closed_at is null do nothing returning id`,
    [carrierCode, waybillNo, deliveryNo],
  );
  if (claimed.length > 0) return null;
  const owners = await query<{ delivery_no: string }>(
    'select delivery_no from waybills where carrier_code = $1 and waybill_no = $2 and closed_at is null for update',
    [carrierCode, waybillNo],
  );
  const owner = owners[0];
  // Freed between the two statements: the local activity's retry claims it.
  if (!owner) throw new Error(`waybill ${carrierCode} ${waybillNo} was freed meanwhile`);
  if (owner.delivery_no === deliveryNo) return null;
  const holders = await query<{ ours: boolean | null; same: boolean | null }>(
    `select bool_or(l.delivery_no = mine.delivery_no) as ours, bool_and(${SAME_RECEIVER}) as same
       from delivery_lines l
       join orders o on o.order_no = l.order_no
       join deliveries mine on mine.delivery_no = $1
       join orders m on m.order_no = mine.order_no
      where l.carrier_code = $2 and l.waybill_no = $3 and l.finished_at is null`,
    [deliveryNo, carrierCode, waybillNo],
  );
  const { ours, same } = holders[0] ?? {};
  return ours || (combine && same) ? null : 'WAYBILL_IN_USE';
}

const SAME_RECEIVER = `l.place_no is not distinct from mine.place_no
  and (o.receiver_name, digits(o.receiver_phone), o.receiver_zip_code, o.receiver_address1, coalesce(o.receiver_address2, ''))
    = (m.receiver_name, digits(m.receiver_phone), m.receiver_zip_code, m.receiver_address1, coalesce(m.receiver_address2, ''))`;

/** Frees a waybill once no open line carries it any more; a shared one passes to a delivery that still does. */
export async function freeWaybill(query: Query, carrierCode: string, waybillNo: string): Promise<void> {
  await query('select id from waybills where carrier_code = $1 and waybill_no = $2 and closed_at is null for update', [
    carrierCode,
    waybillNo,
  ]);
  await query(
    `update waybills w set closed_at = now()
      where w.carrier_code = $1 and w.waybill_no = $2 and w.closed_at is null
        and not exists (select from delivery_lines l
                         where l.carrier_code = w.carrier_code and l.waybill_no = w.waybill_no and l.finished_at is null)`,
    [carrierCode, waybillNo],
  );
}
