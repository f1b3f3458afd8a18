import { sql } from 'kysely';
import type { LineKey } from '../../domain/deliveries/line.ts';
import { type ScanCode, VERIFY } from '../../domain/packing/verification.ts';
import { noted } from '../events/noted.ts';
import { build, instant, type Query, type Row } from '../statement.ts';
import type { Parcel } from './parcel.ts';

export type VerificationRow = Row<'verifications'>;

const columnOf = ({ by }: Parcel) => (by === 'delivery' ? 'delivery_no' : 'waybill_no');

/** The parcel of a verification. */
export const parcelOf = ({ delivery_no, waybill_no }: VerificationRow): Parcel =>
  delivery_no === null ? { by: 'waybill', number: waybill_no ?? '' } : { by: 'delivery', number: delivery_no };

/** The open verification of a parcel, locked; it is opened where there is none: of two who do so at once, the second gets the first's. */
export async function openVerification(
  query: Query,
  parcel: Parcel,
  { by, askedAt }: { by: string; askedAt: string },
): Promise<VerificationRow> {
  for (;;) {
    await query(
      build
        .insertInto('verifications')
        .values({ [columnOf(parcel)]: parcel.number, owner: by, owner_asked_at: instant(askedAt) })
        .onConflict((on) => on.doNothing()),
    );
    const [row] = await query(
      build
        .selectFrom('verifications')
        .selectAll()
        .where(columnOf(parcel), '=', parcel.number)
        .where('closed_at', 'is', null)
        .forUpdate(),
    );
    // None: the one that was in the way of ours has been closed since.
    if (row) return row;
  }
}

/** A verification, locked until the end of the transaction. */
export async function lockVerification(query: Query, verificationId: number): Promise<VerificationRow | undefined> {
  const one = build.selectFrom('verifications').selectAll().where('verification_id', '=', verificationId).forUpdate();
  return (await query(one))[0];
}

/** The one that a person works on: the last that was opened and is not closed. */
export async function verificationOf(query: Query, owner: string): Promise<VerificationRow | undefined> {
  const [row] = await query(
    build
      .selectFrom('verifications')
      .selectAll()
      .where('owner', '=', owner)
      .where('closed_at', 'is', null)
      .orderBy('verification_id', 'desc')
      .limit(1),
  );
  return row;
}

/** Gives an open verification to another; false = a later request has. */
export async function giveVerification(query: Query, id: number, owner: string, askedAt: string): Promise<boolean> {
  const given = await query(
    build
      .updateTable('verifications')
      .set({ owner, owner_asked_at: instant(askedAt) })
      .where('verification_id', '=', id)
      .where('owner_asked_at', '<=', instant(askedAt))
      .returning('verification_id'),
  );
  return given.length > 0;
}

/** What became of a scan before: null = it counted, undefined = it is new. */
export async function scanOutcome(query: Query, id: number, scanId: string): Promise<string | null | undefined> {
  const [known] = await query(
    build.selectFrom('verification_scans').select('refused').where('verification_id', '=', id).where('scan_id', '=', scanId),
  );
  return known?.refused;
}

/** Keeps a scan: the line it counts for, or why it was refused. */
export const keepScan = (
  query: Query,
  { verificationId, scanId, by, barcode }: { verificationId: number; scanId: string; by: string; barcode: string },
  outcome: LineKey | ScanCode,
) =>
  query(
    build.insertInto('verification_scans').values({
      ...{ verification_id: verificationId, scan_id: scanId, by, barcode },
      ...(typeof outcome === 'string' ? { refused: outcome } : { delivery_no: outcome.deliveryNo, line_no: outcome.lineNo }),
    }),
  );

/** Locks these lines until the end of the transaction: nothing of them is canceled, held or shipped meanwhile. */
export const lockLines = (query: Query, lines: readonly LineKey[]) =>
  query(sql`
    select from unnest(${lines.map(({ deliveryNo }) => deliveryNo)}::text[], ${lines.map(({ lineNo }) => lineNo)}::int[])
             k (delivery_no, line_no) join delivery_lines l using (delivery_no, line_no)
     order by l.delivery_no, l.line_no for update of l`);

/**
 * Completes a verification, and notes it in the history of each line, which is locked, as whoever writes a history holds its row; its
 * revision stays, because it does not change. With `closes` nothing is left to do with the parcel.
 */
export async function completeVerification(
  query: Query,
  { verificationId, by, closes }: { verificationId: number; by: string; closes: boolean },
  lines: readonly LineKey[],
): Promise<void> {
  await query(sql`
    with l as (
      select l.* from unnest(${lines.map(({ deliveryNo }) => deliveryNo)}::text[], ${lines.map(({ lineNo }) => lineNo)}::int[])
             k (delivery_no, line_no) join delivery_lines l using (delivery_no, line_no)
       order by l.delivery_no, l.line_no),
    ${noted(
      'delivery_history',
      [sql`l.delivery_no`, sql`l.line_no`],
      {
        ...{ at: sql`now()`, by: sql`${by}`, command: sql`${VERIFY}`, from: sql`l.state`, to: sql`l.state` },
        ...{ requestId: sql`${`${VERIFY}-${verificationId}`}`, type: sql`null`, data: sql`null` },
      },
      sql`from l`,
    )}
    select count(*) from noted`);
  await query(sql`
    update verifications set completed_at = now(), closed_at = ${closes ? sql`now()` : sql`closed_at`}
     where verification_id = ${verificationId}`);
}

/** Nobody works on it any more. */
export const closeVerification = (query: Query, verificationId: number) =>
  query(sql`update verifications set closed_at = coalesce(closed_at, now()) where verification_id = ${verificationId}`);
