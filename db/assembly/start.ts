import { sql } from 'kysely';
import { build, type Query } from '../statement.ts';

/** Plans not marked as started this many ms after they were written, oldest first. */
export const plansNotStarted = (query: Query, afterMs: number, most: number) =>
  query(
    build
      .selectFrom('assembly_plans')
      .selectAll()
      .where('started_at', 'is', null)
      .where('created_at', '<', sql<Date>`now() - interval '1 ms' * ${afterMs}`)
      .orderBy('created_at')
      .limit(most),
  );

/** Marks plans as started. */
export async function markPlansStarted(query: Query, plans: { assembly_plan_uid: number }[]): Promise<void> {
  const uids = plans.map((plan) => plan.assembly_plan_uid);
  await query(sql`update assembly_plans set started_at = now() where assembly_plan_uid = any(${uids}) and started_at is null`);
}
