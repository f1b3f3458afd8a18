import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandDeps } from '../commands/deps.ts';
import { together } from '../db/batching.ts';
import { againBehind, isRefused } from '../db/errors.ts';
import { findRequest, type RequestKey } from '../db/requests/find.ts';
import { insertRequests, leaseRequests, type NewRequest, takeRequest } from '../db/requests/write.ts';
import type { Row } from '../db/statement.ts';
import { Problem } from '../domain/problems.ts';
import { createAnswers, failureOf } from './answers.ts';

/** A stored POST or PUT that changes something, as passed to its operation. */
export interface StoredRequest {
  id: string;
  sub: string;
  operation: string;
  params: Record<string, string>;
  body: unknown;
  reason: string | null;
  respondAsync: boolean;
  /** X-Request-Id of the call that stored it, for log lines. */
  traceId: string;
  /** 1 = first execution; more = repeated by the client or the sweep, so check what is done already. */
  attempts: number;
}

/** An operation's answer; `final: false` = something is still pending, to be finished by a repeat or the sweep. */
export interface Answer {
  status: number;
  body: unknown;
  final: boolean;
  /** Workflows and their history rows know every outcome, so a second execution gives the same answer. */
  recallable?: boolean;
}

/** Executes a request. `atHand` is data that only the first caller's process has; a repeat and the sweep run without it. */
export type Execute<AtHand> = (request: StoredRequest, atHand?: AtHand) => Promise<Answer>;

/** Code and the name under which its requests are stored. */
export interface Operation<AtHand> {
  name: string;
  execute: Execute<AtHand>;
}

export interface Requests {
  /** Makes the operation known to the sweep. Two routes may share a name only if they share the code. */
  register: <AtHand>(name: string, execute: Execute<AtHand>) => Operation<AtHand>;
  /** Stores the request and executes it; for a key used before, returns the first answer. Throws a Problem that ends it. */
  run: <AtHand>(operation: Operation<AtHand>, asked: Asked, atHand?: AtHand) => Promise<Answer>;
  sweep: () => Promise<number>;
  /** Resolves when every given answer is stored, or cannot be. */
  answersStored: () => Promise<void>;
}

/** One POST or PUT, and who sends it. */
export interface Asked extends RequestKey {
  body: unknown;
  /** Also the id of the stored request, when it is new. */
  id: string;
  traceId: string;
  params?: Record<string, string> | undefined;
  reason?: string | null | undefined;
  respondAsync?: boolean | undefined;
}

/** Dependencies of the store. */
export interface RequestDeps extends Pick<CommandDeps, 'db' | 'log'> {
  config: Pick<CommandDeps['config'], 'COMMAND_TIMEOUT_MS'> & { REQUEST_SWEEP_AFTER_MS: number };
  metrics: Pick<CommandDeps['metrics'], 'swept'>;
}

export const RETRY_AFTER_SECONDS = '5';
/** An executing request is locked for its time-out and this much more. */
const LOCK_MARGIN_MS = 5_000;
/** Pauses in which another process may finish storing an answer that its caller has already. */
const STORED_ELSEWHERE_MS = [50, 100, 200];
const SWEEP_BATCH = 16;

const hashOf = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex');

const stored = (row: Row<'requests'>): StoredRequest => ({
  id: row.id,
  sub: row.sub,
  operation: row.operation,
  params: row.params,
  body: row.body,
  reason: row.reason,
  respondAsync: row.respond_async,
  traceId: row.trace_id,
  attempts: row.attempts,
});

/**
 * The store of requests (docs/decisions/requests-decide-repeats.md): stores each before execution, and its answer afterwards. It
 * recognizes repeats (by sub, method, path and Idempotency-Key); its sweep executes unanswered requests again, under the same ids.
 */
