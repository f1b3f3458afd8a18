import { countJobs, findFaults, findJobs, findLeftOut, findRows } from '../../db/bulk-shipments/list.ts';
import type { Example } from './example.ts';

const job = '0b9cbb5e-7a0e-4a7a-9f0e-0d6a3c1d8f11';
const last = { createdAt: '2026-11-23T00:00:00.000Z', id: job };

export const bulkShipmentExamples: readonly Example[] = [
  {
    of: 'db/bulk-shipments/list.ts findJobs',
    what: 'the newest jobs first',
    run: (query) => findJobs(query, { descending: true, limit: 51 }),
    indexes: ['bulk_shipments_listed'],
  },
  {
    of: 'db/bulk-shipments/list.ts findJobs',
    what: 'the oldest jobs first, a further page',
    run: (query) => findJobs(query, { descending: false, limit: 51, after: last }),
    indexes: ['bulk_shipments_listed'],
  },
  {
    of: 'db/bulk-shipments/list.ts countJobs',
    what: 'all jobs, counted',
    run: (query) => countJobs(query),
    indexes: ['bulk_shipments_listed'],
  },
  {
    of: 'db/bulk-shipments/list.ts findRows',
    what: "a page of a job's rows",
    run: (query) => findRows(query, job, { after: 1_001, limit: 1_000, onlyFaulty: false }),
    indexes: ['bulk_shipment_rows_pkey'],
  },
  {
    of: 'db/bulk-shipments/list.ts findRows',
    what: 'those to be fixed and uploaded again',
    run: (query) => findRows(query, job, { after: 1_001, limit: 1_000, onlyFaulty: true }),
    indexes: ['bulk_shipment_rows_faulty'],
  },
  {
    of: 'db/bulk-shipments/list.ts findFaults',
    what: 'the first faults of a job',
    run: (query) => findFaults(query, job, 100),
    indexes: ['bulk_shipment_rows_faulty'],
  },
  {
    of: 'db/bulk-shipments/list.ts findLeftOut',
    what: 'the first rows that are no parcels',
    run: (query) => findLeftOut(query, job, 100),
    indexes: ['bulk_shipment_rows_left_out'],
  },
];
