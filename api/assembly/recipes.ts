import {
  changeAssembly,
  findAssembly,
  findCycle,
  finishedProducts,
  insertAssemblies,
  isAskedLater,
  lockRecipes,
  usableProducts,
} from '../../db/assembly/recipes.ts';
import type { Em } from '../../db/database.ts';
import type { Query } from '../../db/statement.ts';
import { Problem } from '../../domain/problems.ts';
import type { StoredRequest } from '../../requests/store.ts';
import type { AssemblyChange, AssemblyRow } from './schemas.ts';
import { invalid, memberOf, missing, okAnswer, refused, scopeOf } from './wire.ts';

/** The transaction in which a stored request is executed. */
interface Work {
  em: Em;
  query: Query;
  request: StoredRequest;
  askedAt: string;
}

export const noAssembly = () => new Problem('ASSEMBLY_NOT_FOUND', '없는 가공품입니다');

/** Registers all of them or none; a refusal names its row. */
export async function registerRecipes(
  { em, query, request }: Omit<Work, 'askedAt'>,
  given: number | undefined,
  rows: AssemblyRow[],
  pathOf: (at: number) => string,
) {
  const scope = scopeOf(request);
  const member = memberOf(scope, given, 'required') ?? 0;
  await lockRecipes(query);
  const wanted = rows.map((row) => row.product_id);
  await refuseUnusable(query, member, scope.member === null, rows, pathOf);
  const finished = await finishedProducts(query, wanted);
  for (const [at, productId] of wanted.entries())
    if (finished.has(productId) || wanted.indexOf(productId) < at)
      throw refused('ASSEMBLY_EXISTS', `${pathOf(at)}product_id`, '이미 가공품으로 등록된 출고상품입니다');
  const assemblies = rows.map(({ product_id: productId, comment, item_list: materials }) => ({
    productId,
    comment: comment || null,
    materials,
  }));
  const uids = await insertAssemblies(em, query, member, assemblies);
  const cyclic = await findCycle(query, uids);
  if (cyclic !== null) throw cycle(pathOf(wanted.indexOf(cyclic)));
  return rows.map(({ product_id }, at) => ({ product_id: String(product_id), assembly_product_uid: String(uids[at]) }));
}

const cycle = (path: string) => invalid(`${path}item_list`, '가공재료를 따라가면 자신이 다시 나옵니다');

async function refuseUnusable(
  query: Query,
  member: number,
  shared: boolean,
  rows: { product_id?: number; item_list: AssemblyRow['item_list'] }[],
  pathOf: (at: number) => string,
): Promise<void> {
  const named = rows.flatMap((row, at) => [
    ...(row.product_id === undefined ? [] : [{ productId: row.product_id, path: `${pathOf(at)}product_id` }]),
    ...row.item_list.map(({ shipping_product_id: productId }, item) => ({
      productId,
      path: `${pathOf(at)}item_list.${item}.shipping_product_id`,
    })),
  ]);
  const productIds = [...new Set(named.map(({ productId }) => productId))];
  const usable = await usableProducts(query, member, shared, productIds);
  const unknown = named.find(({ productId }) => !usable.has(productId));
  if (unknown) throw missing(unknown.path, '없는 출고상품이거나 다른 고객사의 것입니다');
}

/** Replaces a product's materials, and its comment if one is given, unless a later request has done so already. */
export async function changeRecipe({ em, query, request, askedAt }: Work, { member_id, comment, item_list }: AssemblyChange) {
  const scope = scopeOf(request);
  const member = memberOf(scope, member_id, 'required') ?? 0;
  await lockRecipes(query);
  const uid = Number(request.params.id);
  const known = await findAssembly(em, member, uid);
  if (!known) throw noAssembly();
  if (await isAskedLater(query, uid, askedAt)) throw new Problem('SUPERSEDED');
  const self = item_list.findIndex((item) => item.shipping_product_id === known.shippingProductId);
  if (self >= 0) throw invalid(`item_list.${self}.shipping_product_id`, '가공품은 자신의 재료가 될 수 없습니다');
  await refuseUnusable(query, member, scope.member === null, [{ item_list }], () => '');
  const change = { comment: comment === undefined ? undefined : comment || null, materials: item_list };
  await changeAssembly(em, query, known, change, askedAt);
  if ((await findCycle(query, [uid])) !== null) throw cycle('');
  return okAnswer();
}
