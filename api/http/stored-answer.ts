import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import type { ProblemBody } from '../../domain/problems.ts';
import { type Asked, RETRY_AFTER_SECONDS, type Requests } from '../../requests/store.ts';
import type { ApiEnv } from './deps.ts';
import { answerProblemBody } from './problem.ts';

/** Runs a changing request through the store and writes its answer; for a key used before, the first answer. */
export async function storedAnswer(
  c: Context<ApiEnv>,
  requests: Requests,
  name: string,
  given: Pick<Asked, 'body' | 'params' | 'reason' | 'respondAsync'>,
): Promise<Response> {
  const id = randomUUID();
  const key = c.req.header('idempotency-key') ?? id;
  c.header('idempotency-key', key);
  const { method, path } = c.req;
  const { sub } = c.get('caller');
  const answer = await requests.run(
    { name, execute: requests.named(name) },
    { ...given, id, key, method, path, sub, traceId: c.get('traceId') },
  );
  const problem = answer.status >= 400 ? (answer.body as ProblemBody) : undefined;
  if (problem?.status === 503) c.header('retry-after', RETRY_AFTER_SECONDS);
  if (answer.status === 202 && given.respondAsync) c.header('preference-applied', 'respond-async');
  if (problem) return answerProblemBody(c, problem);
  c.header('content-type', 'application/json');
  return c.body(JSON.stringify(answer.body), answer.status as 200);
}
