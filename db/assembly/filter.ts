import { sql } from 'kysely';
import type { PlanState } from '../../domain/assembly.ts';
import { anyOf, when } from '../lists.ts';
import { build } from '../statement.ts';

/** `member` null = everybody's; `ids` null = any id; `forOrders` absent = both. */
export interface ProductFilter {
  member: number | null;
  ids: number[] | null;
  forOrders?: boolean | undefined;
}

/** Shipping products within the filter. */
export const products = ({ member, ids, forOrders }: ProductFilter) =>
  build
    .selectFrom('shipping_products')
    .where((eb) =>
      eb.and([
        ...when(member, (asked) => eb('member_id', '=', asked)),
        ...when(ids, (asked) => eb('shipping_product_id', '=', anyOf(asked))),
        ...when(forOrders, (asked) => eb('for_orders', '=', sql.lit(asked))),
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
        ...when(member, (asked) => eb('member_id', '=', asked)),
        ...when(uids, (asked) => eb('assembly_product_uid', '=', anyOf(asked))),
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
        ...when(member, (asked) => eb('member_id', '=', asked)),
        ...when(uids, (asked) => eb('assembly_plan_uid', '=', anyOf(asked))),
        ...when(productUid, (asked) => eb('assembly_product_uid', '=', asked)),
        ...when(state, (asked) => eb('state', '=', asked)),
        ...when(overdue, (asked) => eb('overdue_at', asked ? 'is not' : 'is', null)),
      ]),
    );
