import { type RawBuilder, sql } from 'kysely';
import { prepared, type Query, type Row } from '../statement.ts';

/** Quantity of released lines of a product: promised, not yet gone. */
const released = (productId: string) =>
  `(select coalesce(sum(l.valid_quantity), 0)::bigint from delivery_lines l where l.product_id = ${productId} and l.state = 'released')`;

/** available = stock − reservations − quantity of released lines, of a row of shipping_products. May be negative: oversold. */
export const availableOf = (product: string): string =>
  `(coalesce(${product}.stock, 0) - ${product}.reserved - ${released(`${product}.shipping_product_id`)})`;

/** The same as a part of a statement. */
export const available = (product: string): RawBuilder<number> => sql.raw(availableOf(product));

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

const take = prepared<LineStock>(
  'stock-take',
  (of) => sql`
    with last as (select kind from stock_ledger
                   where delivery_no = ${of('deliveryNo')} and line_no = ${of('lineNo')} order by id desc limit 1),
         moved as (update shipping_products
                      set stock = stock - least(stock, ${of('quantity')}::bigint),
                          shortfall = shortfall + ${of('quantity')}::bigint - least(stock, ${of('quantity')}::bigint), updated_at = now()
                    where shipping_product_id = ${of('productId')} and stock is not null and not exists (select from last where kind = 'ship')
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
 * A line has left: takes its quantity where stock is kept, as much as is there; the ledger records what was not. Does nothing for
 * a line that has taken its own already. In `record`'s transaction, under the line's lock, as its last step: a product's row is
 * one that many lines want.
 */
export async function takeLineStock(query: Query, line: LineStock): Promise<void> {
  await query(take(line));
}

/** The line has not left after all (undone, or voided by a repair): gives back what it took, and no more than is still of it. */
export async function giveLineStock(query: Query, line: LineStock): Promise<void> {
  await query(give(line));
}

/** Locks these products in one order for all, so that nobody waits for a neighbour who waits for us. */
export async function lockProducts(query: Query, ids: number[]): Promise<void> {
  await query(
    sql`select 1 from shipping_products where shipping_product_id = any(${ids}) order by shipping_product_id for no key update`,
  );
}

/** A pickup is completed: what its inspection restocks goes back to the products whose stock is kept. Once. */
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
                    where p.shipping_product_id = back.product_id and p.stock is not null
                      and (${lastMove(sql`l.pickup_no = ${pickupNo}`)}) is distinct from 'restock'
                returning p.shipping_product_id, old.stock as before, new.stock as after)
    insert into stock_ledger (shipping_product_id, by, kind, delta, stock, pickup_no, request_id)
    select shipping_product_id, ${by}, 'restock', after - before, after, ${pickupNo}, ${requestId} from moved`);
}

/** A repair found the pickup not completed: takes the restocked back, as far as it is still there. */
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

/** The kind of the last move of `p`'s product for the row that `isMine` finds in the ledger `l`. */
export const lastMove = (isMine: RawBuilder<unknown>) =>
  sql`select l.kind from stock_ledger l where ${isMine} and l.shipping_product_id = p.shipping_product_id order by l.id desc limit 1`;

/**
 * A person has counted: the stock is this from now on, and kept if it was not. False = no such product. A shortfall of before is
 * settled by the count.
 */
export async function setStock(
  query: Query,
  { productId, quantity, reason, by, requestId }: Cause & { productId: number; quantity: number; reason: string },
): Promise<boolean> {
  const moved = await query(sql<Pick<Row<'stock_ledger'>, 'id'>>`
    with moved as (update shipping_products set stock = ${quantity}, shortfall = 0, updated_at = now() where shipping_product_id = ${productId}
                returning shipping_product_id, coalesce(old.stock, 0) as before, new.stock as after)
    insert into stock_ledger (shipping_product_id, by, kind, delta, stock, reason, request_id)
    select shipping_product_id, ${by}, 'set', after - before, after, ${reason}, ${requestId} from moved returning id`);
  return moved.length > 0;
}
