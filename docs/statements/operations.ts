import { findAccesses, lastRuns, runsOf } from '../../db/operations/list.ts';
import type { Example } from './example.ts';

export const operationsExamples: readonly Example[] = [
  {
    of: 'db/operations/list.ts lastRuns',
    what: 'the newest run of each batch',
    run: (query) => lastRuns(query, ['waybill-registration', 'auto-complete']),
    indexes: ['batch_runs_page'],
  },
  {
    of: 'db/operations/list.ts runsOf',
    what: 'the runs of a batch, a further page',
    run: (query) => runsOf(query, 'auto-complete', { limit: 50, cursor: '120' }),
    indexes: ['batch_runs_page'],
  },
  {
    of: 'db/operations/list.ts findAccesses',
    what: 'a further page',
    run: (query) => findAccesses(query, { cursor: '1200' }, 51),
    indexes: ['personal_data_accesses_pkey'],
  },
  {
    of: 'db/operations/list.ts findAccesses',
    what: 'who saw a delivery, alone or in an export',
    run: (query) => findAccesses(query, { subject: 'D261123000001' }, 51),
    indexes: ['personal_data_accesses'],
  },
];
