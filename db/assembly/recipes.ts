import { type InferEntity, raw } from '@mikro-orm/core';
import { sql } from 'kysely';
import type { Em } from '../database.ts';
import { anyOf } from '../lists.ts';
import { build, instant, json, type Query, type Row } from '../statement.ts';
import { AssemblyProductEntity } from '../tables/assembly.ts';

/** An arbitrary number. Everything that writes recipes takes this lock, because two recipes written at once may form a cycle. */
const RECIPES_LOCK = 8_001;

/** Take this lock before reading or writing a recipe; it is held until the transaction ends. */
export async function lockRecipes(query: Query): Promise<void> {
  await query(sql`select pg_advisory_xact_lock(${RECIPES_LOCK})`);
}

export type Material = Pick<Row<'assembly_materials'>, 'shipping_product_id' | 'quantity'>;

export interface NewAssembly {
  productId: number;
  comment: string | null;
  materials: Material[];
}

/** Those of these shipping products that this member may use: its own, and with `shared` the logistics company's too. */
export async function usableProducts(query: Query, member: number, shared: boolean, ids: number[]): Promise<Set<number>> {
  const rows = await query(
    build
      .selectFrom('shipping_products')
      .select('shipping_product_id')
      .where('shipping_product_id', '=', anyOf(ids))
      .where((eb) => eb.or([eb('member_id', '=', member), ...(shared ? [eb('member_id', 'is', null)] : [])])),
  );
  return new Set(rows.map((row) => row.shipping_product_id));
}

/** Those of these shipping products that are assembly products already. */
export async function finishedProducts(query: Query, ids: number[]): Promise<Set<number>> {
  const rows = await query(
    build.selectFrom('assembly_products').select('shipping_product_id').where('shipping_product_id', '=', anyOf(ids)),
  );
  return new Set(rows.map((row) => row.shipping_product_id));
}

type Assembly = InferEntity<typeof AssemblyProductEntity>;

/** An assembly product of this member. */
export const findAssembly = (em: Em, member: number, uid: number): Promise<Assembly | null> =>
  em.findOne(AssemblyProductEntity, { assemblyProductUid: uid, memberId: member });

/** Inserts them with their materials; returns the uids, in order. */
export async function insertAssemblies(em: Em, query: Query, memberId: number, assemblies: NewAssembly[]): Promise<number[]> {
  const made = assemblies.map(({ productId, comment }) =>
    em.create(AssemblyProductEntity, { memberId, shippingProductId: productId, comment }),
  );
  await em.flush();
  const uids = made.map(({ assemblyProductUid }) => assemblyProductUid);
  await insertMaterials(
    query,
    assemblies.map(({ materials }, at) => ({ uid: uids[at] ?? 0, materials })),
  );
  return uids;
}

/** A statement, because a bulk has up to 20,000 materials: about 15 ms of our CPU, compared with 220 to 390 for `em.insertMany`. */
async function insertMaterials(query: Query, assemblies: { uid: number; materials: Material[] }[]): Promise<void> {
  const rows = assemblies.flatMap(({ uid, materials }) =>
    materials.map((material, at) => ({ ...material, uid, position: at + 1 })),
  );
  await query(sql`
    insert into assembly_materials (assembly_product_uid, position, shipping_product_id, quantity)
    select uid, position, shipping_product_id, quantity
      from jsonb_to_recordset(${json(rows)}) as m (uid bigint, position int, shipping_product_id bigint, quantity bigint)`);
}

/** Whether the assembly product has been changed by a request that was stored later than this. */
export async function isAskedLater(query: Query, uid: number, askedAt: string): Promise<boolean> {
  const later = build
    .selectFrom('assembly_products')
    .select('assembly_product_uid')
    .where('assembly_product_uid', '=', uid)
    .where('asked_at', '>', instant(askedAt));
  return (await query(later)).length > 0;
}

/** Replaces the materials; `comment` undefined = unchanged. */
export async function changeAssembly(
  em: Em,
  query: Query,
  assembly: Assembly,
  { comment, materials }: { comment: string | null | undefined; materials: Material[] },
  askedAt: string,
): Promise<void> {
  const { assemblyProductUid: uid } = assembly;
  const written = { askedAt: raw('?::timestamptz', [askedAt]), updatedAt: raw('now()') };
  em.assign(assembly, { ...(comment === undefined ? {} : { comment }), ...written });
  await em.flush();
  await query(build.deleteFrom('assembly_materials').where('assembly_product_uid', '=', uid));
  await insertMaterials(query, [{ uid, materials }]);
}

/** A finished product of these assembly products that would be made of itself, directly or through others; null = none. */
export async function findCycle(query: Query, uids: number[]): Promise<number | null> {
  const rows = await query(sql<{ root: number }>`
    with recursive needs as (
      select a.shipping_product_id as root, m.shipping_product_id as material
        from assembly_products a join assembly_materials m using (assembly_product_uid) where a.assembly_product_uid = any(${uids})
      union
      select n.root, m.shipping_product_id
        from needs n join assembly_products a on a.shipping_product_id = n.material
        join assembly_materials m using (assembly_product_uid))
    select root from needs where root = material limit 1`);
  return rows[0]?.root ?? null;
}
