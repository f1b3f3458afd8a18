import { jsonArrayFrom } from 'kysely/helpers/postgres';
import { build, json, type Query, type Row } from '../statement.ts';

export type ClaimRow = Row<'claims'>;

export async function findClaim(query: Query, claimNo: string): Promise<ClaimRow | undefined> {
  return (await query(build.selectFrom('claims').selectAll().where('claim_no', '=', claimNo)))[0];
}

/** Writes a claim whose quantities are about to be reserved; an existing one stays unchanged. */
export async function insertClaim(query: Query, claim: Omit<ClaimRow, 'status' | 'created_at'>): Promise<void> {
  await query(
    build
      .insertInto('claims')
      .values({ ...claim, pickup_nos: json(claim.pickup_nos), status: 'reserving' })
      .onConflict((known) => known.doNothing()),
  );
}

/** False when the claim is no longer being reserved. */
async function endReserving(query: Query, claimNo: string, status: 'open' | 'releasing'): Promise<boolean> {
  const marked = build
    .updateTable('claims')
    .set({ status })
    .where('claim_no', '=', claimNo)
    .where('status', '=', 'reserving')
    .returning('claim_no');
  return (await query(marked)).length > 0;
}

/** Marks a claim whose quantities are all reserved; false when it is no longer being reserved. */
export const markOpen = (query: Query, claimNo: string) => endReserving(query, claimNo, 'open');

/** Marks a claim that a line refused: its reservations are to be released. False when it is no longer being reserved. */
export const markReleasing = (query: Query, claimNo: string) => endReserving(query, claimNo, 'releasing');

/** Deletes a claim whose reservations are all released: the claimNo is free again. */
export async function deleteReleased(query: Query, claimNo: string): Promise<void> {
  await query(build.deleteFrom('claims').where('claim_no', '=', claimNo).where('status', '=', 'releasing'));
}

/** The pickups of an open claim, with the quantities of their lines. */
export const pickupsAsAccepted = (query: Query, claimNo: string) =>
  query(
    build
      .selectFrom('pickups as p')
      .select(['p.pickup_no', 'p.original_delivery_no'])
      .select((eb) =>
        jsonArrayFrom(
          eb
            .selectFrom('pickup_items as i')
            .select(['i.line_no as lineNo', 'i.quantity'])
            .whereRef('i.pickup_no', '=', 'p.pickup_no')
            .orderBy('i.line_no'),
        ).as('items'),
      )
      .where('p.claim_no', '=', claimNo)
      .orderBy('p.original_delivery_no'),
  );
