import { createRoute, z } from '@hono/zod-openapi';
import { findShipping } from '../../db/shipping/terms.ts';
import { quote } from '../../domain/shipping/bundle-fee.ts';
import { oldZipCodeMark } from '../../domain/shipping/postal-areas.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { feeFields, placeOrPolicy, unitPrice, zipCode, zipCodeOld } from '../http/order-schemas.ts';
import { jsonAnswer, jsonBody, problemResponses, quantity } from '../http/schemas.ts';

const quoteBody = z
  .object({
    zipCode: zipCode.openapi({ example: '63122' }),
    lines: z
      .array(
        z.object({
          placeNo: placeOrPolicy.openapi({ description: '없으면 기본 출하지', example: 176042 }),
          policyNo: placeOrPolicy.openapi({ description: '없으면 출하지의 기본 정책', example: 663289 }),
          quantity,
          unitPrice,
        }),
      )
      .min(1)
      .max(200),
  })
  .openapi('ShippingFeeQuoteBody', {
    example: { zipCode: '63122', lines: [{ placeNo: 176042, quantity: 2, unitPrice: 12900 }] },
  });

const quoteAnswer = z
  .object({
    bundles: z.array(
      z.object({
        placeNo: z.int().nullable(),
        itemsAmount: z.int(),
        ...feeFields,
        reason: z.string(),
      }),
    ),
    totalFee: z.int(),
    zipCodeOld,
  })
  .openapi('ShippingFeeQuote', {
    example: {
      bundles: [
        {
          placeNo: 176042,
          itemsAmount: 25800,
          policyNo: 663289,
          feeType: 3,
          baseFee: 0,
          surcharge: 3000,
          fee: 3000,
          payment: 'prepaid',
          reason: '상품 금액 25,800원 · 정책 663289(조건부무료 20,000원 이상 무료, 미만 2,500원) 0원 · 제주 추가 3,000원',
        },
      ],
      totalFee: 3000,
    },
  });

/** The shipping cost of some lines, computed by the same function as for orders. Changes nothing. */
export function shippingQuoteRoutes(app: App, { db }: ApiDeps, auth: Auth): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/bo/v1/shipping-fees/quote',
      summary: '묶음배송비 계산',
      tags: ['묶음배송비'],
      ...auth('policy.read'),
      request: { body: jsonBody(quoteBody) },
      responses: { 200: jsonAnswer(quoteAnswer, '묶음마다의 배송비'), ...problemResponses(400, 413, 415, 503) },
    }),
    async (c) => {
      const body = c.req.valid('json');
      const { terms, defaultPlaceNo } = await findShipping(db.query, body.lines);
      const lines = body.lines.map((line) => ({
        ...line,
        placeNo: line.placeNo ?? defaultPlaceNo,
        policyNo: line.policyNo ?? null,
      }));
      const { bundles, totalFee } = quote(terms, body.zipCode, lines);
      return c.json({ bundles, totalFee, ...oldZipCodeMark(body.zipCode) }, 200);
    },
  );
}
