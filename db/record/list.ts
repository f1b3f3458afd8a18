import { build, type Query, type Row } from '../statement.ts';

const PAGE = 500;

type OrderLine = Pick<Row<'order_lines'>, 'order_no' | 'line_no'>;

/** Keys of all delivery lines in order, from the order lines, so that a deleted row is found too. */
export const findLineKeys = (query: Query, after: OrderLine | undefined) =>
  query(
    build
      .selectFrom('order_lines')
      .select(['order_no', 'line_no', 'delivery_no'])
      .where(({ eb, refTuple, tuple }) =>
        eb(refTuple('order_no', 'line_no'), '>', tuple(after?.order_no ?? '', after?.line_no ?? 0)),
      )
      .orderBy('order_no')
      .orderBy('line_no')
      .limit(PAGE),
  );

/** Keys of all pickups in order. */
export const findPickupKeys = (query: Query, after: Pick<Row<'pickups'>, 'pickup_no'> | undefined) =>
  query(
    build
      .selectFrom('pickups')
      .select('pickup_no')
      .where('pickup_no', '>', after?.pickup_no ?? '')
      .orderBy('pickup_no')
      .limit(PAGE),
  );

/** Keys of all assembly plans in order. */
export const findPlanKeys = (query: Query, after: Pick<Row<'assembly_plans'>, 'assembly_plan_uid'> | undefined) =>
  query(
    build
      .selectFrom('assembly_plans')
      .select('assembly_plan_uid')
      .where('assembly_plan_uid', '>', after?.assembly_plan_uid ?? 0)
      .orderBy('assembly_plan_uid')
      .limit(PAGE),
  );
