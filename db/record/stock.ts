import type { Query } from '../statement.ts';

/** Quantity of released lines of a product: promised, not yet gone. */
const released = (productId: string) =>
  `(select coalesce(sum(l.valid_quantity), 0)::bigint from delivery_lines l where l.product_id = ${productId} and l.state = 'released')`;

/** available = stock − reservations − quantity of released lines, of a row of shipping_products. May be negative: oversold. */
export const availableOf = (product: string): string =>
  `(coalesce(${product}.stock, 0) - ${product}.reserved - ${released(`${product}.shipping_product_id`)})`;

/** Who and what a row of the ledger names. */
export interface Cause {
  by: string;
  requestId: string;
}

export interface LineStock extends Cause {
  deliveryNo: string;
  lineNo: number;
  productId: number;
  quantity: number;
}

/**
 * A line has left: takes its quantity where stock is kept, as much as is there; the ledger records what was not. Does nothing for
 * a line that has taken its own already. In `record`'s transaction, under the line's lock, as its last step: a product's row is
 * one that many lines want.
 */
export async function takeLineStock(query: Query, line: LineStock): Promise<void> {
  await query(
    `with last as (select kind from stock_ledger where delivery_no = $2 and line_no = $3 order by id desc limit 1),
          moved as (update shipping_products
                       set stock = stock - least(stock, $4::bigint), shortfall = shortfall + $4 - least(stock, $4), updated_at = now()
                     where shipping_product_id = $1 and stock is not null and not exists (select from last where kind = 'ship')
                 returning old.stock as before, new.stock as after)
     insert into stock_ledger (shipping_product_id, by, kind, delta, stock, shortfall, delivery_no, line_no, request_id)
     select $1, $5, 'ship', after - before, after, $4 - (before - after), $2, $3, $6 from moved`,
    [line.productId, line.deliveryNo, line.lineNo, line.quantity, line.by, line.requestId],
    'stock-take',
  );
}

/** The line has not left after all (undone, or voided by a repair): gives back what it took, and no more than is still of it. */
export async function giveLineStock(query: Query, line: LineStock): Promise<void> {
  await query(
    `with last as (select kind, delta, shortfall from stock_ledger where delivery_no = $2 and line_no = $3 order by id desc limit 1),
          moved as (update shipping_products p
                       set stock = p.stock + least(-last.delta, $4::bigint), shortfall = greatest(0, p.shortfall - last.shortfall),
                           updated_at = now()
                      from last where p.shipping_product_id = $1 and p.stock is not null and last.kind = 'ship'
                 returning old.stock as before, new.stock as after, last.shortfall)
     insert into stock_ledger (shipping_product_id, by, kind, delta, stock, shortfall, delivery_no, line_no, request_id)
     select $1, $5, 'unship', after - before, after, -shortfall, $2, $3, $6 from moved`,
    [line.productId, line.deliveryNo, line.lineNo, line.quantity, line.by, line.requestId],
    'stock-give',
  );
}

/** Locks these products in one order for all, so that nobody waits for a neighbour who waits for us. */
export async function lockProducts(query: Query, ids: number[]): Promise<void> {
  await query(
    'select 1 from shipping_products where shipping_product_id = any($1) order by shipping_product_id for no key update',
    [ids],
  );
}

/** A pickup is completed: what its inspection restocks goes back to the products whose stock is kept. Once. */
export async function restockPickup(query: Query, pickupNo: string, { by, requestId }: Cause): Promise<void> {
  const rows = await query<{ product_id: number }>(
    'select product_id from pickup_items where pickup_no = $1 and restock > 0 group by product_id',
    [pickupNo],
  );
  if (rows.length === 0) return;
  await lockProducts(
    query,
    rows.map((row) => row.product_id),
  );
  await query(
    `with back as (select product_id, sum(restock) as quantity from pickup_items where pickup_no = $1 and restock > 0 group by product_id),
          moved as (update shipping_products p set stock = p.stock + back.quantity, updated_at = now() from back
                     where p.shipping_product_id = back.product_id and p.stock is not null
                       and (${lastMove('pickup_no')}) is distinct from 'restock'
                 returning p.shipping_product_id, old.stock as before, new.stock as after)
     insert into stock_ledger (shipping_product_id, by, kind, delta, stock, pickup_no, request_id)
     select shipping_product_id, $2, 'restock', after - before, after, $1, $3 from moved`,
    [pickupNo, by, requestId],
  );
}

/** A repair found the pickup not completed: takes the restocked back, as far as it is still there. */
export async function unrestockPickup(query: Query, pickupNo: string, { by, requestId }: Cause): Promise<void> {
  const rows = await query<{ shipping_product_id: number }>(
    'select distinct shipping_product_id from stock_ledger where pickup_no = $1',
    [pickupNo],
  );
  if (rows.length === 0) return;
  await lockProducts(
    query,
    rows.map((row) => row.shipping_product_id),
  );
  await query(
    `with last as (select distinct on (shipping_product_id) shipping_product_id, kind, delta from stock_ledger where pickup_no = $1
                    order by shipping_product_id, id desc),
          moved as (update shipping_products p set stock = p.stock - least(p.stock, last.delta), updated_at = now() from last
                     where p.shipping_product_id = last.shipping_product_id and p.stock is not null and last.kind = 'restock'
                 returning p.shipping_product_id, old.stock as before, new.stock as after, last.delta)
     insert into stock_ledger (shipping_product_id, by, kind, delta, stock, shortfall, pickup_no, request_id)
     select shipping_product_id, $2, 'unrestock', after - before, after, delta - (before - after), $1, $3 from moved`,
    [pickupNo, by, requestId],
  );
}

/** The kind of the last move of `p`'s product for the row that $1 names. */
export const lastMove = (column: 'pickup_no' | 'assembly_plan_uid'): string =>
  `select l.kind from stock_ledger l where l.${column} = $1 and l.shipping_product_id = p.shipping_product_id order by l.id desc limit 1`;

/**
 * A person has counted: the stock is this from now on, and kept if it was not. False = no such product. A shortfall of before is
 * settled by the count.
 */
export async function setStock(
  query: Query,
  { productId, quantity, reason, by, requestId }: Cause & { productId: number; quantity: number; reason: string },
): Promise<boolean> {
  const moved = await query(
    `with moved as (update shipping_products set stock = $2, shortfall = 0, updated_at = now() where shipping_product_id = $1
                 returning coalesce(old.stock, 0) as before, new.stock as after)
     insert into stock_ledger (shipping_product_id, by, kind, delta, stock, reason, request_id)
     select $1, $4, 'set', after - before, after, $3, $5 from moved returning id`,
    [productId, quantity, reason, by, requestId],
  );
  return moved.length > 0;
}
