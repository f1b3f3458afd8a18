import { pickupsByNo } from '../../db/pickups/find.ts';
import { itemsOfPickups } from '../../db/pickups/list.ts';
import { toPickup } from '../../db/pickups/row.ts';
import { pickupHistory } from '../../db/record/history.ts';
import { findPickupKeys } from '../../db/record/list.ts';
import { holdPickup, rewritePickup } from '../../db/record/pickup.ts';
import { type Pickup, wholePickup } from '../../domain/pickups/pickup.ts';
import { pickupWorkflowId } from '../../workflows/messages/pickup.ts';
import type { Rebuildable } from './rows.ts';

type PickupKey = Awaited<ReturnType<typeof findPickupKeys>>[number];

/** Pickups by number. A deleted row cannot be restored, because only that row has the address of collection. */
export const rebuildablePickups = (restart: (pickup: Pickup) => Promise<void>): Rebuildable<PickupKey, Pickup> => ({
  page: findPickupKeys,
  name: ({ pickup_no }) => pickup_no,
  workflowId: ({ pickup_no }) => pickupWorkflowId(pickup_no),
  shown: async (query, { pickup_no }) => {
    const [row] = await pickupsByNo(query, [pickup_no]);
    const items = await itemsOfPickups(query, [pickup_no]);
    return row && { row: toPickup(row, items.get(pickup_no) ?? []), started: row.started_at !== null };
  },
  recorded: async (query, { pickup_no }) => {
    const snapshot = await pickupHistory.lastSnapshot(query, [pickup_no]);
    return snapshot && wholePickup(snapshot);
  },
  write: async (query, { pickup_no }, pickup) => {
    await holdPickup(query, pickup);
    await pickupHistory.voidFrom(query, [pickup_no], pickup.revision + 1, pickup);
    await rewritePickup(query, pickup);
  },
  restart,
});
