import { sql } from 'kysely';
import { named, type Query, type Row } from '../statement.ts';

/** The content of a callback, parsed; instants are ISO strings. */
export interface Scan {
  fid: string;
  waybillNo: string;
  level: number;
  scannedAt: string;
  place: string;
  details: string | null;
  carrierCode: string | null;
}

/** A scan with the original body of its callback. */
export interface Callback {
  scan: Scan;
  fields: Record<string, string>;
}

type Key = Pick<Row<'tracking_journal'>, 'fid' | 'waybill_no' | 'level' | 'scanned_at' | 'place'>;

/** Stores callbacks in the journal, each scan once, and returns for each whether it was new; of two equal ones the first is. */
export async function storeCallbacks(query: Query, callbacks: Callback[]): Promise<boolean[]> {
  const scans = callbacks.map(({ scan }) => scan);
  const insert = sql<Key>`
    insert into tracking_journal (fid, waybill_no, level, scanned_at, place, details, carrier_code, body)
    select * from unnest(
      ${scans.map(({ fid }) => fid)}::text[], ${scans.map(({ waybillNo }) => waybillNo)}::text[],
      ${scans.map(({ level }) => level)}::integer[], ${scans.map(({ scannedAt }) => scannedAt)}::timestamptz[],
      ${scans.map(({ place }) => place)}::text[], ${scans.map(({ details }) => details)}::text[],
      ${scans.map(({ carrierCode }) => carrierCode)}::text[], ${callbacks.map(({ fields }) => JSON.stringify(fields))}::jsonb[])
    on conflict do nothing returning fid, waybill_no, level, scanned_at, place`;
  const inserted = await query(named('callback-insert', insert));
  const keyOf = (fid: string, waybillNo: string, level: number, at: number, place: string) =>
    JSON.stringify([fid, waybillNo, level, at, place]);
  const fresh = new Set(inserted.map((row) => keyOf(row.fid, row.waybill_no, row.level, row.scanned_at.getTime(), row.place)));
  return scans.map(({ fid, waybillNo, level, scannedAt, place }) =>
    fresh.delete(keyOf(fid, waybillNo, level, Date.parse(scannedAt), place)),
  );
}
