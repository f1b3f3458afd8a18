import { type RawBuilder, sql } from 'kysely';
import { instant, prepared, type Query, type Row } from '../statement.ts';

/** Quantity of released lines of a product: reserved for orders, not shipped yet. */
const released = (productId: string) =>
  `(select coalesce(sum(l.valid_quantity), 0)::bigint from delivery_lines l where l.product_id = ${productId} and l.state = 'released')`;

/**
 * available = stock − reservations − quantity of released lines, for a row of shipping_products. Negative = oversold. Lines count only
 * for products that are for orders (docs/decisions/products-for-orders.md).
 */
export const available = (product: string): RawBuilder<number> =>
  sql.raw(`(coalesce(${product}.stock, 0) - ${product}.reserved
    - case when ${product}.for_orders then ${released(`${product}.shipping_product_id`)} else 0 end)`);

/** Who and what a ledger row names. */
export interface Cause {
  by: string;
  requestId: string;
}

/** A stock as a person counted it, and when its request was stored. */
export interface Count {
  productId: number;
  quantity: number;
  reason: string;
  askedAt: string;
}

export interface LineStock extends Cause {
  deliveryNo: string;
  lineNo: number;
  productId: number;
  quantity: number;
}

const take = prepared<LineStock>(
  'stock-take',
  (of) => sql`
    with last as (select kind from stock_ledger
                   where delivery_no = ${of('deliveryNo')} and line_no = ${of('lineNo')} order by id desc limit 1),
         moved as (update shipping_products
                      set stock = stock - least(stock, ${of('quantity')}::bigint),
                          shortfall = shortfall + ${of('quantity')}::bigint - least(stock, ${of('quantity')}::bigint), updated_at = now()
                    where shipping_product_id = ${of('productId')} and stock is not null and for_orders
                      and not exists (select from last where kind = 'ship')
                returning shipping_product_id, old.stock as before, new.stock as after)
    insert into stock_ledger (shipping_product_id, by, kind, delta, stock, shortfall, delivery_no, line_no, request_id)
    select shipping_product_id, ${of('by')}, 'ship', after - before, after, ${of('quantity')}::bigint - (before - after),
           ${of('deliveryNo')}, ${of('lineNo')}, ${of('requestId')} from moved`,
);
const give = prepared<LineStock>(
  'stock-give',
  (of) => sql`
    with last as (select kind, delta, shortfall from stock_ledger
                   where delivery_no = ${of('deliveryNo')} and line_no = ${of('lineNo')} order by id desc limit 1),
         moved as (update shipping_products p
                      set stock = p.stock + least(-last.delta, ${of('quantity')}::bigint),
                          shortfall = greatest(0, p.shortfall - last.shortfall), updated_at = now()
                     from last where p.shipping_product_id = ${of('productId')} and p.stock is not null and last.kind = 'ship'
                returning p.shipping_product_id, old.stock as before, new.stock as after, last.shortfall)
    insert into stock_ledger (shipping_product_id, by, kind, delta, stock, shortfall, delivery_no, line_no, request_id)
    select shipping_product_id, ${of('by')}, 'unship', after - before, after, -shortfall,
           ${of('deliveryNo')}, ${of('lineNo')}, ${of('requestId')} from moved`,
);

/**
 * A line has left: subtracts its quantity where stock is counted for orders, as far as there is any; the ledger records the rest. Does
 * nothing for a line that was subtracted already. It runs in `record`'s transaction, under the line's lock, as the last step,
 * because many lines need the same product's row.
 */
export async function takeLineStock(query: Query, line: LineStock): Promise<void> {
  await query(take(line));
}

/** The line has not left after all (undone, or voided by a repair): adds back what it took, at most what is still recorded. */
export async function giveLineStock(query: Query, line: LineStock): Promise<void> {
  await query(give(line));
}

/** Locks these products, always in the same order, so that two transactions cannot wait for each other. */
export async function lockProducts(query: Query, ids: number[]): Promise<void> {
  await query(
    sql`select 1 from shipping_products where shipping_product_id = any(${ids}) order by shipping_product_id for no key update`,
  );
}

