import { createRoute, z } from '@hono/zod-openapi';
import { countAssemblies, findAssemblies } from '../../db/assembly/list.ts';
import { onceInUnit } from '../../requests/in-transaction.ts';
import type { Requests } from '../../requests/store.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { jsonBody, requestHeaders } from '../http/schemas.ts';
import { storedRoute } from '../http/stored-route.ts';
import { changeRecipe, noAssembly, registerRecipes } from './recipes.ts';
import {
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
  memberOf,
  okAnswer,
  okSchema,
  PAGE_SIZE,
  page,
  pageOf,
  pageSchema,
  scopeParams,
  writeErrors,
} from './wire.ts';

/** 가공품 관리: the five calls of docs/sources/requirements.md#가공품. */
export function assemblyProductRoutes(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  const { db } = deps;
  const read = { tags: ['가공품'], ...auth('assembly.read') };
  const write = { tags: ['가공품'], ...auth('assembly.write') };

  storedRoute(app, requests, {
    operation: 'assembly-product',
    route: createRoute({
      method: 'post',
      path: '/v2/assembly/product',
      summary: '가공품 관리 등록(단일)',
      ...write,
      request: { headers: requestHeaders, body: jsonBody(oneAssembly) },
      responses: { 200: okSchema(registeredSchema, '등록됨'), ...writeErrors(404, 409) },
    }),
    given: (c) => ({ params: scopeParams(c.get('caller')) }),
    execute: ({ request, body: { member_id, ...row } }) =>
      onceInUnit(deps, request, async (em, query) =>
        okAnswer((await registerRecipes({ em, query, request }, member_id, [row], () => ''))[0]),
      ),
  });

  storedRoute(app, requests, {
    operation: 'assembly-products',
    route: createRoute({
      method: 'post',
      path: '/v2/assembly/products',
      summary: '가공품 관리 등록(벌크, 100개까지, 전부 아니면 전무)',
      ...write,
      request: { headers: requestHeaders, body: jsonBody(manyAssemblies) },
      responses: { 200: okSchema(registeredManySchema, '등록됨'), ...writeErrors(404, 409) },
    }),
    given: (c) => ({ params: scopeParams(c.get('caller')) }),
    execute: ({ request, body: { member_id, request_data_list } }) =>
      onceInUnit(deps, request, async (em, query) => {
        const pathOf = (at: number) => `request_data_list.${at}.`;
        const made = await registerRecipes({ em, query, request }, member_id, request_data_list, pathOf);
        return okAnswer({ processed_count: made.length, processed_data_list: made });
      }),
  });

  storedRoute(app, requests, {
    operation: 'assembly-product-change',
    route: createRoute({
      method: 'put',
      path: '/v2/assembly/product/{id}',
      summary: '가공품 관리 수정(단일)',
      ...write,
      request: { headers: requestHeaders, params: uidParam, body: jsonBody(changedAssembly) },
      responses: { 200: bareSchema, ...writeErrors(404) },
    }),
    given: (c, { params }) => ({ params: { ...scopeParams(c.get('caller')), id: String(params.id) } }),
    execute: ({ request, body }) =>
      onceInUnit(deps, request, (em, query, { askedAt }) => changeRecipe({ em, query, request, askedAt }, body)),
  });

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
      if (!row) throw noAssembly();
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
