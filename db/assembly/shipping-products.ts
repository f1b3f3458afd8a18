import { availableOf } from '../record/stock.ts';
import { Statement } from '../sql.ts';
import type { Query } from '../statement.ts';

export interface ListedProduct {
  shipping_product_id: number;
  member_id: number | null;
  product_name: string;
  stock: number | null;
  available: number;
}

/** `member` null = of everybody; `ids` null = whatever id. */
export interface ProductFilter {
  member: number | null;
  ids: number[] | null;
}

const COLUMNS = `p.shipping_product_id, p.member_id, p.product_name, p.stock, ${availableOf('p')} as available`;

function conditions({ member, ids }: ProductFilter, statement: Statement): string {
  const found = ['true'];
  if (member !== null) found.push(`p.member_id = ${statement.bind(member)}`);
  if (ids !== null) found.push(`p.shipping_product_id = any(${statement.bind(ids)})`);
  return found.join(' and ');
}

/** A page of shipping products by id; what is available is asked for the page's rows alone. */
export async function findProducts(query: Query, filter: ProductFilter, offset: number, limit: number): Promise<ListedProduct[]> {
  const statement = new Statement();
  const where = conditions(filter, statement);
  return query<ListedProduct>(
    `select ${COLUMNS} from (select * from shipping_products p where ${where} order by p.shipping_product_id
       limit ${statement.bind(limit)} offset ${statement.bind(offset)}) p order by p.shipping_product_id`,
    statement.values,
  );
}

export async function countProducts(query: Query, filter: ProductFilter): Promise<number> {
  const statement = new Statement();
  const rows = await query<{ count: number }>(
    `select count(*) from shipping_products p where ${conditions(filter, statement)}`,
    statement.values,
  );
  return rows[0]?.count ?? 0;
}

/** Inserts these, or none: answers the ids that were there already. */
export async function insertProducts(
  query: Query,
  products: { shipping_product_id: number; member_id: number | null; product_name: string }[],
): Promise<number[]> {
  const ids = products.map((product) => product.shipping_product_id);
  const inserted = await query<{ shipping_product_id: number }>(
    `insert into shipping_products (shipping_product_id, member_id, product_name)
     select shipping_product_id, member_id, product_name
       from jsonb_to_recordset($1) as n (shipping_product_id bigint, member_id bigint, product_name text) order by 1
     on conflict do nothing returning shipping_product_id`,
    [JSON.stringify(products)],
  );
  const made = new Set(inserted.map((row) => row.shipping_product_id));
  return ids.filter((id) => !made.has(id));
}
