import { describe, expect, test } from '@jest/globals';
import { type AssemblyPlan, decidePlan, dueAtOf, overdueAfter, type PlanCommand, type PlanState } from '../../domain/assembly.ts';
import type { Actor } from '../../domain/machine.ts';

const at = '2026-11-23T00:00:00.000Z';
const plan: AssemblyPlan = {
  assemblyPlanUid: 1,
  assemblyProductUid: 2,
  shippingProductId: 3,
  planQuantity: 5,
  completedQuantity: null,
  state: 'planned',
  revision: 1,
  dueAt: '2026-11-30T15:00:00.000Z',
  overdueAt: null,
  finishedAt: null,
};

/** docs/sources/contract.md#assembly-products, typed once more: state → command → state, or the code that refuses. */
const steps: Record<PlanState, Record<PlanCommand, string>> = {
  planned: { start: 'inProgress', complete: 'TRANSITION_NOT_ALLOWED', cancel: 'canceled', 'mark-overdue': 'planned' },
  inProgress: { start: 'TRANSITION_NOT_ALLOWED', complete: 'completed', cancel: 'canceled', 'mark-overdue': 'inProgress' },
  completed: { start: 'PLAN_FINISHED', complete: 'PLAN_FINISHED', cancel: 'PLAN_FINISHED', 'mark-overdue': 'PLAN_FINISHED' },
  canceled: { start: 'PLAN_FINISHED', complete: 'PLAN_FINISHED', cancel: 'PLAN_FINISHED', 'mark-overdue': 'PLAN_FINISHED' },
};
const cases = Object.entries(steps).flatMap(([state, row]) =>
  Object.entries(row).map(([command, outcome]) => [state as PlanState, command as PlanCommand, outcome] as const),
);

describe('planned → in progress → completed, or canceled', () => {
  test.each(cases)('%s, %s: %s', (state, command, outcome) => {
    const row = { ...plan, state, finishedAt: state === 'completed' || state === 'canceled' ? at : null };
    const decision = decidePlan(row, command, { actor: command === 'mark-overdue' ? 'machine' : 'admin' }, at);
    expect(decision.ok ? decision.next.state : decision.code).toBe(outcome);
  });

  test.each<[number | undefined, number | string]>([
    [undefined, 5],
    [1, 1],
    [5, 5],
    [6, 'PLAN_QUANTITY_EXCEEDED'],
    [0, 'PLAN_QUANTITY_EXCEEDED'],
    [1.5, 'PLAN_QUANTITY_EXCEEDED'],
  ])('completing %p of 5: %p', (completedQuantity, outcome) => {
    const decision = decidePlan({ ...plan, state: 'inProgress' }, 'complete', { actor: 'admin', completedQuantity }, at);
    expect(decision.ok ? decision.next.completedQuantity : decision.code).toBe(outcome);
  });

  test.each<Actor>(['order', 'tracker', 'batch', 'machine'])('%s does not start a plan', (actor) => {
    expect(decidePlan(plan, 'start', { actor }, at)).toEqual({ ok: false, code: 'TRANSITION_NOT_ALLOWED' });
  });
});

describe('overdue', () => {
  test('a plan is late when its day is over in Seoul', () => {
    expect(dueAtOf('2026-11-30')).toBe('2026-11-30T15:00:00.000Z');
  });

  test('it is marked once, and only while it is open', () => {
    expect(overdueAfter(plan)).toBe(plan.dueAt);
    expect(overdueAfter({ ...plan, overdueAt: at })).toBeNull();
    expect(overdueAfter({ ...plan, finishedAt: at })).toBeNull();
    expect(decidePlan({ ...plan, overdueAt: at }, 'mark-overdue', { actor: 'machine' }, at)).toMatchObject({ changed: false });
  });
});
