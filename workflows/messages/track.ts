/** What the tracker saw of a waybill; acts only on a line that carries it now. */
export interface TrackMessage {
  requestId: string;
  carrierCode: string;
  waybillNo: string;
  level: number;
  /** Who the history names; absent = the tracker. */
  by?: string | undefined;
}

/** A `track` signal may be sent by hand too, and no signal, however odd, may stop a row's life. */
export const isTrackMessage = (sent: unknown): sent is TrackMessage =>
  typeof sent === 'object' &&
  sent !== null &&
  'requestId' in sent &&
  typeof sent.requestId === 'string' &&
  'level' in sent &&
  Number.isInteger(sent.level) &&
  (!('by' in sent) || typeof sent.by === 'string');
