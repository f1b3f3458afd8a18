import { sql } from 'kysely';
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

/** Ends a running job. */
export async function finishJob(query: Query, jobId: string, state: 'completed' | 'canceled'): Promise<void> {
  await query(
    build
      .updateTable('bulk_shipments')
      .set({ state, finished_at: sql`now()` })
      .where('id', '=', jobId)
      .where('state', '=', 'running'),
  );
}
