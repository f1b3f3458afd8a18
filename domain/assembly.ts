import { type Actor, type CommandInput, type Decision, decide, type Machine } from './machine.ts';

/** The states of an assembly plan (상품가공 계획). */
export const planStates = {
  planned: '가공예정',
  inProgress: '가공중',
  completed: '가공완료',
  canceled: '가공취소',
} as const;
export type PlanState = keyof typeof planStates;

/** The wire's `plan_status`. */
export const planStatus = { planned: 1, inProgress: 2, completed: 3, canceled: 4 } as const satisfies Record<PlanState, number>;

export type PlanCommand = 'start' | 'complete' | 'cancel' | 'mark-overdue';

/** One assembly plan. Numbers and codes only, because it travels through Temporal. Instants are ISO strings. */
export interface AssemblyPlan {
  assemblyPlanUid: number;
  assemblyProductUid: number;
  /** The finished product, as a shipping product. */
  shippingProductId: number;
  planQuantity: number;
  /** null until completed; if less than planned, the rest was not made. */
  completedQuantity: number | null;
  state: PlanState;
  revision: number;
  /** After this instant the plan is late. */
  dueAt: string;
  overdueAt: string | null;
  finishedAt: string | null;
}

/** What a command's caller learns about the plan. */
export const planOutcome = ({ state, revision, completedQuantity }: AssemblyPlan) => ({ state, revision, completedQuantity });

export interface PlanInput extends CommandInput {
  completedQuantity?: number | undefined;
}

export type PlanCode = 'PLAN_FINISHED' | 'PLAN_QUANTITY_EXCEEDED';

const within = (quantity: number, most: number) => Number.isInteger(quantity) && quantity >= 1 && quantity <= most;

/** The rules of the assembly plan. What each step does to stock is in db/record/plan-stock.ts. */
export const planMachine: Machine<PlanState, PlanCommand, AssemblyPlan, PlanInput, PlanCode> = {
  states: planStates,
  finishedCode: 'PLAN_FINISHED',
  commands: {
    start: {
      name: '가공시작',
      from: { planned: 'inProgress' },
      who: ['admin'],
      permission: 'assembly.write',
    },
    complete: {
      name: '가공완료',
      from: { inProgress: 'completed' },
      who: ['admin'],
      permission: 'assembly.write',
      judge: ({ planQuantity }, { completedQuantity = planQuantity }) =>
        within(completedQuantity, planQuantity) ? null : 'PLAN_QUANTITY_EXCEEDED',
      change: ({ planQuantity }, { completedQuantity = planQuantity }, at) => ({ completedQuantity, finishedAt: at }),
    },
    cancel: {
      name: '가공취소',
      from: { planned: 'canceled', inProgress: 'canceled' },
      who: ['admin'],
      permission: 'assembly.write',
      change: (_plan, _input, at) => ({ finishedAt: at }),
    },
    'mark-overdue': {
      name: '기한경과',
      from: { planned: 'planned', inProgress: 'inProgress' },
      who: ['machine'],
      change: (plan, _input, at) => (plan.overdueAt === null ? { overdueAt: at } : null),
    },
  },
};

/** Judges a command on a plan: returns the changed plan, or the code that refuses it. Pure; `at` is the instant of the change. */
export function decidePlan(
  plan: AssemblyPlan,
  command: PlanCommand,
  input: PlanInput & { actor: Actor },
  at: string,
): Decision<AssemblyPlan, PlanCode> {
  return decide(planMachine, plan, command, input, at);
}

export function isPlanCommand(text: string): text is PlanCommand {
  return Object.hasOwn(planMachine.commands, text);
}

/** A plan is late once its day (YYYY-MM-DD, in Seoul) is over. */
export function dueAtOf(planDate: string): string {
  return new Date(Date.parse(`${planDate}T00:00:00+09:00`) + 86_400_000).toISOString();
}

/** When the clock marks this plan as late; null if it is marked already or cannot become late. */
export const overdueAfter = (plan: AssemblyPlan): string | null =>
  plan.overdueAt === null && plan.finishedAt === null ? plan.dueAt : null;

/** How the histories of lines name the plan that ended their stockout. */
export const planName = (assemblyPlanUid: number): string => `assembly plan ${assemblyPlanUid}`;

/** Why a stock changed: the kinds of rows in the ledger. `un…` reverses what a repaired or undone step had done. */
export const stockMoves = {
  set: '재고조정',
  ship: '출고',
  unship: '출고취소',
  restock: '반품재입고',
  unrestock: '반품재입고취소',
  consume: '가공재료사용',
  unconsume: '가공재료사용취소',
  produce: '가공품입고',
  unproduce: '가공품입고취소',
} as const;
export type StockMove = keyof typeof stockMoves;
