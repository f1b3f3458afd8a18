import { z } from '@hono/zod-openapi';
import { findProducts, type ListedProduct } from '../../db/assembly/list.ts';
import { insertProducts } from '../../db/assembly/write.ts';
import type { Query } from '../../db/statement.ts';
import type { StoredRequest } from '../../requests/store.ts';
import { digits, id, MOST_BULK, memberOf, refused, scopeOf, trimmed } from './wire.ts';

export const productSchema = z
  .object({
    shipping_product_id: digits,
    member_id: z.string().nullable(),
    product_name: z.string(),
    stock_quantity: z.string().openapi({ description: '재고. 재고를 관리하지 않는 상품은 0' }),
    available_quantity: z.string().openapi({ description: '재고 − 가공 예약 − 출고지시 수량 (음수일 수 있음)' }),
    barcode: z.string().optional().openapi({ description: '검품에서 읽는 바코드. 없으면 출고상품 ID' }),
    for_orders: z.literal(false).optional().openapi({
      description:
        'false: 고객사 토큰으로 등록했고 물류사가 확인하지 않은 상품. 번호가 같아도 주문내역의 상품이 아니므로 출고·재입고·결품 해제와 무관하고, 가용재고에 출고지시 수량이 들어가지 않음. 물류사가 같은 번호와 member_id로 등록하면 확인됨',
    }),
  })
  .openapi('ShippingProduct', {
    example: {
      shipping_product_id: '43838',
      member_id: '70',
      product_name: '가공품재료1',
      stock_quantity: '20',
      available_quantity: '18',
      barcode: '8801234567893',
    },
  });

/** A shipping product as the wire shows it. */
export const productOf = (row: ListedProduct): z.output<typeof productSchema> => ({
  shipping_product_id: String(row.shipping_product_id),
  member_id: row.member_id === null ? null : String(row.member_id),
  product_name: row.product_name,
  stock_quantity: String(row.stock ?? 0),
  available_quantity: String(row.available),
  ...(row.barcode === null ? {} : { barcode: row.barcode }),
  ...(row.for_orders ? {} : { for_orders: false as const }),
});
export const product = z.object({ shipping_product_id: id, product_name: trimmed(100).min(1) });

/**
 * Registers all of these shipping products or none. Only those of a 물류사 are for orders: that a member may register a free number
 * says nothing about whose goods the shop sells under it (docs/decisions/products-for-orders.md).
 */
export async function registerProducts(
  query: Query,
  request: StoredRequest,
  given: number | undefined,
  products: z.output<typeof product>[],
  pathOf: (at: number) => string,
): Promise<z.output<typeof productSchema>[]> {
  const scope = scopeOf(request);
  const member = memberOf(scope, given, 'optional');
  const forOrders = scope.member === null;
  const wanted = products.map((each) => each.shipping_product_id);
  const twice = wanted.findIndex((each, at) => wanted.indexOf(each) !== at);
  if (twice >= 0) throw refused('ASSEMBLY_EXISTS', pathOf(twice), '같은 출고상품이 두 번 있습니다');
  const [known] = await insertProducts(
    query,
    products.map((each) => ({ ...each, member_id: member, for_orders: forOrders })),
  );
  if (known !== undefined) {
    // Whose it is, is nothing for another member to know.
    const [held] = forOrders ? await findProducts(query, { member: null, ids: [known], forOrders: false }, 0, 1) : [];
    const why = held
      ? `고객사 ${held.member_id}이(가) 등록해 둔 번호입니다. 그 고객사의 것이면 member_id를 주고 등록하세요`
      : '이미 등록된 출고상품입니다';
    throw refused('ASSEMBLY_EXISTS', pathOf(wanted.indexOf(known)), why);
  }
  const made = Map.groupBy(await findProducts(query, { member, ids: wanted }, 0, MOST_BULK), (row) => row.shipping_product_id);
  return wanted.flatMap((each) => made.get(each) ?? []).map(productOf);
}
