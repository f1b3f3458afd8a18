import { planWorkflowId } from '../../../workflows/messages/assembly-plan.ts';
import { seoulDay } from '../../support/clock.ts';
import { assembly, planOf, shippingProduct, shownPlan, takePlan } from '../../support/scenes/assembly.ts';
import { placeOrder, take } from '../../support/scenes/orders.ts';
import { eventually } from '../../support/stack.ts';
import type { Scenario } from '../world.ts';

const plans =
  (...steps: (string | [string, object])[]): Scenario =>
  async ({ api }) => {
    const { uid } = await assembly(api, [[await shippingProduct(api, 10), 1]]);
    const plan = await planOf(api, uid, 5);
    await takePlan(api, plan, ...steps);
    return planWorkflowId(plan);
  };

/** A plan in each of its states. */
export const planScenarios: Record<string, Scenario> = {
  planned: plans(),
  'in-progress': plans('start'),
  canceled: plans('start', 'cancel'),
  overdue: async ({ api }) => {
    const { uid } = await assembly(api, [[await shippingProduct(api, 10), 1]]);
    const plan = await planOf(api, uid, 5, seoulDay(-30));
    await eventually(async () => (await shownPlan(api, plan)).is_overdue);
    await takePlan(api, plan, 'start');
    return planWorkflowId(plan);
  },
  completed: async ({ api, stack }) => {
    const made = await assembly(api, [[await shippingProduct(api, 10), 1]]);
    const [line] = await placeOrder(api, [{ productId: made.product, quantity: 2 }]);
    if (!line) throw new Error('no line');
    await take(api, line, ['instruct', 'release', 'report-stockout']);
    const plan = await planOf(api, made.uid, 5);
    await takePlan(api, plan, 'start', ['complete', { completed_quantity: 3 }]);
    await stack.temporal.workflow.getHandle(planWorkflowId(plan)).result();
    return planWorkflowId(plan);
  },
};
