import { sql } from 'kysely';
import type { Query, Row } from '../statement.ts';
import type { TimelineRow } from '../tracking/timeline.ts';

/** A row of the history of a line or of a pickup; whichever it is of has its numbers. */
export interface HistoryOfOrder
  extends Pick<Row<'delivery_history'>, 'at' | 'by' | 'command' | 'reason' | 'refused' | 'revision'> {
  delivery_no: string | null;
  line_no: number | null;
  pickup_no: string | null;
  from_state: string | null;
  to_state: string;
}

/** The latest history of all lines of an order, newest first, without rows voided by a repair. */
export const lineHistoryOfOrder = (query: Query, orderNo: string, most: number): Promise<HistoryOfOrder[]> =>
  query(sql<HistoryOfOrder>`
    select h.delivery_no, h.line_no, null as pickup_no, h.at, h.by, h.command, h.from_state, h.to_state, h.revision, h.reason, h.refused
      from deliveries d
      join lateral (select * from delivery_history o where o.delivery_no = d.delivery_no and o.voided_at is null
                     order by o.at desc limit ${most}) h on true
     where d.order_no = ${orderNo} order by h.at desc, h.id desc limit ${most}`);

/** The same of all its pickups. */
export const pickupHistoryOfOrder = (query: Query, orderNo: string, most: number): Promise<HistoryOfOrder[]> =>
  query(sql<HistoryOfOrder>`
    select null as delivery_no, null as line_no, h.pickup_no, h.at, h.by, h.command, h.from_state, h.to_state, h.revision, h.reason, h.refused
      from pickups p
      join lateral (select * from pickup_history o where o.pickup_no = p.pickup_no and o.voided_at is null
                     order by o.at desc limit ${most}) h on true
     where p.order_no = ${orderNo} order by h.at desc, h.id desc limit ${most}`);

/** The number among an order's that a scan is shown under. */
export interface ScanOfOrder extends TimelineRow {
  kind: 'delivery' | 'pickup';
}

/**
 * The latest scans of the parcels of an order, newest first, each once: those reported under its deliveries and pickups, and those of
 * the waybills that its lines and pickups carry, as far as they are their own (db/tracking/timeline.ts says whose a scan is).
 */
export const scansOfOrder = (query: Query, orderNo: string, most: number): Promise<ScanOfOrder[]> => {
  const ours = sql`coalesce(j.outcome, '') not in ('unknown-number', 'waybill-mismatch')`;
  const columns = sql`j.id, j.waybill_no, j.level, j.scanned_at, j.place, j.details`;
  // A scan that came under another number of the order is shown under that one.
  const carried = (kind: 'delivery' | 'pickup', table: 'delivery_lines' | 'pickups', number: 'delivery_no' | 'pickup_no') => sql`
    select ${sql.lit(kind)}::text as kind, r.${sql.ref(number)} as fid, 1 as rank, ${columns}
      from ${sql.table(table)} r
      join lateral (select w.opened_at from waybills w
                     where w.waybill_no = r.waybill_no and w.carrier_code = r.carrier_code
                       and w.opened_at <= coalesce(r.finished_at, 'infinity') order by w.id desc limit 1) w on true
      join tracking_journal j on j.waybill_no = r.waybill_no and j.received_at >= w.opened_at
       and j.received_at <= coalesce(r.finished_at, 'infinity') and coalesce(j.carrier_code, r.carrier_code) = r.carrier_code
     where r.order_no = ${orderNo} and ${ours}`;
  return query(sql<ScanOfOrder>`
    select kind, fid, waybill_no, level, scanned_at, place, details from (
      select distinct on (id) * from (
        select n.kind, n.fid, 0 as rank, ${columns}
          from (select 'delivery' as kind, delivery_no as fid from deliveries where order_no = ${orderNo}
                 union all select 'pickup', pickup_no from pickups where order_no = ${orderNo}) n
          join tracking_journal j on j.fid = n.fid where ${ours}
         union all ${carried('delivery', 'delivery_lines', 'delivery_no')}
         union all ${carried('pickup', 'pickups', 'pickup_no')}) found
       order by id, rank, fid) once
     order by scanned_at desc, id desc limit ${most}`);
};
