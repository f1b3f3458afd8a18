import type { BulkRowStatus, BulkState } from '../../domain/bulk-shipments/bulk-shipment.ts';
import type { DeliveryState } from '../../domain/deliveries/line.ts';
import type { ProblemCode } from '../../domain/problems.ts';

/** A row of bulk_shipments; `reading` ones are nobody's yet. */
export interface BulkShipmentRecord {
  id: string;
  request_id: string;
  start_request_id: string | null;
  file_name: string;
  by: string;
  state: BulkState;
  titles: string[];
  total: number;
  valid: number;
  invalid: number;
  skipped: number;
  succeeded: number;
  failed: number;
  created_at: Date;
  started_at: Date | null;
  cancel_at: Date | null;
  finished_at: Date | null;
}

/** A row of bulk_shipment_rows that has been judged. */
export interface BulkRowRecord {
  row_no: number;
  delivery_no: string;
  status: BulkRowStatus;
  codes: ProblemCode[];
  states: DeliveryState[];
  failed_line_nos: number[];
  cells: string[];
}
