import { type SqlBool, sql } from 'kysely';
import type { ShipmentRow } from '../../domain/bulk-shipments/shipment-sheet.ts';
import { deliveryMachine } from '../../domain/deliveries/machine.ts';
import { drawsByItself, isDrawn } from '../shipping/range-carriers.ts';
import { json, named, type Query } from '../statement.ts';

/** States in which 출고완료 is allowed, from the machine. */
const shippable = Object.keys(deliveryMachine.commands.ship.from);

/** Inserts rows of the sheet into a job that is still being read. */
export async function insertRows(
  query: Query,
  jobId: string,
  rows: readonly (ShipmentRow & { row: number; cells: string[] })[],
): Promise<void> {
  await query(
    named(
      'bulk-rows-insert',
      sql`insert into bulk_shipment_rows (job_id, row_no, delivery_no, line_no, carrier_code, waybill_no, quantity, codes, cells, unread_columns)
        select ${jobId}, r."row", r."deliveryNo", r."lineNo", r."carrierCode", r."waybillNo", r.quantity, r.codes, r.cells, r."unreadColumns"
          from jsonb_to_recordset(${json(rows)}) r ("row" int, "deliveryNo" text, "lineNo" int, "carrierCode" text, "waybillNo" text,
                 quantity int, codes jsonb, cells jsonb, "unreadColumns" jsonb)`,
    ),
  );
}

/** A row that names a carrier alone takes its next number, where the line's place does so by itself (as `ship`). */
const takesNext = sql<SqlBool>`${drawsByItself(sql`l`)}
        and exists (select from waybill_ranges r where r.place_no = l.place_no and r.carrier_code = a.carrier_code and not r.paused)`;

/**
 * Faults of each row because of its delivery or waybill, for all rows of a job at once. A delivery has one method, so a row is a parcel
 * or is none, whichever of its lines it means; one that is none is left out whatever else its cells say, unless `others` is true.
 */
