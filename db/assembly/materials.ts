import { sql } from 'kysely';
import { build } from '../statement.ts';

/** What the plan of this alias takes for one piece: by its own list once it has been started, by the recipe of its product before. */
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
