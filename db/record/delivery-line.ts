import { sql } from 'kysely';
import { type DeliveryLine, lineOutcome, validQuantity } from '../../domain/deliveries/line.ts';
import type { Outcome, RecordEntry, RecordResult } from '../../workflows/messages/delivery.ts';
import { prepared, type Query, type Row } from '../statement.ts';
import { setLine } from './columns.ts';
import { createRecordPlain, hasLeft, type LineEntry } from './delivery-line-batch.ts';
import { drawn } from './draw.ts';
import { lineHistory } from './history.ts';
import { type Asker, createRecorder, type Projection, type RecorderDeps, Refused } from './recorder.ts';
import { insertPart, isShared, mergeWith, numbered } from './split.ts';
import { giveLineStock, takeLineStock } from './stock.ts';
import { claimWaybill, freeWaybill, wakeWaybill } from './waybill.ts';

type LockedLine = Pick<Row<'delivery_lines'>, 'state' | 'revision' | 'carrier_code' | 'waybill_no' | 'finished_at'> & Asker;

const lockLine = prepared<{ deliveryNo: string; lineNo: number; requestId: string }, LockedLine>(
  'record-lock',
  (of) => sql`
    select l.state, l.revision, l.carrier_code, l.waybill_no, l.finished_at, r.sub, r.reason, r.trace_id
      from delivery_lines l left join requests r on r.id = ${of('requestId')}
     where l.delivery_no = ${of('deliveryNo')} and l.line_no = ${of('lineNo')} for update of l`,
);

/** A line as its columns are bound: json as text. */
type WrittenLine = Omit<DeliveryLine, 'claims' | 'lastSplit'> & { claims: string; lastSplit: string | null };

const updateLine = prepared<WrittenLine & { stockout: string | null }>(
  'record-row',
  (of) => sql`
    update delivery_lines l set ${setLine(of, of('stockout'))}
     where l.delivery_no = ${of('deliveryNo')} and l.line_no = ${of('lineNo')}`,
);

const lines: Projection<DeliveryLine, Outcome, [string, number], LockedLine, LineEntry> = {
  history: lineHistory,
  keyOf: ({ deliveryNo, lineNo }) => [deliveryNo, lineNo],
  outcomeOf: lineOutcome,
  lock: async (query, { deliveryNo, lineNo }, requestId) => (await query(lockLine({ deliveryNo, lineNo, requestId })))[0],
  complete: async (query, entry) => drawn(query, await numbered(query, entry)),
  withIt: mergeWith,
  isShared,
  writeRow,
};

/** The activity through which a delivery line's row changes; its answer is a RecordResult. */
export function createRecord(deps: RecorderDeps) {
  const recorder = createRecorder(deps, { ...lines, writePlain: createRecordPlain(deps.db) });
  return async function record({ line, ...entry }: RecordEntry): Promise<RecordResult> {
    const { row, ...result } = await recorder({ ...entry, row: line });
    return row ? { line: row } : result;
  };
}

/** Locks a line's row, before its history is repaired. */
export async function holdLine(query: Query, line: DeliveryLine): Promise<void> {
  await lines.lock(query, line, '');
}

/** Writes this line into its row without a command; used by `rebuild` for repairs. */
export async function rewriteRow(query: Query, line: DeliveryLine): Promise<void> {
  const locked = await lines.lock(query, line, '');
  if (!locked) return;
  const command = 'report-stockout';
  const reason = await lineHistory.lastReason(query, lines.keyOf(line), command);
  const entry: LineEntry = { row: line, from: line.state, command, requestId: '', actor: 'machine', at: '', combine: true };
  await writeRow(query, entry, { ...locked, reason });
}

/** Restores a deleted row with the order line's facts and required columns; `rewriteRow` fills in the rest. */
export async function insertRow(query: Query, line: DeliveryLine): Promise<void> {
  await query(sql`
    insert into delivery_lines (delivery_no, line_no, order_no, kind, product_id, place_no, method_code, ordered_at, state, revision, quantity,
                                split_from_delivery_no, split_from_line_no, root_line_no, started_at)
    select l.delivery_no, l.line_no, l.order_no, d.kind, l.product_id, l.place_no, l.method_code, d.ordered_at, 'ordered', 1, ${line.quantity},
           l.split_from_delivery_no, l.split_from_line_no, l.root_line_no, now()
      from order_lines l join deliveries d on d.delivery_no = l.delivery_no
     where l.order_no = ${line.orderNo} and l.line_no = ${line.lineNo}`);
}

async function writeRow(query: Query, entry: LineEntry, locked: LockedLine): Promise<void> {
  const { row: line, command, combine = false } = entry;
  const moved = locked.carrier_code !== line.carrierCode || locked.waybill_no !== line.waybillNo;
  // A repair may open a finished line again, whose waybill was freed at its end.
  const reopened = locked.finished_at !== null && line.finishedAt === null;
  if ((moved || reopened) && line.carrierCode !== null && line.waybillNo !== null) {
    const refused = await claimWaybill(query, { deliveryNo: line.deliveryNo }, line.carrierCode, line.waybillNo, combine);
    if (refused && moved) throw new Refused(refused);
  }
  if (locked.state !== 'shipped' && line.state === 'shipped' && !moved && line.carrierCode !== null && line.waybillNo !== null)
    await wakeWaybill(query, line.carrierCode, line.waybillNo);
  const stockout = command === 'report-stockout' ? locked.reason : null;
  const lastSplit = line.lastSplit && JSON.stringify(line.lastSplit);
  await query(updateLine({ ...line, claims: JSON.stringify(line.claims), lastSplit, stockout }));
  const freed = moved || line.finishedAt !== null;
  if (freed && locked.carrier_code !== null && locked.waybill_no !== null)
    await freeWaybill(query, locked.carrier_code, locked.waybill_no);
  if (entry.born) await insertPart(query, entry, entry.born, locked);
  await moveStock(query, entry, locked);
}

/** A line that leaves takes its quantity from the product's stock; one that comes back, undone or repaired, returns it. */
async function moveStock(query: Query, { row: line, requestId, by, actor }: LineEntry, locked: LockedLine): Promise<void> {
  if (hasLeft(line.state) === hasLeft(locked.state)) return;
  const { deliveryNo, lineNo, productId } = line;
  const quantity = validQuantity(line);
  const move = hasLeft(line.state) ? takeLineStock : giveLineStock;
  await move(query, { deliveryNo, lineNo, productId, quantity, by: locked.sub ?? by ?? actor, requestId });
}