const faultsOf = (jobId: string, others: boolean) => sql`
  asked as materialized (select * from bulk_shipment_rows where job_id = ${jobId}),
  looked as materialized (
    select a.row_no, count(l.line_no) > 0 as known, count(l.line_no) filter (where named.yes) > 0 as named,
      jsonb_agg(l.line_no order by l.line_no) filter (where named.yes and may.yes) as line_nos,
      sum(l.valid_quantity) filter (where named.yes and may.yes) as pieces,
      coalesce(bool_or(named.yes and done.yes), false) as done,
      coalesce(bool_and(l.finished_at is not null) filter (where named.yes), false) as finished,
      jsonb_agg(distinct l.state) filter (where named.yes and not may.yes and not done.yes) as states,
      coalesce(bool_or(l.method_code = '10'), true) as parcel,
      coalesce(bool_or(l.method_code = '10' and ${takesNext}), false) as draws
    from asked a
    left join delivery_lines l on l.delivery_no = a.delivery_no
    cross join lateral (select a.line_no is null or l.line_no = a.line_no as yes) named
    cross join lateral (select l.state = any(${shippable}) and l.finished_at is null as yes) may
    cross join lateral (select l.state in ('shipped', 'delivered') and l.carrier_code is not distinct from a.carrier_code
      and (l.waybill_no is not distinct from a.waybill_no or a.waybill_no is null and ${isDrawn(sql`l`)}) as yes) done
    group by a.row_no),
  matched as materialized (
    select k.row_no, k.known, k.named, k.pieces, k.done, k.finished, k.states, k.parcel, k.draws, judged.left_out,
      case when not judged.left_out then k.line_nos end as line_nos
    from looked k
    cross join lateral (select k.named and not k.parcel and not ${others} and (k.line_nos is not null or not k.done) as left_out) judged),
  repeated as (
    select distinct row_no from (
      select m.row_no, count(*) over (partition by a.delivery_no, n.line_no) as times
        from matched m join asked a using (row_no) cross join lateral jsonb_array_elements(m.line_nos) n (line_no)) t
     where times > 1),
  shared as (
    select row_no from (
      select a.row_no, min(a.delivery_no) over same <> max(a.delivery_no) over same as differ
        from asked a join matched m using (row_no) where not m.done and not m.left_out and a.carrier_code is not null and a.waybill_no is not null
      window same as (partition by a.carrier_code, a.waybill_no)) t
     where differ),
  taken as (
    select a.row_no from asked a
      join waybills w on w.carrier_code = a.carrier_code and w.waybill_no = a.waybill_no and w.closed_at is null
     where w.delivery_no is distinct from a.delivery_no
       and not exists (select from delivery_lines o where o.delivery_no = a.delivery_no and o.carrier_code = a.carrier_code
                        and o.waybill_no = a.waybill_no and o.finished_at is null)),
  faults as (
    select m.*, case when m.left_out then '["NOT_A_PARCEL"]'::jsonb
        else case when a.carrier_code is not null and a.waybill_no is null and (m.draws or m.done) then a.codes - 'WAYBILL_REQUIRED'::text else a.codes end
        || case when a.delivery_no = '' or a.codes ? 'DELIVERY_NOT_FOUND' or a.codes ? 'LINE_NO_INVALID' then '[]'::jsonb
                when not m.known then '["DELIVERY_NOT_FOUND"]' when not m.named then '["LINE_NOT_FOUND"]'
                when m.line_nos is not null or m.done then '[]'
                when m.finished then '["LINE_FINISHED"]' else '["TRANSITION_NOT_ALLOWED"]' end
        || case when m.parcel and a.carrier_code is null and a.waybill_no is null and not a.codes ?| array['CELL_NOT_TEXT', 'CELL_UNREADABLE', 'DIGITS_LOST']
                then '["WAYBILL_REQUIRED"]'::jsonb else '[]' end
        || case when m.row_no in (select row_no from taken) or m.row_no in (select row_no from shared)
                then '["WAYBILL_IN_USE"]'::jsonb else '[]' end
        || case when a.quantity > m.pieces then '["QUANTITY_EXCEEDED"]'::jsonb
                when a.quantity < m.pieces and jsonb_array_length(m.line_nos) > 1 then '["LINE_NO_REQUIRED"]' else '[]' end
        || case when m.row_no in (select row_no from repeated) then '["LINE_REPEATED"]'::jsonb else '[]' end
        end as found
    from matched m join asked a using (row_no))`;

/**
 * Judges all rows of a job that has been read, in set operations (출고완료 2: 유효성 체크), and counts them. A line that already has
 * the row's waybill needs nothing: the row is skipped, unless it has a fault of its own. Rows that are no parcels are skipped too,
 * unless `others` was asked for.
 */
export async function judgeRows(query: Query, jobId: string, others: boolean): Promise<void> {
  // Without this the planner would not know that the job has many new rows.
  await query(sql`analyze bulk_shipment_rows`);
  await query(sql`
    with ${faultsOf(jobId, others)},
     judged as (
       update bulk_shipment_rows r set codes = f.found, states = coalesce(f.states, '[]'), line_nos = f.line_nos,
         status = case when f.left_out then 'skipped' when f.found <> '[]' then 'invalid' when f.line_nos is not null then 'pending' else 'skipped' end
       from faults f where r.job_id = ${jobId} and r.row_no = f.row_no returning r.status, f.left_out)
     update bulk_shipments set total = c.total, valid = c.valid, invalid = c.invalid, skipped = c.skipped, not_parcels = c.not_parcels
       from (select count(*) as total, count(*) filter (where status = 'pending') as valid,
               count(*) filter (where status = 'invalid') as invalid, count(*) filter (where status = 'skipped') as skipped,
               count(*) filter (where left_out) as not_parcels from judged) c
      where id = ${jobId}`);
}
