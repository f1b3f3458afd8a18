import { sql } from 'kysely';
import type { BulkState } from '../../domain/bulk-shipments/bulk-shipment.ts';
import { build, type Query } from '../statement.ts';
import type { BulkShipmentRow } from './row.ts';

/** One job, unless it is still being read. */
export async function findBulk(query: Query, id: string): Promise<BulkShipmentRow | undefined> {
  return (await query(read().where('id', '=', id)))[0];
}

/** The job created by a request. */
export async function bulkOfRequest(query: Query, requestId: string): Promise<BulkShipmentRow | undefined> {
  return (await query(read().where('request_id', '=', requestId)))[0];
}

/** A literal, to match the predicate of the unique index on requests. */
const read = () =>
  build.selectFrom('bulk_shipments').selectAll().where('state', '<>', sql.lit('reading')).$narrowType<{ state: BulkState }>();

/** The bytes of an upload, while they are stored. */
export async function findUpload(query: Query, hash: string): Promise<Uint8Array | undefined> {
  return (await query(build.selectFrom('bulk_uploads').select('content').where('hash', '=', hash)))[0]?.content;
}
