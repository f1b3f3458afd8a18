import type { AssemblyPlan } from '../../domain/assembly.ts';
import type { Row } from '../statement.ts';

export type PlanRow = Row<'assembly_plans'>;

/** The row as a plan for the machine; a workflow starts with it. */
export function toPlan(row: PlanRow): AssemblyPlan {
  return {
    assemblyPlanUid: row.assembly_plan_uid,
    assemblyProductUid: row.assembly_product_uid,
    shippingProductId: row.shipping_product_id,
    planQuantity: row.plan_quantity,
    completedQuantity: row.completed_quantity,
    state: row.state,
    revision: row.revision,
    dueAt: row.due_at.toISOString(),
    overdueAt: row.overdue_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}
