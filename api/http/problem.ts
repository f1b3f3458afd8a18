import type { Context } from 'hono';
import { type FieldError, Problem, type ProblemBody, type ProblemCode, problemBody, problems } from '../../domain/problems.ts';
import type { ApiEnv } from './deps.ts';
import type { Issues } from './wires.ts';

/** Answers this request with a problem's body, in the form of its wire. */
export function answerProblemBody(c: Context<ApiEnv>, body: ProblemBody, headers: Record<string, string> = {}): Response {
  const wire = c.get('wire');
  const type = wire ? 'application/json' : 'application/problem+json';
  return c.body(JSON.stringify(wire?.failure(body) ?? body), body.status as 400, { 'content-type': type, ...headers });
}

/** Answers this request with a problem. */
export function answerProblem(c: Context<ApiEnv>, problem: Problem): Response {
  return answerProblemBody(c, problemBody(problem), problem.headers);
}

/** Throws the problem of an input that does not fit its schema, in the words of its wire: the hook of every route. */
export function refuseMisfit(
  result: { success: true } | { success: false; error: { issues: Issues }; data?: unknown },
  c: Context<ApiEnv>,
): undefined {
  if (result.success) return;
  const misfit = c.get('wire')?.misfit ?? everyField;
  throw misfit(result.error.issues, result.data);
}

/** The problem that lists every invalid field, and names the first one in its sentence. */
function everyField(issues: Issues): Problem {
  const errors = issues.flatMap(fieldErrors);
  const first = errors[0];
  return new Problem('BAD_REQUEST', first && [first.path, first.message].filter(Boolean).join(': '), { errors });
}

/** A zod issue as errors with one field each, unknown fields included. */
function fieldErrors(issue: Issues[number]): FieldError[] {
  const at = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') return [{ path: at, message: issue.message }];
  return issue.keys.map((key) => ({ path: at === '' ? key : `${at}.${key}`, message: '알 수 없는 항목입니다' }));
}

/** The error of one line or pickup inside an answer of 200. */
export const lineError = (code: ProblemCode) => ({ code, title: problems[code].title });
