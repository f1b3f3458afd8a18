import { z } from '@hono/zod-openapi';
import { Problem } from '../../domain/problems.ts';
import { esm, failureResponses } from '../http/wires.ts';

/** Most won that a policy or place may contain. */
export const MOST_WON = 1_000_000_000;
export const won = z
  .int('정수(원)여야 합니다')
  .min(0, '0 이상이어야 합니다')
  .max(MOST_WON, '너무 큽니다')
  .openapi({ example: 2500 });

/** The failures an ESM Plus route documents; 400, 401, 403, 500 and 503 are added to all of them. */
export const esmResponses = (...statuses: (404 | 409 | 413 | 415 | 503)[]) => failureResponses(esm, ...statuses);

export const placeNoParam = z.object({
  placeNo: z.string().openapi({ param: { name: 'placeNo', in: 'path' }, type: 'integer', example: 176042 }),
});
export const policyNoParam = z.object({
  policyNo: z.string().openapi({ param: { name: 'policyNo', in: 'path' }, type: 'integer', example: 663289 }),
});
export const dispatchPolicyNoParam = z.object({
  dispatchPolicyNo: z.string().openapi({ param: { name: 'dispatchPolicyNo', in: 'path' }, type: 'integer', example: 1 }),
});

/** A number in a path; anything else is not found. */
export function pathNumber(text: string, code: 'PLACE_NOT_FOUND' | 'POLICY_NOT_FOUND' | 'DISPATCH_POLICY_NOT_FOUND'): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new Problem(code);
  return Number(text);
}
