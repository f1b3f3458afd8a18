import { type RawBuilder, sql } from 'kysely';
import { build, json, type Query, type Row } from '../statement.ts';

export type ClaimRow = Row<'claims'>;

export async function findClaim(query: Query, claimNo: string): Promise<ClaimRow | undefined> {
  return (await query(build.selectFrom('claims').selectAll().where('claim_no', '=', claimNo)))[0];
}

/** Writes a claim whose quantities are about to be reserved; an existing one stays unchanged. */
export async function insertClaim(query: Query, claim: Omit<ClaimRow, 'status' | 'created_at' | 'driven_at'>): Promise<void> {
  await query(
    build
      .insertInto('claims')
      .values({ ...claim, pickup_nos: json(claim.pickup_nos), shares: json(claim.shares), status: 'reserving' })
      .onConflict((known) => known.doNothing()),
  );
}

/** The row as this execution knows it: its pickup numbers are drawn once, so a claim noted anew under the same claimNo has others. */
const isSame = ({ claim_no, pickup_nos }: ClaimRow) =>
  sql<boolean>`claim_no = ${claim_no} and pickup_nos = ${json(pickup_nos)}::jsonb`;

/** False when the claim is no longer being reserved, or is another by now. */
async function whileReserving(query: Query, claim: ClaimRow, change: RawBuilder<unknown>): Promise<boolean> {
  const changed = await query(sql<Pick<ClaimRow, 'claim_no'>>`
    update claims set ${change} where ${isSame(claim)} and status = 'reserving' returning claim_no`);
  return changed.length > 0;
}

/** Begins to reserve a claim's quantities: for a while the sweep leaves it alone. False when it is no longer being reserved. */
export const driveClaim = (query: Query, claim: ClaimRow) => whileReserving(query, claim, sql`driven_at = now()`);

/** Marks a claim whose quantities are all reserved; false when it is no longer being reserved. */
export const markOpen = (query: Query, claim: ClaimRow) => whileReserving(query, claim, sql`status = 'open'`);

/** Marks a claim that a line refused: its reservations are to be released. False when it is no longer being reserved. */
export const markReleasing = (query: Query, claim: ClaimRow) => whileReserving(query, claim, sql`status = 'releasing'`);

/** Deletes a claim whose reservations are all released: the claimNo is free again. */
export async function deleteReleased(query: Query, claim: ClaimRow): Promise<void> {
  await query(sql`delete from claims where ${isSame(claim)} and status = 'releasing'`);
}

/**
 * Marks as `releasing`, and returns, claims that nobody opens any more: without pickups, their request answered or gone, and no
 * execution begun for `afterMs`. Once it is marked no repeat can open it. Each is due again only after that time.
 */
export const takeLeftClaims = (query: Query, afterMs: number, most: number): Promise<ClaimRow[]> =>
  query(sql<ClaimRow>`
    update claims set status = 'releasing', driven_at = now()
     where claim_no in (select claim_no from claims c
                         where status <> 'open' and driven_at < now() - interval '1 ms' * ${afterMs}
                           and not exists (select from requests r where r.id = c.request_id and r.answered_at is null)
                         order by driven_at limit ${most} for update skip locked)
    returning *`);

/** What a pickup takes of a line: under the number that the order system knows, and of which part where the line has been split. */
export interface AcceptedItem {
  askedLineNo: number;
  lineNo: number;
  quantity: number;
  isSplit: boolean;
}

/** The pickups of an open claim, with the quantities of their lines. */
export const pickupsAsAccepted = (query: Query, claimNo: string) =>
  query(sql<Pick<Row<'pickups'>, 'pickup_no' | 'original_delivery_no'> & { items: AcceptedItem[] }>`
    select p.pickup_no, p.original_delivery_no, (
             select json_agg(json_build_object('askedLineNo', coalesce(l.root_line_no, l.line_no), 'lineNo', i.line_no,
                      'quantity', i.quantity, 'isSplit', l.root_line_no is not null or l.last_split is not null)
                    order by coalesce(l.root_line_no, l.line_no))
               from pickup_items i
               join delivery_lines l on l.delivery_no = p.original_delivery_no and l.line_no = i.line_no
              where i.pickup_no = p.pickup_no) as items
      from pickups p where p.claim_no = ${claimNo} order by p.original_delivery_no`);
