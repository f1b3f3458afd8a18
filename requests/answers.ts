import { together } from '../db/batching.ts';
import type { Db } from '../db/database.ts';
import { refusalOf } from '../db/errors.ts';
import { findAnswer } from '../db/requests/find.ts';
import { type KeptAnswer, keepAnswers, releaseRequest } from '../db/requests/write.ts';
import { Problem, problemBody } from '../domain/problems.ts';
import type { Answer, RequestDeps, StoredRequest } from './store.ts';

/** After this many failed executions the request is answered with its error, because a person has to look at it. */
const MOST_ATTEMPTS = 50;

/** How executed requests end in the store: with an answer, or released for a repeat or the sweep. */
export interface Answers {
  /**
   * Stores the answer and returns what the caller is told, which is never more than what is stored: if a crash could lose it, a
   * later execution might do what this caller was told is refused. Only a recallable answer is given before it is stored.
   */
  keep: (request: StoredRequest, answer: Answer) => Promise<Answer>;
  /** Releases the request for another execution, because not all of it is answered; returns what the caller is told. */
  release: (request: StoredRequest, answer: Answer) => Promise<Answer>;
  /** Stores later, for the sweep, a request of which nobody knows whether it is stored; its caller was told COMMAND_PENDING. */
  storeLater: (id: string, insert: () => Promise<unknown>) => void;
  /** Resolves when the answer given by this process is stored, or cannot be; undefined = no answer is being stored. */
  underway: (id: string) => Promise<unknown> | undefined;
  /** Repeats the writes that an outage of PostgreSQL interrupted. */
  settleAll: () => Promise<void>;
  /** Resolves when every given answer is stored, or cannot be. */
  allStored: () => Promise<void>;
}

const answerWith = (problem: Problem, final: boolean): Answer => {
  const body = problemBody(problem);
  return { status: body.status, body, final };
};

/** The answer while the outcome is not known, or not stored. */
export const pending = (): Answer => answerWith(new Problem('COMMAND_PENDING'), false);

/** Writes the results of executed requests, and keeps trying while PostgreSQL is away. */
export function createAnswers({ query }: Db, log: RequestDeps['log']): Answers {
  /** Answers that callers have already but that are not stored yet, by request. */
  const underway = new Map<string, Promise<unknown>>();
  /** Writes interrupted by an outage of PostgreSQL: answers and outcomes to store, and requests. */
  const unsettled = new Map<string, () => Promise<unknown>>();

  const keeper = (lightly: boolean) =>
    together(async (answers: KeptAnswer[]) => {
      const kept = await keepAnswers(query, answers, { lightly });
      return answers.map(({ id }) => kept.has(id));
    });
  const surely = keeper(false);
  const lightly = keeper(true);

  /** The result of the write; undefined = PostgreSQL is away, it will be tried again. */
  const settle = async <T>(id: string, write: () => Promise<T>): Promise<T | undefined> => {
    try {
      const result = await write();
      unsettled.delete(id);
      return result;
    } catch (error) {
      unsettled.set(id, write);
      log.warn({ requestId: id, err: error }, 'a request could not be settled yet');
      return undefined;
    }
  };

  /** What the caller is told if another execution was faster: its answer, if there is one. */
  const instead = async (id: string): Promise<Answer> => {
    const answered = await findAnswer(query, id).catch(() => undefined);
    return answered ? { ...answered, final: true } : pending();
  };

  return {
    keep: async ({ id, attempts }, answer) => {
      const { status, body, recallable = false } = answer;
      const kept = { id, attempts, status, answer: JSON.stringify(body) };
      if (!recallable) return (await settle(id, () => surely(kept))) === true ? answer : await instead(id);
      const storing = settle(id, () => lightly(kept)).finally(() => {
        if (underway.get(id) === storing) underway.delete(id);
      });
      underway.set(id, storing);
      return answer;
    },
    release: async ({ id, attempts, outcomes }, answer) => {
      const told = outcomes.size > 0 ? Object.fromEntries(outcomes) : null;
      const released = await settle(id, () => releaseRequest(query, { id, attempts }, told));
      if (released === true) return answer;
      return told === null ? answer : await instead(id);
    },
    storeLater: (id, insert) => {
      unsettled.set(id, insert);
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

/**
 * The answer for a request whose execution threw. It is never UNAVAILABLE, "nothing was done": the request is stored, part of it may
 * be done, and the sweep executes it again.
 */
export function failureOf(
  error: unknown,
  request: StoredRequest,
  { log, metrics }: Pick<RequestDeps, 'log' | 'metrics'>,
): Answer {
  if (error instanceof Problem && error.code === 'UNAVAILABLE')
    return answerWith(new Problem('COMMAND_PENDING', undefined, error.more, error.headers), false);
  if (error instanceof Problem) return answerWith(error, error.code !== 'COMMAND_PENDING');
  const refusal = refusalOf(error);
  if (refusal) {
    metrics.refused.inc({ operation: request.operation });
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
  return request.attempts < MOST_ATTEMPTS ? pending() : answerWith(new Problem('INTERNAL'), true);
}
