import { sql } from 'kysely';
import { jsonArrayFrom } from 'kysely/helpers/postgres';
import type { PlanState } from '../../domain/assembly.ts';
import { isWaiting } from '../deliveries/line.ts';
import { countOf } from '../lists.ts';
import { available } from '../record/stock.ts';
import { build, type Query, type Row } from '../statement.ts';
import { type AssemblyFilter, assemblies, type PlanFilter, type ProductFilter, plans, products } from './filter.ts';
import { materialsOf } from './materials.ts';

export type ListedProduct = Awaited<ReturnType<typeof findProducts>>[number];

/** A page of shipping products by id; the available quantity is computed only for the page's rows. */
export const findProducts = (query: Query, filter: ProductFilter, offset: number, limit: number) => {
  const page = products(filter).selectAll().orderBy('shipping_product_id').limit(limit).offset(offset);
  return query(
    build
      .selectFrom(page.as('p'))
      .select(['p.shipping_product_id', 'p.member_id', 'p.product_name', 'p.for_orders', 'p.stock', 'p.barcode'])
      .select(available('p').as('available'))
      .orderBy('p.shipping_product_id'),
  );
};

export const countProducts = (query: Query, filter: ProductFilter): Promise<number> =>
  countOf(query, products(filter).select('shipping_product_id'));

export type ListedAssembly = Awaited<ReturnType<typeof findAssemblies>>[number];

/** A page of assembly products by uid, with their materials in the order they were given. */
export const findAssemblies = (query: Query, filter: AssemblyFilter, offset: number, limit: number) => {
  const page = assemblies(filter).selectAll().orderBy('assembly_product_uid').limit(limit).offset(offset);
  return query(
    build
      .selectFrom(page.as('a'))
      .innerJoin('shipping_products as p', 'p.shipping_product_id', 'a.shipping_product_id')
      .select(['a.assembly_product_uid', 'a.member_id', 'a.shipping_product_id', 'p.product_name', 'a.comment'])
      .select((eb) => [
        jsonArrayFrom(
          eb
            .selectFrom('assembly_materials as m')
            .innerJoin('shipping_products as n', 'n.shipping_product_id', 'm.shipping_product_id')
            .select(['m.shipping_product_id', 'm.quantity', 'n.product_name'])
            .whereRef('m.assembly_product_uid', '=', 'a.assembly_product_uid')
            .orderBy('m.position'),
        ).as('materials'),
      ])
      .orderBy('a.assembly_product_uid'),
  );
};

export const countAssemblies = (query: Query, filter: AssemblyFilter): Promise<number> =>
  countOf(query, assemblies(filter).select('assembly_product_uid'));

/** A plan with its product's name and the total material it needs. */
export type ListedPlan = Awaited<ReturnType<typeof findPlans>>[number];

/** A page of plans, newest first. */
export const findPlans = (query: Query, filter: PlanFilter, offset: number, limit: number) => {
  const page = plans(filter).selectAll().orderBy('assembly_plan_uid', 'desc').limit(limit).offset(offset);
  return query(
    build
      .selectFrom(page.as('p'))
      .innerJoin('shipping_products as s', 's.shipping_product_id', 'p.shipping_product_id')
      .selectAll('p')
      .select('s.product_name')
      .select((eb) => [
        jsonArrayFrom(
          eb
            .selectFrom(materialsOf('p').as('m'))
            .innerJoin('shipping_products as n', 'n.shipping_product_id', 'm.shipping_product_id')
            .select(['n.shipping_product_id', 'n.product_name'])
            .select((material) => material('m.quantity', '*', material.ref('p.plan_quantity')).as('quantity'))
            .orderBy('n.shipping_product_id'),
        ).as('materials'),
      ])
      .orderBy('p.assembly_plan_uid', 'desc'),
  );
};

export const countPlans = (query: Query, filter: PlanFilter): Promise<number> =>
  countOf(query, plans(filter).select('assembly_plan_uid'));

/** A page of a product's ledger, newest first, and how many rows it has. */
export async function findLedger(query: Query, productId: number, offset: number, limit: number) {
  const moves = build.selectFrom('stock_ledger').where('shipping_product_id', '=', productId);
  const [rows, total] = await Promise.all([
    query(moves.selectAll().orderBy('id', 'desc').limit(limit).offset(offset)),
    countOf(query, moves.select('id')),
  ]);
  return { rows, total };
}

