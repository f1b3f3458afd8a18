import { sql } from 'kysely';
import type { AssemblyPlan, PlanState } from '../../domain/assembly.ts';
import type { Query, Row } from '../statement.ts';
import { Refused } from './recorder.ts';
import { available, type Cause, lastMove, lockProducts } from './stock.ts';

/**
 * Changes stock when a plan's state changes, in `recordPlan`'s transaction and under the plan's lock. A state has an effect (in
 * progress: materials reserved; completed: materials used, finished stock added). The old state's effect is reversed before the new
 * one's is made, so that a repair in any direction gives the right result. Throws Refused MATERIAL_SHORTAGE when a plan is started
 * with too little available.
 */
export async function movePlanStock(
  query: Query,
  plan: AssemblyPlan,
  was: { state: PlanState },
  command: string,
  cause: Cause,
): Promise<void> {
  if (was.state === plan.state) return;
  const { assemblyPlanUid: uid } = plan;
  if (plan.state === 'inProgress' || plan.state === 'completed') await noteMaterials(query, plan);
  const materials = await query(sql<Pick<Row<'assembly_plan_materials'>, 'shipping_product_id'>>`
    select shipping_product_id from assembly_plan_materials where assembly_plan_uid = ${uid}`);
  await lockProducts(query, [plan.shippingProductId, ...materials.map((row) => row.shipping_product_id)]);
  if (was.state === 'inProgress') await reserve(query, uid, -plan.planQuantity);
  if (was.state === 'completed') await unmake(query, plan, cause);
  if (plan.state === 'inProgress') {
    if (command === 'start') await refuseShortage(query, plan);
    await reserve(query, uid, plan.planQuantity);
  }
  if (plan.state === 'completed') await make(query, plan, cause);
}

/** Stores the recipe at the plan's start; later changes of the assembly product do not affect the plan. */
async function noteMaterials(query: Query, { assemblyPlanUid: uid, assemblyProductUid }: AssemblyPlan): Promise<void> {
  await query(sql`
    insert into assembly_plan_materials (assembly_plan_uid, shipping_product_id, quantity)
    select ${uid}, shipping_product_id, quantity from assembly_materials
     where assembly_product_uid = ${assemblyProductUid}
       and not exists (select from assembly_plan_materials where assembly_plan_uid = ${uid})`);
}

async function refuseShortage(query: Query, { assemblyPlanUid, planQuantity }: AssemblyPlan): Promise<void> {
  const short = await query(sql`
    select 1 from assembly_plan_materials m join shipping_products p using (shipping_product_id)
     where m.assembly_plan_uid = ${assemblyPlanUid} and ${available('p')} < m.quantity * ${planQuantity} limit 1`);
  if (short.length > 0) throw new Refused('MATERIAL_SHORTAGE');
}

/** Negative = released. */
async function reserve(query: Query, uid: number, pieces: number): Promise<void> {
  await query(sql`
    update shipping_products p set reserved = greatest(0, p.reserved + m.quantity * ${pieces}::bigint), updated_at = now()
      from assembly_plan_materials m where m.assembly_plan_uid = ${uid} and m.shipping_product_id = p.shipping_product_id`);
}

/**
 * Uses the materials and adds the finished goods. If a material's stock is less than was used (a parcel took it, or it was counted
 * down), it becomes 0 and the ledger has the shortfall, because the work is done and a refusal would not undo it.
 */
async function make(query: Query, plan: AssemblyPlan, { by, requestId }: Cause): Promise<void> {
  const { assemblyPlanUid: uid, completedQuantity: made, shippingProductId } = plan;
  const last = lastMove(sql`l.assembly_plan_uid = ${uid}`);
  await query(sql`
    with used as (select shipping_product_id, quantity * ${made}::bigint as quantity from assembly_plan_materials where assembly_plan_uid = ${uid}),
         moved as (update shipping_products p
                      set stock = coalesce(p.stock, 0) - least(coalesce(p.stock, 0), used.quantity),
                          shortfall = p.shortfall + greatest(0, used.quantity - coalesce(p.stock, 0)), updated_at = now()
                     from used
                    where used.shipping_product_id = p.shipping_product_id and (${last}) is distinct from 'consume'
                returning p.shipping_product_id, coalesce(old.stock, 0) as before, new.stock as after, used.quantity as used)
    insert into stock_ledger (shipping_product_id, by, kind, delta, stock, shortfall, assembly_plan_uid, request_id)
    select shipping_product_id, ${by}, 'consume', after - before, after, used - (before - after), ${uid}, ${requestId} from moved`);
  await query(sql`
    with moved as (update shipping_products p set stock = coalesce(p.stock, 0) + ${made}::bigint, updated_at = now()
                    where p.shipping_product_id = ${shippingProductId} and (${last}) is distinct from 'produce'
                returning p.shipping_product_id, coalesce(old.stock, 0) as before, new.stock as after)
    insert into stock_ledger (shipping_product_id, by, kind, delta, stock, assembly_plan_uid, request_id)
    select shipping_product_id, ${by}, 'produce', after - before, after, ${uid}, ${requestId} from moved`);
}

/** Reverses `make`, for a completion that the plan's workflow does not know. */
async function unmake(query: Query, { assemblyPlanUid: uid }: AssemblyPlan, { by, requestId }: Cause): Promise<void> {
  await query(sql`
    with last as (select distinct on (shipping_product_id) shipping_product_id, kind, delta, shortfall from stock_ledger
                   where assembly_plan_uid = ${uid} order by shipping_product_id, id desc),
         moved as (update shipping_products p
                      set stock = p.stock - least(p.stock, last.delta), shortfall = greatest(0, p.shortfall - last.shortfall),
                          updated_at = now()
                     from last
                    where p.shipping_product_id = last.shipping_product_id and last.kind in ('consume', 'produce')
                returning p.shipping_product_id, 'un' || last.kind as kind, old.stock as before, new.stock as after, last.shortfall)
    insert into stock_ledger (shipping_product_id, by, kind, delta, stock, shortfall, assembly_plan_uid, request_id)
    select shipping_product_id, ${by}, kind, after - before, after, -shortfall, ${uid}, ${requestId} from moved`);
}
