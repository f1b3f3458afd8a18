import { setInterval, setTimeout } from 'node:timers';
import { againBehind } from '../db/errors.ts';
import { extendLock } from '../db/requests/lease.ts';
import { Problem, type ProblemCode, problemBody } from '../domain/problems.ts';
import { type Answers, failureOf, pending } from './answers.ts';
import type { Answer, RequestDeps, StoredRequest } from './store.ts';

/** So many executions may end their process, or not come back; then a person has to look at the request. */
const MOST_UNENDED = 3;

/** A transaction lives no longer (api/main.ts), and what waits for a lock is not hanging. */
const TRANSACTION_MS = 15_000;

/**
 * Gives the pending parts of a request up, where others have been told; false where none has been told, or none is pending. The next
 * execution then answers with all of them and does nothing.
 */
function closeParts({ outcomes }: StoredRequest): boolean {
  const open = [...outcomes].filter(([, told]) => told === null);
  if (open.length === 0 || open.length === outcomes.size) return false;
  for (const [part] of open) outcomes.set(part, { code: 'INTERNAL' satisfies ProblemCode });
  return true;
}

/** Executes one stored request and settles how it ended. */
export type ExecuteRequest = (request: StoredRequest, work: () => Promise<Answer>, longestMs?: number) => Promise<Answer>;

/**
 * An execution that ends keeps its answer or releases its request. One that never does is left behind: its lock runs out, and after
 * three of them the request is answered as failed before a fourth begins, because it may be what brings processes down.
 * `longestMs` is for work that takes longer than a lock, whose lock is then renewed as long.
 */
export function createExecution(
  { db, log, metrics, tracing }: Pick<RequestDeps, 'db' | 'log' | 'metrics' | 'tracing'>,
  answers: Answers,
  lockMs: number,
): ExecuteRequest {
  const giveUp = (request: StoredRequest): Promise<Answer> => {
    const { id, operation, traceId } = request;
    log.error({ reqId: traceId, requestId: id, operation }, 'no execution of a request came to an end: it is answered as failed');
    metrics.givenUp.inc({ operation, request: id });
    const detail = `${MOST_UNENDED}번 처리했지만 한 번도 끝나지 않았습니다. 담당자가 확인해야 합니다 (요청 ${id})`;
    const body = problemBody(new Problem('INTERNAL', detail, { requestId: id }));
    return answers.keep(request, { status: body.status, body, final: true });
  };

  /** Renews the lock until the returned function is called. */
  const renewing = (request: StoredRequest) => {
    const renew = () =>
      extendLock(db.query, request, lockMs).catch((error: unknown) =>
        log.warn({ requestId: request.id, err: error }, 'the lock of a request could not be renewed'),
      );
    const timer = setInterval(() => void renew(), lockMs / 3);
    return () => clearInterval(timer);
  };

  const settled = async (request: StoredRequest, work: () => Promise<Answer>): Promise<Answer> => {
    let answer: Answer;
    try {
      answer = await againBehind(work);
    } catch (error) {
      answer = failureOf(error, request, { log, metrics });
      if (answer.final && !(error instanceof Problem) && closeParts(request)) answer = pending();
    }
    return answer.final ? answers.keep(request, answer) : answers.release(request, answer);
  };

  const traced = (request: StoredRequest, work: () => Promise<Answer>): Promise<Answer> => {
    const { id, operation, attempts } = request;
    const about = { facts: { operation, 'request.id': id, attempts }, of: id, again: attempts > 1 };
    return tracing.span({ name: 'execute', ...about }, async (say) => {
      const answer = await work();
      say({ status: answer.status });
      return answer;
    });
  };

  return async (request, work, longestMs = Math.max(lockMs, TRANSACTION_MS)) => {
    const { id, operation, traceId } = request;
    // Parts that a caller was told of stay as told: once more, to answer with them, without doing the others.
    const onlyAnswers = request.unended === MOST_UNENDED + 1 && closeParts(request);
    if (request.unended > MOST_UNENDED && !onlyAnswers) return giveUp(request);
    const stopRenewing = longestMs > lockMs ? renewing(request) : undefined;
    const over = Promise.withResolvers<Answer>();
    const timer = setTimeout(() => {
      log.error({ reqId: traceId, requestId: id, operation, ms: longestMs }, 'an execution of a request does not come back');
      over.resolve(pending());
    }, longestMs).unref();
    try {
      // One that comes back later all the same is still settled, unless another execution has begun.
      return await Promise.race([traced(request, () => settled(request, work)), over.promise]);
    } finally {
      clearTimeout(timer);
      stopRenewing?.();
    }
  };
}
