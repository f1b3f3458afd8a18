import { z } from '@hono/zod-openapi';
import { Problem, type ProblemBody } from '../../domain/problems.ts';
import { cut } from '../../domain/safe-text.ts';
import type { TrackerConfig } from '../../process/config/tracker.ts';

export type Issues = readonly z.core.$ZodIssue[];

/** How a wire specified by somebody else reports a failure. The HTTP status is that of our problem. */
export interface Wire {
  /** Its routes, for the router. */
  calls: (settings: Pick<TrackerConfig, 'DELIVERY_CALLBACK_PATH'>) => [method: 'ALL' | 'POST', path: string];
  /** The failure's body for a problem, whether raised by a route, by a rule of `app.ts`, or for an unknown address. */
  failure: (problem: ProblemBody) => object;
  /** The problem of an invalid body or query; without it our own, which names every field. */
  misfit?: (issues: Issues, given: unknown) => Problem;
  /** Its routes read and check their bodies themselves. */
  readsBodies?: true;
  /** Its routes tell a 고객사's own from everybody else's: tokens with `member_id` are taken here alone. */
  knowsMembers?: true;
  documented: {
    schema: z.ZodType;
    /** What a status means on this wire. */
    statuses: Record<number, string>;
    /** Statuses that all its routes can have. */
    everywhere: number[];
  };
}

/** 503: PostgreSQL or the key set is away. */
const everywhere = [400, 401, 403, 500, 503];

/** 묶음배송비, by ESM Plus (docs/sources/requirements.md#bundle-fee-6): 3000 for a value that is not there, 1000 for the rest. */
export const esm = {
  calls: () => ['ALL', '/item/*'],
  failure: ({ code, detail }) => ({ resultCode: code === 'VALUE_MISSING' ? 3000 : 1000, message: detail }),
  misfit: esmProblem,
  documented: {
    schema: z
      .object({ resultCode: z.int(), message: z.string() })
      .openapi('EsmFailure', { example: { resultCode: 1000, message: '배송비정책번호를 확인해 주세요' } }),
    statuses: {
      400: '요청 오류 (1000, 값이 없으면 3000)',
      401: '토큰 없음 또는 오류',
      403: '권한 없음',
      404: '없는 정책, 발송정책 또는 출하지',
      409: 'Idempotency-Key 충돌',
      413: '본문이 너무 큼',
      415: '지원하지 않는 Content-Type',
      500: '내부 오류',
      503: '요청을 받지 못했거나 결과를 아직 모름',
    },
    everywhere,
  },
} satisfies Wire;

/** Longest message on the Sabangnet wire. */
export const SABANGNET_MESSAGE = 100;
const sabangnetCodes = {
  400: '4000',
  401: '4010',
  403: '4030',
  404: '4040',
  409: '4090',
  413: '4000',
  415: '4000',
  500: '5000',
  503: '5000',
} as const;
const sabangnetCode = (status: number) => sabangnetCodes[status as keyof typeof sabangnetCodes] ?? '5000';

/** 가공품, by Sabangnet (docs/sources/requirements.md#가공품): its envelope and codes. */
export const sabangnet = {
  calls: () => ['ALL', '/v2/*'],
  failure: ({ status, detail, response }) => ({
    code: sabangnetCode(status),
    message: cut(detail, SABANGNET_MESSAGE),
    ...(response ? { response } : {}),
  }),
  knowsMembers: true,
  documented: {
    schema: z
      .object({ code: z.enum([...new Set(Object.values(sabangnetCodes))]), message: z.string().max(SABANGNET_MESSAGE) })
      .openapi('SabangnetError', { example: { code: '4000', message: 'item_list: 필수 항목입니다' } }),
    statuses: {
      400: '4000 잘못된 값',
      401: '4010 토큰 없음 또는 오류',
      403: '4030 권한 없음',
      404: '4040 없음',
      409: '4090 이미 등록됨, 또는 지금은 할 수 없음',
      413: '4000 본문이 너무 큼',
      415: '4000 지원하지 않는 Content-Type',
      500: '5000 내부 오류',
      503: '5000 결과를 아직 모르거나 요청을 받지 못함. 같은 Idempotency-Key로 다시 보내면 결과를 알 수 있음',
    },
    everywhere,
  },
} satisfies Wire;

/** 운송장 트래킹 정보 수신, by SweetTracker: success and failure have the same form (docs/sources/facts.md#sweettracker-wire). */
export const tracker = {
  calls: ({ DELIVERY_CALLBACK_PATH }) => ['POST', DELIVERY_CALLBACK_PATH],
  failure: ({ detail }) => ({ code: false, message: `fail - ${detail}` }),
  readsBodies: true,
  documented: {
    schema: z
      .object({ code: z.boolean(), message: z.string() })
      .openapi('CallbackAnswer', { example: { code: true, message: 'success' } }),
    statuses: {
      400: 'JSON도 form도 아니거나 항목이 빠졌거나 틀림',
      403: '토큰이 없거나 틀림',
      413: '본문이 너무 큼',
      503: '저장하지 못함: 다시 보내세요',
    },
    everywhere: [400, 403, 413, 503],
  },
} satisfies Wire;

/** Every wire that is not ours: `app.ts`, `problem.ts` and the routes' documents recognize them only by this table. */
export const wires: readonly Wire[] = [esm, sabangnet, tracker];

/** The failures that a route of the wire documents: those of all its routes, and these. */
export const failureResponses = <const W extends Wire>({ documented }: W, ...statuses: number[]) =>
  Object.fromEntries(
    [...documented.everywhere, ...statuses].map((status) => [
      status,
      {
        description: documented.statuses[status] ?? '',
        content: { 'application/json': { schema: documented.schema as W['documented']['schema'] } },
      },
    ]),
  );

/** A custom issue may name its failure code. */
const namedSchema = z.object({ params: z.object({ code: z.enum(['FEE_PAYER_MISSING', 'VALUE_MISSING']) }) });

const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (found, key) => (found === null || typeof found !== 'object' ? undefined : Reflect.get(found, key)),
    value,
  );

/**
 * The one failure of an invalid body: 3000 when a required value is null or missing anywhere in the body, otherwise by its first
 * issue.
 */
function esmProblem(issues: Issues, given: unknown): Problem {
  const empty = issues.some((issue) => issue.code !== 'custom' && (at(given, issue.path) ?? null) === null);
  if (empty) return new Problem('VALUE_MISSING');
  const [first] = issues;
  const named = namedSchema.safeParse(first);
  if (named.success) return new Problem(named.data.params.code);
  const where = first?.path.join('.') ?? '';
  return new Problem('BAD_REQUEST', [where, first?.message].filter(Boolean).join(': '));
}
