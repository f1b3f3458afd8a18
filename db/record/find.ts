import { build, type Query, type Row } from '../statement.ts';

/** An assembly plan's row, whole. */
export async function findPlanRow(query: Query, assemblyPlanUid: number): Promise<Row<'assembly_plans'> | undefined> {
  const plans = build.selectFrom('assembly_plans').selectAll();
  return (await query(plans.where('assembly_plan_uid', '=', assemblyPlanUid)))[0];
}
