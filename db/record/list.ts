import { build, type Query, type Row } from '../statement.ts';

const PAGE = 500;

/** A page of keys after this one, in order; with `changedSince`, of rows written at or after it. */
interface KeyPage<Key> {
  after: Key | undefined;
  changedSince?: Date | undefined;
}

type OrderLine = Pick<Row<'order_lines'>, 'order_no' | 'line_no'>;

/**
 * Keys of all delivery lines in order, from the order lines, so that a deleted row is found too. With `changedSince` only rows that
 * are there: a deleted one has no time.
 */
export function findLineKeys(query: Query, { after, changedSince }: KeyPage<OrderLine>) {
  const keys = build
    .selectFrom('order_lines as o')
    .select(['o.order_no', 'o.line_no', 'o.delivery_no'])
    .where(({ eb, refTuple, tuple }) =>
      eb(refTuple('o.order_no', 'o.line_no'), '>', tuple(after?.order_no ?? '', after?.line_no ?? 0)),
    )
    .orderBy('o.order_no')
    .orderBy('o.line_no')
    .limit(PAGE);
  if (!changedSince) return query(keys);
  return query(
    keys
      .innerJoin('delivery_lines as l', (on) => on.onRef('l.order_no', '=', 'o.order_no').onRef('l.line_no', '=', 'o.line_no'))
      .where('l.updated_at', '>=', changedSince),
  );
}

/** Keys of all pickups in order. */
export function findPickupKeys(query: Query, { after, changedSince }: KeyPage<Pick<Row<'pickups'>, 'pickup_no'>>) {
  const keys = build
    .selectFrom('pickups')
    .select('pickup_no')
    .where('pickup_no', '>', after?.pickup_no ?? '')
    .orderBy('pickup_no')
    .limit(PAGE);
  return query(changedSince ? keys.where('updated_at', '>=', changedSince) : keys);
}

/** Keys of all assembly plans in order. */
export function findPlanKeys(query: Query, { after, changedSince }: KeyPage<Pick<Row<'assembly_plans'>, 'assembly_plan_uid'>>) {
  const keys = build
    .selectFrom('assembly_plans')
    .select('assembly_plan_uid')
    .where('assembly_plan_uid', '>', after?.assembly_plan_uid ?? 0)
    .orderBy('assembly_plan_uid')
    .limit(PAGE);
  return query(changedSince ? keys.where('updated_at', '>=', changedSince) : keys);
}
