import { deepStrictEqual } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { Client } from '@temporalio/client';
import { sql } from 'kysely';
import pg from 'pg';
import { queryWorkflow } from '../../../commands/workflow-calls.ts';
import type { Db } from '../../../db/database.ts';
import { type DeliveryLineRow, toDeliveryLine } from '../../../db/deliveries/row.ts';
import type { DeliveryLine } from '../../../domain/deliveries/line.ts';
import { deliveryWorkflowId } from '../../../workflows/messages/delivery.ts';
import { STATE_QUERY } from '../../../workflows/messages/names.ts';
import { eventually } from '../stack.ts';
import type { PlacedLine } from './orders.ts';

interface World {
  db: Db;
  temporal: Client;
}

/** The line as PostgreSQL has it. */
export async function rowOf({ db }: Pick<World, 'db'>, { deliveryNo, lineNo }: PlacedLine): Promise<DeliveryLine> {
  const rows = await db.query(
    sql<DeliveryLineRow>`select * from delivery_lines where delivery_no = ${deliveryNo} and line_no = ${lineNo}`,
  );
  if (!rows[0]) throw new Error(`no row ${deliveryNo}/${lineNo}`);
  return toDeliveryLine(rows[0]);
}

/** The line's workflow. */
export const handleOf = ({ temporal }: Pick<World, 'temporal'>, { deliveryNo, lineNo }: PlacedLine) =>
  temporal.workflow.getHandle(deliveryWorkflowId(deliveryNo, lineNo));

/** What this workflow holds, by query; also of a run that has ended. Waits for a worker where there is none yet. */
export const heldBy = <Row>({ temporal }: Pick<World, 'temporal'>, workflowId: string, query = STATE_QUERY): Promise<Row> =>
  eventually(() => queryWorkflow<Row>(temporal, workflowId, query));

/** The line as its workflow has it. */
export const liveOf = (world: Pick<World, 'temporal'>, { deliveryNo, lineNo }: PlacedLine): Promise<DeliveryLine> =>
  heldBy(world, deliveryWorkflowId(deliveryNo, lineNo));

/** Whether the clock that the line's 배송완료 set has run out. */
export async function clockStruck(world: Pick<World, 'temporal'>, line: PlacedLine): Promise<boolean> {
  const events = (await handleOf(world, line).fetchHistory()).events ?? [];
  const [clock] = events.flatMap(({ timerStartedEventAttributes: timer }) => timer?.timerId ?? []);
  return events.some(({ timerFiredEventAttributes: timer }) => timer?.timerId === clock);
}

/** Row = workflow, in every field. */
export async function expectSame(world: World, line: PlacedLine): Promise<void> {
  deepStrictEqual(await rowOf(world, line), await liveOf(world, line));
}

/** The line's history as it counts: without voided rows, oldest first; `by` command, with the code of a refused one. */
export async function historyOf({ db }: Pick<World, 'db'>, { deliveryNo, lineNo }: PlacedLine): Promise<string[]> {
  const rows = await db.query(
    sql<{
      command: string;
      refused: string | null;
    }>`select command, refused from delivery_history where delivery_no = ${deliveryNo} and line_no = ${lineNo} and voided_at is null order by id`,
  );
  return rows.map(({ command, refused }) => (refused === null ? command : `${command}: ${refused}`));
}

/** Who owns this waybill now; null when nobody does. */
export async function waybillOwner({ db }: Pick<World, 'db'>, waybillNo: string): Promise<string | null> {
  const rows = await db.query(
    sql<{ delivery_no: string }>`select delivery_no from waybills where waybill_no = ${waybillNo} and closed_at is null`,
  );
  return rows[0]?.delivery_no ?? null;
}

