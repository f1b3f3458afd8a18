import type { Pickup, PickupState } from '../../domain/pickups/pickup.ts';
import type { PickupEntry, PickupResult } from '../../workflows/messages/pickup.ts';
import type { Query } from '../statement.ts';
import { createRecorder, type Entry, type Locked, type Projection, type RecorderDeps, Refused } from './recorder.ts';
import { restockPickup, unrestockPickup } from './stock.ts';
import { claimWaybill, freeWaybill } from './waybill.ts';

interface LockedPickup extends Locked {
  state: PickupState;
  carrier_code: string | null;
  waybill_no: string | null;
}

const pickups: Projection<Pickup, LockedPickup, Entry<Pickup>> = {
  history: 'pickup_history',
  keys: ['pickup_no'],
  keyOf: ({ pickupNo }) => [pickupNo],
  lock: async (query, { pickupNo }, requestId) => {
    const rows = await query<LockedPickup>(
      `select p.state, p.revision, p.carrier_code, p.waybill_no, r.sub, r.reason, r.trace_id
         from pickups p left join requests r on r.id = $2 where p.pickup_no = $1 for update of p`,
      [pickupNo, requestId],
      'pickup-lock',
    );
    return rows[0];
  },
  writeRow,
};

/** The activity through which a pickup's row changes; answers as PickupResult says. */
export function createRecordPickup(deps: RecorderDeps) {
  const recorder = createRecorder(deps, pickups);
  return async function recordPickup({ pickup, ...entry }: PickupEntry): Promise<PickupResult> {
    const { row, repeated, refused } = await recorder({ ...entry, row: pickup });
    if (refused) return { refused };
    if (row) return { pickup: row };
    if (!repeated) return {};
    const { state, revision, kind, exchangeDeliveryNo } = repeated;
    return { repeated: { state, revision, kind, exchangeDeliveryNo } };
  };
}

/** Writes the row as this pickup says, outside of a command: what `rebuild` repairs with. */
export async function rewritePickup(query: Query, pickup: Pickup): Promise<void> {
  const locked = await pickups.lock(query, pickup, '');
  if (!locked) return;
  const holds = await query<{ reason: string | null }>(
    `select reason from pickup_history where pickup_no = $1 and command = 'hold' and voided_at is null and refused is null
      order by id desc limit 1`,
    [pickup.pickupNo],
  );
  const entry = { row: pickup, from: pickup.state, command: 'hold', requestId: '', actor: 'machine', at: '' } as const;
  await writeRow(query, entry, { ...locked, reason: holds[0]?.reason ?? null });
}

async function writeRow(query: Query, entry: Entry<Pickup>, locked: LockedPickup): Promise<void> {
  const { row: pickup, command, requestId, by, actor } = entry;
  const moved = locked.carrier_code !== pickup.carrierCode || locked.waybill_no !== pickup.waybillNo;
  if (moved && pickup.carrierCode !== null && pickup.waybillNo !== null) {
    const owner = { pickupNo: pickup.pickupNo };
    const refused = await claimWaybill(query, owner, pickup.carrierCode, pickup.waybillNo, false);
    if (refused) throw new Refused(refused);
  }
  await query(
    `update pickups set kind = $2, converted_from_exchange = $3, state = $4, held = $5, revision = $6, carrier_code = $7,
       waybill_no = $8, tracking_level = $9, arrived_at = $10, instructed_at = $11, confirmed_at = $12, completed_at = $13,
       finished_at = $14, exchange_delivery_no = $15, hold_reason = case when $5 then coalesce($16, hold_reason) end,
       started_at = coalesce(started_at, now()), updated_at = now() where pickup_no = $1`,
    [
      pickup.pickupNo,
      pickup.kind,
      pickup.convertedFromExchange,
      pickup.state,
      pickup.held,
      pickup.revision,
      pickup.carrierCode,
      pickup.waybillNo,
      pickup.trackingLevel,
      pickup.arrivedAt,
      pickup.instructedAt,
      pickup.confirmedAt,
      pickup.completedAt,
      pickup.finishedAt,
      pickup.exchangeDeliveryNo,
      command === 'hold' ? locked.reason : null,
    ],
    'pickup-row',
  );
  await query(
    `update pickup_items i set restock = n.restock, dispose = n.dispose, fault = n.fault
       from jsonb_to_recordset($2) as n ("lineNo" int, restock int, dispose int, fault text)
      where i.pickup_no = $1 and i.line_no = n."lineNo"
        and (i.restock, i.dispose, i.fault) is distinct from (n.restock, n.dispose, n.fault)`,
    [pickup.pickupNo, JSON.stringify(pickup.items)],
    'pickup-items',
  );
  const freed = moved || pickup.finishedAt !== null;
  if (freed && locked.carrier_code !== null && locked.waybill_no !== null)
    await freeWaybill(query, locked.carrier_code, locked.waybill_no);
  const completed = pickup.state === 'completed';
  if (completed === (locked.state === 'completed')) return;
  const move = completed ? restockPickup : unrestockPickup;
  await move(query, pickup.pickupNo, { by: locked.sub ?? by ?? actor, requestId });
}
