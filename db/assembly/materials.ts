import { sql } from 'kysely';
import { build } from '../statement.ts';

/** The plan's materials per piece: its own list once it has started, before that its product's recipe. */
export const materialsOf = (plan: string) => {
  const own = build
    .selectFrom('assembly_plan_materials')
    .where('assembly_plan_uid', '=', sql.ref<number>(`${plan}.assembly_plan_uid`));
  return own.select(['shipping_product_id', 'quantity']).unionAll(
    build
      .selectFrom('assembly_materials')
      .select(['shipping_product_id', 'quantity'])
      .where('assembly_product_uid', '=', sql.ref<number>(`${plan}.assembly_product_uid`))
      .where((eb) => eb.not(eb.exists(own.select('shipping_product_id')))),
  );
};
