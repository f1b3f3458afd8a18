import { sql } from 'kysely';
import { build, type Query } from '../statement.ts';
import { waybillLevelOf } from '../tracking/waybill-level.ts';
import type { ListedPickup } from './list.ts';
import type { PickupRow } from './row.ts';

/** One pickup as in the lists. */
export async function findPickup(query: Query, pickupNo: string): Promise<ListedPickup | undefined> {
  const one = build.selectFrom('pickups as p').selectAll().select(waybillLevelOf('p')).where('p.pickup_no', '=', pickupNo);
  return (await query(one))[0];
}

/** These pickups, in any order; every command reads them first. */
export const pickupsByNo = (query: Query, pickupNos: string[]): Promise<PickupRow[]> =>
  query(sql<PickupRow>`select * from pickups where pickup_no = any(${pickupNos})`);

/** All pickups of a claim. */
export const pickupsOfClaim = (query: Query, claimNo: string): Promise<PickupRow[]> =>
  query(build.selectFrom('pickups').selectAll().where('claim_no', '=', claimNo).orderBy('pickup_no'));

/** The claim's pickups that are not marked as started. */
export const pickupsToStart = (query: Query, claimNo: string): Promise<PickupRow[]> =>
  query(build.selectFrom('pickups').selectAll().where('claim_no', '=', claimNo).where('started_at', 'is', null));

/** The postal code of each pickup of a claim. */
export const zipCodesOf = (query: Query, claimNo: string) =>
  query(build.selectFrom('pickups').select(['pickup_no', 'pickup_zip_code']).where('claim_no', '=', claimNo));

/** Who did what to a pickup, oldest first, without rows voided by a repair. */
export const historyOf = (query: Query, pickupNo: string) =>
  query(
    build
      .selectFrom('pickup_history')
      .select(['at', 'by', 'command', 'from_state', 'to_state', 'revision', 'reason', 'refused'])
      .where('pickup_no', '=', pickupNo)
      .where('voided_at', 'is', null)
      .orderBy('at')
      .orderBy('id'),
  );
