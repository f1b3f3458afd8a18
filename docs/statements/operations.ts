import { namesOf } from '../../db/operations/callers.ts';
import { countDue, performanceOf } from '../../db/operations/dispatch.ts';
import { findAccesses, lastRuns, runsOf } from '../../db/operations/list.ts';
import { countLinesByState, countPickupsByState, movedByHour } from '../../db/operations/summary.ts';
import { lineHistoryOfOrder, pickupHistoryOfOrder, scansOfOrder } from '../../db/orders/timeline.ts';
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
  {
    of: 'db/operations/callers.ts namesOf',
    what: 'the names of a page of history',
    run: (query) => namesOf(query, ['kim', 'lee']),
    indexes: ['caller_names_pkey'],
  },
  {
    of: 'db/operations/summary.ts countLinesByState',
    what: 'what waits in each state, since when, and since before today',
    run: (query) => countLinesByState(query, 100_000),
    indexes: [
      'delivery_lines_state_ordered',
      'delivery_lines_now_instructed',
      'delivery_lines_now_released',
      'delivery_lines_now_awaiting_shipment',
      'delivery_lines_now_shipped',
    ],
  },
  {
    of: 'db/operations/summary.ts countPickupsByState',
    what: 'the same of pickups',
    run: (query) => countPickupsByState(query, 100_000),
    indexes: ['pickups_state', 'pickups_now_instructed', 'pickups_now_confirmed'],
  },
  {
    of: 'db/operations/summary.ts movedByHour',
    what: 'yesterday and today by the hour',
    run: (query) => movedByHour(query, 100_000),
    indexes: [
      'Index Only Scan using delivery_lines_ordered',
      'Index Only Scan using delivery_lines_instructed_at',
      'Index Only Scan using delivery_lines_shipped_at',
      'Index Only Scan using delivery_lines_delivered_at',
    ],
  },
  {
    of: 'db/operations/dispatch.ts countDue',
    what: 'what must leave, by place',
    run: (query) => countDue(query, '2026-11-28', 100_000),
    indexes: ['Index Only Scan using delivery_lines_now_due', 'delivery_lines_delayed'],
  },
  {
    of: 'db/operations/dispatch.ts performanceOf',
    what: 'a month of one place',
    run: (query) => performanceOf(query, { from: '2026-11-01', to: '2026-11-30', placeNo: 176042 }, '2026-11-28'),
    indexes: ['Index Only Scan using delivery_lines_due'],
  },
  {
    of: 'db/orders/timeline.ts lineHistoryOfOrder',
    what: 'the history of all lines of an order',
    run: (query) => lineHistoryOfOrder(query, 'S20261123-0001', 1_001),
    indexes: ['deliveries_order_no', 'delivery_history_delivery'],
  },
  {
    of: 'db/orders/timeline.ts pickupHistoryOfOrder',
    what: 'the history of all pickups of an order',
    run: (query) => pickupHistoryOfOrder(query, 'S20261123-0001', 1_001),
    indexes: ['pickups_order_no', 'pickup_history_pickup'],
  },
  {
    of: 'db/orders/timeline.ts scansOfOrder',
    what: 'the scans of an order’s parcels',
    run: (query) => scansOfOrder(query, 'S20261123-0001', 1_001),
    indexes: ['deliveries_order_no', 'pickups_order_no', 'delivery_lines_order_no_line_no_key', 'tracking_journal_waybill'],
  },
];
