import { sql } from 'kysely';
import type { BulkRowStatus } from '../../domain/bulk-shipments/bulk-shipment.ts';
import { type DeliveryLine, type DeliveryState, lineOutcome, type SplitPart } from '../../domain/deliveries/line.ts';
import { isProblemCode, type ProblemCode } from '../../domain/problems.ts';
import type { Db } from '../database.ts';
import { isDrawn } from '../shipping/range-carriers.ts';
import { json, named, type Query, type Row } from '../statement.ts';

/** A row still to be shipped. */
export type BulkRow = Pick<Row<'bulk_shipment_rows'>, 'row_no' | 'delivery_no' | 'carrier_code' | 'waybill_no' | 'quantity'> & {
  line_nos: number[];
};

export interface BulkLine {
  deliveryNo: string;
  lineNo: number;
}

/** Answer of a line's workflow; `refused` is the code, `newLine` what was split off. */
export interface LineReply extends BulkLine {
  refused?: string;
  newLine?: SplitPart | undefined;
}

export interface RowOutcome {
  row: number;
  status: Extract<BulkRowStatus, 'succeeded' | 'failed' | 'skipped'>;
  codes: string[];
  states: DeliveryState[];
  failedLineNos: number[];
  /** What stays to be shipped, where the row was for a part of its line. */
  newLine: SplitPart | null;
}

type LineFacts = Pick<Row<'delivery_lines'>, 'delivery_no' | 'line_no' | 'state' | 'carrier_code' | 'waybill_no'> & {
  finished: boolean;
  /** Its waybill came from a range: the row of a carrier alone has it. */
  drawn: boolean;
  /** As this job had shipped it before: a crash lost the answer, and the line has moved on since; null = it had not. */
  ours: DeliveryLine | null;
};

const nameOf = (deliveryNo: string, lineNo: number) => `${deliveryNo}/${lineNo}`;

/**
 * Results of these rows. Refusals are checked again: a line that this job shipped before, or that somebody else (another job with
 * the same sheet, a person) shipped with the same waybill, is not a failure.
 */
export async function outcomesOf(
  { query }: Pick<Db, 'query'>,
  requestId: string,
  answered: readonly { row: BulkRow; replies: LineReply[] }[],
): Promise<RowOutcome[]> {
  const refused = answered.flatMap(({ replies }) => replies.filter((reply) => reply.refused !== undefined));
  const facts = new Map<string, LineFacts>();
  if (refused.length > 0) {
    const rows = await factsOf(query, requestId, refused);
    for (const row of rows) facts.set(nameOf(row.delivery_no, row.line_no), row);
  }
  return answered.map(({ row, replies }) => outcomeOf(row, replies, facts));
}

const factsOf = (query: Query, requestId: string, lines: readonly BulkLine[]): Promise<LineFacts[]> =>
  query(sql<LineFacts>`
    select l.delivery_no, l.line_no, l.state, l.carrier_code, l.waybill_no, l.finished_at is not null as finished, ${isDrawn(sql`l`)} as drawn,
           (select h.snapshot from delivery_history h where h.request_id = ${requestId} and h.delivery_no = l.delivery_no
               and h.line_no = l.line_no and h.command = 'ship' and h.voided_at is null and h.refused is null limit 1) as ours
      from unnest(${lines.map(({ deliveryNo }) => deliveryNo)}::text[], ${lines.map(({ lineNo }) => lineNo)}::int[])
             as asked (delivery_no, line_no)
      join delivery_lines l on l.delivery_no = asked.delivery_no and l.line_no = asked.line_no`);

/** A line that is not finished but has no workflow is an internal fault; `npm run rebuild` finds it. */
const codeOf = (refused: string, line: LineFacts | undefined): ProblemCode =>
  isProblemCode(refused) && (refused !== 'LINE_FINISHED' || line?.finished) ? refused : 'INTERNAL';

function outcomeOf(row: BulkRow, replies: LineReply[], facts: Map<string, LineFacts>): RowOutcome {
  const failed: { code: string; lineNo: number; state: DeliveryState | undefined }[] = [];
  let shipped = 0;
  let newLine: SplitPart | null = null;
  for (const { deliveryNo, lineNo, refused, newLine: part } of replies) {
    const line = facts.get(nameOf(deliveryNo, lineNo));
    const done = line?.state === 'shipped' || line?.state === 'delivered';
    if (refused === undefined || line?.ours) {
      shipped++;
      newLine = part ?? (line?.ours ? lineOutcome(line.ours).newLine : undefined) ?? newLine;
    } else if (
      !done ||
      line.carrier_code !== row.carrier_code ||
      !(row.waybill_no === null ? line.drawn : line.waybill_no === row.waybill_no)
    )
      failed.push({ code: codeOf(refused, line), lineNo, state: line?.state });
  }
  if (failed.length === 0)
    return { row: row.row_no, status: shipped > 0 ? 'succeeded' : 'skipped', codes: [], states: [], failedLineNos: [], newLine };
  return {
    row: row.row_no,
    status: 'failed',
    codes: [...new Set(failed.map(({ code }) => code))],
    states: [...new Set(failed.flatMap(({ state }) => state ?? []))],
    // A single line needs no number.
    failedLineNos: replies.length > 1 ? failed.map(({ lineNo }) => lineNo) : [],
    newLine,
  };
}

/** Stores and counts outcomes, once per row even if one arrives twice. Rows that were done already count as skipped. */
export async function storeOutcomes({ query }: Pick<Db, 'query'>, jobId: string, outcomes: RowOutcome[]): Promise<void> {
  await query(
    named(
      'bulk-outcomes',
      sql`with stored as (
        update bulk_shipment_rows r set status = o.status, codes = o.codes, states = o.states, failed_line_nos = o."failedLineNos", new_line = o."newLine"
          from jsonb_to_recordset(${json(outcomes)}) o ("row" int, status text, codes jsonb, states jsonb, "failedLineNos" jsonb, "newLine" jsonb)
         where r.job_id = ${jobId} and r.row_no = o."row" and r.status = 'pending' returning r.status)
      update bulk_shipments j set succeeded = j.succeeded + c.succeeded, failed = j.failed + c.failed, skipped = j.skipped + c.skipped,
             valid = j.valid - c.skipped
        from (select count(*) filter (where status = 'succeeded') as succeeded, count(*) filter (where status = 'failed') as failed,
                count(*) filter (where status = 'skipped') as skipped from stored) c
       where j.id = ${jobId}`,
    ),
  );
}