/** A pickup is completed: adds the restocked items to products whose stock is counted for orders, only once. */
export async function restockPickup(query: Query, pickupNo: string, { by, requestId }: Cause): Promise<void> {
  const rows = await query(sql<Pick<Row<'pickup_items'>, 'product_id'>>`
    select product_id from pickup_items where pickup_no = ${pickupNo} and restock > 0 group by product_id`);
  if (rows.length === 0) return;
  await lockProducts(
    query,
    rows.map((row) => row.product_id),
  );
  await query(sql`
    with back as (select product_id, sum(restock) as quantity from pickup_items
                   where pickup_no = ${pickupNo} and restock > 0 group by product_id),
         moved as (update shipping_products p set stock = p.stock + back.quantity, updated_at = now() from back
                    where p.shipping_product_id = back.product_id and p.stock is not null and p.for_orders
                      and (${lastMove(sql`l.pickup_no = ${pickupNo}`)}) is distinct from 'restock'
                returning p.shipping_product_id, old.stock as before, new.stock as after)
    insert into stock_ledger (shipping_product_id, by, kind, delta, stock, pickup_no, request_id)
    select shipping_product_id, ${by}, 'restock', after - before, after, ${pickupNo}, ${requestId} from moved`);
}

/** A repair found the pickup not completed: subtracts the restocked items again, as far as they are still there. */
export async function unrestockPickup(query: Query, pickupNo: string, { by, requestId }: Cause): Promise<void> {
  const rows = await query(sql<Pick<Row<'stock_ledger'>, 'shipping_product_id'>>`
    select distinct shipping_product_id from stock_ledger where pickup_no = ${pickupNo}`);
  if (rows.length === 0) return;
  await lockProducts(
    query,
    rows.map((row) => row.shipping_product_id),
  );
  await query(sql`
    with last as (select distinct on (shipping_product_id) shipping_product_id, kind, delta from stock_ledger where pickup_no = ${pickupNo}
                   order by shipping_product_id, id desc),
         moved as (update shipping_products p set stock = p.stock - least(p.stock, last.delta), updated_at = now() from last
                    where p.shipping_product_id = last.shipping_product_id and p.stock is not null and last.kind = 'restock'
                returning p.shipping_product_id, old.stock as before, new.stock as after, last.delta)
    insert into stock_ledger (shipping_product_id, by, kind, delta, stock, shortfall, pickup_no, request_id)
    select shipping_product_id, ${by}, 'unrestock', after - before, after, delta - (before - after), ${pickupNo}, ${requestId} from moved`);
}

/** The kind of the last ledger move of `p`'s product, among the rows `l` for which `isMine` holds. */
export const lastMove = (isMine: RawBuilder<unknown>) =>
  sql`select l.kind from stock_ledger l where ${isMine} and l.shipping_product_id = p.shipping_product_id order by l.id desc limit 1`;

/**
 * Sets the stock that a person has counted; from now on it is tracked. False = no such product, or a count that was asked for later
 * is there. The count settles an earlier shortfall.
 */
export async function setStock(
  query: Query,
  { productId, quantity, reason, by, requestId, askedAt }: Cause & Count,
): Promise<boolean> {
  const moved = await query(sql<Pick<Row<'stock_ledger'>, 'id'>>`
    with moved as (update shipping_products set stock = ${quantity}, shortfall = 0, stock_asked_at = ${instant(askedAt)}, updated_at = now()
                 where shipping_product_id = ${productId} and (stock_asked_at is null or stock_asked_at <= ${instant(askedAt)})
                returning shipping_product_id, coalesce(old.stock, 0) as before, new.stock as after)
    insert into stock_ledger (shipping_product_id, by, kind, delta, stock, reason, request_id)
    select shipping_product_id, ${by}, 'set', after - before, after, ${reason}, ${requestId} from moved returning id`);
  return moved.length > 0;
}
