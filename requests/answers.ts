import { together } from '../db/batching.ts';
import type { Db } from '../db/database.ts';
import { forgetRequest, type KeptAnswer, keepAnswers, releaseRequest } from '../db/requests/write.ts';
import { Problem, problemBody } from '../domain/problems.ts';
import type { Answer, RequestDeps, StoredRequest } from './store.ts';

/** After so many executions that threw, the request is answered with its error: a person has to look. */
const MOST_ATTEMPTS = 50;

/** How executed requests end in the store: answered, or left to a repeat or the sweep. */
export interface Answers {
  /** Stores the answer. Nobody waits for a recallable one: until it is stored a crash leaves the request to its repeat or the sweep. */
  keep: (id: string, answer: Answer) => Promise<void> | undefined;
  /** Lets others execute it: not all of it is answered. */
  release: (id: string) => Promise<void>;
  /** Of a request whose insert may have reached the server though its caller was told UNAVAILABLE: it must never act. */
  forgetLater: (id: string) => void;
  /** Resolves when the answer that this process has given to the request is stored, or cannot be; undefined = it is not about to. */
  underway: (id: string) => Promise<void> | undefined;
  /** Tries again what an outage of PostgreSQL interrupted. */
  settleAll: () => Promise<void>;
  /** Resolves when every answer that was given is stored, or cannot be. */
  allStored: () => Promise<void>;
}

/** What is written of a request after its execution, and goes on being written while PostgreSQL is away. */
export function createAnswers({ query }: Db, log: RequestDeps['log']): Answers {
  /** Answers whose callers have them already while the store does not yet, by request. */
  const underway = new Map<string, Promise<void>>();
  /** Writes that a PostgreSQL outage interrupted: answers to be kept, and requests that were answered UNAVAILABLE. */
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

/** What a request is answered whose execution threw. */
export function failureOf(error: unknown, request: StoredRequest, log: RequestDeps['log']): Answer {
  if (error instanceof Problem) {
    const body = problemBody(error);
    return { status: body.status, body, final: error.code !== 'COMMAND_PENDING' && error.code !== 'UNAVAILABLE' };
  }
  log.error(
    { reqId: request.traceId, requestId: request.id, operation: request.operation, attempts: request.attempts, err: error },
    'a stored request failed',
  );
  const final = request.attempts >= MOST_ATTEMPTS;
  const body = problemBody(new Problem(final ? 'INTERNAL' : 'COMMAND_PENDING'));
  return { status: body.status, body, final };
}
