import { sql } from 'kysely';
import { jsonArrayFrom } from 'kysely/helpers/postgres';
import type { PlanState } from '../../domain/assembly.ts';
import { availableOf } from '../record/stock.ts';
import { build, type Query } from '../statement.ts';
import { materialsOf } from './materials.ts';

/** One of these, given as one bound value: the statement stays the same however many they are. */
const anyOf = (ids: number[]) => sql<number>`any(${ids})`;

/** `member` null = of everybody; `ids` null = whatever id. */
export interface ProductFilter {
  member: number | null;
  ids: number[] | null;
}

export type ListedProduct = Awaited<ReturnType<typeof findProducts>>[number];

const products = ({ member, ids }: ProductFilter) =>
  build
    .selectFrom('shipping_products')
    .where((eb) =>
      eb.and([
        ...(member === null ? [] : [eb('member_id', '=', member)]),
        ...(ids === null ? [] : [eb('shipping_product_id', '=', anyOf(ids))]),
      ]),
    );

/** A page of shipping products by id; what is available is asked for the page's rows alone. */
export const findProducts = (query: Query, filter: ProductFilter, offset: number, limit: number) => {
  const page = products(filter).selectAll().orderBy('shipping_product_id').limit(limit).offset(offset);
  return query(
    build
      .selectFrom(page.as('p'))
      .select(['p.shipping_product_id', 'p.member_id', 'p.product_name', 'p.stock'])
      .select(sql.raw<number>(availableOf('p')).as('available'))
      .orderBy('p.shipping_product_id'),
  );
};

export async function countProducts(query: Query, filter: ProductFilter): Promise<number> {
  const [row] = await query(products(filter).select((eb) => eb.fn.countAll<number>().as('count')));
  return row?.count ?? 0;
}

export interface AssemblyFilter {
  member: number | null;
  uids: number[] | null;
}

export type ListedAssembly = Awaited<ReturnType<typeof findAssemblies>>[number];

const assemblies = ({ member, uids }: AssemblyFilter) =>
  build
    .selectFrom('assembly_products')
    .where((eb) =>
      eb.and([
        ...(member === null ? [] : [eb('member_id', '=', member)]),
        ...(uids === null ? [] : [eb('assembly_product_uid', '=', anyOf(uids))]),
      ]),
    );

/** A page of assembly products by uid, with their materials in the order they were given. */
export const findAssemblies = (query: Query, filter: AssemblyFilter, offset: number, limit: number) => {
  const page = assemblies(filter).selectAll().orderBy('assembly_product_uid').limit(limit).offset(offset);
  return query(
    build
      .selectFrom(page.as('a'))
      .innerJoin('shipping_products as p', 'p.shipping_product_id', 'a.shipping_product_id')
      .select(['a.assembly_product_uid', 'a.member_id', 'a.shipping_product_id', 'p.product_name', 'a.comment'])
      .select((eb) => [
        jsonArrayFrom(
          eb
            .selectFrom('assembly_materials as m')
            .innerJoin('shipping_products as n', 'n.shipping_product_id', 'm.shipping_product_id')
            .select(['m.shipping_product_id', 'm.quantity', 'n.product_name'])
            .whereRef('m.assembly_product_uid', '=', 'a.assembly_product_uid')
            .orderBy('m.position'),
        ).as('materials'),
      ])
      .orderBy('a.assembly_product_uid'),
  );
};

export async function countAssemblies(query: Query, filter: AssemblyFilter): Promise<number> {
  const [row] = await query(assemblies(filter).select((eb) => eb.fn.countAll<number>().as('count')));
  return row?.count ?? 0;
}

export interface PlanFilter {
  member: number | null;
  uids?: number[] | undefined;
  productUid?: number | undefined;
  state?: PlanState | undefined;
  overdue?: boolean | undefined;
}

/** A plan with its product's name and what it needs in all. */
export type ListedPlan = Awaited<ReturnType<typeof findPlans>>[number];

const plans = ({ member, uids, productUid, state, overdue }: PlanFilter) =>
  build
    .selectFrom('assembly_plans')
    .where((eb) =>
      eb.and([
        ...(member === null ? [] : [eb('member_id', '=', member)]),
        ...(uids === undefined ? [] : [eb('assembly_plan_uid', '=', anyOf(uids))]),
        ...(productUid === undefined ? [] : [eb('assembly_product_uid', '=', productUid)]),
        ...(state === undefined ? [] : [eb('state', '=', state)]),
        ...(overdue === undefined ? [] : [eb('overdue_at', overdue ? 'is not' : 'is', null)]),
      ]),
    );

/** A page of plans, newest first. */
export const findPlans = (query: Query, filter: PlanFilter, offset: number, limit: number) => {
  const page = plans(filter).selectAll().orderBy('assembly_plan_uid', 'desc').limit(limit).offset(offset);
  return query(
    build
      .selectFrom(page.as('p'))
      .innerJoin('shipping_products as s', 's.shipping_product_id', 'p.shipping_product_id')
      .selectAll('p')
      .select('s.product_name')
      .select((eb) => [
        jsonArrayFrom(
          eb
            .selectFrom(materialsOf('p').as('m'))
            .innerJoin('shipping_products as n', 'n.shipping_product_id', 'm.shipping_product_id')
            .select(['n.shipping_product_id', 'n.product_name'])
            .select((material) => material('m.quantity', '*', material.ref('p.plan_quantity')).as('quantity'))
            .orderBy('n.shipping_product_id'),
        ).as('materials'),
      ])
      .orderBy('p.assembly_plan_uid', 'desc'),
  );
};

export async function countPlans(query: Query, filter: PlanFilter): Promise<number> {
  const [row] = await query(plans(filter).select((eb) => eb.fn.countAll<number>().as('count')));
  return row?.count ?? 0;
}

/** A page of a product's ledger, newest first, and how many rows it has. */
export async function findLedger(query: Query, productId: number, offset: number, limit: number) {
  const moves = build.selectFrom('stock_ledger').where('shipping_product_id', '=', productId);
  const [rows, counts] = await Promise.all([
    query(moves.selectAll().orderBy('id', 'desc').limit(limit).offset(offset)),
    query(moves.select((eb) => eb.fn.countAll<number>().as('count'))),
  ]);
  return { rows, total: counts[0]?.count ?? 0 };
}
