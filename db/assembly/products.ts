import { Statement } from '../sql.ts';
import type { Query } from '../statement.ts';

export interface Material {
  shipping_product_id: number;
  quantity: number;
}

export interface ListedAssembly {
  assembly_product_uid: number;
  member_id: number;
  shipping_product_id: number;
  product_name: string;
  comment: string | null;
  materials: (Material & { product_name: string })[];
}

export interface AssemblyFilter {
  member: number | null;
  uids: number[] | null;
}

function conditions({ member, uids }: AssemblyFilter, statement: Statement): string {
  const found = ['true'];
  if (member !== null) found.push(`a.member_id = ${statement.bind(member)}`);
  if (uids !== null) found.push(`a.assembly_product_uid = any(${statement.bind(uids)})`);
  return found.join(' and ');
}

/** A page of assembly products by uid, with their materials in the order they were given. */
export async function findAssemblies(
  query: Query,
  filter: AssemblyFilter,
  offset: number,
  limit: number,
): Promise<ListedAssembly[]> {
  const statement = new Statement();
  const where = conditions(filter, statement);
  return query<ListedAssembly>(
    `select a.assembly_product_uid, a.member_id, a.shipping_product_id, p.product_name, a.comment, m.materials
       from (select * from assembly_products a where ${where} order by a.assembly_product_uid
              limit ${statement.bind(limit)} offset ${statement.bind(offset)}) a
       join shipping_products p using (shipping_product_id)
       cross join lateral (
         select coalesce(json_agg(json_build_object('shipping_product_id', m.shipping_product_id, 'quantity', m.quantity,
                                                    'product_name', n.product_name) order by m.position), '[]') as materials
           from assembly_materials m join shipping_products n using (shipping_product_id)
          where m.assembly_product_uid = a.assembly_product_uid) m
      order by a.assembly_product_uid`,
    statement.values,
  );
}

export async function countAssemblies(query: Query, filter: AssemblyFilter): Promise<number> {
  const statement = new Statement();
  const rows = await query<{ count: number }>(
    `select count(*) from assembly_products a where ${conditions(filter, statement)}`,
    statement.values,
  );
  return rows[0]?.count ?? 0;
}
