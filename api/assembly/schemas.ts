import { z } from '@hono/zod-openapi';
import type { ListedAssembly } from '../../db/assembly/list.ts';
import { digits, id, MOST_BULK, quantity, trimmed } from './wire.ts';

const MOST_COMMENT = 2_000;
const MOST_MATERIALS = 200;

const material = z.object({ shipping_product_id: id, quantity });
const itemList = z
  .array(material)
  .min(1, '가공재료가 하나 이상 있어야 합니다')
  .max(MOST_MATERIALS)
  .superRefine((materials, context) => {
    const seen = new Set<number>();
    for (const [at, { shipping_product_id }] of materials.entries()) {
      const path = [at, 'shipping_product_id'];
      if (seen.has(shipping_product_id)) context.addIssue({ code: 'custom', path, message: '같은 가공재료가 두 번 있습니다' });
      seen.add(shipping_product_id);
    }
  });
const comment = trimmed(MOST_COMMENT).nullish().openapi({ type: 'string', maxLength: MOST_COMMENT });

const noneOfItself = (
  { product_id, item_list }: { product_id: number; item_list: z.output<typeof itemList> },
  context: z.RefinementCtx,
) => {
  const at = item_list.findIndex(({ shipping_product_id }) => shipping_product_id === product_id);
  const path = ['item_list', at, 'shipping_product_id'];
  if (at >= 0) context.addIssue({ code: 'custom', path, message: '가공품은 자신의 재료가 될 수 없습니다' });
};
const assembly = z.object({ product_id: id, comment, item_list: itemList });
export type AssemblyRow = z.output<typeof assembly>;

const member_id = id.optional().openapi({ description: '고객사 ID. 물류사는 필수', example: 70 });
const items = [
  { shipping_product_id: '43838', quantity: 2 },
  { shipping_product_id: '43839', quantity: 1 },
];

/** 등록(단일). */
export const oneAssembly = assembly
  .extend({ member_id })
  .superRefine(noneOfItself)
  .openapi('AssemblyProductBody', {
    example: { member_id: '70', product_id: '43897', comment: ' 코멘트0^^0 ', item_list: items } as never,
  });
/** 등록(벌크). */
export const manyAssemblies = z
  .object({ member_id, request_data_list: z.array(assembly.superRefine(noneOfItself)).min(1).max(MOST_BULK) })
  .openapi('AssemblyProductsBody', {
    example: {
      member_id: '70',
      request_data_list: [{ product_id: '43898', comment: ' 코멘트 - 1 ', item_list: items }],
    } as never,
  });
/** 수정. */
export const changedAssembly = z
  .object({ member_id, comment, item_list: itemList })
  .openapi('AssemblyProductChange', { example: { member_id: '70', comment: ' 코멘트0^^0 ', item_list: items } as never });
export type AssemblyChange = z.output<typeof changedAssembly>;

export const registeredSchema = z
  .object({ product_id: digits, assembly_product_uid: digits })
  .openapi('AssemblyProductRegistered', { example: { product_id: '43897', assembly_product_uid: '90' } });
export const registeredManySchema = z.object({ processed_count: z.int(), processed_data_list: z.array(registeredSchema) });

export const assemblySchema = z
  .object({
    assembly_product_uid: digits,
    member_id: digits,
    shipping_product_id: digits,
    product_name: z.string(),
    comment: z.string(),
    item_list: z.array(z.object({ shipping_product_id: digits, product_name: z.string(), quantity: digits })),
  })
  .openapi('AssemblyProduct', {
    example: {
      assembly_product_uid: '91',
      member_id: '70',
      shipping_product_id: '43898',
      product_name: '완성 가공품 - 03',
      comment: '코멘트 - 1',
      item_list: [{ shipping_product_id: '43838', product_name: '가공품재료1', quantity: '1' }],
    },
  });

/** An assembly product as the wire shows it: ids and quantities are strings. */
export const assemblyOf = (row: ListedAssembly): z.output<typeof assemblySchema> => ({
  assembly_product_uid: String(row.assembly_product_uid),
  member_id: String(row.member_id),
  shipping_product_id: String(row.shipping_product_id),
  product_name: row.product_name,
  comment: row.comment ?? '',
  item_list: row.materials.map(({ shipping_product_id, product_name, quantity }) => ({
    shipping_product_id: String(shipping_product_id),
    product_name,
    quantity: String(quantity),
  })),
});

export const uidParam = z.object({ id: id.openapi({ param: { name: 'id', in: 'path' }, example: 91 }) });
