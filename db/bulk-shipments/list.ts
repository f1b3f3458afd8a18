import { type NotNull, type SqlBool, sql } from 'kysely';
import type { BulkState } from '../../domain/bulk-shipments/bulk-shipment.ts';
import { countOf } from '../lists.ts';
import { build, type Query } from '../statement.ts';
import type { BulkShipmentRow } from './row.ts';

export interface JobPage {
  descending: boolean;
  limit: number;
  after?: { createdAt: string; id: string } | undefined;
}

/** Jobs that have been read: a literal, to match the predicate of the list's index. */
const listed = () => build.selectFrom('bulk_shipments').where('state', '<>', sql.lit('reading'));

/** 출고완료 일괄 목록: a page of jobs, at most `limit`. */
export function findJobs(query: Query, { descending, limit, after }: JobPage): Promise<BulkShipmentRow[]> {
  const way = descending ? 'desc' : 'asc';
  const beyond = descending ? sql`<` : sql`>`;
  const jobs = after
    ? listed().where(sql<SqlBool>`(created_at, id) ${beyond} (${after.createdAt}::timestamptz, ${after.id})`)
    : listed();
  return query(jobs.selectAll().orderBy('created_at', way).orderBy('id', way).limit(limit).$narrowType<{ state: BulkState }>());
}

/** How many jobs the list has. */
export const countJobs = (query: Query): Promise<number> => countOf(query, listed().select('id'));

/** The waybill that the row's lines have left with, where the sheet gave none: as this job's own record of it says. */
const drawnNo = sql<string | null>`case when status = 'succeeded' and waybill_no is null and carrier_code is not null then (
  select h.snapshot->>'waybillNo' from delivery_history h join bulk_shipments j on j.id = bulk_shipment_rows.job_id
   where h.request_id = j.start_request_id and h.delivery_no = bulk_shipment_rows.delivery_no and h.command = 'ship'
     and h.voided_at is null and h.refused is null and bulk_shipment_rows.line_nos @> to_jsonb(h.line_no) limit 1) end`.as(
  'drawn_no',
);

/** The judged rows of a job's sheet, in the sheet's order; or only those to be corrected and uploaded again. */
export function findRows(
  query: Query,
  jobId: string,
  { after, limit, onlyFaulty }: { after: number; limit: number; onlyFaulty: boolean },
) {
  const rows = build
    .selectFrom('bulk_shipment_rows')
    .select([
      'row_no',
      'delivery_no',
      'status',
      'codes',
      'states',
      'failed_line_nos',
      'unread_columns',
      'new_line',
      'cells',
      drawnNo,
    ])
    .where('job_id', '=', jobId)
    .where('row_no', '>', after);
  const wanted = onlyFaulty ? rows.where(isFaulty) : rows;
  return query(wanted.orderBy('row_no').limit(limit).$narrowType<{ status: NotNull }>());
}

/** The first faulty rows of a job, without their original cells. */
export const findFaults = (query: Query, jobId: string, limit: number) =>
  query(
    build
      .selectFrom('bulk_shipment_rows')
      .select(['row_no', 'delivery_no', 'codes', 'states', 'failed_line_nos', 'unread_columns'])
      .where('job_id', '=', jobId)
      .where(isFaulty)
      .orderBy('row_no')
      .limit(limit),
  );

/** The first rows of a job that were left out because they are no parcels. */
export const findLeftOut = (query: Query, jobId: string, limit: number) =>
  query(
    build
      .selectFrom('bulk_shipment_rows')
      .select(['row_no', 'delivery_no', 'codes'])
      .where('job_id', '=', jobId)
      .where(isLeftOut)
      .orderBy('row_no')
      .limit(limit),
  );

/** The same texts as in the partial indexes. */
const isLeftOut = sql<SqlBool>`status = 'skipped' and codes <> '[]'::jsonb`;
const isFaulty = sql<SqlBool>`status in ('invalid', 'failed')`;
