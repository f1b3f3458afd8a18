import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import pLimit from 'p-limit';
import { rewriteRow } from '../activities/record.ts';
import { type DeliveryLineRow, toDeliveryLine } from '../db/delivery-line.row.ts';
import type { Db, Query } from '../db/orm.ts';
import type { DeliveryLine } from '../domain/delivery.ts';
import { deliveryWorkflowId, STATE_QUERY } from '../workflows/messages.ts';

const PAGE = 500;
const AT_ONCE = 16;
/** A command may be between its workflow and its row: only what still differs after this is a difference. */
const SETTLE_MS = 2_000;
const QUERY_MS = 10_000;

export interface RebuildOptions {
  db: Db;
  client: Client;
  dryRun: boolean;
  print: (text: string) => void;
  /** Starts a line's workflow anew from its last recorded state; its run was lost. */
  restart: (line: DeliveryLine) => Promise<void>;
}

interface Ordered {
  order_no: string;
  line_no: number;
  delivery_no: string;
}

/** What a line should look like, and who says so. */
type Truth =
  | { from: 'workflow' | 'history'; line: DeliveryLine }
  | { from: 'nobody'; why: string; recorded: DeliveryLine | undefined; lost: boolean };

/** Walks all order lines by key; the facts an order brought are not touched, only the projection. */
export async function rebuildLines(options: RebuildOptions) {
  const { db } = options;
  const counts = { examined: 0, repaired: 0, unrepaired: 0 };
  const limit = pLimit(AT_ONCE);
  let after: [string, number] = ['', 0];
  for (;;) {
    const page = await db.query<Ordered>(
      'select order_no, line_no, delivery_no from order_lines where (order_no, line_no) > ($1, $2) order by order_no, line_no limit $3',
      [...after, PAGE],
    );
    await Promise.all(
      page.map((ordered) =>
        limit(async () => {
          counts.examined++;
          const outcome = await rebuildLine(options, ordered);
          if (outcome !== 'same') counts[outcome]++;
        }),
      ),
    );
    const last = page.at(-1);
    if (!last) return counts;
    after = [last.order_no, last.line_no];
  }
}

async function rebuildLine(
  { db, client, dryRun, print, restart }: RebuildOptions,
  key: Ordered,
): Promise<'same' | 'repaired' | 'unrepaired'> {
  const name = `${key.delivery_no}/${key.line_no}`;
  let seen = await look(db, client, key);
  if (same(seen)) return 'same';
  await sleep(SETTLE_MS);
  seen = await look(db, client, key);
  const { truth, row } = seen;
  if (same(seen)) return 'same';
  if (row?.started_at === null) return 'same';
  if (truth.from === 'nobody') {
    const last = truth.recorded ?? (row && toDeliveryLine(row));
    const restarts = truth.lost && last !== undefined;
    print(`${name}: ${truth.why}${restarts ? `: started anew at ${last.state}, revision ${last.revision}` : ''}`);
    if (!restarts) return 'unrepaired';
    if (!dryRun) await restart(last);
    return 'repaired';
  }
  print(`${name}: ${difference(row, truth.line)} (by its ${truth.from})`);
  if (dryRun) return 'repaired';
  await db.transaction(async (query) => {
    if (!row) await insertRow(query, key, truth.line);
    await query(
      'update delivery_history set voided_at = now() where delivery_no = $1 and line_no = $2 and revision > $3 and voided_at is null',
      [key.delivery_no, key.line_no, truth.line.revision],
    );
    await rewriteRow(query, truth.line);
  });
  return 'repaired';
}

interface Seen {
  row: DeliveryLineRow | undefined;
  truth: Truth;
}

const same = ({ row, truth }: Seen) =>
  truth.from !== 'nobody' && row !== undefined && isDeepStrictEqual(toDeliveryLine(row), truth.line);

async function look(db: Db, client: Client, key: Ordered): Promise<Seen> {
  const truth = await truthOf(db, client, key);
  const rows = await db.query<DeliveryLineRow>('select * from delivery_lines where delivery_no = $1 and line_no = $2', [
    key.delivery_no,
    key.line_no,
  ]);
  return { row: rows[0], truth };
}

/** A finished line is what its history says; any other is what its workflow says. */
async function truthOf({ query }: Db, client: Client, { delivery_no, line_no }: Ordered): Promise<Truth> {
  const rows = await query<{ snapshot: DeliveryLine }>(
    `select snapshot from delivery_history where delivery_no = $1 and line_no = $2 and voided_at is null and snapshot is not null
      order by revision desc limit 1`,
    [delivery_no, line_no],
  );
  const recorded = rows[0]?.snapshot;
  if (recorded?.finishedAt) return { from: 'history', line: recorded };
  const nobody = (why: string, lost: boolean): Truth => ({ from: 'nobody', why, recorded, lost });
  const handle = client.workflow.getHandle(deliveryWorkflowId(delivery_no, line_no));
  try {
    const { status } = await client.withDeadline(Date.now() + QUERY_MS, () => handle.describe());
    if (status.name !== 'RUNNING') return nobody(`its workflow has ended as ${status.name}, the line is not finished`, true);
    const line = await client.withDeadline(Date.now() + QUERY_MS, () => handle.query<DeliveryLine>(STATE_QUERY));
    return { from: 'workflow', line };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return nobody('it has no workflow, the line is not finished', true);
    return nobody(`its workflow does not answer: ${error instanceof Error ? error.message : String(error)}`, false);
  }
}

function difference(row: DeliveryLineRow | undefined, line: DeliveryLine): string {
  if (!row) return `row missing, written anew at revision ${line.revision}`;
  const shown = toDeliveryLine(row);
  const fields = (Object.keys(line) as (keyof DeliveryLine)[]).filter((field) => !isDeepStrictEqual(shown[field], line[field]));
  return fields.map((field) => `${field} ${JSON.stringify(shown[field])} → ${JSON.stringify(line[field])}`).join(', ');
}

/** The facts of the order's line and the machine's fields that every row must have; `rewriteRow` fills in the rest. */
async function insertRow(query: Query, { order_no, line_no }: Ordered, line: DeliveryLine): Promise<void> {
  await query(
    `insert into delivery_lines (delivery_no, line_no, order_no, kind, product_id, place_no, method_code, ordered_at, state, revision, quantity, started_at)
     select l.delivery_no, l.line_no, l.order_no, d.kind, l.product_id, l.place_no, l.method_code, d.ordered_at, 'ordered', 1, $3, now()
       from order_lines l join deliveries d on d.delivery_no = l.delivery_no where l.order_no = $1 and l.line_no = $2`,
    [order_no, line_no, line.quantity],
  );
}
