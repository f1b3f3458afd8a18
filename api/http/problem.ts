import type { Context } from 'hono';
import { type Problem, type ProblemBody, type ProblemCode, problemBody, problems } from '../../domain/problems.ts';

/** The failure of the ESM Plus wire (docs/sources/requirements.md#bundle-fee-6): 3000 for a value that is not there, 1000 for the rest. */
export const esmFailure = ({ code, detail }: ProblemBody) => ({
  resultCode: code === 'VALUE_MISSING' ? 3000 : 1000,
  message: detail,
});

/** Other people's wires answer errors in a shape of their own: where the path begins so, a problem is shown like this. */
const wires: readonly [under: string, failure: (body: ProblemBody) => object][] = [['/item/', esmFailure]];

/** Writes the body of a problem as the answer of this request, in the shape of its wire. */
export function answerProblemBody(c: Context, body: ProblemBody, headers: Record<string, string> = {}): Response {
  const failure = wires.find(([under]) => c.req.path.startsWith(under))?.[1];
  const type = failure ? 'application/json' : 'application/problem+json';
  return c.body(JSON.stringify(failure ? failure(body) : body), body.status as 400, { 'content-type': type, ...headers });
}

/** Writes a problem as the answer of this request. */
export function answerProblem(c: Context, problem: Problem): Response {
  return answerProblemBody(c, problemBody(problem), problem.headers);
}

/** The error of one line or pickup inside a 200. */
export const lineError = (code: ProblemCode) => ({ code, title: problems[code].title });
