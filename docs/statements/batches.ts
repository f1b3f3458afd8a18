import { waitingLines } from '../../db/assembly/waiting-lines.ts';
import { pendingRows } from '../../db/bulk-shipments/chunk.ts';
import { linesWithoutParcel, shownDelivered } from '../../db/deliveries/deliver-lines.ts';
import { markOverdue } from '../../db/deliveries/overdue.ts';
import { deleteAccesses } from '../../db/operations/accesses.ts';
import { eraseOrders, lockOrdersWithPeople, lockTheirLines, noteOpenUntil } from '../../db/orders/erase.ts';
import { linesNotStarted, pickupsNotStarted, plansNotStarted } from '../../db/record/start.ts';
import { dropBodies } from '../../db/tracking/bodies.ts';
import { waybillsToAsk } from '../../db/tracking/questions.ts';
import { countOutcomes, failingRegistrations } from '../../db/tracking/registration-counts.ts';
import type { Example } from './example.ts';

const began = '2026-11-23 00:00:00+09';
const settings = { rowAgeSeconds: 60, untrackedAfterDays: 14 };
const orders = ['S20261123-0001', 'S20261123-0002'];
const waiting = { orderedAt: '2026-11-23T00:00:00.000000Z', deliveryNo: 'D261123000001', lineNo: 1 };

/** What workers read page by page, and what the sweep of starts looks for. */
export const batchExamples: readonly Example[] = [
  {
    of: 'db/tracking/questions.ts waybillsToAsk',
    what: 'auto-complete: open waybills, longest unasked first',
    run: (query) => waybillsToAsk(query, { after: ['-infinity', 0], before: began, most: 500, ...settings }),
    indexes: ['waybills_to_ask', 'delivery_lines_waybill'],
  },
  {
    of: 'db/deliveries/deliver-lines.ts linesWithoutParcel',
    what: 'auto-complete: shipped lines of other methods, a further page',
    run: (query) => linesWithoutParcel(query, ['D261123000001', 1], 60, 500),
    indexes: ['delivery_lines_without_parcel'],
  },
  {
    of: 'db/deliveries/deliver-lines.ts shownDelivered',
    what: 'auto-complete: what became of the commands of a page',
    run: (query) => shownDelivered(query, 'batch-1', [{ deliveryNo: 'D261123000001', lineNo: 1 }]),
    indexes: ['delivery_lines_pkey', 'delivery_history_request'],
  },
  {
    of: 'db/tracking/registration-counts.ts countOutcomes',
    what: 'registration: how many waybills of a run came to what',
    run: (query) => countOutcomes(query, 'batch-1'),
    indexes: ['waybill_registrations_run'],
  },
  {
    of: 'db/tracking/registration-counts.ts failingRegistrations',
    what: 'registration: what a run could not register',
    run: (query) => failingRegistrations(query, 'batch-1', 100),
    indexes: ['waybill_registrations_run'],
  },
  {
    of: 'db/tracking/bodies.ts dropBodies',
    what: 'personal data: bodies of callbacks at the end of their term',
    run: (query) => dropBodies(query, 90, 1_000),
    indexes: ['tracking_journal_with_body', 'tracking_journal_pkey'],
  },
  {
    of: 'db/operations/accesses.ts deleteAccesses',
    what: 'personal data: access records at the end of their term',
    run: (query) => deleteAccesses(query, 731, 1_000),
    indexes: ['personal_data_accesses_at', 'personal_data_accesses_pkey'],
  },
  {
    of: 'db/orders/erase.ts lockOrdersWithPeople',
    what: 'personal data: orders that may have ended long enough ago',
    run: (query) => lockOrdersWithPeople(query, 1_826, 100),
    indexes: ['orders_with_people'],
  },
  {
    of: 'db/orders/erase.ts noteOpenUntil',
    what: 'personal data: those that have not',
    run: (query) => noteOpenUntil(query, orders, 1_826),
    indexes: ['orders_pkey', 'order_lines_pkey', 'delivery_lines_order_no_line_no_key', 'pickups_order_no', 'claims_order'],
  },
  {
    of: 'db/orders/erase.ts lockTheirLines',
    what: 'personal data: those whose lines nobody has in hand',
    run: (query) => lockTheirLines(query, orders),
    indexes: ['delivery_lines_order_no_line_no_key'],
  },
  {
    of: 'db/orders/erase.ts eraseOrders',
    what: 'personal data: their people and texts',
    run: (query) => eraseOrders(query, orders, 1_826),
    indexes: [
      'orders_pkey',
      'delivery_lines_order_no_line_no_key',
      'pickups_order_no',
      'pickup_items_pkey',
      'pickup_history_pickup',
      'delivery_history_delivery',
      'tracking_journal_fid_waybill_no_level_scanned_at_place_key',
      'tracking_exceptions_by_delivery',
      'tracking_exceptions_by_pickup',
    ],
  },
  {
    of: 'db/deliveries/overdue.ts markOverdue',
    what: 'dispatch deadline: lines that have not left by their day, marked once',
    run: (query) => markOverdue(query, '2026-11-28', 1_000),
    indexes: ['delivery_lines_not_overdue', 'delivery_lines_pkey'],
  },
  {
    of: 'db/bulk-shipments/chunk.ts pendingRows',
    what: 'bulk shipment: the next rows of a job',
    run: (query) => pendingRows(query, '00000000-0000-0000-0000-000000000001', 400),
    indexes: ['bulk_shipment_rows_pending'],
  },
  {
    of: 'db/assembly/waiting-lines.ts waitingLines',
    what: 'a completed plan: lines that wait for its product, a further page',
    run: (query) => waitingLines(query, 900_020, waiting, 200),
    indexes: ['shipping_products_pkey', 'delivery_lines_waiting', 'delivery_lines_released'],
  },
  {
    of: 'db/record/start.ts linesNotStarted',
    what: 'the sweep: lines without a workflow',
    run: (query) => linesNotStarted(query, 30_000, 200),
    indexes: ['delivery_lines_not_started'],
  },
  {
    of: 'db/record/start.ts pickupsNotStarted',
    what: 'the sweep: pickups without a workflow',
    run: (query) => pickupsNotStarted(query, 30_000, 200),
    indexes: ['pickups_not_started'],
  },
  {
    of: 'db/record/start.ts plansNotStarted',
    what: 'the sweep: plans without a workflow',
    run: (query) => plansNotStarted(query, 30_000, 200),
    indexes: ['assembly_plans_not_started'],
  },
];
