import type { Query } from '../db/orm.ts';
import { type DeliveryLine, type DeliveryState, validQuantity } from '../domain/delivery.ts';
import type { RecordEntry, RecordResult } from '../workflows/messages.ts';
import type { ActivityDeps } from './index.ts';
import { claimWaybill, freeWaybill } from './waybill.ts';

/** The transaction is given back whole and the command's caller gets the code. */
class Refused extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

interface LockedRow {
  revision: number;
  carrier_code: string | null;
  waybill_no: string | null;
  sub: string | null;
  reason: string | null;
  trace_id: string | null;
}

interface Done {
  revision: number | null;
  refused: string | null;
  snapshot: DeliveryLine | null;
}

/**
 * The one door through which a line's row changes: row at revision + 1, history row and waybill in one transaction.
 * Safe to run again, late, or against a row that is ahead of its workflow (design.md, "What can go wrong between two stores").
 */
export function createRecord({ db, log, onRepair }: ActivityDeps) {
  return async function record(entry: RecordEntry): Promise<RecordResult> {
    const { deliveryNo, lineNo } = entry.line;
    try {
      const { result, traceId } = await db.transaction((query) => write(query, entry, onRepair));
      log.debug(
        { deliveryNo, lineNo, command: entry.command, requestId: entry.requestId, reqId: traceId, ...result },
        'recorded',
      );
      return result;
    } catch (error) {
      if (error instanceof Refused) return { refused: error.code };
      log.warn(
        { deliveryNo, lineNo, command: entry.command, requestId: entry.requestId, err: error },
        'record failed, will be retried',
      );
      throw error;
    }
  };
}

async function write(
  query: Query,
  entry: RecordEntry,
  onRepair: ActivityDeps['onRepair'],
): Promise<{ result: RecordResult; traceId: string | null }> {
  const { line } = entry;
  const row = await lock(query, entry);
  if (!row) throw new Error(`no row for ${line.deliveryNo}/${line.lineNo}: run npm run rebuild`);
  const answer = (result: RecordResult) => ({ result, traceId: row.trace_id });

  if (entry.refused !== undefined) {
    await insertHistory(query, entry, row);
    return answer({});
  }
  if (row.revision === line.revision - 1 && (await writeLine(query, entry, row))) return answer({});
  const done = await alreadyDone(query, entry);
  if (done?.refused || (done?.revision && done.revision < line.revision)) return answer(repeat(done));
  const stored = done?.revision === line.revision ? done.snapshot : null;
  if (stored && row.revision === line.revision) return answer({ line: stored });
  // The workflow is the truth: what the row has beyond it was never acknowledged to anybody.
  onRepair(row.revision >= line.revision ? 'ahead' : 'behind');
  await query(
    'update delivery_history set voided_at = now() where delivery_no = $1 and line_no = $2 and revision >= $3 and voided_at is null',
    [line.deliveryNo, line.lineNo, stored ? line.revision + 1 : line.revision],
  );
  if (stored) {
    await writeRow(query, { ...entry, line: stored }, row);
    return answer({ line: stored });
  }
  await writeLine(query, entry, row);
  return answer({});
}

async function lock(query: Query, { line, requestId }: RecordEntry): Promise<LockedRow | undefined> {
  const rows = await query<LockedRow>(
    `select l.revision, l.carrier_code, l.waybill_no, r.sub, r.reason, r.trace_id
       from delivery_lines l left join requests r on r.id = $3
      where l.delivery_no = $1 and l.line_no = $2 for update of l`,
    [line.deliveryNo, line.lineNo, requestId],
    'record-lock',
  );
  return rows[0];
}

async function alreadyDone(query: Query, { line, requestId, command }: RecordEntry): Promise<Done | undefined> {
  const rows = await query<Done>(
    `select revision, refused, snapshot from delivery_history
      where delivery_no = $1 and line_no = $2 and request_id = $3 and command = $4 and voided_at is null`,
    [line.deliveryNo, line.lineNo, requestId, command],
  );
  return rows[0];
}

