import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { type Activities, createActivities } from '../../../activities/index.ts';
import { type DeliveryLineRow, toDeliveryLine } from '../../../db/deliveries/row.ts';
import { type AssemblyPlan, decidePlan, type PlanCommand, type PlanInput } from '../../../domain/assembly.ts';
import { decideDelivery } from '../../../domain/deliveries/machine.ts';
import { decidePickup } from '../../../domain/pickups/machine.ts';
import type { Pickup } from '../../../domain/pickups/pickup.ts';
import { rebuildablePlans } from '../../../worker/rebuild/plans.ts';
import { rebuildRows } from '../../../worker/rebuild/rows.ts';
import { planWorkflowId } from '../../../workflows/messages/assembly-plan.ts';
import { pickupWorkflowId } from '../../../workflows/messages/pickup.ts';
import { assembly, ledgerOf, planOf, shippingProduct, shownPlan, stockOf, takePlan } from '../../support/scenes/assembly.ts';
import { heldBy } from '../../support/scenes/faults.ts';
import { placeIn, storedRow, take, unique, uniqueWaybill } from '../../support/scenes/orders.ts';
import { openClaim, takePickup } from '../../support/scenes/pickups.ts';
import { keepsAll, type Stack, startStack, trackingFor } from '../../support/stack.ts';

let stack: Stack;
let activities: Activities;
beforeAll(async () => {
  stack = await startStack();
  const { db, log, temporal } = stack.deps;
  activities = createActivities({
    db,
    client: temporal,
    log,
    bulkConcurrency: 1,
    startParts: async () => {},
    tracking: trackingFor(),
    onRepair: () => {},
    onClaimRefused: () => {},
    ...keepsAll,
  });
});
afterAll(() => stack.stop());

const at = new Date().toISOString();
const live = <Row>(workflowId: string) => heldBy<Row>(stack, workflowId);

/** Decides on a plan and records it, as a worker does that dies before its workflow's task is durable. */
async function act(plan: AssemblyPlan, command: PlanCommand, requestId: string, input: PlanInput = {}) {
  const decision = decidePlan(plan, command, { actor: 'admin', ...input }, at);
  if (!decision.ok) throw new Error(decision.code);
  return activities.recordPlan({ plan: decision.next, from: plan.state, command, requestId, actor: 'admin', at });
}

/** A plan for four of a product of two materials (10 of each in stock), one piece of each. */
async function plan(...steps: string[]) {
  const materials = [await shippingProduct(stack, 10), await shippingProduct(stack, 10)] as const;
  const made = await assembly(stack, [
    [materials[0], 1],
    [materials[1], 1],
  ]);
  const uid = await planOf(stack, made.uid, 4);
  await takePlan(stack, uid, ...steps);
  const stocks = () => Promise.all([...materials, made.product].map((id) => stockOf(stack, id)));
  return { uid, stocks, materials, product: made.product, held: () => live<AssemblyPlan>(planWorkflowId(uid)) };
}

