import { sql } from 'kysely';
import type { Query, Row } from '../statement.ts';

/**
 * The highest level the tracker has told of the waybill that a row carries, or carried when it ended: a number that another
 * parcel has got since is another waybill. For `left join lateral (…) on true` beside a row `alias` of delivery_lines or pickups.
 */
export const waybillLevelOf = (alias: string): string =>
  `(select w.tracking_level as waybill_level from waybills w
     where w.waybill_no = ${alias}.waybill_no and w.carrier_code = ${alias}.carrier_code
       and w.opened_at <= coalesce(${alias}.finished_at, 'infinity') order by w.id desc limit 1)`;

/** One report of the tracker about a waybill. The rest of its body names people and is never read for an answer. */
export type TimelineRow = Pick<Row<'tracking_journal'>, 'fid' | 'waybill_no' | 'level' | 'scanned_at' | 'place' | 'details'>;

/**
 * Tracking timelines of deliveries or pickups, by number, oldest scan first: everything reported under the number itself, also for a
 * corrected waybill, and under another number since it has that one's waybill (합포장). Scans that were never its own are left out.
 */
export async function timelinesOf(
  query: Query,
  kind: 'deliveries' | 'pickups',
  numbers: string[],
): Promise<Map<string, TimelineRow[]>> {
  const [table, key] = kind === 'deliveries' ? ['delivery_lines', 'delivery_no'] : ['pickups', 'pickup_no'];
  const [rowsOf, number] = [sql.table(table), sql.ref(`r.${key}`)];
  const columns = sql`j.id, j.waybill_no, j.level, j.scanned_at, j.place, j.details`;
  const ours = sql`coalesce(j.outcome, '') not in ('unknown-number', 'waybill-mismatch')`;
  const rows = await query(sql<TimelineRow>`
    select n.fid, ${columns} from unnest(${numbers}::text[]) n (fid) join tracking_journal j on j.fid = n.fid where ${ours}
     union
    select ${number}, ${columns}
      from ${rowsOf} r
      join lateral (select w.opened_at from waybills w
                     where w.waybill_no = r.waybill_no and w.carrier_code = r.carrier_code
                       and w.opened_at <= coalesce(r.finished_at, 'infinity') order by w.id desc limit 1) w on true
      join tracking_journal j on j.waybill_no = r.waybill_no and j.received_at >= w.opened_at
       and j.received_at <= coalesce(r.finished_at, 'infinity') and coalesce(j.carrier_code, r.carrier_code) = r.carrier_code
     where ${number} = any(${numbers}) and ${ours}
     order by scanned_at, id`);
  return Map.groupBy(rows, ({ fid }) => fid);
}