/** The stored request with this key: answered or not, how often tried. */
export async function requestOf({ db }: Pick<World, 'db'>, key: string) {
  const rows = await db.query(
    sql<{
      status: number | null;
      answer: any;
      attempts: number;
      answered_at: Date | null;
    }>`select status, answer, attempts, answered_at from requests where key = ${key}`,
  );
  return rows[0];
}

/** The same, once it is answered. */
export const answeredRequest = (world: Pick<World, 'db'>, key: string) =>
  eventually(async () => {
    const row = await requestOf(world, key);
    return row?.answered_at && row;
  });

/** As if the time had come: the sweep of whatever API runs takes these requests next. */
export async function sweepNow({ db }: Pick<World, 'db'>, ...keys: string[]): Promise<void> {
  await db.query(sql`update requests set sweep_at = now(), locked_until = null where key = any(${keys})`);
}

/** Locks rows as another transaction would. The answer lets go of them. */
async function hold(databaseUrl: string, statement: string, keys: unknown[][]): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => {});
  await client.connect();
  await client.query('begin');
  for (const key of keys) await client.query(statement, key);
  return () => client.end();
}

/** Holds the rows of these lines, so that `record` waits. */
export const holdRows = (databaseUrl: string, lines: PlacedLine[]) =>
  hold(
    databaseUrl,
    'select 1 from delivery_lines where delivery_no = $1 and line_no = $2 for update',
    lines.map(({ deliveryNo, lineNo }) => [deliveryNo, lineNo]),
  );

/** Under an order's row the next line numbers are given: an exchange's delivery waits to be inserted. */
export const holdOrder = (databaseUrl: string, orderNo: string) =>
  hold(databaseUrl, 'select 1 from orders where order_no = $1 for update', [[orderNo]]);

/** The pickup's row cannot be written, yet a new delivery may refer to it. */
export const holdPickup = (databaseUrl: string, pickupNo: string) =>
  hold(databaseUrl, 'select 1 from pickups where pickup_no = $1 for no key update', [[pickupNo]]);

/**
 * Lets a record of this line sleep in the middle of its transaction until PostgreSQL goes, and no longer: the server that comes back
 * has another start time. A lock would not do, because a stopping server may end its holder first and let the record through.
 */
export async function sleepInRecord({ db }: Pick<World, 'db'>, { deliveryNo, lineNo }: PlacedLine): Promise<() => Promise<void>> {
  const [server] = await db.query(sql<{ started: string }>`select pg_postmaster_start_time()::text as started`);
  await db.query(sql`create function sleep_till_restart() returns trigger language plpgsql as $$
    begin
      if pg_postmaster_start_time() = ${sql.lit(server?.started ?? '')}::timestamptz then perform pg_sleep(600); end if;
      return new;
    end $$`);
  await db.query(sql`create trigger sleep_till_restart before update on delivery_lines for each row
    when (new.delivery_no = ${sql.lit(deliveryNo)} and new.line_no = ${sql.lit(lineNo)}) execute function sleep_till_restart()`);
  return () =>
    eventually(async () => {
      const rows = await db.query(
        sql`select 1 from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`,
      );
      return rows.length === 1;
    }).then(() => {});
}

/** Waits until so many statements of this database wait for a lock: the records that `holdRows` stops. */
export async function recordsWaiting({ db }: Pick<World, 'db'>, count: number): Promise<void> {
  await eventually(async () => {
    const rows = await db.query(
      sql<{
        n: number;
      }>`select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return rows[0]?.n === count;
  });
}

/** How the threads of a process are, as the kernel letters them; elsewhere than on Linux the process as a whole. */
function threadStates(pid: number): string[] {
  if (process.platform !== 'linux') return [execFileSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8' }).trim()];
  return readdirSync(`/proc/${pid}/task`).map((thread) => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2);
  });
}

/** SIGSTOP, and waits until it has happened: on a busy machine threads of the process still answer for a while. */
export async function halt({ pid }: { pid: number }): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  await eventually(async () => threadStates(pid).every((state) => /^t/i.test(state)));
}
