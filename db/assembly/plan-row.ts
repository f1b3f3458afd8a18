import type { AssemblyPlan, PlanState } from '../../domain/assembly.ts';

/** A row of assembly_plans as `select *` gives it. */
export interface PlanRow {
  assembly_plan_uid: number;
  assembly_product_uid: number;
  member_id: number;
  shipping_product_id: number;
  plan_quantity: number;
  completed_quantity: number | null;
  comment: string | null;
  state: PlanState;
  revision: number;
  due_at: Date;
  overdue_at: Date | null;
  started_at: Date | null;
  finished_at: Date | null;
}

/** The row as the machine's plan: what a workflow starts with. */
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
