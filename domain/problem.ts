import { type ProblemCode, problems } from './problems.ts';

export interface FieldError {
  path: string;
  message: string;
}

/** RFC 9457 body of every error (docs/sources/contract.md#conventions). */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  code: ProblemCode;
  detail: string;
  errors?: FieldError[];
  [more: string]: unknown;
}

/** What went wrong, for the caller; the API writes it as application/problem+json in one place. */
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
