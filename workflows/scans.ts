import { patched, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { recordPolicy } from './entity.ts';
import { journalIdOf, type TrackMessage } from './messages/track.ts';

const { handBackScan } = proxyLocalActivities<Activities>(recordPolicy);

/** The waybill of a row. */
interface Carrying {
  carrierCode: string | null;
  waybillNo: string | null;
}

/** Whether a scan is of the waybill that the row has now. */
export const isScanOf = (scan: TrackMessage, { carrierCode, waybillNo }: Carrying): boolean =>
  scan.carrierCode === carrierCode && scan.waybillNo === waybillNo;

/**
 * Gives a scan back to the journal that no longer fits when its turn comes (the shipment was undone, the waybill corrected, the pickup
 * withdrawn): it is judged again by what is true now, as a later scan would be, and becomes the exception that one would raise.
 */
export async function handBack(scan: TrackMessage): Promise<void> {
  const journalId = journalIdOf(scan);
  // Earlier code let such a scan fall.
  if (journalId !== null && patched('hand-back-scans')) await handBackScan({ journalId });
}
