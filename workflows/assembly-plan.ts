import { allHandlersFinished, condition, continueAsNew, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import {
  type AssemblyPlan,
  decidePlan,
  isPlanCommand,
  overdueAfter,
  type PlanCommand,
  planMachine,
  planOutcome,
  planStates,
} from '../domain/assembly.ts';
import { createLife, recordPolicy } from './entity.ts';
import type { PlanMessage, PlanOutcome, PlanStart } from './messages/assembly-plan.ts';
import { isCrowded, untilFinished } from './until-finished.ts';

const { recordPlan } = proxyLocalActivities<Activities>(recordPolicy);
/** Idempotent by plan and line, and retried until it succeeds. */
const { clearStockouts } = proxyActivities<Activities>({
  startToCloseTimeout: '60s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s' },
});

const updates = (Object.keys(planMachine.commands) as PlanCommand[]).filter((command) => command !== 'mark-overdue');

/** `complete` answers once the waiting lines are released too, or after this time at the latest; the rest is released later. */
const CLEARED_WITHIN = '3s';

/**
 * One assembly plan (상품가공 계획): its commands, the timer that marks it late, and, after it has added stock, clearing the
 * stockouts that waited for it.
 */
export async function assemblyPlan(start: PlanStart): Promise<void> {
  const { continueAsNewAfter } = start.settings;
  let cleared = false;
  const life = createLife<AssemblyPlan, PlanCommand, PlanMessage, PlanOutcome>({
    row: start.plan,
    carried: start,
    updates,
    isCommand: isPlanCommand,
    decide: decidePlan,
    record: async ({ row, from, command, message: { requestId, actor, by }, at, refused }) => {
      const { plan, ...result } = await recordPlan({ plan: row, from, command, requestId, actor, by, at, refused });
      return { row: plan, ...result };
    },
    after: async (command) => {
      if (command === 'complete') await condition(() => cleared, CLEARED_WITHIN);
    },
    outcomeOf: planOutcome,
    describe: ({ state, planQuantity, completedQuantity, dueAt, overdueAt }) => {
      const made = completedQuantity === null ? '' : ` · 완성 ${completedQuantity}`;
      return `**${planStates[state]}** · 계획 ${planQuantity}${made} · 기한 ${dueAt}${overdueAt === null ? '' : ' (지남)'}`;
    },
  });

  const { assemblyPlanUid, shippingProductId } = start.plan;
  const crowded = () => isCrowded(continueAsNewAfter);
  const goOn = (after: PlanStart['after']) =>
    continueAsNew<typeof assemblyPlan>({ ...start, plan: life.row, after, ...life.carried() });
  const markOverdue = () => life.submit('mark-overdue', { requestId: `overdue-${assemblyPlanUid}`, actor: 'machine' });

  await untilFinished(life, crowded, () => goOn(null), { due: () => overdueAfter(life.row), whenDue: markOverdue });

  let after = start.after ?? null;
  while (life.row.state === 'completed') {
    after = await clearStockouts({ assemblyPlanUid, shippingProductId, after });
    if (after === null) break;
    if (!crowded()) continue;
    await condition(allHandlersFinished);
    await goOn(after);
  }
  cleared = true;
  await condition(allHandlersFinished);
}
