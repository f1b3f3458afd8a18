import { sql } from 'kysely';
import { named, type Query } from '../statement.ts';

/** A telephone number as couriers write it: 010-1234-5678, 02)123-4567, +82 10 1234 5678. A name stands beside it. */
const TELEPHONE = '(^|[^0-9])(\\+ ?82|0)[-. ()]*([0-9][-. ()]*){7,10}';

/**
 * Takes the original body from at most `most` callbacks received more than `days` days ago, and details in which a telephone number
 * stands. Nothing reads the body: timeline, relay and replay use the other columns. The place stays whole, as part of the row's key.
 * Returns how many.
 */
export async function dropBodies(query: Query, days: number, most: number): Promise<number> {
  const drop = sql<{ id: number }>`
    update tracking_journal set body = null, details = case when details ~ ${sql.lit(TELEPHONE)} then null else details end
     where id in (select id from tracking_journal where body is not null and received_at < now() - interval '1 day' * ${days}
                   order by received_at limit ${most} for update skip locked)
    returning id`;
  return (await query(named('bodies-drop', drop))).length;
}
