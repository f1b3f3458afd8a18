import type { Context } from 'hono';
import { type ProblemCode, problems } from '../domain/problems.ts';

export interface FieldError {
  path: string;
  message: string;
}

/** RFC 9457 body of every error (contract, Errors). */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  code: ProblemCode;
  detail: string;
  errors?: FieldError[];
  [more: string]: unknown;
}

/** Thrown anywhere in the API; becomes application/problem+json in one place. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly more: Record<string, unknown>;
  readonly headers: Record<string, string>;
  constructor(code: ProblemCode, detail?: string, more: Record<string, unknown> = {}, headers: Record<string, string> = {}) {
    super(code);
    this.code = code;
    this.detail = detail ?? problems[code].title;
    this.more = more;
    this.headers = headers;
  }
}

/** The body of a problem, by the one table. */
export function problemBody({ code, detail, more }: Problem): ProblemBody {
  const { status, title } = problems[code];
  return { type: `/docs#${code}`, title, status, code, detail, ...more };
}

/** Writes a problem as the answer of this request. */
export function answerProblem(c: Context, problem: Problem): Response {
  const body = problemBody(problem);
  return c.body(JSON.stringify(body), body.status as 400, { 'content-type': 'application/problem+json', ...problem.headers });
}

/** The error of one line or pickup inside a 200. */
export const lineError = (code: ProblemCode) => ({ code, title: problems[code].title });
