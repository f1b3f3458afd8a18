import { type DeliveryLine, type DeliveryState, validQuantity } from '../../domain/deliveries/line.ts';
import type { RecordEntry, RecordResult } from '../../workflows/messages/delivery.ts';
import type { Query } from '../statement.ts';
import { createRecordPlain, hasLeft } from './delivery-line-batch.ts';
import { createRecorder, type Entry, type Locked, type Projection, type RecorderDeps, Refused } from './recorder.ts';
import { giveLineStock, takeLineStock } from './stock.ts';
import { claimWaybill, freeWaybill, wakeWaybill } from './waybill.ts';

interface LockedLine extends Locked {
  state: DeliveryState;
  carrier_code: string | null;
  waybill_no: string | null;
  finished_at: Date | null;
}

interface LineEntry extends Entry<DeliveryLine> {
  combine?: boolean | undefined;
}

const lines: Projection<DeliveryLine, LockedLine, LineEntry> = {
  history: 'delivery_history',
  keys: ['delivery_no', 'line_no'],
  keyOf: ({ deliveryNo, lineNo }) => [deliveryNo, lineNo],
  lock: async (query, { deliveryNo, lineNo }, requestId) => {
    const rows = await query<LockedLine>(
      `select l.state, l.revision, l.carrier_code, l.waybill_no, l.finished_at, r.sub, r.reason, r.trace_id
         from delivery_lines l left join requests r on r.id = $3
        where l.delivery_no = $1 and l.line_no = $2 for update of l`,
      [deliveryNo, lineNo, requestId],
      'record-lock',
    );
    return rows[0];
  },
  writeRow,
};

/** The activity through which a delivery line's row changes; `{}` written, the rest as workflows/messages says. */
export function createRecord(deps: RecorderDeps) {
  const recorder = createRecorder(deps, { ...lines, writePlain: createRecordPlain(deps.db) });
  return async function record({ line, ...entry }: RecordEntry): Promise<RecordResult> {
    const { row, repeated, refused } = await recorder({ ...entry, row: line });
    if (refused) return { refused };
    if (row) return { line: row };
    if (!repeated) return {};
    const { state, revision } = repeated;
    return { repeated: { state, revision, validQuantity: validQuantity(repeated) } };
  };
}

/** Writes the row as this line says, outside of a command: what `rebuild` repairs with. */
export async function rewriteRow(query: Query, line: DeliveryLine): Promise<void> {
  const locked = await lines.lock(query, line, '');
  if (!locked) return;
  const stockouts = await query<{ reason: string | null }>(
    `select reason from delivery_history where delivery_no = $1 and line_no = $2 and command = 'report-stockout' and voided_at is null
        and refused is null order by id desc limit 1`,
    [line.deliveryNo, line.lineNo],
  );
  const entry = {
    row: line,
    from: line.state,
    command: 'report-stockout',
    requestId: '',
    actor: 'machine',
    at: '',
    combine: true,
  } as const;
  await writeRow(query, entry, { ...locked, reason: stockouts[0]?.reason ?? null });
}

async function writeRow(query: Query, entry: LineEntry, locked: LockedLine): Promise<void> {
  const { row: line, command, combine = false } = entry;
  const moved = locked.carrier_code !== line.carrierCode || locked.waybill_no !== line.waybillNo;
  // A repair may open a line again whose end had freed its waybill.
  const reopened = locked.finished_at !== null && line.finishedAt === null;
  if ((moved || reopened) && line.carrierCode !== null && line.waybillNo !== null) {
    const refused = await claimWaybill(query, { deliveryNo: line.deliveryNo }, line.carrierCode, line.waybillNo, combine);
    if (refused && moved) throw new Refused(refused);
  }
  if (locked.state !== 'shipped' && line.state === 'shipped' && !moved && line.carrierCode !== null && line.waybillNo !== null)
    await wakeWaybill(query, line.carrierCode, line.waybillNo);
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
      line.state === 'awaitingShipment',
      command === 'report-stockout' ? locked.reason : null,
      line.stockoutExpectedAt,
      line.autoClear,
      line.finishedAt,
      line.deliveryNo,
      line.lineNo,
    ],
    'record-row',
  );
  const freed = moved || line.finishedAt !== null;
  if (freed && locked.carrier_code !== null && locked.waybill_no !== null)
    await freeWaybill(query, locked.carrier_code, locked.waybill_no);
  await moveStock(query, entry, locked);
}

/** A line that leaves takes its quantity from the product's stock; one that comes back to us, undone or repaired, gives it back. */
async function moveStock(query: Query, { row: line, requestId, by, actor }: LineEntry, locked: LockedLine): Promise<void> {
  if (hasLeft(line.state) === hasLeft(locked.state)) return;
  const { deliveryNo, lineNo, productId } = line;
  const quantity = validQuantity(line);
  const move = hasLeft(line.state) ? takeLineStock : giveLineStock;
  await move(query, { deliveryNo, lineNo, productId, quantity, by: locked.sub ?? by ?? actor, requestId });
}
