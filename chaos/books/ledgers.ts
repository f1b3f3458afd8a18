import { sql } from 'kysely';
import type { Db } from '../../db/database.ts';
import { build, type Query, type Row } from '../../db/statement.ts';

/** One row of a history, of lines and pickups alike. */
export interface HistoryRow {
  /** `D…/1`, or a pickup's number. */
  subject: string;
  id: number;
  at: Date;
  command: string;
  from: string | null;
  to: string;
  /** Null where it was refused. */
  revision: number | null;
  refused: string | null;
  requestId: string;
  snapshot: { revision: number; state: string } | null;
}

/** What PostgreSQL holds when all is settled; the books are about these. */
export interface Ledgers {
  lines: Row<'delivery_lines'>[];
  pickups: Row<'pickups'>[];
  items: Row<'pickup_items'>[];
  /** Without voided rows, oldest first. */
  history: HistoryRow[];
  /** `body` is left out: only its callers know what they meant. */
  requests: (Pick<Row<'requests'>, 'id' | 'key' | 'status' | 'answer' | 'params'> & { storedAt: string })[];
  orders: Pick<Row<'orders'>, 'order_no' | 'receiver_address1'>[];
  deliveries: Pick<Row<'deliveries'>, 'delivery_no' | 'order_no' | 'pickup_no'>[];
  claims: Row<'claims'>[];
  waybills: Pick<Row<'waybills'>, 'id' | 'carrier_code' | 'waybill_no' | 'delivery_no' | 'pickup_no' | 'closed_at'>[];
  journal: Pick<
    Row<'tracking_journal'>,
    'id' | 'fid' | 'waybill_no' | 'level' | 'scanned_at' | 'place' | 'outcome' | 'processed_at' | 'received_at'
  >[];
  events: (Pick<Row<'events'>, 'key' | 'id' | 'type' | 'subject' | 'history_id' | 'corrects'> & { revision: number | null })[];
  products: Row<'shipping_products'>[];
  stock: Row<'stock_ledger'>[];
  bulks: Row<'bulk_shipments'>[];
  bulkRows: Row<'bulk_shipment_rows'>[];
}

export const lineKey = ({ delivery_no, line_no }: { delivery_no: string; line_no: number }) => `${delivery_no}/${line_no}`;

/** Reads all of it as it is at one moment. */
export const readLedgers = (db: Db): Promise<Ledgers> =>
  db.transaction(async (query) => {
    await query(sql`set transaction isolation level repeatable read`);
    return readAll(query);
  });

async function readAll(query: Query): Promise<Ledgers> {
  const lineRows = await query(build.selectFrom('delivery_history').selectAll().where('voided_at', 'is', null).orderBy('id'));
  const pickupRows = await query(build.selectFrom('pickup_history').selectAll().where('voided_at', 'is', null).orderBy('id'));
  const common = (row: (typeof lineRows)[number] | (typeof pickupRows)[number]) => ({
    id: row.id,
    at: row.at,
    command: row.command,
    from: row.from_state,
    to: row.to_state,
    revision: row.revision,
    refused: row.refused,
    requestId: row.request_id,
    snapshot: row.snapshot,
  });
  return {
    lines: await query(build.selectFrom('delivery_lines').selectAll()),
    pickups: await query(build.selectFrom('pickups').selectAll()),
    items: await query(build.selectFrom('pickup_items').selectAll()),
    history: [
      ...lineRows.map((row) => ({ subject: lineKey(row), ...common(row) })),
      ...pickupRows.map((row) => ({ subject: row.pickup_no, ...common(row) })),
    ],
    requests: await query(
      build
        .selectFrom('requests')
        .select(['id', 'key', 'status', 'answer', 'params', sql<string>`created_at::text`.as('storedAt')])
        .orderBy('created_at'),
    ),
    orders: await query(build.selectFrom('orders').select(['order_no', 'receiver_address1'])),
    deliveries: await query(build.selectFrom('deliveries').select(['delivery_no', 'order_no', 'pickup_no'])),
    claims: await query(build.selectFrom('claims').selectAll()),
    waybills: await query(
      build.selectFrom('waybills').select(['id', 'carrier_code', 'waybill_no', 'delivery_no', 'pickup_no', 'closed_at']),
    ),
    journal: await query(
      build
        .selectFrom('tracking_journal')
        .select(['id', 'fid', 'waybill_no', 'level', 'scanned_at', 'place', 'outcome', 'processed_at', 'received_at'])
        .orderBy('id'),
    ),
    events: await query(
      build
        .selectFrom('events')
        .select([
          'key',
          'id',
          'type',
          'subject',
          'history_id',
          'corrects',
          sql<number | null>`(data ->> 'revision')::int`.as('revision'),
        ])
        .orderBy('key'),
    ),
    products: await query(build.selectFrom('shipping_products').selectAll()),
    stock: await query(build.selectFrom('stock_ledger').selectAll().orderBy('id')),
    bulks: await query(build.selectFrom('bulk_shipments').selectAll()),
    bulkRows: await query(build.selectFrom('bulk_shipment_rows').selectAll()),
  };
}

/** How much is still to be done, by what it is; all zero = settled. */
export async function readPending({ query }: Pick<Db, 'query'>): Promise<Record<string, number>> {
  const [row] = await query(sql<Record<string, number>>`select
    (select count(*)::int from requests where answered_at is null) as requests,
    (select count(*)::int from tracking_journal where processed_at is null) as callbacks,
    (select count(*)::int from delivery_lines where started_at is null) as "lines without a workflow",
    (select count(*)::int from pickups where started_at is null) as "pickups without a workflow",
    (select count(*)::int from claims where status <> 'open') as "claims half open",
    (select count(*)::int from bulk_shipments where state = 'running') as "sheets under way",
    (select count(*)::int from requests r where r.status = 202 and r.respond_async and (r.answer->>'accepted')::int >
       (select count(*) from delivery_history h where h.request_id = r.id and h.voided_at is null)) as "commands sent as signals",
    (select count(*)::int from batch_runs where finished_at is null) as "batch runs"`);
  return row ?? {};
}
