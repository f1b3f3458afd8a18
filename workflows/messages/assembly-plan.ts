import type { AssemblyPlan, PlanInput, PlanState, planOutcome } from '../../domain/assembly.ts';
import type { Asked, Entry, Recorded } from './entry.ts';
import { searchAttributes } from './names.ts';

export const PLAN_WORKFLOW = 'assemblyPlan';
export const planWorkflowId = (assemblyPlanUid: number): string => `plan-${assemblyPlanUid}`;

export interface PlanSettings {
  continueAsNewAfter?: number | undefined;
}

export interface PlanStart {
  plan: AssemblyPlan;
  settings: PlanSettings;
  seen?: [string, PlanOutcome][];
  journey?: string[];
  /** Where to continue clearing stockouts, for a plan that was completed in an earlier run. */
  after?: WaitingPlace | null;
}

export const planStartOptions = (plan: AssemblyPlan, settings: PlanSettings) => ({
  workflowId: planWorkflowId(plan.assemblyPlanUid),
  args: [{ plan, settings }] as [PlanStart],
  staticSummary: `상품가공 계획 ${plan.assemblyPlanUid} · 가공품 ${plan.shippingProductId} · ${plan.planQuantity}개`,
  staticDetails: `가공품 ID ${plan.assemblyProductUid} · 기한 ${plan.dueAt}`,
  attributes: { [searchAttributes.kind]: 'plan' },
});

export interface PlanMessage extends PlanInput, Asked {}

/** Answer to a command. */
export type PlanOutcome = ReturnType<typeof planOutcome>;

/** Input of `recordPlan`. */
export interface PlanEntry extends Entry<PlanState> {
  plan: AssemblyPlan;
}
export interface PlanResult extends Omit<Recorded<AssemblyPlan, PlanOutcome>, 'row'> {
  plan?: AssemblyPlan | undefined;
}

/** A position in the list of lines that wait for a product, oldest order first. */
export interface WaitingPlace {
  orderedAt: string;
  deliveryNo: string;
  lineNo: number;
}
export interface Clearing {
  assemblyPlanUid: number;
  shippingProductId: number;
  after: WaitingPlace | null;
}
