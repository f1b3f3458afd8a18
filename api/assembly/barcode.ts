import { createRoute, z } from '@hono/zod-openapi';
import { findProducts } from '../../db/assembly/list.ts';
import { setBarcode } from '../../db/assembly/write.ts';
import { Problem } from '../../domain/problems.ts';
import { once } from '../../requests/in-transaction.ts';
import type { Requests } from '../../requests/store.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { jsonBody, optionalText, requestHeaders } from '../http/schemas.ts';
import { storedRoute } from '../http/stored-route.ts';
import { productOf } from './registering.ts';
import { productAnswer, productParam } from './shipping-products.ts';
import { id, memberOf, okAnswer, scopeOf, scopeParams, writeErrors } from './wire.ts';

const barcodeBody = z
  .object({
    member_id: id.optional(),
    barcode: optionalText(100).openapi({ type: 'string', description: 'null이나 빈 글자면 출고상품 ID로 읽음' }),
  })
  .openapi('BarcodeBody', { example: { barcode: '8801234567893' } as never });

/** What a scanner reads on a shipping product (검품). Ours, beside Sabangnet's wire. */
export function barcodeRoutes(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  storedRoute(app, requests, {
    operation: 'barcode',
    route: createRoute({
      method: 'put',
      path: '/v2/shipping/product/{id}/barcode',
      summary: '출고상품 바코드: 검품에서 읽는 글자. 여러 상품이 같아도 됩니다',
      tags: ['출고상품'],
      ...auth('assembly.write'),
      request: { headers: requestHeaders, params: productParam, body: jsonBody(barcodeBody) },
      responses: { 200: productAnswer, ...writeErrors(404) },
    }),
    given: (c, { params }) => ({ params: { ...scopeParams(c.get('caller')), id: String(params.id) } }),
    execute: ({ request, body: { member_id, barcode } }) =>
      once(deps, request, async (query, { askedAt }) => {
        const productId = Number(request.params.id);
        const member = memberOf(scopeOf(request), member_id, 'optional');
        const [known] = await findProducts(query, { member, ids: [productId] }, 0, 1);
        if (!known) throw new Problem('ASSEMBLY_NOT_FOUND', '없는 출고상품입니다');
        if (!(await setBarcode(query, productId, barcode, askedAt))) throw new Problem('SUPERSEDED');
        return okAnswer(productOf({ ...known, barcode }));
      }),
  });
}
