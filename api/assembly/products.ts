import { createRoute, z } from '@hono/zod-openapi';
import {
  findCycle,
  finishedProducts,
  insertAssemblies,
  lockRecipes,
  updateAssembly,
  usableProducts,
} from '../../db/assembly/product-write.ts';
import { countAssemblies, findAssemblies } from '../../db/assembly/products.ts';
import type { Query } from '../../db/statement.ts';
import { Problem } from '../../domain/problems.ts';
import { once } from '../../requests/in-transaction.ts';
import type { Requests, StoredRequest } from '../../requests/store.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { jsonBody, requestHeaders } from '../http/schemas.ts';
import { storedAnswer } from '../http/stored-answer.ts';
import {
  type AssemblyRow,
  assemblyOf,
  assemblySchema,
  changedAssembly,
  manyAssemblies,
  oneAssembly,
  registeredManySchema,
  registeredSchema,
  uidParam,
} from './schemas.ts';
import {
  bareSchema,
  callerScope,
  envelopeErrors,
  envelopeOf,
  id,
  ids,
  invalid,
  memberOf,
  missing,
  okAnswer,
  okSchema,
  PAGE_SIZE,
  page,
  pageOf,
  pageSchema,
  refused,
  scopeOf,
  scopeParams,
  writeErrors,
} from './wire.ts';

const notFound = () => new Problem('ASSEMBLY_NOT_FOUND', '없는 가공품입니다');

/** 가공품 관리: the five calls of docs/sources/requirements.md#가공품. */
export function assemblyProductRoutes(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  const { db } = deps;
  const read = { tags: ['가공품'], ...auth('assembly.read') };
  const write = { tags: ['가공품'], ...auth('assembly.write') };

  requests.register('assembly-product', (request) =>
    once(deps, request, async (query) => {
      const { member_id, ...row } = oneAssembly.parse(request.body);
      return okAnswer((await register(query, request, member_id, [row], () => ''))[0]);
    }),
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/v2/assembly/product',
      summary: '가공품 관리 등록(단일)',
      ...write,
      request: { headers: requestHeaders, body: jsonBody(oneAssembly) },
      responses: { 200: okSchema(registeredSchema, '등록됨'), ...writeErrors(404, 409) },
    }),
    (c) =>
      storedAnswer(c, requests, 'assembly-product', { body: c.req.valid('json'), params: scopeParams(c.get('caller')) }) as never,
  );

  requests.register('assembly-products', (request) =>
    once(deps, request, async (query) => {
      const { member_id, request_data_list } = manyAssemblies.parse(request.body);
      const made = await register(query, request, member_id, request_data_list, (at) => `request_data_list.${at}.`);
      return okAnswer({ processed_count: made.length, processed_data_list: made });
    }),
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/v2/assembly/products',
      summary: '가공품 관리 등록(벌크, 100개까지, 전부 아니면 전무)',
      ...write,
      request: { headers: requestHeaders, body: jsonBody(manyAssemblies) },
      responses: { 200: okSchema(registeredManySchema, '등록됨'), ...writeErrors(404, 409) },
    }),
    (c) =>
      storedAnswer(c, requests, 'assembly-products', {
        body: c.req.valid('json'),
        params: scopeParams(c.get('caller')),
      }) as never,
  );

  requests.register('assembly-product-change', (request) => once(deps, request, (query) => change(query, request)));
  app.openapi(
    createRoute({
      method: 'put',
      path: '/v2/assembly/product/{id}',
      summary: '가공품 관리 수정(단일)',
      ...write,
      request: { headers: requestHeaders, params: uidParam, body: jsonBody(changedAssembly) },
      responses: { 200: bareSchema, ...writeErrors(404) },
    }),
    (c) => {
      const params = { ...scopeParams(c.get('caller')), id: String(c.req.valid('param').id) };
      return storedAnswer(c, requests, 'assembly-product-change', { body: c.req.valid('json'), params }) as never;
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/v2/assembly/product/{id}',
      summary: '가공품 관리 조회(단일)',
      ...read,
      request: { params: uidParam, query: z.strictObject({ member_id: id.optional() }) },
      responses: { 200: okSchema(assemblySchema, '가공품'), ...envelopeErrors(404) },
    }),
    async (c) => {
      const member = memberOf(callerScope(c), c.req.valid('query').member_id, 'optional');
      const [row] = await findAssemblies(db.query, { member, uids: [c.req.valid('param').id] }, 0, 1);
      if (!row) throw notFound();
      return c.json(envelopeOf(assemblyOf(row)), 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/v2/assembly/products',
      summary: '가공품 관리 조회(벌크)',
      ...read,
      request: { query: z.strictObject({ member_id: id.optional(), assembly_product_uids: ids, page }) },
      responses: { 200: okSchema(pageSchema(assemblySchema), '가공품 목록'), ...envelopeErrors() },
    }),
    async (c) => {
      const asked = c.req.valid('query');
      const member = memberOf(callerScope(c), asked.member_id, 'required');
      const filter = { member, uids: asked.assembly_product_uids ?? null };
      const current = asked.page ?? 1;
      const [rows, total] = await Promise.all([
        findAssemblies(db.query, filter, (current - 1) * PAGE_SIZE, PAGE_SIZE),
        countAssemblies(db.query, filter),
      ]);
      return c.json(envelopeOf(pageOf(total, current, rows.map(assemblyOf))), 200);
    },
  );
}

/** All of them or none; a refusal names its row. */
async function register(
  query: Query,
  request: StoredRequest,
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
  const assemblies = rows.map(({ product_id, comment, item_list }) => ({
    shipping_product_id: product_id,
    comment: comment || null,
    materials: item_list,
  }));
  const uids = await insertAssemblies(query, member, assemblies);
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

async function change(query: Query, request: StoredRequest) {
  const { member_id, comment, item_list } = changedAssembly.parse(request.body);
  const scope = scopeOf(request);
  const member = memberOf(scope, member_id, 'required') ?? 0;
  await lockRecipes(query);
  const uid = Number(request.params.id);
  const [known] = await findAssemblies(query, { member, uids: [uid] }, 0, 1);
  if (!known) throw notFound();
  const self = item_list.findIndex((item) => item.shipping_product_id === known.shipping_product_id);
  if (self >= 0) throw invalid(`item_list.${self}.shipping_product_id`, '가공품은 자신의 재료가 될 수 없습니다');
  await refuseUnusable(query, member, scope.member === null, [{ item_list }], () => '');
  await updateAssembly(query, uid, { comment: comment === undefined ? undefined : comment || null, materials: item_list });
  if ((await findCycle(query, [uid])) !== null) throw cycle('');
  return okAnswer();
}
