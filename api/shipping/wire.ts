import { z } from '@hono/zod-openapi';
import { Problem } from '../../domain/problems.ts';

/** Won that a policy or place may name. */
export const MOST_WON = 1_000_000_000;
export const won = z
  .int('정수(원)여야 합니다')
  .min(0, '0 이상이어야 합니다')
  .max(MOST_WON, '너무 큽니다')
  .openapi({ example: 2500 });

const failure = z
  .object({ resultCode: z.int(), message: z.string() })
  .openapi('EsmFailure', { example: { resultCode: 1000, message: '배송비정책번호를 확인해 주세요' } });

const described: Record<number, string> = {
  400: '요청 오류 (1000, 값이 없으면 3000)',
  401: '토큰 없음 또는 오류',
  403: '권한 없음',
  404: '없는 정책 또는 출하지',
  409: 'Idempotency-Key 충돌',
  413: '본문이 너무 큼',
  415: '지원하지 않는 Content-Type',
  500: '내부 오류',
  503: '요청을 받지 못했거나 결과를 아직 모름',
};

/** The failures an ESM Plus route documents; 400, 401, 403 and 500 belong to all of them. */
export const esmResponses = (...statuses: (404 | 409 | 413 | 415 | 503)[]) =>
  Object.fromEntries(
    [400, 401, 403, 500, ...statuses].map((status) => [
      status,
      { description: described[status] ?? '', content: { 'application/json': { schema: failure } } },
    ]),
  );

export const placeNoParam = z.object({
  placeNo: z.string().openapi({ param: { name: 'placeNo', in: 'path' }, type: 'integer', example: 176042 }),
});
export const policyNoParam = z.object({
  policyNo: z.string().openapi({ param: { name: 'policyNo', in: 'path' }, type: 'integer', example: 663289 }),
});

/** A number in a path; what is no number names nothing. */
export function pathNumber(text: string, code: 'PLACE_NOT_FOUND' | 'POLICY_NOT_FOUND'): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new Problem(code);
  return Number(text);
}

/** The failure that a zod issue means; `params` of a custom issue may name it. */
const namedSchema = z.object({ params: z.object({ code: z.literal('FEE_PAYER_MISSING') }) });

const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (found, key) => (found === null || typeof found !== 'object' ? undefined : Reflect.get(found, key)),
    value,
  );

/**
 * The one failure of a body that does not fit: 3000 when a value that must be there is null or missing, wherever in the body,
 * else what the first issue says.
 */
export function esmProblem(issues: readonly z.core.$ZodIssue[], given: unknown): Problem {
  const empty = issues.some((issue) => issue.code !== 'custom' && (at(given, issue.path) ?? null) === null);
  if (empty) return new Problem('VALUE_MISSING');
  const [first] = issues;
  const named = namedSchema.safeParse(first);
  if (named.success) return new Problem(named.data.params.code);
  const where = first?.path.join('.') ?? '';
  return new Problem('BAD_REQUEST', [where, first?.message].filter(Boolean).join(': '));
}

/** Throws for what does not fit, so that it is answered in the wire's own shape; the hook of every ESM Plus route. */
export function esmHook(
  result: { success: true } | { success: false; error: { issues: readonly z.core.$ZodIssue[] }; data?: unknown },
): undefined {
  if (!result.success) throw esmProblem(result.error.issues, result.data);
}
