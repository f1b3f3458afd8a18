import { itemsOfPickups } from '../../db/pickups/list.ts';
import { type PickupRow, toPickup } from '../../db/pickups/row.ts';
import { rewritePickup } from '../../db/record/pickup.ts';
import type { Pickup } from '../../domain/pickups/pickup.ts';
import { pickupWorkflowId } from '../../workflows/messages/pickup.ts';
import type { Rebuildable } from './rows.ts';

const PAGE = 500;

interface PickupKey {
  pickup_no: string;
}

/** Pickups by number. A deleted row cannot come back: where to collect from stands nowhere else. */
export const rebuildablePickups = (restart: (pickup: Pickup) => Promise<void>): Rebuildable<PickupKey, Pickup> => ({
  page: (query, after) =>
    query<PickupKey>('select pickup_no from pickups where pickup_no > $1 order by pickup_no limit $2', [
      after?.pickup_no ?? '',
      PAGE,
    ]),
  name: ({ pickup_no }) => pickup_no,
  workflowId: ({ pickup_no }) => pickupWorkflowId(pickup_no),
  shown: async (query, { pickup_no }) => {
    const rows = await query<PickupRow>('select * from pickups where pickup_no = $1', [pickup_no]);
    const items = await itemsOfPickups(query, [pickup_no]);
    return rows[0] && { row: toPickup(rows[0], items.get(pickup_no) ?? []), started: rows[0].started_at !== null };
  },
  recorded: async (query, { pickup_no }) => {
    const rows = await query<{ snapshot: Pickup }>(
      `select snapshot from pickup_history where pickup_no = $1 and voided_at is null and snapshot is not null
        order by revision desc limit 1`,
      [pickup_no],
    );
    return rows[0]?.snapshot;
  },
  write: async (query, { pickup_no }, pickup) => {
    await query('update pickup_history set voided_at = now() where pickup_no = $1 and revision > $2 and voided_at is null', [
      pickup_no,
      pickup.revision,
    ]);
    await rewritePickup(query, pickup);
  },
  restart,
});