export function createRequests({ db, config, log, metrics }: RequestDeps): Requests {
  const operations = new Map<string, Execute<never>>();
  const lockMs = config.COMMAND_TIMEOUT_MS + LOCK_MARGIN_MS;
  const answers = createAnswers(db, log);
  /** Whether it was new. */
  const insert = together(async (requests: NewRequest[]): Promise<boolean[]> => {
    const ids = await insertRequests(db.query, requests, { lockMs, sweepAfterMs: config.REQUEST_SWEEP_AFTER_MS });
    return requests.map(({ id }) => ids.has(id));
  });

  const execute = async (request: StoredRequest, operation: () => Promise<Answer>): Promise<Answer> => {
    let answer: Answer;
    try {
      answer = await againBehind(operation);
    } catch (error) {
      answer = failureOf(error, request, log);
    }
    await (answer.final ? answers.keep(request.id, answer) : answers.release(request.id));
    return answer;
  };

  const sweepOne = (request: StoredRequest) =>
    execute(request, () => {
      const operation = operations.get(request.operation);
      if (!operation) throw new Error(`no operation ${request.operation}`);
      return operation(request);
    });

  /** Handles a key that exists: returns its answer, or the request to be executed again, or throws a conflict. */
  const again = async (key: RequestKey, bodyHash: string): Promise<StoredRequest | Answer> => {
    const taken = await takeRequest(db.query, key, bodyHash, lockMs);
    if (taken) return stored(taken);
    let row = await findRequest(db.query, key);
    if (row && row.body_hash !== bodyHash) throw new Problem('IDEMPOTENCY_KEY_REUSED');
    // The caller may have the answer while this or another process is still storing it.
    for (const ms of STORED_ELSEWHERE_MS) {
      if (row?.status !== null) break;
      await (answers.underway(row.id) ?? sleep(ms));
      row = await findRequest(db.query, key);
    }
    if (!row || row.status === null)
      throw new Problem('IDEMPOTENCY_KEY_BUSY', undefined, {}, { 'retry-after': RETRY_AFTER_SECONDS });
    return { status: row.status, body: row.answer, final: true };
  };

  const store = async (name: string, asked: Asked) => {
    const { id, sub, method, path, key, traceId, params = {}, body, reason = null, respondAsync = false } = asked;
    const at = { sub, method, path, key };
    const bodyHash = hashOf(body ?? null);
    const texts = { params: JSON.stringify(params), body: JSON.stringify(body ?? null) };
    let isNew = true;
    try {
      isNew = await insert({
        ...at,
        ...texts,
        id,
        operation: name,
        reason,
        body_hash: bodyHash,
        respond_async: respondAsync,
        trace_id: traceId,
      });
      if (!isNew) return await again(at, bodyHash);
    } catch (error) {
      if (error instanceof Problem || isRefused(error)) throw error;
      log.warn({ reqId: traceId, requestId: id, err: error }, 'a request could not be stored');
      // Under a known key a request is stored already, and may be done.
      if (isNew) answers.forgetLater(id);
      throw new Problem(isNew ? 'UNAVAILABLE' : 'COMMAND_PENDING', undefined, {}, { 'retry-after': RETRY_AFTER_SECONDS });
    }
    return { id, sub, operation: name, params, body, reason, respondAsync, traceId, attempts: 1 };
  };

  return {
    register: (name, execute) => {
      operations.set(name, execute);
      return { name, execute };
    },
    run: async (operation, asked, atHand) => {
      const found = await store(operation.name, asked);
      if ('status' in found) return found;
      // A second execution uses only what was stored: the data at hand may be outdated since the first time.
      return await execute(found, () => operation.execute(found, found.attempts === 1 ? atHand : undefined));
    },
    sweep: async () => {
      await answers.settleAll();
      const leased = await leaseRequests(db.query, lockMs, SWEEP_BATCH);
      const swept = await Promise.all(leased.map((row) => sweepOne(stored(row))));
      metrics.swept.inc({ kind: 'request' }, swept.filter(({ final }) => final).length);
      return leased.length;
    },
    answersStored: answers.allStored,
  };
}
