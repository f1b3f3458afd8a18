import type { BulkState } from '../../domain/bulk-shipments/bulk-shipment.ts';
import type { Row } from '../statement.ts';

/** A job as users see it; one that is still being read is hidden. */
export type BulkShipmentRow = Omit<Row<'bulk_shipments'>, 'state'> & { state: BulkState };
