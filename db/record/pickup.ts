import { sql } from 'kysely';
import { type Pickup, pickupOutcome, wholePickup } from '../../domain/pickups/pickup.ts';
import type { PickupEntry, PickupOutcome, PickupResult } from '../../workflows/messages/pickup.ts';
import { json, prepared, type Query, type Row } from '../statement.ts';
import { setPickup } from './columns.ts';
import { pickupHistory } from './history.ts';
import { type Asker, createRecorder, type Projection, type RecorderDeps, Refused, type RowEntry } from './recorder.ts';
import { restockPickup, unrestockPickup } from './stock.ts';
import { claimWaybill, freeWaybill } from './waybill.ts';

type LockedPickup = Pick<Row<'pickups'>, 'state' | 'revision' | 'carrier_code' | 'waybill_no'> & Asker;

const lockPickup = prepared<{ pickupNo: string; requestId: string }, LockedPickup>(
  'pickup-lock',
  (of) => sql`
    select p.state, p.revision, p.carrier_code, p.waybill_no, r.sub, r.reason, r.trace_id
      from pickups p left join requests r on r.id = ${of('requestId')} where p.pickup_no = ${of('pickupNo')} for update of p`,
);

/** The reason of a hold is in the request: it is kept while the pickup is held, unless it is held now with another one (`hold`). */
const updatePickup = prepared<Pickup & { hold: string | null }>(
  'pickup-row',
  (of) => sql`
    update pickups p set ${setPickup(of)},
        hold_reason = case when ${of('held')} then coalesce(${of('hold')}, p.hold_reason) end,
        started_at = coalesce(p.started_at, now()), updated_at = now()
     where p.pickup_no = ${of('pickupNo')}`,
);

/** Writes the inspection results. */
const updateItems = prepared<{ pickupNo: string; items: string }>(
  'pickup-items',
  (of) => sql`
    update pickup_items i set restock = n.restock, dispose = n.dispose, fault = n.fault
      from jsonb_to_recordset(${of('items')}) as n ("lineNo" int, restock int, dispose int, fault text)
     where i.pickup_no = ${of('pickupNo')} and i.line_no = n."lineNo"
       and (i.restock, i.dispose, i.fault) is distinct from (n.restock, n.dispose, n.fault)`,
);

/**
 * Writes what a pickup's exchange sends, named as this request has named it; false when it names none for a product, which then
 * stays as it was.
 */
async function writeExchanges(query: Query, { pickupNo, items }: Pickup, requestId: string): Promise<boolean> {
  const written = await query(sql<Pick<Row<'pickup_items'>, 'line_no'>>`
    update pickup_items i
       set converted_product_id = n."exchangeProductId", converted_product_name = x.product_name, converted_option_name = x.option_name
      from jsonb_to_recordset(${json(items)}) as n ("lineNo" int, "exchangeProductId" bigint)
      left join pickup_exchanges x on x.request_id = ${requestId} and x.pickup_no = ${pickupNo} and x.line_no = n."lineNo"
                                  and x.product_id = n."exchangeProductId"
     where i.pickup_no = ${pickupNo} and i.line_no = n."lineNo" and (n."exchangeProductId" is null or x.product_id is not null)
    returning i.line_no`);
  return written.length === items.length;
}

const pickups: Projection<Pickup, PickupOutcome, [string], LockedPickup, RowEntry<Pickup>> = {
  history: pickupHistory,
  keyOf: ({ pickupNo }) => [pickupNo],
  outcomeOf: pickupOutcome,
  lock: async (query, { pickupNo }, requestId) => (await query(lockPickup({ pickupNo, requestId })))[0],
  writeRow,
};

/** The activity through which a pickup's row changes; its answer is a PickupResult. */
export function createRecordPickup(deps: RecorderDeps) {
  const recorder = createRecorder(deps, pickups);
  return async function recordPickup({ pickup, ...entry }: PickupEntry): Promise<PickupResult> {
    const { row, ...result } = await recorder({ ...entry, row: pickup });
    return row ? { pickup: row } : result;
  };
}

/** Locks a pickup's row, before its history is repaired. */
export async function holdPickup(query: Query, pickup: Pickup): Promise<void> {
  await pickups.lock(query, pickup, '');
}

/** Writes this pickup into its row without a command; used by `rebuild` for repairs. */
export async function rewritePickup(query: Query, pickup: Pickup): Promise<void> {
  const locked = await pickups.lock(query, pickup, '');
  if (!locked) return;
  const command = 'hold';
  const reason = await pickupHistory.lastReason(query, pickups.keyOf(pickup), command);
  const entry = { row: pickup, from: pickup.state, command, requestId: '', actor: 'machine', at: '' } as const;
  await writeRow(query, entry, { ...locked, reason });
  const conversion = await pickupHistory.lastRequest(query, pickups.keyOf(pickup), 'convert-to-exchange');
  if (pickup.convertedFromReturn && conversion !== null) await writeExchanges(query, pickup, conversion);
}

async function writeRow(query: Query, entry: RowEntry<Pickup>, locked: LockedPickup): Promise<void> {
  const { command, requestId, by, actor } = entry;
  const pickup = wholePickup(entry.row);
  const moved = locked.carrier_code !== pickup.carrierCode || locked.waybill_no !== pickup.waybillNo;
  if (moved && pickup.carrierCode !== null && pickup.waybillNo !== null) {
    const owner = { pickupNo: pickup.pickupNo };
    const refused = await claimWaybill(query, owner, pickup.carrierCode, pickup.waybillNo, false);
    if (refused) throw new Refused(refused);
  }
  const hold = command === 'hold' ? locked.reason : null;
  await query(updatePickup({ ...pickup, hold }));
  // The texts of products are not sent to Temporal: a signal by hand can only ask for the same product.
  if (command === 'convert-to-exchange' && !(await writeExchanges(query, pickup, requestId))) throw new Refused('BAD_REQUEST');
  await query(updateItems({ pickupNo: pickup.pickupNo, items: JSON.stringify(pickup.items) }));
  const freed = moved || pickup.finishedAt !== null;
  if (freed && locked.carrier_code !== null && locked.waybill_no !== null)
    await freeWaybill(query, locked.carrier_code, locked.waybill_no);
  const completed = pickup.state === 'completed';
  if (completed === (locked.state === 'completed')) return;
  const move = completed ? restockPickup : unrestockPickup;
  await move(query, pickup.pickupNo, { by: locked.sub ?? by ?? actor, requestId });
}
