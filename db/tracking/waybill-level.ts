import { sql } from 'kysely';

/**
 * The highest level that the tracker has reported for a row's waybill, or for its last one when it ended; if another parcel has
 * got the number since, that is another waybill. `row` is the alias of delivery_lines or pickups in the surrounding statement.
 */
export const waybillLevelOf = (row: 'l' | 'p') =>
  sql<number | null>`(
    select w.tracking_level from waybills w
     where w.waybill_no = ${sql.ref(`${row}.waybill_no`)} and w.carrier_code = ${sql.ref(`${row}.carrier_code`)}
       and w.opened_at <= coalesce(${sql.ref(`${row}.finished_at`)}, 'infinity') order by w.id desc limit 1)`.as('waybill_level');
