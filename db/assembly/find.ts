import { available } from '../record/stock.ts';
import { build, type Query } from '../statement.ts';
import { materialsOf } from './materials.ts';
import type { PlanRow } from './plan-row.ts';

export const findPlan = async (query: Query, uid: number): Promise<PlanRow | undefined> => {
  const [row] = await query(build.selectFrom('assembly_plans').selectAll().where('assembly_plan_uid', '=', uid));
  return row;
};

export type PlanHistoryRow = Awaited<ReturnType<typeof historyOfPlan>>[number];

/** The history of a plan, oldest first. */
export const historyOfPlan = (query: Query, uid: number) =>
  query(
    build
      .selectFrom('assembly_plan_history')
      .select(['at', 'by', 'command', 'to_state', 'refused'])
      .where('assembly_plan_uid', '=', uid)
      .where('voided_at', 'is', null)
      .orderBy('id'),
  );

/** Materials with less available than the plan needs. */
export const shortagesOf = (query: Query, uid: number) =>
  query(
    build
      .selectFrom((eb) =>
        eb
          .selectFrom('assembly_plans as p')
          .innerJoinLateral(materialsOf('p').as('m'), (join) => join.onTrue())
          .innerJoin('shipping_products as n', 'n.shipping_product_id', 'm.shipping_product_id')
          .select(['n.shipping_product_id', 'n.product_name'])
          .select((plan) => plan('m.quantity', '*', plan.ref('p.plan_quantity')).as('required'))
          .select(available('n').as('available'))
          .where('p.assembly_plan_uid', '=', uid)
          .as('needed'),
      )
      .selectAll()
      .whereRef('available', '<', 'required')
      .orderBy('shipping_product_id'),
  );