describe('exactly once, whatever dies in between', () => {
  test('a record run again after a commit nobody saw changes nothing', async () => {
    const { stocks, held, product } = await plan('start');
    const [before, request] = [await held(), unique('R')];
    expect(await act(before, 'complete', request, { completedQuantity: 3 })).toEqual({});
    const first = await stocks();
    expect(await act(before, 'complete', request, { completedQuantity: 3 })).toMatchObject({
      plan: { state: 'completed', completedQuantity: 3 },
    });
    expect(await stocks()).toEqual(first);
    expect(first).toEqual([
      [7, 7],
      [7, 7],
      [3, 3],
    ]);
    expect(await ledgerOf(stack, product)).toHaveLength(1);
  });

  test('a row ahead as completed, the workflow goes another way: all of it is taken back', async () => {
    const { uid, stocks, held, product } = await plan('start');
    await act(await held(), 'complete', unique('R'));
    expect(await stocks()).toEqual([
      [6, 6],
      [6, 6],
      [4, 4],
    ]);
    await stack.temporal.workflow
      .getHandle(planWorkflowId(uid))
      .executeUpdate('cancel', { args: [{ requestId: unique('R'), actor: 'admin' }] });
    expect(await stocks()).toEqual([
      [10, 10],
      [10, 10],
      [0, 0],
    ]);
    expect((await ledgerOf(stack, product)).map(([kind]) => kind)).toEqual(['produce', 'unproduce']);
    expect((await shownPlan(stack, uid)).history.map((row: any) => row.command)).toEqual(['plan', 'start', 'cancel']);
  });

  test('a row ahead as started, then canceled: the reservation is gone', async () => {
    const { uid, stocks, held } = await plan();
    await act(await held(), 'start', unique('R'));
    expect((await stocks())[0]).toEqual([10, 6]);
    await takePlan(stack, uid, 'cancel');
    expect(await stocks()).toEqual([
      [10, 10],
      [10, 10],
      [0, 0],
    ]);
  });

  test('rebuild makes a row, and its stock, what the workflow says', async () => {
    const { uid, stocks, held } = await plan('start');
    await act(await held(), 'complete', unique('R'));
    const printed: string[] = [];
    const options = { db: stack.db, client: stack.temporal, dryRun: false, print: (text: string) => printed.push(text) };
    const kind = rebuildablePlans(() => Promise.reject(new Error('nothing was lost')));
    const only = {
      ...kind,
      page: (query: any, { after }: any) => kind.page(query, { after: after ?? { assembly_plan_uid: uid - 1 } }),
    };
    // A finished row counts as its history says: the completion is voided as an operator would.
    await stack.db.query(
      sql`update assembly_plan_history set voided_at = now() where assembly_plan_uid = ${uid} and revision = 3`,
    );
    await rebuildRows(options, only);
    expect(printed).toEqual([expect.stringMatching(`plan ${uid}: .*state "completed" → "inProgress"`)]);
    expect(await stocks()).toEqual([
      [10, 6],
      [10, 6],
      [0, 0],
    ]);
    await takePlan(stack, uid, 'complete');
    expect(await stocks()).toEqual([
      [6, 6],
      [6, 6],
      [4, 4],
    ]);
  });
});

describe('shipping takes once, and a voided ship gives it back', () => {
  test('a row ahead as shipped whose workflow reports a stockout instead', async () => {
    const id = await shippingProduct(stack, 5);
    const line = await placeIn(stack, 'released', { productId: id, quantity: 2 });
    const held = toDeliveryLine((await storedRow(stack, line)) as unknown as DeliveryLineRow);
    const decision = decideDelivery(held, 'ship', { actor: 'admin', carrierCode: '04', waybillNo: uniqueWaybill() }, at);
    if (!decision.ok) throw new Error(decision.code);
    const entry = { line: decision.next, from: held.state, command: 'ship', requestId: unique('R'), actor: 'admin', at } as const;
    await activities.record(entry);
    await activities.record(entry);
    expect(await stockOf(stack, id)).toEqual([3, 3]);
    await take(stack, line, ['report-stockout']);
    expect(await stockOf(stack, id)).toEqual([5, 5]);
    expect((await ledgerOf(stack, id)).map(([kind]) => kind)).toEqual(['set', 'ship', 'unship']);
  });

  test('a pickup ahead as completed whose workflow refuses it instead: nothing is restocked', async () => {
    const id = await shippingProduct(stack, 5);
    const line = await placeIn(stack, 'delivered', { productId: id, quantity: 2 });
    const pickupNo = await openClaim(stack, 'return', line, 2);
    await takePickup(stack, pickupNo, ['instruct', 'confirm']);
    const held = await live<Pickup>(pickupWorkflowId(pickupNo));
    const decision = decidePickup(held, 'complete', { actor: 'admin' }, at);
    if (!decision.ok) throw new Error(decision.code);
    const entry = {
      pickup: decision.next,
      from: held.state,
      command: 'complete',
      requestId: unique('R'),
      actor: 'admin',
      at,
    } as const;
    await activities.recordPickup(entry);
    await activities.recordPickup(entry);
    expect(await stockOf(stack, id)).toEqual([5, 5]);
    const refuse = { args: [{ requestId: unique('R'), actor: 'admin', hasReason: true }] };
    await stack.temporal.workflow.getHandle(pickupWorkflowId(pickupNo)).executeUpdate('refuse', refuse as never);
    expect(await stockOf(stack, id)).toEqual([3, 3]);
    expect((await ledgerOf(stack, id)).map(([kind]) => kind)).toEqual(['set', 'ship', 'restock', 'unrestock']);
  });
});
