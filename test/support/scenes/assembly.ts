import { randomInt } from 'node:crypto';
import type { Http, SendOptions } from '../http.ts';

/** A product id, or several, that no other test has. */
export const productId = (): number => randomInt(1_000_000, 2_000_000_000);

/** What an answer of /v2 says when it is good; throws when it is not. */
function responseOf({ status, body }: { status: number; body: any }, what: string): any {
  if (status !== 200 || body.code !== '9999') throw new Error(`${what}: ${status} ${JSON.stringify(body)}`);
  return body.response;
}

/** A new shipping product, with this stock where one is given. */
export async function shippingProduct(api: Http, stock?: number, more: object = { member_id: 70 }): Promise<number> {
  const id = productId();
  const body = { shipping_product_id: id, product_name: `상품 ${id}`, ...more };
  responseOf(await api.post('/v2/shipping/product', body), 'shipping product');
  if (stock !== undefined) await setStock(api, id, stock);
  return id;
}

export const setStock = async (api: Http, id: number, quantity: number): Promise<void> =>
  responseOf(await api.put(`/v2/shipping/product/${id}/stock`, { quantity, reason: '재고 실사' }), 'stock');

/** stock_quantity and available_quantity, as numbers. */
export async function stockOf(api: Http, id: number): Promise<[stock: number, available: number]> {
  const { stock_quantity, available_quantity } = responseOf(await api.get(`/v2/shipping/product/${id}`), 'product');
  return [Number(stock_quantity), Number(available_quantity)];
}

/** Kind, change and shortfall of every move of a product's stock, oldest first. */
export async function ledgerOf(api: Http, id: number): Promise<[kind: string, quantity: number, shortfall: number][]> {
  const { data_list } = responseOf(await api.get(`/v2/shipping/product/${id}/stock`), 'ledger');
  return data_list.map((row: any) => [row.kind, Number(row.quantity), Number(row.shortfall_quantity)]).reverse();
}

export const registerAssembly = (api: Http, body: object, options?: SendOptions) =>
  api.post('/v2/assembly/product', { member_id: 70, ...body }, options);

/** A new assembly product made of these (id → quantity in one piece); `product` is the finished one. */
export async function assembly(api: Http, materials: [id: number, quantity: number][], product?: number) {
  const finished = product ?? (await shippingProduct(api));
  const item_list = materials.map(([shipping_product_id, quantity]) => ({ shipping_product_id, quantity }));
  const answer = responseOf(await registerAssembly(api, { product_id: finished, item_list }), 'assembly product');
  return { product: finished, uid: Number(answer.assembly_product_uid) };
}

/** A new plan's uid. */
export async function planOf(api: Http, assemblyUid: number, quantity: number, planDate = '2999-12-31'): Promise<number> {
  const body = { assembly_product_uid: assemblyUid, plan_quantity: quantity, plan_date: planDate };
  return Number(responseOf(await api.post('/v2/assembly/plan', body), 'plan').assembly_plan_uid);
}

export const stepPlan = (api: Http, uid: number, step: string, body?: object, options?: SendOptions) =>
  api.put(`/v2/assembly/plan/${uid}/${step}`, body, options);

/** Takes a plan along steps; throws when one is refused. */
export async function takePlan(api: Http, uid: number, ...steps: (string | [string, object])[]): Promise<void> {
  for (const step of steps) {
    const [name, body] = typeof step === 'string' ? [step, undefined] : step;
    responseOf(await stepPlan(api, uid, name, body), name);
  }
}

export const shownPlan = async (api: Http, uid: number) => responseOf(await api.get(`/v2/assembly/plan/${uid}`), 'plan');

/** New shipping products of these names. */
export const namedProducts = (api: Http, names: string[]): Promise<number[]> =>
  Promise.all(names.map((name) => shippingProduct(api, undefined, { member_id: 70, product_name: name })));

/** The products that the samples of the Sabangnet specification name. */
export async function registerSamples(api: Http): Promise<void> {
  const names = {
    43838: '가공품재료1',
    43839: '가공품재료2',
    43897: '완성 가공품 - 02',
    43898: '완성 가공품 - 03',
    43899: '그릇 세트',
  };
  const request_data_list = Object.entries(names).map(([id, product_name]) => ({ shipping_product_id: id, product_name }));
  responseOf(await api.post('/v2/shipping/products', { member_id: '70', request_data_list }), 'sample products');
}

/** A finished product of one material, with enough of it for a hundred. */
export async function setOfOne(api: Http) {
  const material = await shippingProduct(api, 100);
  return { material, ...(await assembly(api, [[material, 1]])) };
}

/** Two materials, 20 and 10 in stock, of which a set takes two and one: ten sets. */
export async function setOfTwo(api: Http) {
  const [coffee, cookie] = [await shippingProduct(api, 20), await shippingProduct(api, 10)];
  return {
    coffee,
    cookie,
    ...(await assembly(api, [
      [coffee, 2],
      [cookie, 1],
    ])),
  };
}

export const stocksOf = (api: Http, set: { coffee: number; cookie: number; product: number }) =>
  Promise.all([stockOf(api, set.coffee), stockOf(api, set.cookie), stockOf(api, set.product)]);

/** A plan for so many, started. */
export async function startedPlan(api: Http, uid: number, quantity: number): Promise<number> {
  const plan = await planOf(api, uid, quantity);
  await takePlan(api, plan, 'start');
  return plan;
}

/** What the list of stockouts says of a product. */
export async function shownStockout(api: Http, id: number) {
  const { items } = (await api.get('/api/bo/v1/stockouts?limit=500')).body;
  return items.find((item: any) => item.productId === id);
}

/** Registers this number, as whoever `api` speaks for. */
export const registerProduct = (api: Pick<Http, 'post'>, id: number, more: object = {}) =>
  api.post('/v2/shipping/product', { shipping_product_id: id, product_name: `상품 ${id}`, ...more });

/** A member makes this product of a material of its own, and completes a plan for so many. */
export async function makeOwn(member: Http, id: number, quantity: number): Promise<number> {
  const material = await shippingProduct(member, quantity, {});
  const item_list = [{ shipping_product_id: material, quantity: 1 }];
  const made = responseOf(await member.post('/v2/assembly/product', { product_id: id, item_list }), 'assembly product');
  const plan = await planOf(member, Number(made.assembly_product_uid), quantity);
  await takePlan(member, plan, 'start', 'complete');
  return plan;
}
