import { sql } from 'kysely';
import { build, type Query } from '../statement.ts';

/** Pickups not marked as started this many ms after they were written, oldest first. */
export const pickupsNotStarted = (query: Query, afterMs: number, most: number) =>
  query(
    build
      .selectFrom('pickups')
      .selectAll()
      .where('started_at', 'is', null)
      .where('created_at', '<', sql<Date>`now() - interval '1 ms' * ${afterMs}`)
      .orderBy('created_at')
      .limit(most),
  );

/** Marks pickups as started. */
export async function markPickupsStarted(query: Query, pickups: { pickup_no: string }[]): Promise<void> {
  const pickupNos = pickups.map((pickup) => pickup.pickup_no);
  await query(sql`update pickups set started_at = now() where pickup_no = any(${pickupNos}) and started_at is null`);
}
