import type { Context } from 'hono';
import { type Problem, type ProblemBody, type ProblemCode, problemBody, problems } from '../../domain/problems.ts';
import { failureAt } from './wires.ts';

/** Answers this request with a problem's body, in the form of its wire. */
export function answerProblemBody(c: Context, body: ProblemBody, headers: Record<string, string> = {}): Response {
  const failure = failureAt(c.req.path);
  const type = failure ? 'application/json' : 'application/problem+json';
  return c.body(JSON.stringify(failure ? failure(body) : body), body.status as 400, { 'content-type': type, ...headers });
}

/** Answers this request with a problem. */
export function answerProblem(c: Context, problem: Problem): Response {
  return answerProblemBody(c, problemBody(problem), problem.headers);
}

/** The error of one line or pickup inside an answer of 200. */
export const lineError = (code: ProblemCode) => ({ code, title: problems[code].title });
