import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { Problem, type ProblemCode } from '../../domain/problems.ts';
import type { Answer, StoredRequest } from '../../requests/store.ts';
import type { ApiEnv, Caller } from '../http/deps.ts';
import { cleanedText, digitsOf, jsonAnswer, positiveId } from '../http/schemas.ts';
import { failureResponses, SABANGNET_MESSAGE, sabangnet } from '../http/wires.ts';

/** The Sabangnet wire (docs/sources/requirements.md#가공품): success answers and members. */
const OK = '9999';
export const PAGE_SIZE = 100;
export const MOST_BULK = 100;

export const envelopeOf = <T>(response: T) => ({ code: OK, message: 'ok', response });
/** A final success answer; without `response` it is the plain `{ code, message }` of a change. */
export const okAnswer = (response?: unknown): Answer => ({
  status: 200,
  body: response === undefined ? { code: OK, message: 'ok' } : envelopeOf(response),
  final: true,
});

const code = z.string().openapi({ description: '응답코드', example: OK });
const message = z.string().max(SABANGNET_MESSAGE).openapi({ description: '응답메시지', example: 'ok' });

/** The 200 of a route. */
export const okSchema = <T extends z.ZodType>(response: T, description: string) =>
  jsonAnswer(z.object({ code, message, response }), description);
export const bareSchema = jsonAnswer(z.object({ code, message }), '처리됨');

/** The error answers of a /v2 route. */
export const envelopeErrors = (...statuses: (400 | 404 | 409 | 413 | 415 | 503)[]) => failureResponses(sabangnet, ...statuses);
export const writeErrors = (...statuses: (404 | 409)[]) => envelopeErrors(...statuses, 413, 415, 503);

/** An id in a body or query: a number, or its digits. */
export const id = positiveId;
const MOST_QUANTITY = 1_000_000;
const whole = (least: number) =>
  z
    .union([
      z.int(),
      z
        .string()
        .regex(/^\d{1,9}$/, '숫자여야 합니다')
        .transform(Number),
    ])
    .pipe(z.int().min(least).max(MOST_QUANTITY))
    .openapi({ type: 'integer', minimum: least, maximum: MOST_QUANTITY, example: 2 });
export const quantity = whole(1);
export const stockQuantity = whole(0);
/** In answers: ids and quantities are strings. */
export const digits = z.string().openapi({ example: '43897' });

/** Text of up to `most` letters, cleaned; surrounding blanks are removed. */
export const trimmed = (most: number) => cleanedText().max(most);

/** `?page=`, from 1. */
export const page = digitsOf(/^\d{1,7}$/, '1 이상의 숫자여야 합니다')
  .pipe(z.int().min(1))
  .optional()
  .openapi({ type: 'integer', minimum: 1, example: 1 });

/** A parameter given once or several times. */
export const ids = z
  .preprocess((value) => (value === undefined || Array.isArray(value) ? value : [value]), z.array(id).max(1_000).optional())
  .openapi({ type: 'array', items: { type: 'integer' }, example: [91, 92] });

/** `total_count`, `total_page`, `current_page` and the rows. */
export const pageSchema = <T extends z.ZodType>(row: T) =>
  z.object({ total_count: z.int(), total_page: z.int(), current_page: z.int(), data_list: z.array(row) });
export const pageOf = <T>(total: number, current: number, rows: T[]) => ({
  total_count: total,
  total_page: Math.ceil(total / PAGE_SIZE),
  current_page: current,
  data_list: rows,
});

/** Which member's data a caller may see and change; null = everybody's. */
export type Scope = { member: number } | { member: null };

/** The scope of a stored request, from its caller's token at that time. */
export const scopeParams = ({ memberId }: Caller): Record<string, string> =>
  memberId === null ? {} : { member: String(memberId) };
export const scopeOf = ({ params }: StoredRequest): Scope => ({
  member: params.member === undefined ? null : Number(params.member),
});

/**
 * The member of a call. A 고객사 may name only itself (4030); a 물류사 must name one where the wire requires it (4000).
 */
export function memberOf(scope: Scope, given: number | undefined, required: 'required' | 'optional'): number | null {
  if (scope.member !== null) {
    if (given !== undefined && given !== scope.member)
      throw new Problem('PERMISSION_DENIED', '다른 고객사의 것은 다룰 수 없습니다');
    return scope.member;
  }
  if (given === undefined && required === 'required') throw invalid('member_id', '물류사는 고객사 ID를 주어야 합니다');
  return given ?? null;
}

/** Refusals that name what is wrong. */
export const refused = (code: ProblemCode, path: string, sentence: string) => new Problem(code, `${path}: ${sentence}`);
export const invalid = (path: string, sentence: string) => refused('BAD_REQUEST', path, sentence);
export const missing = (path: string, sentence: string) => refused('ASSEMBLY_NOT_FOUND', path, sentence);

export const callerScope = (c: Context<ApiEnv>): Scope => ({ member: c.get('caller').memberId });
