import { createRoute, z } from '@hono/zod-openapi';
import { carriers } from '../../domain/carriers.ts';
import type { Auth } from '../http/auth.ts';
import type { App } from '../http/deps.ts';
import { jsonAnswer, problemResponses } from '../http/schemas.ts';

const carrierSchema = z
  .object({
    code: z.string(),
    name: z.string(),
    trackable: z.boolean(),
    esmNo: z.int().nullable(),
    sabangnetNo: z.int().nullable(),
    waybillPattern: z.string(),
  })
  .openapi('Carrier', {
    example: { code: '04', name: 'CJ대한통운', trackable: true, esmNo: 10013, sabangnetNo: 4, waybillPattern: '^[0-9]{9,14}$' },
  });

/** The carrier table. */
export function carrierRoutes(app: App, auth: Auth): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/bo/v1/carriers',
      summary: '택배사 목록',
      tags: ['배송'],
      ...auth('delivery.read'),
      request: { query: z.strictObject({}) },
      responses: { 200: jsonAnswer(z.object({ items: z.array(carrierSchema) }), '택배사'), ...problemResponses(400) },
    }),
    (c) => c.json({ items: [...carriers] }, 200),
  );
}
