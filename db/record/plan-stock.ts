import type { AssemblyPlan, PlanState } from '../../domain/assembly.ts';
import type { Query } from '../statement.ts';
import { Refused } from './recorder.ts';
import { availableOf, type Cause, lastMove, lockProducts } from './stock.ts';

/**
 * What a plan's row does to stock as its state changes, in `recordPlan`'s transaction and under the plan's lock. A state has its
 * effect (in progress: materials reserved; completed: materials used, finished stock added); what the old one had is taken back
 * before the new one's is made, so that a repair in any direction comes out right. Throws Refused MATERIAL_SHORTAGE when a plan is
 * started with too little available.
 */
export async function movePlanStock(
  query: Query,
  plan: AssemblyPlan,
  was: { state: PlanState; completed_quantity: number | null },
  command: string,
  cause: Cause,
): Promise<void> {
  if (was.state === plan.state) return;
  const { assemblyPlanUid: uid } = plan;
  if (plan.state === 'inProgress' || plan.state === 'completed') await noteMaterials(query, plan);
  const materials = await query<{ shipping_product_id: number }>(
    'select shipping_product_id from assembly_plan_materials where assembly_plan_uid = $1',
    [uid],
  );
  await lockProducts(query, [plan.shippingProductId, ...materials.map((row) => row.shipping_product_id)]);
  if (was.state === 'inProgress') await reserve(query, uid, -plan.planQuantity);
  if (was.state === 'completed') await unmake(query, plan, cause);
  if (plan.state === 'inProgress') {
    if (command === 'start') await refuseShortage(query, plan);
    await reserve(query, uid, plan.planQuantity);
  }
  if (plan.state === 'completed') await make(query, plan, cause);
}

/** The recipe is the one of the moment the plan starts; a later change of the assembly product does not reach it. */
async function noteMaterials(query: Query, { assemblyPlanUid, assemblyProductUid }: AssemblyPlan): Promise<void> {
  await query(
    `insert into assembly_plan_materials (assembly_plan_uid, shipping_product_id, quantity)
     select $1, shipping_product_id, quantity from assembly_materials
      where assembly_product_uid = $2 and not exists (select from assembly_plan_materials where assembly_plan_uid = $1)`,
    [assemblyPlanUid, assemblyProductUid],
  );
}

async function refuseShortage(query: Query, { assemblyPlanUid, planQuantity }: AssemblyPlan): Promise<void> {
  const short = await query(
    `select 1 from assembly_plan_materials m join shipping_products p using (shipping_product_id)
      where m.assembly_plan_uid = $1 and ${availableOf('p')} < m.quantity * $2 limit 1`,
    [assemblyPlanUid, planQuantity],
  );
  if (short.length > 0) throw new Refused('MATERIAL_SHORTAGE');
}

/** Negative = given back. */
async function reserve(query: Query, uid: number, pieces: number): Promise<void> {
  await query(
    `update shipping_products p set reserved = greatest(0, p.reserved + m.quantity * $2::bigint), updated_at = now()
       from assembly_plan_materials m where m.assembly_plan_uid = $1 and m.shipping_product_id = p.shipping_product_id`,
    [uid, pieces],
  );
}

/**
 * Uses the materials and adds what was made. A material whose stock is less than was used (a parcel took it meanwhile, or it was
 * counted down) goes to 0, the ledger has the shortfall: the work is done, and refusing it would not undo it.
 */
async function make(query: Query, plan: AssemblyPlan, { by, requestId }: Cause): Promise<void> {
  const values = [plan.assemblyPlanUid, plan.completedQuantity, by, requestId];
  await query(
    `with moved as (update shipping_products p
                       set stock = coalesce(p.stock, 0) - least(coalesce(p.stock, 0), m.quantity * $2::bigint),
                           shortfall = p.shortfall + greatest(0, m.quantity * $2 - coalesce(p.stock, 0)), updated_at = now()
                      from assembly_plan_materials m
                     where m.assembly_plan_uid = $1 and m.shipping_product_id = p.shipping_product_id
                       and (${lastMove('assembly_plan_uid')}) is distinct from 'consume'
                 returning p.shipping_product_id, coalesce(old.stock, 0) as before, new.stock as after, m.quantity * $2 as used)
     insert into stock_ledger (shipping_product_id, by, kind, delta, stock, shortfall, assembly_plan_uid, request_id)
     select shipping_product_id, $3, 'consume', after - before, after, used - (before - after), $1, $4 from moved`,
    values,
  );
  await query(
    `with moved as (update shipping_products p set stock = coalesce(p.stock, 0) + $2::bigint, updated_at = now()
                     where p.shipping_product_id = $5 and (${lastMove('assembly_plan_uid')}) is distinct from 'produce'
                 returning coalesce(old.stock, 0) as before, new.stock as after)
     insert into stock_ledger (shipping_product_id, by, kind, delta, stock, assembly_plan_uid, request_id)
     select $5, $3, 'produce', after - before, after, $1, $4 from moved`,
    [...values, plan.shippingProductId],
  );
}

/** Takes back what `make` did, for a completion that its workflow never knew of. */
async function unmake(query: Query, plan: AssemblyPlan, { by, requestId }: Cause): Promise<void> {
  await query(
    `with last as (select distinct on (shipping_product_id) shipping_product_id, kind, delta, shortfall from stock_ledger
                    where assembly_plan_uid = $1 order by shipping_product_id, id desc),
          moved as (update shipping_products p
                       set stock = p.stock - least(p.stock, last.delta), shortfall = greatest(0, p.shortfall - last.shortfall),
                           updated_at = now()
                      from last
                     where p.shipping_product_id = last.shipping_product_id and last.kind in ('consume', 'produce')
                 returning p.shipping_product_id, 'un' || last.kind as kind, old.stock as before, new.stock as after, last.shortfall)
     insert into stock_ledger (shipping_product_id, by, kind, delta, stock, shortfall, assembly_plan_uid, request_id)
     select shipping_product_id, $2, kind, after - before, after, -shortfall, $1, $3 from moved`,
    [plan.assemblyPlanUid, by, requestId],
  );
}