const MOST_OPEN_PLANS = 20;

/** The shortage of one product. `makeable` null = it is not an assembly product. */
export interface Stockout
  extends Pick<Row<'order_lines'>, 'product_id' | 'product_name'>,
    Pick<Row<'shipping_products'>, 'stock' | 'shortfall'> {
  waiting_lines: number;
  waiting_quantity: number;
  oldest: Date | null;
  registered: boolean;
  /** The member that has registered this number for itself alone. */
  held_by: number | null;
  available: number | null;
  assembly_product_uid: number | null;
  makeable: number | null;
  open_plans: { uid: number; state: PlanState; quantity: number; day: string; overdue: boolean }[];
}

export interface StockoutPage {
  /** The product after which the page begins. */
  after: number;
  descending: boolean;
  limit: number;
  /** Leaves out those that nothing waits for. */
  onlyWaiting: boolean;
}

/**
 * A page of products for orders that lines wait for, or of which more has left than was in stock, by productId. The lines are grouped along
 * their partial index, only as far as the page reaches; everything else is read for the page's products only.
 */
export const findStockouts = (query: Query, { after, descending, limit, onlyWaiting }: StockoutPage): Promise<Stockout[]> => {
  const beyond = descending ? sql`< ${after}` : sql`> ${after}`;
  const order = descending ? sql`desc` : sql`asc`;
  const short = onlyWaiting
    ? sql``
    : sql`short as (
      select shipping_product_id as product_id from shipping_products where shortfall > 0 and for_orders and shipping_product_id ${beyond}
       order by shipping_product_id ${order} limit ${limit}),
    `;
  const also = onlyWaiting ? sql`` : sql`union select product_id from short `;
  return query(sql<Stockout>`
    with waiting as (
      select product_id, count(*) as lines, sum(valid_quantity)::bigint as quantity, min(ordered_at) as oldest
        from delivery_lines where ${isWaiting} and product_id ${beyond}
       group by product_id order by product_id ${order} limit ${limit}),
    ${short}page as (select product_id from waiting ${also}order by product_id ${order} limit ${limit})
    select page.product_id, coalesce(s.product_name, named.product_name) as product_name,
           coalesce(w.lines, 0) as waiting_lines, coalesce(w.quantity, 0) as waiting_quantity, w.oldest,
           s.shipping_product_id is not null as registered, s.stock, ${available('s')} as available,
           coalesce(s.shortfall, 0) as shortfall, held.member_id as held_by, a.assembly_product_uid, m.makeable, coalesce(o.plans, '[]') as open_plans
      from page
      left join waiting w using (product_id)
      left join shipping_products s on s.shipping_product_id = page.product_id and s.for_orders
      left join shipping_products held on held.shipping_product_id = page.product_id and not held.for_orders
      left join assembly_products a on a.shipping_product_id = s.shipping_product_id
      left join lateral (
        select p.product_name from delivery_lines l join order_lines p using (order_no, line_no)
         where l.product_id = page.product_id and ${isWaiting} order by l.ordered_at limit 1) named on true
      left join lateral (
        select min(greatest(0, ${available('n')}) / i.quantity) as makeable
          from assembly_materials i join shipping_products n using (shipping_product_id)
         where i.assembly_product_uid = a.assembly_product_uid) m on true
      left join lateral (
        select json_agg(json_build_object('uid', assembly_plan_uid, 'state', state, 'quantity', plan_quantity, 'day', plan_date,
                                          'overdue', overdue_at is not null) order by due_at) as plans
          from (select * from assembly_plans where shipping_product_id = s.shipping_product_id and finished_at is null
                 order by due_at limit ${sql.lit(MOST_OPEN_PLANS)}) open) o on true
     order by page.product_id ${order}`);
};

/** How many products the list has, counted up to `most`. */
export function countStockouts(query: Query, onlyWaiting: boolean, most: number): Promise<number> {
  const waiting = build.selectFrom('delivery_lines').select('product_id').where(isWaiting);
  const short = build
    .selectFrom('shipping_products')
    .select('shipping_product_id as product_id')
    .where('shortfall', '>', sql.lit(0))
    .where('for_orders', '=', sql.lit(true));
  return countOf(query, (onlyWaiting ? waiting.distinct() : waiting.union(short)).limit(most));
}
