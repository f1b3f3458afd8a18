import type { Query } from '../statement.ts';
import type { Material } from './products.ts';

/** Any number: all who write recipes take this lock, because a cycle may close over two recipes written at once. */
const RECIPES_LOCK = 8_001;

/** To be taken before a recipe is looked at or written; held until the transaction ends. */
export async function lockRecipes(query: Query): Promise<void> {
  await query('select pg_advisory_xact_lock($1)', [RECIPES_LOCK]);
}

export interface NewAssembly {
  shipping_product_id: number;
  comment: string | null;
  materials: Material[];
}

/** Of these shipping products those that this member may use: its own, and with `shared` the logistics company's too. */
export async function usableProducts(query: Query, member: number, shared: boolean, ids: number[]): Promise<Set<number>> {
  const rows = await query<{ shipping_product_id: number }>(
    `select shipping_product_id from shipping_products
      where shipping_product_id = any($1) and (member_id = $2 or ($3 and member_id is null))`,
    [ids, member, shared],
  );
  return new Set(rows.map((row) => row.shipping_product_id));
}

/** Of these shipping products those that are assembly products already. */
export async function finishedProducts(query: Query, ids: number[]): Promise<Set<number>> {
  const rows = await query<{ shipping_product_id: number }>(
    'select shipping_product_id from assembly_products where shipping_product_id = any($1)',
    [ids],
  );
  return new Set(rows.map((row) => row.shipping_product_id));
}

/** Inserts them with their materials; the uids, in order. */
export async function insertAssemblies(query: Query, member: number, assemblies: NewAssembly[]): Promise<number[]> {
  const rows = await query<{ assembly_product_uid: number; shipping_product_id: number }>(
    `insert into assembly_products (member_id, shipping_product_id, comment)
     select $1, n.shipping_product_id, n.comment
       from jsonb_array_elements($2) with ordinality as e (value, place),
            jsonb_to_record(e.value) as n (shipping_product_id bigint, comment text)
      order by e.place returning assembly_product_uid, shipping_product_id`,
    [member, JSON.stringify(assemblies)],
  );
  const uids = new Map(rows.map((row) => [row.shipping_product_id, row.assembly_product_uid]));
  const made = assemblies.map((assembly) => ({ ...assembly, uid: uids.get(assembly.shipping_product_id) ?? 0 }));
  await insertMaterials(query, made);
  return made.map(({ uid }) => uid);
}

async function insertMaterials(query: Query, assemblies: { uid: number; materials: Material[] }[]): Promise<void> {
  const rows = assemblies.flatMap(({ uid, materials }) =>
    materials.map((material, position) => ({ ...material, uid, position: position + 1 })),
  );
  await query(
    `insert into assembly_materials (assembly_product_uid, position, shipping_product_id, quantity)
     select uid, position, shipping_product_id, quantity
       from jsonb_to_recordset($1) as m (uid bigint, position int, shipping_product_id bigint, quantity bigint)`,
    [JSON.stringify(rows)],
  );
}

/** Replaces the materials; `comment` undefined = stays. */
export async function updateAssembly(
  query: Query,
  uid: number,
  { comment, materials }: { comment: string | null | undefined; materials: Material[] },
): Promise<void> {
  await query(
    `update assembly_products set comment = case when $2 then $3 else comment end, updated_at = now() where assembly_product_uid = $1`,
    [uid, comment !== undefined, comment ?? null],
  );
  await query('delete from assembly_materials where assembly_product_uid = $1', [uid]);
  await insertMaterials(query, [{ uid, materials }]);
}

/** Of these assembly products the finished product that would be made of itself, over however many others; null = none. */
export async function findCycle(query: Query, uids: number[]): Promise<number | null> {
  const rows = await query<{ root: number }>(
    `with recursive needs as (
       select a.shipping_product_id as root, m.shipping_product_id as material
         from assembly_products a join assembly_materials m using (assembly_product_uid) where a.assembly_product_uid = any($1)
       union
       select n.root, m.shipping_product_id
         from needs n join assembly_products a on a.shipping_product_id = n.material
         join assembly_materials m using (assembly_product_uid))
     select root from needs where root = material limit 1`,
    [uids],
  );
  return rows[0]?.root ?? null;
}
