import { linesOfParcel } from '../../db/packing/parcel.ts';
import {
  completeVerification,
  lockLines,
  lockVerification,
  parcelOf,
  type VerificationRow,
} from '../../db/packing/verifications.ts';
import type { Query } from '../../db/statement.ts';
import { isComplete, isPacked } from '../../domain/packing/verification.ts';
import { parcelLine, shownVerification } from './verification-rows.ts';

/** The parcel of a verification as it is now, with what was scanned of it. */
async function readParcel(query: Query, verification: VerificationRow) {
  const parcel = parcelOf(verification);
  const rows = await linesOfParcel(query, parcel, verification.verification_id);
  const lines = rows.map(parcelLine);
  return { parcel, rows, lines, isComplete: isComplete(lines, parcel.by) };
}

/** Completes an open verification if all is scanned, and answers its picture. */
export async function settled(query: Query, verification: VerificationRow, by: string) {
  const seen = await readParcel(query, verification);
  if (verification.completed_at !== null || !seen.isComplete)
    return shownVerification(query, seen.parcel, seen.rows, verification);
  // Once more, now that nobody can cancel anything of it: what was canceled while the last product was scanned is still in the box.
  await lockLines(query, seen.lines);
  const { parcel, rows, lines, isComplete } = await readParcel(query, verification);
  if (!isComplete) return shownVerification(query, parcel, rows, verification);
  const { verification_id: verificationId } = verification;
  const packed = lines.filter((line) => isPacked(line, parcel.by));
  await completeVerification(query, { verificationId, by, closes: parcel.by === 'waybill' }, packed);
  return shownVerification(query, parcel, rows, (await lockVerification(query, verificationId)) ?? verification);
}

/** Whether its parcel was complete, could not be shipped, and is now another: something was canceled, or has joined it. */
export const isOutdated = async (query: Query, verification: VerificationRow): Promise<boolean> =>
  verification.completed_at !== null && !(await readParcel(query, verification)).isComplete;
