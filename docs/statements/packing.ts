import { linesNotTaken, linesOfWorkBatch } from '../../db/packing/batch-lines.ts';
import { findWorkBatch, findWorkBatches, lockDoneBatches } from '../../db/packing/list.ts';
import { deliveryNumbered, linesOfParcel } from '../../db/packing/parcel.ts';
import { prunePrints, pruneVerifications } from '../../db/packing/prune.ts';
import { verificationOf } from '../../db/packing/verifications.ts';
import { linesToPrint, ordersToPrint, printsOf } from '../../db/printing/find.ts';
import type { Example } from './example.ts';

export const packingExamples: readonly Example[] = [
  {
    of: 'db/packing/list.ts findWorkBatches',
    what: 'a further page of batches of work',
    run: (query) => findWorkBatches(query, { cursor: 120 }, 51),
    indexes: ['work_batches_pkey', 'work_batch_lines_pkey', 'delivery_lines_pkey'],
  },
  {
    of: 'db/packing/list.ts findWorkBatches',
    what: 'batches in one state',
    run: (query) => findWorkBatches(query, { state: 'picking' }, 51),
    indexes: ['work_batches_state', 'work_batch_lines_pkey'],
  },
  {
    of: 'db/packing/list.ts findWorkBatches',
    what: 'batches of one person',
    run: (query) => findWorkBatches(query, { owner: 'kim' }, 51),
    indexes: ['work_batches_owner', 'work_batch_lines_pkey'],
  },
  {
    of: 'db/packing/list.ts findWorkBatches',
    what: 'batches of one place',
    run: (query) => findWorkBatches(query, { placeNo: 176042 }, 51),
    indexes: ['work_batches_place', 'work_batch_lines_pkey'],
  },
  {
    of: 'db/packing/list.ts findWorkBatch',
    what: 'one batch',
    run: (query) => findWorkBatch(query, 12),
    indexes: ['work_batches_pkey', 'work_batch_lines_pkey', 'delivery_lines_pkey'],
  },
  {
    of: 'db/packing/list.ts lockDoneBatches',
    what: 'open batches without a line that is still to be shipped',
    run: (query) => lockDoneBatches(query, 16),
    indexes: ['work_batches_open', 'work_batch_lines_pkey', 'delivery_lines_pkey'],
  },
  {
    of: 'db/packing/batch-lines.ts linesOfWorkBatch',
    what: 'the lines of a batch',
    run: (query) => linesOfWorkBatch(query, 12),
    indexes: ['work_batch_lines_pkey', 'delivery_lines_pkey', 'order_lines_pkey'],
  },
  {
    of: 'db/packing/batch-lines.ts linesNotTaken',
    what: 'why lines are in no new batch',
    run: (query) => linesNotTaken(query, [{ deliveryNo: 'D261123000001', lineNo: 1 }]),
    indexes: ['delivery_lines_pkey', 'work_batch_lines_open'],
  },
  {
    of: 'db/packing/parcel.ts deliveryNumbered',
    what: 'the delivery whose number is scanned',
    run: (query) => deliveryNumbered(query, 'D261123000001'),
    indexes: ['deliveries_delivery_no_key'],
  },
  {
    of: 'db/packing/parcel.ts linesOfParcel',
    what: 'the lines of a delivery that is verified',
    run: (query) => linesOfParcel(query, { by: 'delivery', number: 'D261123000001' }, 7),
    indexes: ['delivery_lines_pkey', 'verification_scans_pkey', 'delivery_history_delivery', 'shipping_products_pkey'],
  },
  {
    of: 'db/packing/parcel.ts linesOfParcel',
    what: 'the lines under a waybill that is verified',
    run: (query) => linesOfParcel(query, { by: 'waybill', number: '681234567890' }, null),
    indexes: ['delivery_lines_waybill', 'delivery_history_delivery'],
  },
  {
    of: 'db/packing/verifications.ts verificationOf',
    what: 'what a person is verifying',
    run: (query) => verificationOf(query, 'kim'),
    indexes: ['verifications_owner'],
  },
  {
    of: 'db/packing/prune.ts pruneVerifications',
    what: 'verifications that are over, page by page',
    run: (query) => pruneVerifications(query, '30 days', 0, 1_000),
    indexes: ['verifications_pkey', 'verification_scans_pkey'],
  },
];

export const printingExamples: readonly Example[] = [
  {
    of: 'db/printing/find.ts linesToPrint',
    what: 'a delivery with all its lines, and one line of another',
    run: (query) =>
      linesToPrint(
        query,
        [
          { deliveryNo: 'D261123000001', lineNo: null },
          { deliveryNo: 'D261123000002', lineNo: 1 },
        ],
        5_001,
      ),
    indexes: ['delivery_lines_pkey', 'order_lines_pkey'],
  },
  {
    of: 'db/printing/find.ts ordersToPrint',
    what: 'the orders of what is printed',
    run: (query) => ordersToPrint(query, ['S20261123-0001', 'S20261123-0002']),
    indexes: ['orders_pkey'],
  },
  {
    of: 'db/printing/find.ts printsOf',
    what: 'what was printed of a delivery',
    run: (query) => printsOf(query, 'D261123000001', 50),
    indexes: ['prints_delivery'],
  },
  {
    of: 'db/packing/prune.ts prunePrints',
    what: 'prints of finished deliveries, page by page',
    run: (query) => prunePrints(query, '30 days', 0, 1_000),
    indexes: ['prints_pkey'],
  },
];
