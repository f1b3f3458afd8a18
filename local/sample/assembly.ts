import { z } from 'zod';
import { products, stockouts } from './catalog.ts';
import { accept, type Loading } from './client.ts';
import { DAY, seoulTime } from './random.ts';

const MEMBER = 70;
const GIFT_SET = 43897;
const HOUSEWARMING_SET = 43998;
const MATERIALS: Record<number, [productId: number, quantity: number][]> = {
  // The example of the Sabangnet wire (docs/sources/requirements.md#assembly-4).
  [GIFT_SET]: [
    [43838, 2],
    [43839, 1],
  ],
  [HOUSEWARMING_SET]: [
    [43201, 1],
    [43203, 2],
  ],
};
const STOCK: Record<number, number> = { 43838: 64, 43839: 27, 43201: 80, 43203: 120, [HOUSEWARMING_SET]: 0 };
const USUAL_STOCK = 150;

interface SamplePlan {
  product: number;
  quantity: number;
  inDays: number;
  comment: string;
  steps: { step: 'start' | 'complete' | 'cancel'; body: object }[];
}

/** One of each kind. The gift set's plan is in progress, so that a user can complete it and see the waiting lines released. */
const plans: readonly SamplePlan[] = [
  { product: GIFT_SET, quantity: 12, inDays: 3, comment: '결품 해소분', steps: [{ step: 'start', body: {} }] },
  { product: GIFT_SET, quantity: 40, inDays: 12, comment: '연말 예약분', steps: [] },
  {
    product: HOUSEWARMING_SET,
    quantity: 15,
    inDays: 0,
    comment: '기획전 1차',
    steps: [
      { step: 'start', body: {} },
      { step: 'complete', body: { completed_quantity: 13 } },
    ],
  },
  { product: HOUSEWARMING_SET, quantity: 10, inDays: -2, comment: '기획전 2차', steps: [] },
  { product: HOUSEWARMING_SET, quantity: 5, inDays: 5, comment: '기획전 3차', steps: [{ step: 'cancel', body: {} }] },
];

const done = z.object({ code: z.literal('9999') });
const registered = z.object({
  response: z.object({
    processed_data_list: z.array(z.object({ product_id: z.string(), assembly_product_uid: z.string() })),
  }),
});
const planned = z.object({ response: z.object({ assembly_plan_uid: z.string() }) });

/** Every product sold is a shipping product with a counted stock; sold-out ones have none. */
async function stockUp({ send }: Loading): Promise<number> {
  const all = [...products.map(([id, name]) => [id, name] as const), [HOUSEWARMING_SET, '집들이 선물세트'] as const];
  const request_data_list = all.map(([shipping_product_id, product_name]) => ({ shipping_product_id, product_name }));
  accept('출고상품 등록', done, await send('POST', '/v2/shipping/products', { member_id: MEMBER, request_data_list }));
  await Promise.all(
    all.map(async ([id]) => {
      const quantity = STOCK[id] ?? (stockouts.has(id) ? 0 : USUAL_STOCK);
      const answer = await send('PUT', `/v2/shipping/product/${id}/stock`, { quantity, reason: '월초 재고 실사' });
      accept(`재고 ${id}`, done, answer);
    }),
  );
  return all.length;
}

/**
 * Shipping products with stock, two assembly products and a few plans, at `end`, after the orders. Can be repeated after an
 * interruption: every step has its key, and a step that was done gives the same answer again.
 */
export async function loadAssemblies(loading: Loading, end: Date): Promise<void> {
  const { send, progress } = loading;
  const count = await stockUp(loading);
  const request_data_list = Object.entries(MATERIALS).map(([product_id, materials]) => ({
    product_id,
    item_list: materials.map(([shipping_product_id, quantity]) => ({ shipping_product_id, quantity })),
  }));
  const answer = await send('POST', '/v2/assembly/products', { member_id: MEMBER, request_data_list });
  const assemblies = accept('가공품 등록', registered, answer).response.processed_data_list;
  for (const { product, quantity, inDays, comment, steps } of plans) {
    const assembly_product_uid = assemblies.find(({ product_id }) => product_id === String(product))?.assembly_product_uid;
    const plan_date = seoulTime(end.getTime() + inDays * DAY).slice(0, 10);
    const body = { assembly_product_uid, plan_quantity: quantity, plan_date, comment };
    const { assembly_plan_uid } = accept('가공 계획 등록', planned, await send('POST', '/v2/assembly/plan', body)).response;
    for (const { step, body } of steps)
      accept(`가공 계획 ${step}`, done, await send('PUT', `/v2/assembly/plan/${assembly_plan_uid}/${step}`, body));
  }
  progress(`예제 출고상품 ${count}종, 가공품 ${assemblies.length}종, 상품가공 계획 ${plans.length}건`);
}
