import { findPlan } from '../../db/assembly/find.ts';
import { toPlan } from '../../db/assembly/plan-row.ts';
import { rewritePlan } from '../../db/record/assembly-plan.ts';
import { planHistory } from '../../db/record/history.ts';
import { findPlanKeys } from '../../db/record/list.ts';
import type { AssemblyPlan } from '../../domain/assembly.ts';
import { planWorkflowId } from '../../workflows/messages/assembly-plan.ts';
import type { Rebuildable } from './rows.ts';

type PlanKey = Awaited<ReturnType<typeof findPlanKeys>>[number];

/** Assembly plans by uid; a repair moves their stock too. A deleted row cannot be restored: only it has the day and comment. */
export const rebuildablePlans = (restart: (plan: AssemblyPlan) => Promise<void>): Rebuildable<PlanKey, AssemblyPlan> => ({
  page: findPlanKeys,
  name: ({ assembly_plan_uid }) => `plan ${assembly_plan_uid}`,
  workflowId: ({ assembly_plan_uid }) => planWorkflowId(assembly_plan_uid),
  shown: async (query, { assembly_plan_uid }) => {
    const row = await findPlan(query, assembly_plan_uid);
    return row && { row: toPlan(row), started: row.started_at !== null };
  },
  recorded: (query, { assembly_plan_uid }) => planHistory.lastSnapshot(query, [assembly_plan_uid]),
  write: async (query, { assembly_plan_uid }, plan) => {
    await planHistory.voidFrom(query, [assembly_plan_uid], plan.revision + 1, plan);
    await rewritePlan(query, plan);
  },
  restart,
});
