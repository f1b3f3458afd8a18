import type { BulkState } from '../../domain/bulk-shipments/bulk-shipment.ts';
import type { Row } from '../statement.ts';

/** A job as people see it: one that is still being read is nobody's yet. */
export type BulkShipmentRow = Omit<Row<'bulk_shipments'>, 'state'> & { state: BulkState };
