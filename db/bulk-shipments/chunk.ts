import { sql } from 'kysely';
import type { EventType } from '../../domain/events/types.ts';
import { build, type Query } from '../statement.ts';

/** A job's state. Once started, it also has the request that started it. */
export async function findProgress(query: Query, jobId: string) {
  const jobs = await query(
    build
      .selectFrom('bulk_shipments')
      .select(['start_request_id', 'state', 'cancel_at', 'valid', sql<number>`succeeded + failed`.as('processed')])
      .where('id', '=', jobId)
      .$narrowType<{ start_request_id: string }>(),
  );
  return jobs[0];
}

/** The next rows of a job to be shipped, in the sheet's order. */
export const pendingRows = (query: Query, jobId: string, most: number) =>
  query(
    build
      .selectFrom('bulk_shipment_rows')
      .select(['row_no', 'delivery_no', 'carrier_code', 'waybill_no', 'quantity', 'line_nos'])
      .where('job_id', '=', jobId)
      .where('status', '=', sql.lit('pending' as const))
      .orderBy('row_no')
      .limit(most)
      .$narrowType<{ line_nos: number[] }>(),
  );

/** Ends a running job, and tells of it; one that has ended stays as it is. */
export async function finishJob(query: Query, jobId: string, state: 'completed' | 'canceled'): Promise<void> {
  await query(sql`
    with ended as (
      update bulk_shipments set state = ${state}, finished_at = now() where id = ${jobId} and state = 'running' returning *)
    insert into events (type, at, subject, data)
    select ${sql.lit('bulk-shipment.completed' satisfies EventType)}, finished_at, id, jsonb_build_object('bulkShipmentId', id,
             'state', state, 'total', total, 'valid', valid, 'invalid', invalid, 'skipped', skipped, 'succeeded', succeeded, 'failed', failed)
      from ended`);
}
