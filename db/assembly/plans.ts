import type { PlanState } from '../../domain/assembly.ts';
import { availableOf } from '../record/stock.ts';
import { Statement } from '../sql.ts';
import type { Query } from '../statement.ts';
import type { PlanRow } from './plan-row.ts';

/** A plan with its product's name, its day and what it needs in all: by its own list once started, by the recipe before. */
export interface ListedPlan extends PlanRow {
  day: string;
  product_name: string;
  materials: { shipping_product_id: number; product_name: string; quantity: number }[];
  created_at: Date;
}

export interface PlanFilter {
  member: number | null;
  uids?: number[] | undefined;
  productUid?: number | undefined;
  state?: PlanState | undefined;
  overdue?: boolean | undefined;
}

function conditions({ member, uids, productUid, state, overdue }: PlanFilter, statement: Statement): string {
  const found = ['true'];
  if (member !== null) found.push(`p.member_id = ${statement.bind(member)}`);
  if (uids !== undefined) found.push(`p.assembly_plan_uid = any(${statement.bind(uids)})`);
  if (productUid !== undefined) found.push(`p.assembly_product_uid = ${statement.bind(productUid)}`);
  if (state !== undefined) found.push(`p.state = ${statement.bind(state)}`);
  if (overdue !== undefined) found.push(`p.overdue_at is ${overdue ? 'not ' : ''}null`);
  return found.join(' and ');
}

/** A page of plans, newest first. */
export async function findPlans(query: Query, filter: PlanFilter, offset: number, limit: number): Promise<ListedPlan[]> {
  const statement = new Statement();
  const where = conditions(filter, statement);
  return query<ListedPlan>(
    `select p.*, p.plan_date::text as day, s.product_name, m.materials
       from (select * from assembly_plans p where ${where} order by p.assembly_plan_uid desc
              limit ${statement.bind(limit)} offset ${statement.bind(offset)}) p
       join shipping_products s using (shipping_product_id)
       cross join lateral (
         select coalesce(json_agg(json_build_object('shipping_product_id', n.shipping_product_id, 'product_name', n.product_name,
                                                    'quantity', m.quantity * p.plan_quantity) order by n.shipping_product_id), '[]') as materials
           from (${MATERIALS}) m join shipping_products n using (shipping_product_id)) m
      order by p.assembly_plan_uid desc`,
    statement.values,
  );
}

/** What plan `p` takes for one piece. */
const MATERIALS = `select shipping_product_id, quantity from assembly_plan_materials where assembly_plan_uid = p.assembly_plan_uid
  union all
  select shipping_product_id, quantity from assembly_materials where assembly_product_uid = p.assembly_product_uid
     and not exists (select from assembly_plan_materials where assembly_plan_uid = p.assembly_plan_uid)`;

export async function countPlans(query: Query, filter: PlanFilter): Promise<number> {
  const statement = new Statement();
  const rows = await query<{ count: number }>(
    `select count(*) from assembly_plans p where ${conditions(filter, statement)}`,
    statement.values,
  );
  return rows[0]?.count ?? 0;
}

export interface Shortage {
  shipping_product_id: number;
  product_name: string;
  required: number;
  available: number;
}

/** The materials of which less is available than the plan needs. */
export const shortagesOf = (query: Query, uid: number): Promise<Shortage[]> =>
  query<Shortage>(
    `select * from (
       select n.shipping_product_id, n.product_name, m.quantity * p.plan_quantity as required, ${availableOf('n')} as available
         from assembly_plans p cross join lateral (${MATERIALS}) m join shipping_products n on n.shipping_product_id = m.shipping_product_id
        where p.assembly_plan_uid = $1) needed
      where available < required order by shipping_product_id`,
    [uid],
  );

export interface PlanHistoryRow {
  at: Date;
  by: string;
  command: string;
  to_state: PlanState;
  refused: string | null;
}

export const historyOfPlan = (query: Query, uid: number): Promise<PlanHistoryRow[]> =>
  query<PlanHistoryRow>(
    `select at, by, command, to_state, refused from assembly_plan_history
      where assembly_plan_uid = $1 and voided_at is null order by id`,
    [uid],
  );

/** Registers a plan at `planned`, with its first history row; answers its uid, also to the same request again. Null = no such assembly product. */
export async function insertPlan(
  query: Query,
  plan: {
    member: number | null;
    productUid: number;
    quantity: number;
    day: string;
    comment: string | null;
    dueAt: string;
    requestId: string;
    by: string;
  },
): Promise<number | null> {
  const known = await query<{ assembly_plan_uid: number }>('select assembly_plan_uid from assembly_plans where request_id = $1', [
    plan.requestId,
  ]);
  if (known[0]) return known[0].assembly_plan_uid;
  const rows = await query<{ assembly_plan_uid: number }>(
    `insert into assembly_plans (assembly_plan_uid, assembly_product_uid, member_id, shipping_product_id, plan_quantity, plan_date, comment,
                                 state, revision, due_at, request_id)
     select nextval('assembly_plan_uid_seq'), assembly_product_uid, member_id, shipping_product_id, $3, $4, $5, 'planned', 1, $6, $7
       from assembly_products where assembly_product_uid = $1 and ($2::bigint is null or member_id = $2)
     returning assembly_plan_uid`,
    [plan.productUid, plan.member, plan.quantity, plan.day, plan.comment, plan.dueAt, plan.requestId],
  );
  const uid = rows[0]?.assembly_plan_uid;
  if (uid === undefined) return null;
  await query(
    `insert into assembly_plan_history (assembly_plan_uid, at, by, command, from_state, to_state, revision, request_id)
     values ($1, now(), $2, 'plan', null, 'planned', 1, $3)`,
    [uid, plan.by, plan.requestId],
  );
  return uid;
}
