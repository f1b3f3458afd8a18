import { type PlanRow, toPlan } from '../../db/assembly/plan-row.ts';
import { rewritePlan } from '../../db/record/assembly-plan.ts';
import type { AssemblyPlan } from '../../domain/assembly.ts';
import { planWorkflowId } from '../../workflows/messages/assembly-plan.ts';
import type { Rebuildable } from './rows.ts';

const PAGE = 500;

interface PlanKey {
  assembly_plan_uid: number;
}

/** Assembly plans by uid; a repair moves their stock too. A deleted row cannot come back: its day and comment stand nowhere else. */
export const rebuildablePlans = (restart: (plan: AssemblyPlan) => Promise<void>): Rebuildable<PlanKey, AssemblyPlan> => ({
  page: (query, after) =>
    query<PlanKey>(
      'select assembly_plan_uid from assembly_plans where assembly_plan_uid > $1 order by assembly_plan_uid limit $2',
      [after?.assembly_plan_uid ?? 0, PAGE],
    ),
  name: ({ assembly_plan_uid }) => `plan ${assembly_plan_uid}`,
  workflowId: ({ assembly_plan_uid }) => planWorkflowId(assembly_plan_uid),
  shown: async (query, { assembly_plan_uid }) => {
    const rows = await query<PlanRow>('select * from assembly_plans where assembly_plan_uid = $1', [assembly_plan_uid]);
    return rows[0] && { row: toPlan(rows[0]), started: rows[0].started_at !== null };
  },
  recorded: async (query, { assembly_plan_uid }) => {
    const rows = await query<{ snapshot: AssemblyPlan }>(
      `select snapshot from assembly_plan_history where assembly_plan_uid = $1 and voided_at is null and snapshot is not null
        order by revision desc limit 1`,
      [assembly_plan_uid],
    );
    return rows[0]?.snapshot;
  },
  write: async (query, { assembly_plan_uid }, plan) => {
    await query(
      'update assembly_plan_history set voided_at = now() where assembly_plan_uid = $1 and revision > $2 and voided_at is null',
      [assembly_plan_uid, plan.revision],
    );
    await rewritePlan(query, plan);
  },
  restart,
});
