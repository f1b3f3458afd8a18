import { linesNotTaken, linesOfWorkBatch } from '../../db/packing/batch-lines.ts';
import { findWorkBatch, findWorkBatches, lockDoneBatches } from '../../db/packing/list.ts';
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
];
