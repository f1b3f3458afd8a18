import { together } from '../db/batching.ts';
import type { Db } from '../db/database.ts';
import { refusalOf } from '../db/errors.ts';
import { forgetRequest, type KeptAnswer, keepAnswers, releaseRequest } from '../db/requests/write.ts';
import { Problem, problemBody } from '../domain/problems.ts';
import type { Answer, RequestDeps, StoredRequest } from './store.ts';

/** After this many failed executions the request is answered with its error, because a person has to look at it. */
const MOST_ATTEMPTS = 50;

/** How executed requests end in the store: with an answer, or released for a repeat or the sweep. */
export interface Answers {
  /** Stores the answer. A recallable one is not waited for: if a crash loses it, a repeat or the sweep executes the request again. */
  keep: (id: string, answer: Answer) => Promise<void> | undefined;
  /** Releases the request for another execution, because not all of it is answered. */
  release: (id: string) => Promise<void>;
  /** Deletes later a request that may have been stored though its caller was told UNAVAILABLE: it must never be executed. */
  forgetLater: (id: string) => void;
  /** Resolves when the answer given by this process is stored, or cannot be; undefined = no answer is being stored. */
  underway: (id: string) => Promise<void> | undefined;
  /** Repeats the writes that an outage of PostgreSQL interrupted. */
  settleAll: () => Promise<void>;
  /** Resolves when every given answer is stored, or cannot be. */
  allStored: () => Promise<void>;
}

/** Writes the results of executed requests, and keeps trying while PostgreSQL is away. */
export function createAnswers({ query }: Db, log: RequestDeps['log']): Answers {
  /** Answers that callers have already but that are not stored yet, by request. */
  const underway = new Map<string, Promise<void>>();
  /** Writes interrupted by an outage of PostgreSQL: answers to store, and requests to delete that were answered UNAVAILABLE. */
  const unsettled = new Map<string, () => Promise<unknown>>();

  const keeper = (lightly: boolean) =>
    together(async (answers: KeptAnswer[]) => {
      await keepAnswers(query, answers, { lightly });
      return answers;
    });
  const surely = keeper(false);
  const lightly = keeper(true);

  const settle = async (id: string, write: () => Promise<unknown>): Promise<void> => {
    try {
      await write();
      unsettled.delete(id);
    } catch (error) {
      unsettled.set(id, write);
      log.warn({ requestId: id, err: error }, 'a request could not be settled yet');
    }
  };

  return {
    keep: (id, { status, body, recallable = false }) => {
      const answer = { id, status, answer: JSON.stringify(body) };
      if (!recallable) return settle(id, () => surely(answer));
      const storing = settle(id, () => lightly(answer)).finally(() => {
        if (underway.get(id) === storing) underway.delete(id);
      });
      underway.set(id, storing);
      return undefined;
    },
    release: (id) => settle(id, () => releaseRequest(query, id)),
    forgetLater: (id) => {
      unsettled.set(id, () => forgetRequest(query, id));
    },
    underway: (id) => underway.get(id),
    settleAll: async () => {
      for (const [id, write] of [...unsettled]) await settle(id, write);
    },
    allStored: async () => {
      await Promise.all(underway.values());
    },
  };
}

const answerWith = (problem: Problem, final: boolean): Answer => {
  const body = problemBody(problem);
  return { status: body.status, body, final };
};

/**
 * The answer for a request whose execution threw. It is never UNAVAILABLE, "nothing was done": the request is stored, part of it may
 * be done, and the sweep executes it again.
 */
export function failureOf(error: unknown, request: StoredRequest, log: RequestDeps['log']): Answer {
  if (error instanceof Problem && error.code === 'UNAVAILABLE')
    return answerWith(new Problem('COMMAND_PENDING', undefined, error.more, error.headers), false);
  if (error instanceof Problem) return answerWith(error, error.code !== 'COMMAND_PENDING');
  const refusal = refusalOf(error);
  if (refusal) {
    log.error(
      { reqId: request.traceId, requestId: request.id, operation: request.operation, err: error },
      'PostgreSQL refuses what a stored request holds',
    );
    return answerWith(refusal, true);
  }
  log.error(
    { reqId: request.traceId, requestId: request.id, operation: request.operation, attempts: request.attempts, err: error },
    'a stored request failed',
  );
  const final = request.attempts >= MOST_ATTEMPTS;
  return answerWith(new Problem(final ? 'INTERNAL' : 'COMMAND_PENDING'), final);
}
