/** A scan of a waybill, reported by the tracker; it has an effect only on a line that has this waybill now. */
export interface TrackMessage {
  requestId: string;
  carrierCode: string;
  waybillNo: string;
  level: number;
  /** The name for the history; absent = the tracker. */
  by?: string | undefined;
}

/** The request id of a scan: the row of the journal that it comes from. */
export const scanRequestId = (journalId: number): string => `track-${journalId}`;

/** The journal row of a scan; null for one that was sent by hand. */
export function journalIdOf({ requestId }: TrackMessage): number | null {
  const id = /^track-(\d{1,15})$/.exec(requestId)?.[1];
  return id === undefined ? null : Number(id);
}

/** `track` can also be sent by hand, and a malformed signal must not stop a row's workflow. */
export const isTrackMessage = (sent: unknown): sent is TrackMessage =>
  typeof sent === 'object' &&
  sent !== null &&
  'requestId' in sent &&
  typeof sent.requestId === 'string' &&
  'level' in sent &&
  Number.isInteger(sent.level) &&
  (!('by' in sent) || typeof sent.by === 'string');