function repeat({ refused, snapshot }: Done): RecordResult {
  if (refused !== null) return { refused };
  if (snapshot === null) throw new Error('a history row without outcome');
  return { repeated: { state: snapshot.state, revision: snapshot.revision, validQuantity: validQuantity(snapshot) } };
}

/** History and row together; false when this request had done this command before. */
async function writeLine(query: Query, entry: RecordEntry, row: LockedRow): Promise<boolean> {
  if (!(await insertHistory(query, entry, row))) return false;
  await writeRow(query, entry, row);
  return true;
}

async function insertHistory(query: Query, entry: RecordEntry, row: LockedRow): Promise<boolean> {
  const { line, refused } = entry;
  const inserted = await query<{ id: string }>(
    `insert into delivery_history (delivery_no, line_no, at, by, command, from_state, to_state, revision, reason, refused, request_id, snapshot)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing returning id`,
    [
      line.deliveryNo,
      line.lineNo,
      entry.at,
      row.sub ?? entry.by ?? entry.actor,
      entry.command,
      entry.from,
      line.state,
      refused === undefined ? line.revision : null,
      row.reason,
      refused ?? null,
      entry.requestId,
      refused === undefined ? JSON.stringify(line) : null,
    ],
    'record-history',
  );
  return inserted.length > 0;
}

const keepsStockoutReason: Partial<Record<DeliveryState, true>> = { awaitingShipment: true };

/** Writes the row as this line says, outside of a command: what `rebuild` repairs with. */
export async function rewriteRow(query: Query, line: DeliveryLine): Promise<void> {
  const entry = {
    line,
    from: line.state,
    command: 'report-stockout',
    requestId: '',
    actor: 'machine',
    at: '',
    combine: true,
  } as const;
  const row = await lock(query, entry);
  const stockouts = await query<{ reason: string | null }>(
    `select reason from delivery_history where delivery_no = $1 and line_no = $2 and command = 'report-stockout' and voided_at is null
        and refused is null order by id desc limit 1`,
    [line.deliveryNo, line.lineNo],
  );
  if (row) await writeRow(query, entry, { ...row, reason: stockouts[0]?.reason ?? null });
}

async function writeRow(query: Query, entry: RecordEntry, row: LockedRow): Promise<void> {
  const { line } = entry;
  const moved = row.carrier_code !== line.carrierCode || row.waybill_no !== line.waybillNo;
  if (moved && line.carrierCode !== null && line.waybillNo !== null) {
    const refused = await claimWaybill(query, line.deliveryNo, line.carrierCode, line.waybillNo, entry.combine ?? false);
    if (refused) throw new Refused(refused);
  }
  await query(
    `update delivery_lines set state = $1, revision = $2, canceled = $3, returned = $4, claims = $5, carrier_code = $6, waybill_no = $7,
       tracking_level = $8, instructed_at = $9, released_at = $10, shipped_at = $11, delivered_at = $12,
       stockout_reason = case when $13 then coalesce($14, stockout_reason) end, stockout_expected_at = $15, auto_clear = $16,
       finished_at = $17, started_at = coalesce(started_at, now()), updated_at = now()
     where delivery_no = $18 and line_no = $19`,
    [
      line.state,
      line.revision,
      line.canceled,
      line.returned,
      JSON.stringify(line.claims),
      line.carrierCode,
      line.waybillNo,
      line.trackingLevel,
      line.instructedAt,
      line.releasedAt,
      line.shippedAt,
      line.deliveredAt,
      keepsStockoutReason[line.state] === true,
      entry.command === 'report-stockout' ? row.reason : null,
      line.stockoutExpectedAt,
      line.autoClear,
      line.finishedAt,
      line.deliveryNo,
      line.lineNo,
    ],
    'record-row',
  );
  const freed = moved || line.finishedAt !== null;
  if (freed && row.carrier_code !== null && row.waybill_no !== null) await freeWaybill(query, row.carrier_code, row.waybill_no);
}
