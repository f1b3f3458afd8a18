import { findLineKeys, findPickupKeys, findPlanKeys } from '../../db/record/list.ts';
import type { Example } from './example.ts';

/** The walks of `rebuild` over every row. */
export const recordExamples: readonly Example[] = [
  {
    of: 'db/record/list.ts findLineKeys',
    what: 'the next delivery lines to compare with their workflows',
    run: (query) => findLineKeys(query, { after: { order_no: 'O261123000001', line_no: 2 } }),
    indexes: ['order_lines_pkey'],
  },
  {
    of: 'db/record/list.ts findPickupKeys',
    what: 'the next pickups',
    run: (query) => findPickupKeys(query, { after: { pickup_no: 'P261123000001' } }),
    indexes: ['pickups_pkey'],
  },
  {
    of: 'db/record/list.ts findPlanKeys',
    what: 'the next assembly plans',
    run: (query) => findPlanKeys(query, { after: { assembly_plan_uid: 7 } }),
    indexes: ['assembly_plans_pkey'],
  },
];
