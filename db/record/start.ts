import { sql } from 'kysely';
import { named, type Query, type Row } from '../statement.ts';

/** Rows not marked as started this many ms after they were written, oldest first. */
const notStarted = <Table extends 'delivery_lines' | 'pickups' | 'assembly_plans'>(table: Table, afterMs: number, most: number) =>
  sql<Row<Table>>`
    select * from ${sql.table(table)} where started_at is null and created_at < now() - interval '1 ms' * ${afterMs}
     order by created_at limit ${most}`;

/** Lines, pickups and plans whose workflow may not have been started. */
export const linesNotStarted = (query: Query, afterMs: number, most: number) =>
  query(notStarted('delivery_lines', afterMs, most));
export const pickupsNotStarted = (query: Query, afterMs: number, most: number) => query(notStarted('pickups', afterMs, most));
export const plansNotStarted = (query: Query, afterMs: number, most: number) =>
  query(notStarted('assembly_plans', afterMs, most));

/** Marks lines as started. */
export async function markLinesStarted(query: Query, lines: { delivery_no: string; line_no: number }[]): Promise<void> {
  await query(
    named(
      'lines-started',
      // Does not wait for the disk: if a crash of the server loses the mark, the sweep sets it.
      sql`
        update delivery_lines l set started_at = now()
          from unnest(${lines.map((line) => line.delivery_no)}::text[], ${lines.map((line) => line.line_no)}::int[])
                 as s (delivery_no, line_no),
               set_config('synchronous_commit', 'off', true)
         where l.delivery_no = s.delivery_no and l.line_no = s.line_no and l.started_at is null`,
    ),
  );
}

/** Marks pickups as started. */
export async function markPickupsStarted(query: Query, pickups: { pickup_no: string }[]): Promise<void> {
  const pickupNos = pickups.map((pickup) => pickup.pickup_no);
  await query(sql`update pickups set started_at = now() where pickup_no = any(${pickupNos}) and started_at is null`);
}

/** Marks plans as started. */
export async function markPlansStarted(query: Query, plans: { assembly_plan_uid: number }[]): Promise<void> {
  const uids = plans.map((plan) => plan.assembly_plan_uid);
  await query(sql`update assembly_plans set started_at = now() where assembly_plan_uid = any(${uids}) and started_at is null`);
}
