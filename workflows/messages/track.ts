/** A scan of a waybill, reported by the tracker; it has an effect only on a line that has this waybill now. */
export interface TrackMessage {
  requestId: string;
  carrierCode: string;
  waybillNo: string;
  level: number;
  /** The name for the history; absent = the tracker. */
  by?: string | undefined;
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
