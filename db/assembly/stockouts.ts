import type { PlanState } from '../../domain/assembly.ts';
import { availableOf } from '../record/stock.ts';
import type { Query } from '../statement.ts';

const MOST_OPEN_PLANS = 20;

/** What is missing of one product. `makeable` null = it is not an assembly product. */
export interface Stockout {
  product_id: number;
  product_name: string;
  waiting_lines: number;
  waiting_quantity: number;
  oldest: Date | null;
  registered: boolean;
  stock: number | null;
  available: number | null;
  shortfall: number;
  assembly_product_uid: number | null;
  makeable: number | null;
  open_plans: { uid: number; state: PlanState; quantity: number; day: string; overdue: boolean }[];
}

/**
 * A page of products that lines wait for, or of which more has left than was in stock, by productId. The lines are grouped along
 * their partial index, as far as the page goes; all else is looked up for the page's products alone.
 */
export const findStockouts = (query: Query, after: number, descending: boolean, limit: number): Promise<Stockout[]> => {
  const [beyond, order] = descending ? ['<', 'desc'] : ['>', 'asc'];
  return query<Stockout>(
    `with waiting as (
       select product_id, count(*) as lines, sum(valid_quantity)::bigint as quantity, min(ordered_at) as oldest
         from delivery_lines where state = 'awaitingShipment' and product_id ${beyond} $1
        group by product_id order by product_id ${order} limit $2),
     short as (
       select shipping_product_id as product_id from shipping_products where shortfall > 0 and shipping_product_id ${beyond} $1
        order by shipping_product_id ${order} limit $2),
     page as (select product_id from waiting union select product_id from short order by product_id ${order} limit $2)
     select page.product_id, coalesce(s.product_name, named.product_name) as product_name,
            coalesce(w.lines, 0) as waiting_lines, coalesce(w.quantity, 0) as waiting_quantity, w.oldest,
            s.shipping_product_id is not null as registered, s.stock, ${availableOf('s')} as available,
            coalesce(s.shortfall, 0) as shortfall, a.assembly_product_uid, m.makeable, coalesce(o.plans, '[]') as open_plans
       from page
       left join waiting w using (product_id)
       left join shipping_products s on s.shipping_product_id = page.product_id
       left join assembly_products a on a.shipping_product_id = page.product_id
       left join lateral (
         select p.product_name from delivery_lines l join order_lines p using (order_no, line_no)
          where l.product_id = page.product_id and l.state = 'awaitingShipment' order by l.ordered_at limit 1) named on true
       left join lateral (
         select min(greatest(0, ${availableOf('n')}) / i.quantity) as makeable
           from assembly_materials i join shipping_products n using (shipping_product_id)
          where i.assembly_product_uid = a.assembly_product_uid) m on true
       left join lateral (
         select json_agg(json_build_object('uid', assembly_plan_uid, 'state', state, 'quantity', plan_quantity, 'day', plan_date,
                                           'overdue', overdue_at is not null) order by due_at) as plans
           from (select * from assembly_plans where shipping_product_id = page.product_id and finished_at is null
                  order by due_at limit ${MOST_OPEN_PLANS}) open) o on true
      order by page.product_id ${order}`,
    [after, limit],
  );
};

/** How many products the list has, counted up to `most`. */
export async function countStockouts(query: Query, most: number): Promise<number> {
  const rows = await query<{ count: number }>(
    `select count(*) from (
       select product_id from delivery_lines where state = 'awaitingShipment'
       union select shipping_product_id from shipping_products where shortfall > 0 limit $1) counted`,
    [most],
  );
  return rows[0]?.count ?? 0;
}
