import { sql } from 'kysely';
import { build, type Query } from '../statement.ts';
import { waybillLevelOf } from '../tracking/waybill-level.ts';

/** Exactly these pickups, in this order, with the person they are collected from. */
export function pickupsInOrder(query: Query, pickupNos: readonly string[]) {
  const asked = sql<{ pickup_no: string; at: number }>`unnest(${pickupNos}::text[]) with ordinality`.as<'k'>(
    sql`k (pickup_no, at)`,
  );
  return query(
    build
      .selectFrom(asked)
      .innerJoin('pickups as p', 'p.pickup_no', 'k.pickup_no')
      .selectAll('p')
      .select(waybillLevelOf('p'))
      .orderBy('k.at'),
  );
}
