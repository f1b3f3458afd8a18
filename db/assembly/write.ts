import { sql } from 'kysely';
import { build, instant, json, type Query, type Row } from '../statement.ts';

/**
 * Inserts all of these shipping products, or none; returns the ids that exist already. For orders, a product of the same member that
 * was registered for the member alone counts as new: this registration confirms it (docs/decisions/products-for-orders.md).
 */
export async function insertProducts(
  query: Query,
  products: Pick<Row<'shipping_products'>, 'shipping_product_id' | 'member_id' | 'product_name' | 'for_orders'>[],
): Promise<number[]> {
  const inserted = await query(sql<Pick<Row<'shipping_products'>, 'shipping_product_id'>>`
    insert into shipping_products as known (shipping_product_id, member_id, product_name, for_orders)
    select shipping_product_id, member_id, product_name, for_orders
      from jsonb_to_recordset(${json(products)}) as n (shipping_product_id bigint, member_id bigint, product_name text, for_orders boolean)
     order by 1
    on conflict (shipping_product_id) do update set for_orders = true, product_name = excluded.product_name, updated_at = now()
     where excluded.for_orders and not known.for_orders and known.member_id = excluded.member_id
    returning shipping_product_id`);
  const made = new Set(inserted.map((row) => row.shipping_product_id));
  return products.map((product) => product.shipping_product_id).filter((id) => !made.has(id));
}

/** Says what a scanner reads on a product; false = a later request has said so. */
export async function setBarcode(query: Query, productId: number, barcode: string | null, askedAt: string): Promise<boolean> {
  const set = await query(
    build
      .updateTable('shipping_products')
      .set({ barcode, barcode_asked_at: instant(askedAt), updated_at: sql<Date>`now()` })
      .where('shipping_product_id', '=', productId)
      .where((eb) => eb.or([eb('barcode_asked_at', 'is', null), eb('barcode_asked_at', '<=', instant(askedAt))]))
      .returning('shipping_product_id'),
  );
  return set.length > 0;
}

export interface NewPlan {
  member: number | null;
  productUid: number;
  quantity: number;
  day: string;
  comment: string | null;
  dueAt: string;
  requestId: string;
  by: string;
}

/** Inserts a `planned` plan with its first history row; a repeated request gets the same uid. Null = no such assembly product. */
export async function insertPlan(query: Query, plan: NewPlan): Promise<number | null> {
  const [known] = await query(
    build.selectFrom('assembly_plans').select('assembly_plan_uid').where('request_id', '=', plan.requestId),
  );
  if (known) return known.assembly_plan_uid;
  const [made] = await query(sql<Pick<Row<'assembly_plans'>, 'assembly_plan_uid'>>`
    insert into assembly_plans (assembly_plan_uid, assembly_product_uid, member_id, shipping_product_id, plan_quantity, plan_date, comment,
                                state, revision, due_at, request_id)
    select nextval('assembly_plan_uid_seq'), assembly_product_uid, member_id, shipping_product_id, ${plan.quantity}, ${plan.day},
           ${plan.comment}, 'planned', 1, ${plan.dueAt}, ${plan.requestId}
      from assembly_products
     where assembly_product_uid = ${plan.productUid} and (${plan.member}::bigint is null or member_id = ${plan.member})
    returning assembly_plan_uid`);
  if (!made) return null;
  const first = { command: 'plan', from_state: null, to_state: 'planned', revision: 1 } as const;
  await query(
    build.insertInto('assembly_plan_history').values({
      ...first,
      assembly_plan_uid: made.assembly_plan_uid,
      at: sql`now()`,
      by: plan.by,
      request_id: plan.requestId,
    }),
  );
  return made.assembly_plan_uid;
}
