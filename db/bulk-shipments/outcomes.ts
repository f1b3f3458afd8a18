import type { BulkRowStatus } from '../../domain/bulk-shipments/bulk-shipment.ts';
import type { DeliveryState } from '../../domain/deliveries/line.ts';
import { isProblemCode, type ProblemCode } from '../../domain/problems.ts';
import type { Db } from '../database.ts';

/** A row still to be shipped. */
export interface BulkRow {
  row_no: number;
  delivery_no: string;
  carrier_code: string | null;
  waybill_no: string | null;
  line_nos: number[];
}

export interface BulkLine {
  deliveryNo: string;
  lineNo: number;
}

/** What a line's workflow answered; `refused` is the code. */
export interface LineReply extends BulkLine {
  refused?: string;
}

export interface RowOutcome {
  row: number;
  status: Extract<BulkRowStatus, 'succeeded' | 'failed' | 'skipped'>;
  codes: string[];
  states: DeliveryState[];
  failedLineNos: number[];
}

interface LineFacts {
  delivery_no: string;
  line_no: number;
  state: DeliveryState;
  carrier_code: string | null;
  waybill_no: string | null;
  finished: boolean;
  /** This job had shipped it before: the answer was lost in a crash, and the line has moved on since. */
  ours: boolean;
}

const nameOf = (deliveryNo: string, lineNo: number) => `${deliveryNo}/${lineNo}`;

/**
 * What became of these rows. A refusal is looked at once more: shipped by this job before, or by somebody with the same waybill
 * (another job of the same sheet, a person), is no failure.
 */
export async function outcomesOf(
  { query }: Pick<Db, 'query'>,
  requestId: string,
  answered: readonly { row: BulkRow; replies: LineReply[] }[],
): Promise<RowOutcome[]> {
  const refused = answered.flatMap(({ replies }) => replies.filter((reply) => reply.refused !== undefined));
  const facts = new Map<string, LineFacts>();
  if (refused.length > 0) {
    const rows = await query<LineFacts>(
      `select l.delivery_no, l.line_no, l.state, l.carrier_code, l.waybill_no, l.finished_at is not null as finished,
              exists (select from delivery_history h where h.request_id = $3 and h.delivery_no = l.delivery_no and h.line_no = l.line_no
                        and h.command = 'ship' and h.voided_at is null and h.refused is null) as ours
         from unnest($1::text[], $2::int[]) as asked (delivery_no, line_no)
         join delivery_lines l on l.delivery_no = asked.delivery_no and l.line_no = asked.line_no`,
      [refused.map(({ deliveryNo }) => deliveryNo), refused.map(({ lineNo }) => lineNo), requestId],
    );
    for (const row of rows) facts.set(nameOf(row.delivery_no, row.line_no), row);
  }
  return answered.map(({ row, replies }) => outcomeOf(row, replies, facts));
}

/** A line whose workflow is gone though it is not finished is a fault of ours: `npm run rebuild` finds it. */
const codeOf = (refused: string, line: LineFacts | undefined): ProblemCode =>
  isProblemCode(refused) && (refused !== 'LINE_FINISHED' || line?.finished) ? refused : 'INTERNAL';

function outcomeOf(row: BulkRow, replies: LineReply[], facts: Map<string, LineFacts>): RowOutcome {
  const failed: { code: string; lineNo: number; state: DeliveryState | undefined }[] = [];
  let shipped = 0;
  for (const { deliveryNo, lineNo, refused } of replies) {
    const line = facts.get(nameOf(deliveryNo, lineNo));
    const done = line?.state === 'shipped' || line?.state === 'delivered';
    if (refused === undefined || line?.ours) shipped++;
    else if (!done || line.carrier_code !== row.carrier_code || line.waybill_no !== row.waybill_no)
      failed.push({ code: codeOf(refused, line), lineNo, state: line?.state });
  }
  if (failed.length === 0)
    return { row: row.row_no, status: shipped > 0 ? 'succeeded' : 'skipped', codes: [], states: [], failedLineNos: [] };
  return {
    row: row.row_no,
    status: 'failed',
    codes: [...new Set(failed.map(({ code }) => code))],
    states: [...new Set(failed.flatMap(({ state }) => state ?? []))],
    // Of one line nothing more need be said.
    failedLineNos: replies.length > 1 ? failed.map(({ lineNo }) => lineNo) : [],
  };
}

/** Stores outcomes and counts them, once for each row whatever comes twice. Rows that turned out to be done are counted as skipped. */
export async function storeOutcomes({ query }: Pick<Db, 'query'>, jobId: string, outcomes: RowOutcome[]): Promise<void> {
  await query(
    `with stored as (
       update bulk_shipment_rows r set status = o.status, codes = o.codes, states = o.states, failed_line_nos = o."failedLineNos"
         from jsonb_to_recordset($2) o ("row" int, status text, codes jsonb, states jsonb, "failedLineNos" jsonb)
        where r.job_id = $1 and r.row_no = o."row" and r.status = 'pending' returning r.status)
     update bulk_shipments j set succeeded = j.succeeded + c.succeeded, failed = j.failed + c.failed, skipped = j.skipped + c.skipped,
            valid = j.valid - c.skipped
       from (select count(*) filter (where status = 'succeeded') as succeeded, count(*) filter (where status = 'failed') as failed,
               count(*) filter (where status = 'skipped') as skipped from stored) c
      where j.id = $1`,
    [jobId, JSON.stringify(outcomes)],
    'bulk-outcomes',
  );
}
