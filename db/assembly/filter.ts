import { sql } from 'kysely';
import type { PlanState } from '../../domain/assembly.ts';
import { build } from '../statement.ts';

/** One of these, bound as one value, so that the statement's text does not depend on their number. */
const anyOf = (ids: number[]) => sql<number>`any(${ids})`;

/** `member` null = everybody's; `ids` null = any id. */
export interface ProductFilter {
  member: number | null;
  ids: number[] | null;
}

/** Shipping products within the filter. */
export const products = ({ member, ids }: ProductFilter) =>
  build
    .selectFrom('shipping_products')
    .where((eb) =>
      eb.and([
        ...(member === null ? [] : [eb('member_id', '=', member)]),
        ...(ids === null ? [] : [eb('shipping_product_id', '=', anyOf(ids))]),
      ]),
    );

export interface AssemblyFilter {
  member: number | null;
  uids: number[] | null;
}

/** Assembly products within the filter. */
export const assemblies = ({ member, uids }: AssemblyFilter) =>
  build
    .selectFrom('assembly_products')
    .where((eb) =>
      eb.and([
        ...(member === null ? [] : [eb('member_id', '=', member)]),
        ...(uids === null ? [] : [eb('assembly_product_uid', '=', anyOf(uids))]),
      ]),
    );

export interface PlanFilter {
  member: number | null;
  uids?: number[] | undefined;
  productUid?: number | undefined;
  state?: PlanState | undefined;
  overdue?: boolean | undefined;
}

/** Plans within the filter. */
export const plans = ({ member, uids, productUid, state, overdue }: PlanFilter) =>
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
